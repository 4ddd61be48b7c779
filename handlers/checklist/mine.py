"""Checklist: recurring tasks, checked off by the people they belong to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from handlers.checklist.cards import owner_card, refresh_checklists
from handlers.checklist.owed import ItemOf, Owed, current, done_by, holds, line, owner_name, seats_held
from handlers.checklist.ticks import take_back, tick
from handlers.checklist.week import WeekOf, done_card
from handlers.checklist.words import MINE, MONTH, notes_of, tick_button
from handlers.kit.city.model import City
from handlers.kit.context import Request
from handlers.kit.contributions import undoes
from handlers.kit.errors import UserError
from handlers.kit.forms import Form, Options, ask
from handlers.kit.messages import Button, Buttons, Card, Text, Word
from handlers.kit.policy import may
from handlers.kit.registry import action, command
from handlers.kit.undo import TAKEN_BACK, undoable


def _items(city: City) -> Options:
    return tuple((item.id, item.name) for item in city.checklists.item)


class TickItem(Form):
    item: str = ask("What is done?", options=_items)
    note: str | None = ask("A note or a link, if it helps", default=None, max_length=500, long=True)


class SkipItem(Form):
    item: str = ask("What is skipped?", options=_items)
    reason: str = ask("Why is it skipped this time?", max_length=300, long=True)


class OneItem(Form):
    item: str = ask("Which item?", options=_items)


@command("checklist mine", needs="checklist.read", reads_only=True)
def show_mine(request: Request) -> Card:
    """Show what is open for you."""
    seats = seats_held(request, request.person.id)
    if not seats:
        return Card("You have no checklist items", Text("You can see the items of everybody else."), Buttons(MONTH))
    return owner_card(request, seats)


@command(
    "checklist tick",
    asks=TickItem,
    needs="checklist.tick",
    example="/checklist tick Budget check; note Within plan, see https://intranet.example.org/budget",
)
def tick_item(request: Request, form: TickItem) -> Card:
    """Check off an item."""
    owed = _allowed(request, _newest(request, form.item))
    if tick(request, owed, request.person.id, form.note):
        return _ticked(request, owed)
    before = _again(request, owed)
    if form.note is None or before.is_skipped:
        return _item_card(request, before, _already(request, before))
    _add_note(request, before, form.note)
    return _item_card(request, _again(request, owed), f"Note added: {owed.item.name}")


@command("checklist untick", asks=OneItem, needs="checklist.tick", example="/checklist untick Budget check")
def untick_item(request: Request, form: OneItem) -> Card:
    """Uncheck an item."""
    owed = _allowed(request, _newest(request, form.item))
    before = owed.tick
    if before is None or not take_back(request, owed):
        return _item_card(request, owed, f"Not checked off: {owed.item.name}")
    kept = {"person": before.person, "at": before.at.isoformat(), "note": before.note, "skipped": before.skipped}
    words = undoable(request, "checklist.unticked", owed.ref, item=owed.item.id, period=owed.period.key, **kept)
    return _item_card(request, _again(request, owed), f"{TAKEN_BACK}{owed.item.name}", words)


@command(
    "checklist skip",
    asks=SkipItem,
    needs="checklist.tick",
    example="/checklist skip Budget check; reason The figures come next week",
)
def skip_item(request: Request, form: SkipItem) -> Card:
    """Skip an item."""
    owed = _allowed(request, _newest(request, form.item))
    if tick(request, owed, request.person.id, skipped=form.reason):
        return _ticked(request, owed)
    now = _again(request, owed)
    return _item_card(request, now, _already(request, now))


@undoes("checklist.ticked", needs="checklist.tick")
def untick_again(request: Request, _subject: str, item: str, period: str) -> Card:
    """An item is open as before."""
    owed = _allowed(request, _in_period(request, item, period))
    take_back(request, owed)
    return _item_card(request, _again(request, owed), f"{TAKEN_BACK}{owed.item.name} is open as before")


@undoes("checklist.unticked", needs="checklist.tick")
def tick_again(
    request: Request, _subject: str, item: str, period: str, person: str, at: str, note: str | None, skipped: str | None
) -> Card:
    """An item is checked off, or skipped, as before."""
    owed = _allowed(request, _in_period(request, item, period))
    tick(request, owed, person, note, at=datetime.fromisoformat(at), skipped=skipped)
    return _item_card(request, _again(request, owed), f"{TAKEN_BACK}{owed.item.name} is as it was")


@action("checklist.done", needs="checklist.read", reads_only=True, carries=WeekOf)
def show_done(request: Request, value: WeekOf) -> Card:
    """Show what of a week's checklist is done."""
    return done_card(request, value.first)


@action("checklist.tick-task", needs="checklist.tick", carries=ItemOf)
def tick_task(request: Request, value: ItemOf) -> Card:
    """Check off this item where it waits."""
    owed, over = _pressed(request, value)
    if over:
        return _item_card(request, owed, over)
    if tick(request, _allowed(request, owed), request.person.id):
        return _ticked(request, owed)
    now = _again(request, owed)
    return _item_card(request, now, _already(request, now))


@action("checklist.tick", needs="checklist.tick", replaces=True, carries=ItemOf)
def press_tick(request: Request, value: ItemOf) -> Card:
    """Check off this item."""
    owed, over = _pressed(request, value)
    if over:
        return _answer(request, owed, over)
    if tick(request, _allowed(request, owed), request.person.id):
        return _answer(request, owed, f"Checked off: {owed.item.name}")
    return _answer(request, owed, _already(request, _again(request, owed)))


@action("checklist.untick", needs="checklist.tick", replaces=True, carries=ItemOf)
def press_untick(request: Request, value: ItemOf) -> Card:
    """Uncheck this item."""
    owed, over = _pressed(request, value)
    if over:
        return _answer(request, owed, over)
    done = take_back(request, _allowed(request, owed))
    return _answer(request, owed, f"{TAKEN_BACK if done else 'Not checked off: '}{owed.item.name}")


def _newest(request: Request, item: str) -> Owed:
    """Find an item as it is owed now; raises UserError when it is not."""
    for owed in current(request, request.today):
        if owed.item.id == item:
            return owed
    raise UserError("That is not due yet. The bot asks for it when it is.")


def _pressed(request: Request, value: ItemOf) -> tuple[Owed, str]:
    """The item of a button, as it is owed now, and a note if its own time is over."""
    if value.item not in {item.id for item in request.city.checklists.item}:
        raise UserError("This item is no longer on the checklists. Nothing was changed.")
    owed = _newest(request, value.item)
    if owed.period.key == value.period:
        return owed, ""
    before = request.store.checklist.ticks.find(value.item, value.period)
    was = f"was checked off {done_by(request, before, request.today)}" if before else "was not checked off in time"
    began = request.spoken_day(owed.period.first)
    return owed, f"This button is out of date: the earlier {owed.item.name} {was}. The next one began on {began}."


def _allowed(request: Request, owed: Owed) -> Owed:
    """The item, if this person may tick it; raises UserError that names who may."""
    others = may(request.person.all_roles, "checklist.tick-others")
    if others or holds(request, request.person.id, owed.item.owner):
        return owed
    raise UserError(f"{owed.item.name} is for {owner_name(request, owed.item.owner)}. Please ask them to check it off.")


def _add_note(request: Request, owed: Owed, note: str) -> None:
    """Add a note to an item that is already ticked; an earlier note stays."""
    assert owed.tick is not None, "only what is ticked has a note"
    whole = f"{owed.tick.note}; {note}" if owed.tick.note else note
    request.store.checklist.ticks.write_note(owed.item.id, owed.period.key, whole)
    request.audit(owed.ref, noted=True)
    refresh_checklists(request, owed.item.owner)


def _again(request: Request, owed: Owed) -> Owed:
    """Read the item again, as it is stored now."""
    return replace(owed, tick=request.store.checklist.ticks.find(owed.item.id, owed.period.key))


def _already(request: Request, owed: Owed) -> str:
    assert owed.tick is not None, "somebody was first"
    how = "skipped" if owed.is_skipped else "checked off"
    return f"{owed.item.name} was {how} already {done_by(request, owed.tick, request.today)}."


def _answer(request: Request, owed: Owed, told: str) -> Card:
    """The card that replaces the pressed one: all of somebody's own items, or the single item of another owner."""
    if holds(request, request.person.id, owed.item.owner):
        return owner_card(request, seats_held(request, request.person.id), told=told)
    return _item_card(request, _again(request, owed), told)


def _ticked(request: Request, owed: Owed) -> Card:
    """The answer to somebody who has ticked or skipped an item."""
    now = _again(request, owed)
    words = undoable(request, "checklist.ticked", owed.ref, item=owed.item.id, period=owed.period.key)
    return _item_card(request, now, f"{'Skipped' if now.is_skipped else 'Checked off'}: {owed.item.name}", words)


def _in_period(request: Request, item: str, period: str) -> Owed:
    """An item in a period that has just been the newest; raises UserError when the next one has begun."""
    owed = _newest(request, item)
    if owed.period.key != period:
        raise UserError(f"The next {owed.item.name} has begun, so the one before it can no longer be changed.")
    return owed


def _item_card(request: Request, owed: Owed, headline: str, undo: Sequence[Word] = ()) -> Card:
    """The card of one item; ``undo`` stands in the place of its own buttons."""
    state = line(request, owed, request.today, named=True)
    ways = [] if undo else [tick_button(owed)]
    skip = [] if owed.tick else [Button.say("Skip", f"checklist skip {owed.item.name}")]
    return Card(headline, Text(state), *notes_of([owed]), Buttons(*ways, *skip, MINE), *undo)

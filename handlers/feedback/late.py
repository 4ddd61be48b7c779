"""Late feedback: who is told at 50 and 80 percent of the time, and the head at 100."""

from handlers.feedback.card import buttons_of, item_card, item_status, logged_note, short, show_button
from handlers.feedback.clock import MARKS, TIMER, plan_marks, runs, used
from handlers.feedback.department import department_id, head_of, place_of
from handlers.feedback.record import record, still_open
from handlers.kit.context import SYSTEM, Context
from handlers.kit.contributions import drawn
from handlers.kit.duty import Asked
from handlers.kit.errors import NotNeeded
from handlers.kit.messages import Button, Buttons, Card, Text
from handlers.kit.registry import timer
from storage.feedback.items import Item

SAID = {
    50: "half of the time to answer is used",
    80: "80 percent of the time to answer is used",
    100: "the time to answer is over",
}


@timer(TIMER)
def mark(context: Context, subject: str, step: int) -> None:
    """Tell that so many per cent of the time for feedback are used."""
    ref, clock = subject.split()
    item = context.store.feedback.records.take(ref)
    if item is None or item.due_at is None or item.clock != int(clock) or item.mark >= step:
        return
    time = used(context.city, runs(context.city, context.store.feedback.events.of(item.number)), context.now)
    if time.total_seconds() * 100 < item.target * step:  # a day off was added since then
        plan_marks(context, _set_again(context, item), before=item.clock)
        return
    item = record(context, item, "mark", SYSTEM, mark=step)
    context.audit(ref, mark=step)
    assert item.due_at is not None, "its clock runs"
    asked, to = _asked(context, item), _told(context, item)
    draws = f"feedback.mark {ref} {step} {to}"
    if step == MARKS[0] and asked and context.calendar.today(item.due_at) > context.today:
        context.tell(asked.person, _mark_line(context, item, step, asked), ref, show_button(item), draws=draws)
    else:
        context.post(to, _mark_card(context, item, step), priority="prompt", draws=draws)
    if step == MARKS[-1]:
        _tell_head(context, item, asked)


def _mark_line(context: Context, item: Item, step: int, asked: Asked) -> str:
    """The line in the digest of the person who is asked, while there is still time."""
    assert item.due_at is not None, "its clock runs"
    due = context.spoken(item.due_at)
    whose = f" {context.stand_in_line(asked.instead_of)}" if asked.instead_of else ""
    return f"{item.ref} {short(item.what)}: {SAID[step]}, answer by {due}.{whose}"


def _tell_head(context: Context, item: Item, asked: Asked | None) -> None:
    """Tell the head of the department that feedback is late, unless the head is the person asked for it."""
    head = head_of(context, item)
    if head and (asked is None or head != asked.person):
        draws = f"feedback.late {item.ref}"
        context.post(f"dm:{head}", _late_card(context, item), ref=item.ref, priority="prompt", draws=draws)


def _told(context: Context, item: Item) -> str:
    """Where the message goes: to the person who has the item or their stand-in; else to the department's place."""
    asked = _asked(context, item)
    return f"dm:{asked.person}" if asked else place_of(context.city, item)


def _asked(context: Context, item: Item) -> Asked | None:
    """Who is asked for an item that somebody has; None when nobody has it."""
    return context.duties.of(item.owner, department=department_id(context.city, item)) if item.owner else None


def _mark_card(context: Context, item: Item, step: int) -> Card:
    due, asked = context.spoken(item.due_at or context.now), _asked(context, item)
    card = Card(
        f"{item.ref}: {SAID[step]}",
        Text(item.what),
        Text(f"Answer by {due}." if step < MARKS[-1] else f"It was due {due}."),
        Buttons(*buttons_of(item)),
        logged_note(context, item),
        status=item_status(context, item),
    )
    return context.in_place_of(card, asked.instead_of if asked else None)


def _late_card(context: Context, item: Item) -> Card:
    whose = f"it is with {context.name(item.owner)}" if item.owner else "nobody has it"
    late = item_card(context, item, headline=f"{item.ref} is late; {whose}")
    give = Button.say("Give it to somebody", f"feedback give {item.ref}")
    return late.with_words(Buttons(*buttons_of(item)[:1], give, *buttons_of(item)[-1:]))


@drawn("feedback.mark")
def mark_again(context: Context, ref: str, step: str, to: str) -> Card:
    """The message that part of an item's time is used, while that is the newest mark and the same person has it."""
    item = still_open(context, ref)
    if item.waits_for:
        raise NotNeeded(f"{ref} is paused")
    if item.mark != int(step):
        raise NotNeeded(f"this reminder about {ref} is out of date")
    if _told(context, item) != to:
        raise NotNeeded(f"{ref} is with {context.name(item.owner)} now")
    return _mark_card(context, item, item.mark)


@drawn("feedback.late")
def late_again(context: Context, ref: str) -> Card:
    """The message to a head about an item that is late, while it is."""
    item = still_open(context, ref)
    if item.due_at is None or item.due_at > context.now:
        raise NotNeeded(f"{ref} is not late anymore")
    return _late_card(context, item)


def _set_again(context: Context, item: Item) -> Item:
    return record(context, item, "clock", SYSTEM, clock=item.clock + 1)

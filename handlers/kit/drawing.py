"""Drawing: a message that goes late or once more says how its record stands then, or that nobody needs it any more."""

import logging
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from pydantic import ValidationError

from handlers.kit.catalogue import catalogue
from handlers.kit.coming import missed_card, times_of
from handlers.kit.context import Context
from handlers.kit.errors import NotNeeded
from handlers.kit.messages import Card, Note
from storage.chat.outbox import OutboxRow
from storage.faults import in_words
from storage.trouble import DatabaseUnavailable

log = logging.getLogger("cityops.drawing")
LATE = timedelta(minutes=2)  # what waited longer may no longer be true as it was written
BRING_UP_TO_DATE = "messages.bring-up-to-date"  # a timer about a record of which a button ends with time
JUST_AFTER = timedelta(seconds=1)
SAYS_WHEN = ("post", "answer")  # kinds of rows that people read as news


def draw(context: Context, draws: str) -> Card:
    """Draw a message as its record stands now; ``draws`` is what it was queued with.

    Raises NotNeeded with the reason when nobody needs it any more.
    """
    name, *words = draws.split(" ")
    return catalogue.drawers[name].function(context, *words)


def is_stale(context: Context, row: OutboxRow) -> bool:
    """Whether the card of a row that was just claimed may be old: it was tried before, waited long, or its record has
    changed since."""
    if row.attempt > 1 or _is_late(context, row):
        return True
    subject = (row.draws or "").split(" ")[1:2]  # the audit knows the record by the first word after the name
    return bool(subject) and context.store.chat.drawings.has_changed(row, subject[0])


class Drawn(NamedTuple):
    """What a row says; ``missed`` means that this is said in the place of a routine's card, whose time is over."""

    card: Card
    missed: bool = False


def drawn_now(context: Context, row: OutboxRow) -> Drawn:
    """What a row says when it is sent now. Raises NotNeeded with the reason when nobody needs it any more.

    A feature that breaks over this holds nothing up: the card goes as it was written, and says when that was.
    """
    if row.kind == "update" and context.store.chat.drawings.is_superseded(row):
        raise NotNeeded("a newer update of the same message follows")
    if row.draws and (missed := _missed(context, row, row.draws)):
        return Drawn(missed, missed=True)
    try:
        if row.draws and (card := _safely_drawn(context, row.draws)):
            return Drawn(context.in_place_of(card, row.payload.get("instead_of")))
    except NotNeeded as why:
        if row.kind != "update":
            raise
        instead: Card | None = why.instead
        return Drawn(instead or _taken_back(context, row, str(why)))
    try:
        card = Card.model_validate_json(row.card or "")
    except ValidationError:
        raise NotNeeded("its text cannot be read anymore") from None
    return Drawn(_dated(context, row, card))


def _taken_back(context: Context, row: OutboxRow, why: str) -> Card:
    """What stands in the place of a posted message that nobody needs any more: what it said, without its buttons, and
    why."""
    said = context.store.chat.drawings.said(row.post)
    try:
        card = Card.model_validate_json(said or "").without_buttons()
    except ValidationError:
        card = Card("Not needed anymore")
    return card.with_words(Note(f"Not needed anymore: {why}."))


def not_sent(context: Context, row: OutboxRow) -> None:
    """Let the feature of a post do what follows when it was given up before anybody could read it."""
    name, *words = (row.draws or "").split(" ") if row.kind == "post" else [""]
    if follow := catalogue.on_not_sent.get(name):
        context.apart(f"not sent {name}", partial(follow, context, *words), about=row.draws or "")


def still_holds(context: Context, draws: str | None) -> bool:
    """Whether a line of news that was kept with ``draws`` is still needed."""
    if draws is None:
        return True
    try:
        _safely_drawn(context, draws)
    except NotNeeded:
        return False
    return True


def _safely_drawn(context: Context, draws: str) -> Card | None:
    """The card as its record stands; None where the feature breaks over it. Raises NotNeeded."""
    part = f"drawing {draws.split(' ')[0]}"
    try:
        with context.store.savepoint():
            card = draw(context, draws)
    except (NotNeeded, DatabaseUnavailable):
        raise
    except Exception as problem:
        log.exception("a message could not be drawn again", extra={"draws": draws})
        error = in_words(problem)
        context.store.faults.note(part, error, context.now, draws)
        return None
    context.store.faults.sound(part, draws)
    return card


def _missed(context: Context, row: OutboxRow, draws: str) -> Card | None:
    """What goes in the place of a routine's card when its time is over. Raises NotNeeded when nothing goes."""
    name, *words = draws.split(" ")
    routine = catalogue.routines.get(name)
    if routine is None:
        return None
    day, seat = date.fromisoformat(words[0]), words[1]
    if context.store.time.occurrences.is_followed(name, day, seat, context.now):
        raise NotNeeded("a newer one was due as well")
    until = times_of(routine, context.city).late_until
    if until is None or not row.created_at <= context.calendar.instant(day, until) < context.now:
        return None
    why = f"it could not be delivered until {context.calendar.spoken(context.now)}"
    if not routine.notice:
        raise NotNeeded(why)
    return missed_card(context.city, routine, row.created_at, why)


def _dated(context: Context, row: OutboxRow, card: Card) -> Card:
    """A card that cannot be drawn again says when it was written, if that is a while ago."""
    if row.kind not in SAYS_WHEN or not _is_late(context, row):
        return card
    calendar = context.calendar
    return card.with_words(Note(f"Written {calendar.spoken(row.created_at)}. Sent {calendar.spoken(context.now)}."))


def _is_late(context: Context, row: OutboxRow) -> bool:
    return context.now - row.created_at > LATE

"""Ticks: an item of a checklist is done; by somebody, or as the bot saw by itself."""

from datetime import date
from typing import Literal

from handlers.kit.checklist_cards import refresh_checklists
from handlers.kit.checklists import Owed, current
from handlers.kit.context import SYSTEM, Context
from handlers.kit.home import refresh_homes
from handlers.kit.morning import dealt_with


def tick(context: Context, owed: Owed, person: str, note: str | None = None) -> bool:
    """Tick an item and bring its cards up to date; False when somebody was first, whose tick stays."""
    ticks, key = context.store.checklists, (owed.item.id, owed.period.key)
    if not ticks.tick(*key, person=person, at=context.now, note=note):
        return False
    context.note(owed.value, done=True)
    dealt_with(context, owed.value, f"done by {context.name(person)}")
    _refresh(context, owed)
    return True


def take_back(context: Context, owed: Owed) -> bool:
    """Take a tick back and bring its cards up to date; False when there is none."""
    if not context.store.checklists.untick(owed.item.id, owed.period.key):
        return False
    context.note(owed.value, done=False)
    _refresh(context, owed)
    return True


def tick_seen(context: Context, seen: Literal["morning-check", "standup"], day: date | None = None) -> None:
    """Tick what the bot sees done by itself: the morning check was read, or the stand-up held, of a day or of today.

    It may be called as often as it is seen; a day after which another has begun stays as it is.
    """
    for one in current(context, context.today):
        holds = one.period.first <= (day or context.today) <= one.period.last
        if one.item.seen == seen and one.tick is None and holds:
            tick(context, one, SYSTEM)


def _refresh(context: Context, owed: Owed) -> None:
    """Bring whatever shows an item up to date."""
    refresh_checklists(context, owed.item.owner)
    refresh_homes(context, [context.duties.seat(owed.item.owner).person])

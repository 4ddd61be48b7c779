"""Ticks: an item of a checklist is ticked as done, by somebody or by the bot itself."""

from datetime import date, datetime
from typing import Literal

from handlers.checklist.cards import refresh_checklists
from handlers.checklist.owed import Owed, current
from handlers.kit.context import SYSTEM, Context
from handlers.kit.events import MORNING_CHECK_READ, STANDUP_HELD, on
from handlers.kit.home import refresh_homes
from handlers.kit.settled import settled, unsettled


def tick(
    context: Context,
    owed: Owed,
    person: str,
    note: str | None = None,
    *,
    at: datetime | None = None,
    skipped: str | None = None,
) -> bool:
    """Tick an item, or skip it for a reason, and bring its cards up to date; False when somebody did so before, whose
    tick stays. ``at`` is when, if not now."""
    ticks, key = context.store.checklist.ticks, (owed.item.id, owed.period.key)
    if not ticks.tick(*key, person=person, at=at or context.now, note=note, skipped=skipped):
        return False
    context.audit(owed.ref, **({"skipped": True} if skipped else {"done": True}))
    settled(context, owed.ref, f"{'skipped' if skipped else 'done'} by {context.name(person)}")
    _refresh(context, owed)
    return True


def take_back(context: Context, owed: Owed) -> bool:
    """Take a tick back and bring its cards up to date; False when there is none."""
    if not context.store.checklist.ticks.untick(owed.item.id, owed.period.key):
        return False
    context.audit(owed.ref, done=False)
    unsettled(context, owed.ref)
    _refresh(context, owed)
    return True


def tick_seen(context: Context, seen: Literal["morning-check", "standup"], day: date | None = None) -> None:
    """Tick what the bot itself sees is done on ``day`` or today: the morning check was read, or the stand-up was held.

    It may be called repeatedly; a day is not changed any more once the next one has begun.
    """
    for owed in current(context, context.today):
        holds = owed.period.first <= (day or context.today) <= owed.period.last
        if owed.item.seen == seen and owed.tick is None and holds:
            tick(context, owed, SYSTEM)


@on(MORNING_CHECK_READ)
def tick_morning_check(context: Context, day: date) -> None:
    """Tick that the morning check of a day was read."""
    tick_seen(context, "morning-check", day)


@on(STANDUP_HELD)
def tick_standup(context: Context, day: date) -> None:
    """Tick that a stand-up was held on a day."""
    tick_seen(context, "standup", day)


def _refresh(context: Context, owed: Owed) -> None:
    """Bring everything that shows an item up to date."""
    refresh_checklists(context, owed.item.owner)
    refresh_homes(context, [context.duties.seat(owed.item.owner).person])

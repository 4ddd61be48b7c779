"""Year: in twelve weeks of Riverton exactly what the schedule printed is sent, through outages and a change of
the clocks; `make year` walks through all of it."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.runtime import Runtime
from handlers.kit.context import sending_ref
from handlers.kit.roster import Roster
from handlers.kit.seats import EVERYBODY, NOBODY
from storage.chat.outbox import outbox
from storage.database import Store
from storage.time.occurrences import occurrences
from tests.chat.bot import Bot, settings_for
from tests.chat.clock import SetClock
from tests.year.oracle import Ending, Key, happened, promised
from tests.year.walk import Outage, walk

AUGUST, NOVEMBER = datetime(2027, 8, 19, 4, tzinfo=UTC), datetime(2027, 11, 9, 5, tzinfo=UTC)  # midnight in Riverton
OUTAGES = (
    Outage(datetime(2027, 3, 15, 11, 28, tzinfo=UTC), datetime(2027, 3, 15, 11, 33, tzinfo=UTC)),  # 5 min around 07:30
    Outage(datetime(2027, 5, 28, 20, tzinfo=UTC), datetime(2027, 5, 31, 20, tzinfo=UTC)),  # 3 days with a holiday
    Outage(datetime(2027, 7, 2, 20, tzinfo=UTC), datetime(2027, 7, 5, 20, tzinfo=UTC)),  # again 3 days with a holiday
    Outage(datetime(2027, 8, 20, 9, tzinfo=UTC), datetime(2027, 9, 29, 9, tzinfo=UTC)),  # 40 days
    Outage(datetime(2027, 10, 14, 11, 28, tzinfo=UTC), datetime(2027, 10, 14, 11, 33, tzinfo=UTC)),  # the same again
)
AWAY = (
    ("maria", date(2027, 2, 8), date(2027, 2, 12), "olga"),
    ("hugo", date(2027, 6, 21), date(2027, 7, 9), "rosa"),
    ("sam", date(2027, 7, 5), date(2027, 7, 16), None),
    ("hugo", date(2027, 10, 4), date(2027, 10, 15), "rosa"),
    ("sam", date(2027, 10, 11), date(2027, 10, 22), None),
)


@pytest.mark.doors
async def test_twelve_weeks_send_exactly_what_the_schedule_printed(tmp_path: Path) -> None:
    states = await sent_as_printed(tmp_path, AUGUST, NOVEMBER)
    assert states["sent"] > 100
    assert states["expired"] > 20


async def sent_as_printed(folder: Path, begin: datetime, end: datetime) -> Counter[str]:
    """Walk a bot from midnight to midnight, and count how the sendings of these days ended."""
    bot = Bot(settings_for(folder), clock=SetClock(begin))
    await bot.start()
    try:
        runtime = bot.application.runtime
        first, last = (runtime.city().calendar.today(moment) for moment in (begin, end - timedelta(seconds=1)))
        for person, away, until, deputy in AWAY:
            await runtime.write(partial(_is_away, person, away, until, deputy, begin))
        await walk(bot, end, OUTAGES)
        due = await bot.read(lambda store: _promised(runtime, first, last, store))
        assert await bot.read(lambda store: happened(store, first, last)) == due
        assert await bot.read(_posted_twice) == []
        assert await bot.read(_not_posted) == []
        return Counter(ending.state for ending in due.values())
    finally:
        await bot.stop()


def _is_away(person: str, first: date, last: date, deputy: str | None, at: datetime, store: Store) -> None:
    store.time.absences.add(person, first, last, deputy, by=person, at=at)


def _promised(runtime: Runtime, first: date, last: date, store: Store) -> dict[Key, Ending]:
    days = (last - first).days + 1
    return promised(runtime.catalogue, runtime.city(), first, days, Roster(store, runtime.city(), ()).on, OUTAGES)


def _posted_twice(store: Store) -> list[str]:
    """What was posted more than once at one moment in one place."""
    same = select(outbox.c.about).where(outbox.c.kind == "post", outbox.c.about.is_not(None))
    more = same.group_by(outbox.c.about, outbox.c.platform, outbox.c.place, outbox.c.created_at)
    return list(store.connection.execute(more.having(func.count() > 1)).scalars())


def _not_posted(store: Store) -> list[str]:
    """Sendings to a person for which nothing was posted to that person when they were sent.

    The weekly feedback summary goes to the department's place, and only when there is something in it.
    """
    asked = select(occurrences).where(
        occurrences.c.state == "sent",
        occurrences.c.seat.not_in((EVERYBODY, NOBODY)),
        occurrences.c.routine != "feedback-week",
    )
    posted = select(outbox.c.about, outbox.c.place, outbox.c.created_at).where(outbox.c.kind == "post")
    there = {tuple(row) for row in store.connection.execute(posted)}
    return [
        ref
        for row in store.connection.execute(asked)
        if ((ref := sending_ref(row.routine, row.day, row.seat)), f"dm:{row.person}", row.fired_at) not in there
    ]

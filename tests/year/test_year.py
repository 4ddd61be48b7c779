"""Year: in a whole year of Riverton exactly what the schedule printed is sent, through clock changes and outages."""

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import func, select

from handlers.kit.context import sending_ref
from handlers.kit.seats import EVERYBODY, nobody_is_away
from storage.database import Store
from storage.occurrences import occurrences
from storage.outbox import outbox
from tests.chat.bot import Bot, settings_for
from tests.chat.clock import SetClock
from tests.year.oracle import happened, promised
from tests.year.walk import Outage, walk

FIRST, LAST = date(2027, 1, 1), date(2027, 12, 31)
BEGIN, END = datetime(2027, 1, 1, 5, tzinfo=UTC), datetime(2028, 1, 1, 5, tzinfo=UTC)  # midnight in Riverton
OUTAGES = (
    Outage(datetime(2027, 3, 15, 11, 28, tzinfo=UTC), datetime(2027, 3, 15, 11, 33, tzinfo=UTC)),  # over 07:30, 5 min
    Outage(datetime(2027, 5, 28, 20, tzinfo=UTC), datetime(2027, 5, 31, 20, tzinfo=UTC)),  # 3 days, a holiday in them
    Outage(datetime(2027, 8, 20, 9, tzinfo=UTC), datetime(2027, 9, 29, 9, tzinfo=UTC)),  # 40 days
)


async def test_a_year_sends_exactly_what_the_schedule_printed(tmp_path: Path) -> None:
    bot = Bot(settings_for(tmp_path), clock=SetClock(BEGIN))
    await bot.start()
    try:
        await walk(bot, END, OUTAGES)
        runtime = bot.application.runtime
        days = (LAST - FIRST).days + 1
        due = promised(runtime.catalogue, runtime.city(), FIRST, days, nobody_is_away, OUTAGES)
        assert await bot.read(lambda store: happened(store, FIRST, LAST)) == due
        states = Counter(ending.state for ending in due.values())
        assert states["sent"] > 200
        assert states["expired"] > 20
        assert await bot.read(_posted_twice) == []
        assert await bot.read(_not_posted) == []
    finally:
        await bot.stop()


def _posted_twice(store: Store) -> list[str]:
    """What was posted more than once at one moment in one place."""
    same = select(outbox.c.about).where(outbox.c.kind == "post", outbox.c.about.is_not(None))
    more = same.group_by(outbox.c.about, outbox.c.platform, outbox.c.place, outbox.c.created_at)
    return list(store.connection.execute(more.having(func.count() > 1)).scalars())


def _not_posted(store: Store) -> list[str]:
    """Sendings to a person of which nothing was posted to that person at their moment."""
    asked = select(occurrences).where(occurrences.c.state == "sent", occurrences.c.seat != EVERYBODY)
    posted = select(outbox.c.about, outbox.c.place, outbox.c.created_at).where(outbox.c.kind == "post")
    there = {tuple(row) for row in store.connection.execute(posted)}
    return [
        ref
        for row in store.connection.execute(asked)
        if ((ref := sending_ref(row.routine, row.day, row.seat)), f"dm:{row.person}", row.fired_at) not in there
    ]

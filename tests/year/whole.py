"""Whole: a year at every door and on both databases, with a restart every night, and the days of every time zone."""

import time as stopwatch
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pytest
from sqlalchemy import func, select

from handlers.kit.duty import Duties
from handlers.kit.time.calendar import Calendar
from storage.chat.desk import desk_messages
from storage.chat.outbox import outbox
from storage.database import Store
from tests.chat.door import Chat
from tests.year.oracle import happened, promised
from tests.year.test_year import OUTAGES, sent_as_printed
from tests.year.walk import walk

FIRST, LAST = date(2027, 1, 1), date(2027, 12, 31)
BEGIN, END = datetime(2027, 1, 1, 5, tzinfo=UTC), datetime(2028, 1, 1, 5, tzinfo=UTC)  # midnight in Riverton
AT = [time(0), time(0, 30), time(1, 30), time(2), time(2, 30), time(3), time(7, 30), time(23, 30)]
WIDEST = timedelta(hours=2)  # the largest change of a clock from 2024 on: Antarctica/Troll


async def test_a_whole_year_sends_exactly_what_the_schedule_printed(tmp_path: Path) -> None:
    states = await sent_as_printed(tmp_path, BEGIN, END)
    assert states["sent"] > 200
    assert states["expired"] > 20


async def test_a_whole_year_with_a_restart_every_night(chat: Chat, capsys: pytest.CaptureFixture[str]) -> None:
    bot, begun = chat.bot, stopwatch.perf_counter()
    bot.clock.set(BEGIN)
    stops, night, posted = 0, BEGIN, Counter[str]()
    while night < END:
        begin, night = night, min(night + timedelta(days=1), END)
        stops += await walk(bot, night, OUTAGES, carried=True)
        posted += await bot.read(partial(_posted, begin, night))  # before these rows have had their time
        await bot.restart()
    catalogue, city = bot.application.runtime.catalogue, bot.application.runtime.city()
    due = promised(catalogue, city, FIRST, (LAST - FIRST).days + 1, partial(Duties, city), OUTAGES)
    assert await bot.read(lambda store: happened(store, FIRST, LAST)) == due
    assert await bot.read(lambda store: store.chat.outbox.counts(bot.clock.now())) == {}
    for person in city.people:
        assert await _received(chat, person) == posted[f"dm:{person}"], person
    states = Counter(ending.state for ending in due.values())
    with capsys.disabled():
        counts = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
        spent = stopwatch.perf_counter() - begun
        database = bot.application.settings.database_url.partition(":")[0]
        print(f"\n{chat.name} on {database}: {counts}; {sum(posted.values())} posts, {stops} stops, {spent:.0f} s")


async def _received(chat: Chat, person: str) -> int:
    """How many messages somebody got from the bot; from the database for the desk, whose page shows only the newest."""
    if chat.name != "desk":
        return len(await chat.person(person).direct())
    mine = (desk_messages.c.channel == f"dm:{person}", desk_messages.c.said_by.is_(None))
    count = select(func.count()).select_from(desk_messages).where(*mine, desk_messages.c.at >= BEGIN)
    return int(await chat.bot.read(lambda store: store.connection.execute(count).scalar()))


def _posted(begin: datetime, end: datetime, store: Store) -> Counter[str]:
    rows = select(outbox.c.place, func.count()).where(
        outbox.c.kind == "post", outbox.c.state == "sent", outbox.c.created_at >= BEGIN,
        outbox.c.settled_at > begin, outbox.c.settled_at <= end,
    )  # fmt: skip
    return Counter(dict(store.connection.execute(rows.group_by(outbox.c.place)).all()))


@pytest.mark.parametrize("letter", sorted({zone[:3] for zone in available_timezones()}))
def test_every_zone_has_each_time_of_each_day_once(letter: str) -> None:
    days = [date(2024, 1, 1) + timedelta(days=number) for number in range((date(2038, 1, 1) - date(2024, 1, 1)).days)]
    for zone in sorted(name for name in available_timezones() if name.startswith(letter)):
        calendar = Calendar(ZoneInfo(zone), {})
        for at in AT:
            before = datetime(2023, 12, 1, tzinfo=UTC)
            for day in days:
                moment = calendar.instant(day, at)
                local = calendar.local(moment)
                moved = local.replace(tzinfo=None) - datetime.combine(day, at)
                assert timedelta(0) <= moved <= WIDEST, (zone, day, at)
                assert local.fold == 0, (zone, day, at)
                assert before < moment, (zone, day, at)
                before = moment

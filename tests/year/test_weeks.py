"""Weeks: six weeks with difficult dates, sent over the wire at each door."""

import os
from collections import Counter
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from handlers.kit.duty import Duties
from storage.chat.outbox import outbox
from storage.database import Store
from tests.chat.door import Chat
from tests.year.oracle import happened, promised
from tests.year.walk import Outage, walk

WEEKS = {
    "clocks go forward": date(2027, 3, 8),
    "a holiday on Monday": date(2027, 5, 31),
    "a quarter begins": date(2027, 6, 28),
    "clocks go back": date(2027, 11, 1),
    "Thanksgiving": date(2027, 11, 22),
    "the year ends": date(2027, 12, 27),
}
DOORS = ("desk", "slack", "slack_socket", "teams")
EACH = [*((door, week) for door in DOORS for week in WEEKS), ("desk_postgresql", "clocks go back")]
if os.environ.get("DOORS") != "all":  # Slack and Teams share the weeks; with ``make doors`` each has them all
    LEFT = [*(("slack", week) for week in list(WEEKS)[::2]), *(("teams", week) for week in list(WEEKS)[1::2])]
    EACH = [case for case in EACH if case not in LEFT]
EACH_TIME = "clocks go back"  # the others only with ``make doors``
DOWN = (timedelta(days=2, hours=6), timedelta(days=2, hours=16))  # since the week began: Wednesday from 6 to 16


@pytest.mark.parametrize(
    ("chat", "week"),
    [pytest.param(*case, marks=[pytest.mark.doors] if case[1] != EACH_TIME else []) for case in EACH],
    indirect=["chat"],
)
async def test_a_week_sends_what_was_printed_and_everybody_gets_it_once(chat: Chat, week: str) -> None:
    bot, first = chat.bot, WEEKS[week]
    city = bot.application.runtime.city()
    begin = city.calendar.instant(first, datetime.min.time())
    end = city.calendar.instant(first + timedelta(days=7), datetime.min.time())
    bot.clock.set(begin)
    outage = Outage(begin + DOWN[0], begin + DOWN[1])
    await walk(bot, end, [outage], carried=True)
    last = first + timedelta(days=6)
    due = promised(bot.application.runtime.catalogue, city, first, 7, partial(Duties, city), [outage])
    assert await bot.read(lambda store: happened(store, first, last)) == due
    assert (
        await bot.read(lambda store: store.chat.outbox.counts(bot.clock.now())) == {}
    )  # nothing waits, nothing is lost
    posted = await bot.read(lambda store: _posted_since(store, begin))
    assert sum(posted.values()) > 30
    for person in city.people:
        assert len(await chat.person(person).direct()) == posted[f"dm:{person}"], person


def _posted_since(store: Store, begin: datetime) -> Counter[str]:
    """How many messages were posted to each place."""
    rows = select(outbox.c.place, func.count()).where(
        outbox.c.kind == "post", outbox.c.state == "sent", outbox.c.created_at >= begin
    )
    return Counter(dict(store.connection.execute(rows.group_by(outbox.c.place)).all()))

"""Tidying: what is needed only for a time goes after it, batch by batch, and the audit says once a day how much."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from bot.links import LIVES
from bot.tidying import MOST
from storage.audit import audit
from storage.base import metadata
from storage.chat.outbox import NewRow, outbox
from storage.database import Store
from storage.keeping import FOR_A_TIME
from tests.bot.breaking import says
from tests.bound import bound
from tests.chat.bot import Bot, settings_for

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
DAM = "/risk add Dam leaks; likelihood 4; impact 5"
Fill = Callable[[Store, datetime], Any]


def _allow(store: Store, at: datetime) -> None:
    store.allowances.add(None, by="tom", at=at, until=at)


def _fire(store: Store, at: datetime) -> None:
    store.time.timers.add("boil", f"{at}", 0, at)
    store.time.timers.end(store.time.timers.due(at, 1000)[-1].id, "fired")


def _send_by_hand(store: Store, at: datetime) -> None:
    store.time.occurrences.by_hand("digest", at.date(), "sam", at, "sam")


def _write_a_piece(store: Store, at: datetime) -> None:
    store.time.pieces.add(store.time.occurrences.by_hand("digest", at.date(), "everybody", at, None), "sam")


def _post(store: Store, at: datetime, about: str = "digest of a day") -> None:
    """Queue a message about something, and say that it has arrived."""
    post = store.chat.posts.add(about, "slack", "dm:sam")
    new = NewRow(
        platform="slack", place="dm:sam", kind="post", priority="digest", repeat=True, at=at, card="{}", post=post
    )
    row = store.chat.outbox.find(store.chat.outbox.add(new))
    assert row is not None
    store.chat.outbox.settle(row, "sent", at, was="pending", channel="D1", remote_id=f"{at}")


PASSES: Mapping[str, tuple[timedelta, Fill]] = {
    "inbox": (7 * DAY, lambda store, at: store.chat.inbox.keep(f"slack {at}", "{}", at)),
    "drafts": (7 * DAY, lambda store, at: store.chat.drafts.keep("sam", "risk add", {}, at)),
    "undos": (7 * DAY, lambda store, at: store.undos.add("risk", ["R-1"], "sam", at, {})),
    "files": (LIVES, lambda store, at: store.chat.files.keep(f"{at}", "risks.csv", b"R-1", at)),
    "notes": (183 * DAY, lambda store, at: store.chat.notes.add("sam", "R-1", "R-1 is yours", [], at)),
    "allowances": (7 * DAY, _allow),
    "outbox": (30 * DAY, _post),
    "posts": (183 * DAY, _post),
    "occurrences": (400 * DAY, _send_by_hand),
    "pieces": (DAY, _write_a_piece),
    "timers": (400 * DAY, _fire),
}


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    bot = Bot(settings_for(tmp_path))
    await bot.start()
    yield bot
    await bot.stop()


async def _fill(bot: Bot, fill: Fill) -> None:
    now = bot.clock.now()
    await bot.application.runtime.write(lambda store: fill(store, now))


async def _tidy(bot: Bot, span: timedelta = timedelta()) -> None:
    bot.clock.set(bot.clock.now() + span)
    await bot.application.tidying.take()


async def _count(bot: Bot, table: str) -> int:
    asked = select(func.count()).select_from(metadata.tables[table])
    return int(await bot.read(lambda store: store.connection.execute(asked).scalar()))


async def _tidied(bot: Bot) -> list[Mapping[str, int]]:
    """What each row of the audit says has gone."""
    asked = select(audit.c.facts).where(audit.c.act == "tidied").order_by(audit.c.number)
    return [json.loads(row.facts) for row in await bot.read(lambda store: store.connection.execute(asked).all())]


def test_each_kind_of_what_goes_has_its_test() -> None:
    assert {*PASSES, "snoozes"} == set(FOR_A_TIME)


@pytest.mark.parametrize("table", PASSES)
async def test_what_is_of_use_for_a_time_goes_when_it_is_over(bot: Bot, table: str) -> None:
    kept, fill = PASSES[table]
    await _fill(bot, fill)
    if table == "posts":  # the time of a post begins when its message has gone
        await _fill(bot, _send_by_hand)
        bot.clock.advance(seconds=1)
        await _fill(bot, partial(_post, about="R-1"))
        await _tidy(bot, 31 * DAY)
        kept -= 31 * DAY
    await _tidy(bot, kept - MINUTE)
    await _fill(bot, fill)  # the newest number is never given again
    before = await _count(bot, table)
    await _tidy(bot, MINUTE * 61)
    assert await _count(bot, table) == before - 1


async def test_what_was_put_off_goes_on_its_day(bot: Bot) -> None:
    until = bot.clock.now().date() + DAY
    await bot.application.runtime.write(lambda store: store.chat.snoozes.put_off("sam", "R-1", until))
    await _tidy(bot)
    assert await _count(bot, "snoozes") == 1
    await _tidy(bot, DAY)
    assert await _count(bot, "snoozes") == 0


async def test_the_words_of_a_message_go_after_a_week_and_its_row_after_a_month(bot: Bot) -> None:
    async def words() -> list[str | None]:
        return list(await bot.read(lambda store: store.connection.execute(select(outbox.c.card)).scalars().all()))

    await _fill(bot, _post)
    await _tidy(bot, 7 * DAY)
    assert await words() == ["{}"]
    await _tidy(bot, DAY)
    assert await words() == [None]
    reached = await bot.read(lambda store: store.time.checkpoints.at("words tidied"))
    assert reached == bot.clock.now() - 7 * DAY  # from where it goes on


async def test_the_audit_says_once_a_day_how_much_has_gone_and_nothing_when_nothing_has(bot: Bot) -> None:
    await _tidy(bot)
    for _ in range(3):
        await _fill(bot, PASSES["inbox"][1])
        await _fill(bot, PASSES["drafts"][1])
        await _tidy(bot, timedelta(hours=1))
    await _tidy(bot, 7 * DAY - timedelta(hours=2))
    assert await _tidied(bot) == [{"drafts": 1, "inbox": 1}]
    for _ in range(2):
        await _tidy(bot, timedelta(hours=1))
    assert len(await _tidied(bot)) == 1
    for _ in range(2):
        await _tidy(bot, DAY)
    assert await _tidied(bot) == [{"drafts": 1, "inbox": 1}, {"drafts": 2, "inbox": 2}]
    assert await bot.read(lambda store: store.audit.first_bad_row()) == (2, None)


async def test_more_than_one_batch_goes_at_one_look(bot: Bot) -> None:
    now, count = bot.clock.now(), 2 * MOST + 50

    def keep(store: Store) -> None:
        for number in range(count):
            store.chat.inbox.keep(f"slack {number}", None, now)

    await bot.application.runtime.write(keep)
    await _tidy(bot, 8 * DAY)
    assert (await _count(bot, "inbox"), await _tidied(bot)) == (0, [{"inbox": count}])


async def test_an_alarm_of_last_year_still_says_how_often_somebody_was_paged(bot: Bot) -> None:
    await says(bot, "olga", "/crisis activate Water main burst; level 2")
    await bot.settle()
    before = (await says(bot, "olga", "/crisis status")).count("paged 1 time")
    await _tidy(bot, 40 * DAY)
    assert await _count(bot, "outbox") > 0
    assert (await says(bot, "olga", "/crisis status")).count("paged 1 time") == before > 0


async def test_the_card_of_a_risk_is_changed_where_it_was_posted_a_year_ago(bot: Bot) -> None:
    await says(bot, "sam", DAM)
    await bot.settle()
    for _ in range(2):
        await _tidy(bot, 200 * DAY)
    assert await _tidied(bot) != []
    await says(bot, "olga", "/risk close R-1; reason Mended")
    changed = text("SELECT count(*) FROM outbox WHERE kind = 'update' AND about = 'R-1'")
    assert await bot.read(lambda store: store.connection.execute(changed).scalar()) == 1


async def test_years_of_a_city_leave_as_much_as_its_first(bot: Bot) -> None:
    """What is there after three years, with as much of each kind every day, is what was there after 15 months."""
    sizes = list[tuple[int, Mapping[str, int]]]()

    def some_weeks(at: datetime, store: Store) -> None:
        for day in range(35):
            for table in PASSES.keys() - {"posts"}:
                PASSES[table][1](store, at + day * DAY)

    for _ in range(2):
        for _ in range(14):
            await bot.application.runtime.write(bound(lambda store, at: some_weeks(at, store), bot.clock.now()))
            await _tidy(bot, 35 * DAY)
        pages = int(await bot.read(lambda store: store.connection.execute(text("PRAGMA page_count")).scalar()))
        sizes.append((pages, {table: await _count(bot, table) for table in FOR_A_TIME}))
    (first_pages, first), (last_pages, last) = sizes
    assert {table: last[table] - first[table] for table in last} == dict.fromkeys(last, 0)
    assert last_pages <= first_pages * 1.05

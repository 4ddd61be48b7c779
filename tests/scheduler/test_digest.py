"""Digest: however many people there are, each gets theirs, as things stand when it is written."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest

from bot.piecework import send_by_hand, work_off
from handlers.digest import digest_cards
from handlers.kit.city.model import City
from handlers.kit.city.people import Person
from handlers.kit.context import Context
from handlers.kit.messages import Card
from scheduler import batch, digest, piecework
from scheduler.piecework import Piecework
from storage.database import Store
from tests.bot.breaking import breaks
from tests.chat.bot import Bot, settings_for

MORNING = datetime(2026, 11, 24, 13, 29, 50, tzinfo=UTC)  # a little before 08:30 in Riverton
MANY = 100


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    """A town of many people, with news for each of them."""
    settings = settings_for(tmp_path)
    with (settings.city_dir / "people.toml").open("a", encoding="utf-8") as file:
        for number in range(MANY):
            file.write(f'\n[[person]]\nid = "p{number}"\nname = "P {number}"\nemail = "p{number}@example.org"\n')
    bot = Bot(settings)
    await bot.start()
    await bot.settle()
    bot.clock.set(MORNING)
    await bot.settle()
    await bot.application.runtime.write(_news_for_all)
    yield bot
    await bot.stop()


def _news_for_all(store: Store) -> None:
    for number in range(MANY):
        store.chat.notes.add(f"p{number}", f"F-{number}", "It is answered", (), MORNING)


async def told(bot: Bot) -> list[str]:
    """The places that a digest went to, in their order."""
    asked = "SELECT place FROM outbox WHERE card LIKE '%Your day: Tue Nov 24%' ORDER BY id"
    found = await bot.read(lambda store: store.connection.exec_driver_sql(asked).fetchall())
    return [place for (place,) in found]


async def test_everybody_has_one_however_long_it_takes(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "LONGEST", 0.0)
    monkeypatch.setattr(piecework, "AT_ONCE", 40)
    bot.clock.advance(seconds=10)
    await bot.application.look()
    assert await told(bot) == [f"dm:p{number}" for number in range(MANY)]
    asked = "SELECT facts FROM audit WHERE act = 'routine digest'"
    [(facts,)] = await bot.read(lambda store: store.connection.exec_driver_sql(asked).fetchall())
    assert json.loads(facts) == {"to": None, "written": MANY}


async def test_what_is_new_since_it_was_prepared_stands_in_it(bot: Bot) -> None:
    work, city, now = await begun(bot)
    runtime = bot.application.runtime
    ready = await runtime.read(partial(work.prepare, city, now))
    await runtime.write(lambda store: store.chat.notes.add("p1", "F-900", "This came between", (), now))
    await runtime.write(lambda store: store.time.absences.add("p2", now.date(), now.date(), None, by="ines", at=now))
    while ready.pieces:
        left = await runtime.write(partial(work.write, ready, city, now))
        assert left
        ready = left
    await work_off(runtime, work)
    assert sorted(await told(bot)) == sorted(f"dm:p{number}" for number in range(MANY) if number != 2)
    assert "This came between" in await card_of(bot, "p1")


async def test_it_is_prepared_again_when_other_news_stands_in_the_place_of_some_of_it(bot: Bot) -> None:
    work, city, now = await begun(bot)
    runtime = bot.application.runtime
    ready = await runtime.read(partial(work.prepare, city, now))

    def one_for_another(store: Store) -> None:
        store.chat.taken_back.news(store.chat.notes.waiting(["p0"], now.date())["p0"], "Undone: ")
        store.chat.notes.add("p0", "F-900", "This came between", (), now)

    await runtime.write(one_for_another)
    await runtime.write(partial(work.write, ready, city, now))
    await work_off(runtime, work)
    assert "This came between" in await card_of(bot, "p0")


async def test_where_there_is_other_news_each_time_it_is_told_as_it_was_prepared(bot: Bot) -> None:
    work, city, now = await begun(bot)
    runtime = bot.application.runtime
    for number in range(batch.TRIES + 1):
        ready = await runtime.read(partial(work.prepare, city, now))
        ready = replace(ready, pieces=[piece for piece in ready.pieces if piece.key == "p0"], more=True)
        await runtime.write(partial(_news, number, now))
        await runtime.write(partial(work.write, ready, city, now))
    card = await card_of(bot, "p0")
    assert ("Newer 2" in card, "Newer 3" in card) == (True, False)
    waiting = await bot.read(lambda store: store.chat.notes.waiting(["p0"], now.date()))
    assert len(waiting["p0"]) == 1
    assert await bot.read(lambda store: store.faults.all()) == []


def _news(number: int, now: datetime, store: Store) -> None:
    store.chat.notes.add("p0", f"F-90{number}", f"Newer {number}", (), now)


async def card_of(bot: Bot, person: str) -> str:
    """The digest of this morning that went to somebody."""
    asked = "SELECT place, card FROM outbox WHERE card LIKE '%Your day: Tue Nov 24%'"
    found = await bot.read(lambda store: store.connection.exec_driver_sql(asked).fetchall())
    return str(dict(map(tuple, found))[f"dm:{person}"])


async def begun(bot: Bot) -> tuple[Piecework, City, datetime]:
    """The digest of this morning, when it has become due."""
    bot.clock.advance(seconds=10)
    now, ledger = bot.clock.now(), bot.application.ledger
    [due] = await bot.read(lambda store: ledger.due_in_pieces(store, now, 50))
    return Piecework(ledger, due), bot.application.runtime.city(), now


async def test_the_timer_by_which_it_went_on_before_does_nothing(bot: Bot) -> None:
    await bot.application.runtime.write(
        lambda store: store.time.timers.add("digest.next", "2026-11-24 50 p49", 0, MORNING)
    )
    await bot.settle()
    asked = "SELECT state FROM timers WHERE kind = 'digest.next'"
    assert await bot.read(lambda store: store.connection.exec_driver_sql(asked).fetchall()) == [("fired",)]
    assert await told(bot) == []


async def test_a_digest_that_breaks_for_one_counts_as_broken_and_the_others_are_told(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards = digest_cards

    def for_all_but_one(context: Context, persons: Sequence[Person], day: date, *, untold: bool) -> dict[str, Card]:
        if any(person.id == "p1" for person in persons):
            raise KeyError("broken on purpose")
        return cards(context, persons, day, untold=untold)

    monkeypatch.setattr(digest, "digest_cards", for_all_but_one)
    bot.clock.advance(seconds=10)
    await bot.application.look()
    assert sorted(await told(bot)) == sorted(f"dm:p{number}" for number in range(MANY) if number != 1)
    assert await state(bot) == "sent"
    asked = "SELECT facts FROM audit WHERE act = 'routine digest'"
    [(facts,)] = await bot.read(lambda store: store.connection.exec_driver_sql(asked).fetchall())
    assert json.loads(facts) == {"broke": 1, "to": None, "written": MANY - 1}


async def test_a_digest_that_breaks_for_everybody_has_broken(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "digest_cards", lambda *about, untold: breaks(*about))
    runtime, ledger = bot.application.runtime, bot.application.ledger
    bot.clock.advance(seconds=10)
    await bot.application.look()
    assert (await told(bot), await state(bot)) == ([], "needs_human")
    routine, day = runtime.catalogue.routines["digest"], bot.clock.now().date()
    _, broken = await send_by_hand(runtime, ledger, routine, day, "ines")
    assert [found.part for found in broken] == ["digest"]


async def state(bot: Bot) -> str:
    """What became of the digest of this morning."""
    asked = "SELECT state FROM occurrences WHERE routine = 'digest' AND day = '2026-11-24' AND state <> 'by_hand'"
    [(found,)] = await bot.read(lambda store: store.connection.exec_driver_sql(asked).fetchall())
    return str(found)

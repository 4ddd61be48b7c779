"""Piecework: a routine in pieces reaches everybody once, whatever happens meanwhile, and holds nobody up."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

import pytest

from bot.assembly import build_runtime
from bot.inbound import Inbound, Typed
from bot.piecework import send_by_hand, work_off
from handlers.kit.city.model import City
from handlers.kit.context import Context, Sending
from handlers.kit.declared import Routine, Timer
from handlers.kit.duty import Sitting
from handlers.kit.messages import Card
from handlers.kit.pieces import Outdated, Piece, Write
from scheduler import batch
from scheduler.ledger import Ledger
from storage.database import Database, Store
from tests.bound import bound
from tests.chat.bot import settings_for
from tests.chat.clock import SetClock
from tests.firing import fire_timer
from tests.scheduler.cut import GREET, Cut, begun, greet, say_hello
from tests.scheduler.told import MONDAY, Bot, at
from tests.sqlite import unhurried


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str | None:
    """The address of a database; of SQLite the one that a bot makes in its folder."""
    return str(request.getfixturevalue("postgresql_url")) if request.param == "postgresql" else None


@pytest.fixture
def cut(tmp_path: Path, url: str | None) -> Iterator[Cut]:
    yield from _cut(tmp_path, url)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Cut]:
    """The same on SQLite alone."""
    yield from _cut(tmp_path, None)


@pytest.fixture(autouse=True)
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each piece takes longer than a batch may."""
    monkeypatch.setattr(batch, "LONGEST", 0.0)


def _cut(folder: Path, url: str | None) -> Iterator[Cut]:
    settings = settings_for(folder, desk="on", **({"database_url": url} if url else {}))
    runtime = build_runtime(settings, SetClock(at("08:30")))
    unhurried(runtime.database)
    yield begun(runtime)
    runtime.database.close()


def everybody(cut: Cut) -> list[str]:
    return list(cut.runtime.city().people)


def away(cut: Cut, person: str) -> None:
    cut.write(lambda store: store.time.absences.add(person, MONDAY, MONDAY, None, by="ines", at=at("08:30")))


async def test_a_process_may_die_after_any_batch_and_everybody_is_told_once(cut: Cut) -> None:
    many = len(everybody(cut))
    for count in range(1, many):
        work = cut.work()
        left = cut.prepared(work)
        assert len(left.pieces) == many - count + 1
        after = cut.written(work, left)
        assert after
        assert len(after.pieces) == many - count
        assert cut.greeted == everybody(cut)[:count]
        assert cut.state == "planned"
    await cut.goes_on()
    assert cut.greeted == everybody(cut)
    assert (cut.state, cut.audited) == ("sent", [json.dumps({"to": None, "written": many}, sort_keys=True)])
    assert cut.write(lambda store: store.time.pieces.forget(at("08:30"), many)) == many
    await cut.goes_on()
    assert cut.greeted == everybody(cut)


async def test_a_batch_that_is_written_once_more_changes_nothing(cut: Cut) -> None:
    work = cut.work()
    ready = cut.prepared(work)
    for _ in range(2):
        cut.written(work, ready)
    assert cut.greeted == everybody(cut)[:1]


async def test_two_replicas_at_once_tell_everybody_once(cut: Cut) -> None:
    other = replace(cut)
    await asyncio.gather(cut.goes_on(), other.goes_on(), cut.goes_on())
    assert sorted(cut.greeted) == sorted(everybody(cut))
    assert len(cut.audited) == 1


async def test_a_request_is_answered_between_two_batches(here: Cut) -> None:
    going = asyncio.create_task(here.goes_on())
    while not here.greeted:
        await here.runtime.read(lambda _store: None)
    await here.runtime.handle(Inbound("say", "sam", Typed("/risk add Flood; likelihood 2; impact 2")))
    some = len(here.greeted)
    await going
    assert 0 < some < len(here.greeted) == len(everybody(here))
    acts = [act for (act,) in here.rows("SELECT act FROM audit ORDER BY number")]
    assert acts == ["risk add", "routine greet"]


def test_a_batch_ends_when_its_time_is_over(here: Cut, monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter(range(100))
    monkeypatch.setattr(batch, "monotonic", lambda: next(moments) / 1000)  # each look at the clock is a millisecond
    monkeypatch.setattr(batch, "LONGEST", 0.02)
    work = here.work()
    ready = here.prepared(work)
    here.written(work, replace(ready, pieces=[*ready.pieces] * 30))
    assert next(moments) <= 20


def test_the_time_of_a_batch_begins_when_it_takes_the_writer(here: Cut, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = list[str]()

    class Slow(Ledger):
        """To find out who sits on a seat takes a second."""

        def seated(
            self, routine: Routine, day: date, seat: str, store: Store, city: City, now: datetime
        ) -> tuple[Sending, Sitting]:
            looks.append(seat)
            return super().seated(routine, day, seat, store, city, now)

    monkeypatch.setattr(batch, "monotonic", lambda: float(len(looks)))
    monkeypatch.setattr(batch, "LONGEST", 0.02)
    work = replace(here.work(), ledger=Slow(here.ledger.catalogue, here.runtime.platforms))
    here.written(work, here.prepared(work))
    assert here.greeted == everybody(here)[:1]


async def test_who_goes_away_between_preparing_and_writing_gets_nothing(cut: Cut) -> None:
    work = cut.work()
    ready = cut.prepared(work)
    away(cut, "sam")
    left = cut.written(work, ready)
    while left:
        left = cut.written(work, left)
    assert cut.greeted == [person for person in everybody(cut) if person != "sam"]
    assert json.loads(cut.audited[0]) == {"left_out": 1, "to": None, "written": len(everybody(cut)) - 1}


async def test_a_piece_that_breaks_is_set_aside_alone_and_named(cut: Cut) -> None:
    def broken(sending: Sending) -> Iterator[Piece]:
        for piece in greet(sending):
            yield replace(piece, write=_breaks) if piece.key == "sam" else piece

    cut.routine = replace(GREET, function=broken)
    await cut.goes_on()
    assert cut.greeted == [person for person in everybody(cut) if person != "sam"]
    assert json.loads(cut.audited[0])["broke"] == 1
    [fault] = cut.runtime.database.read(lambda store: store.faults.all())
    assert (fault.part, fault.about, cut.state) == ("routine greet", "sam", "sent")
    cut.routine = GREET
    await send_by_hand(cut.runtime, cut.ledger, GREET, MONDAY, "ines")
    assert cut.runtime.database.read(lambda store: store.faults.all()) == []


def _breaks(sending: Sending) -> None:
    sending.post("ops", Card("Hello. This is taken back."))
    raise KeyError("broken on purpose")


def _prepares_nothing(_sending: Sending) -> Iterator[Piece]:
    raise KeyError("broken on purpose")


async def test_where_every_piece_breaks_the_routine_has_broken(here: Cut) -> None:
    def broken(sending: Sending) -> Iterator[Piece]:
        yield Piece("the only one", _breaks)

    here.routine = replace(GREET, function=broken)
    await here.goes_on()
    assert (here.state, here.greeted, here.audited) == ("needs_human", [], [])
    _, found = await send_by_hand(here.runtime, here.ledger, here.routine, MONDAY, "ines")
    assert [broken.part for broken in found] == ["routine greet"]


async def test_sent_by_hand_it_went_to_those_whose_piece_did_not_break(here: Cut) -> None:
    def broken(sending: Sending) -> Iterator[Piece]:
        yield from greet(sending)
        yield Piece("the last one", _breaks)

    here.routine = replace(GREET, function=broken)
    told, found = await send_by_hand(here.runtime, here.ledger, here.routine, MONDAY, "ines")
    assert (told, [broken.about for broken in found]) == ([None], ["the last one"])
    clock = here.runtime.clock.machine
    assert isinstance(clock, SetClock)
    clock.set(at("08:31"))  # each sending by hand has its moment
    here.routine = replace(GREET, function=_prepares_nothing)
    told, found = await send_by_hand(here.runtime, here.ledger, here.routine, MONDAY, "ines")
    assert (told, [broken.part for broken in found]) == ([], ["routine greet"])


async def test_after_a_restart_that_is_too_late_nobody_else_is_told_and_the_audit_says_how_many_were(cut: Cut) -> None:
    work = cut.work()
    cut.written(work, cut.prepared(work))
    clock = cut.runtime.clock.machine
    assert isinstance(clock, SetClock)
    clock.set(at("16:01"))
    await cut.goes_on()
    assert cut.greeted == everybody(cut)[:1]
    assert (cut.state, json.loads(cut.audited[0])) == ("expired", {"expired": True, "written": 1})
    assert cut.write(lambda store: store.time.pieces.forget(at("08:30"), 50)) == 1


async def test_what_has_changed_since_it_was_prepared_is_prepared_once_more(cut: Cut) -> None:
    add, change = "/risk add Flood; likelihood 2; impact 2", "/risk update R-1; likelihood 3; title Storm"
    await cut.runtime.handle(Inbound("say", "sam", Typed(add)))
    work = cut.work()
    ready = cut.prepared(work)
    await cut.runtime.handle(Inbound("say", "sam", Typed(change)))
    left = cut.written(work, ready)
    while left and left.pieces:
        left = cut.written(work, left)
    assert (cut.greeted, left and left.more) == ([], True)
    await work_off(cut.runtime, work)
    cards = [card for (card,) in cut.rows("SELECT card FROM outbox WHERE card LIKE '%Hello.%'")]
    assert len(cards) == len(everybody(cut))
    assert all("R-1: Storm" in card for card in cards)


async def test_what_changes_each_time_is_written_as_it_is_or_set_aside(here: Cut) -> None:
    def restless(sending: Sending) -> Iterator[Piece]:
        yield Piece("sam", partial(say_hello, "sam", "Hello."), frozenset({"R-1"}))
        yield Piece("olga", _outdated)

    here.routine = replace(GREET, function=restless)
    work = here.work()
    for _ in range(batch.TRIES + 1):
        ready = here.prepared(work)
        here.write(lambda store: store.audit.add(at("08:30"), "sam", "risk change", "R-1", {}))
        while ready.pieces:
            left = here.written(work, ready)
            if left is None:
                break
            ready = left
    assert (here.greeted, here.state) == (["sam"], "sent")
    [fault] = here.runtime.database.read(lambda store: store.faults.all())
    assert fault.about == "olga"


def _outdated(_sending: Sending) -> None:
    raise Outdated


async def test_what_was_prepared_for_somebody_who_is_away_since_is_prepared_for_who_stands_in(here: Cut) -> None:
    def to_one(sending: Sending) -> Iterator[Piece]:
        yield Piece("the card", lambda written: Card(f"Hello. {sending.person}, {written.person}"))

    here.write(lambda store: store.time.occurrences.end(here.planned.id, "skipped", at("08:30")))
    one = begun(here.runtime, "city_manager", replace(GREET, to="city_manager", function=to_one))
    work = one.work()
    ready = one.prepared(work)
    away(one, "maria")
    left = one.written(work, ready)
    assert left
    assert (left.pieces, left.more, one.greeted) == ((), True, [])
    await work_off(one.runtime, work)
    [(card, place)] = one.rows("SELECT card, place FROM outbox WHERE card LIKE '%Hello.%'")
    person = place.removeprefix("dm:")
    assert person != "maria"
    assert f"Hello. {person}, {person}" in card


async def test_what_follows_a_piece_that_stands_alone_is_prepared_when_that_is_written(here: Cut) -> None:
    def first_a_risk(sending: Sending) -> Iterator[Piece]:
        yield Piece("the risk", _add_risk, alone=True)
        yield from greet(sending)

    here.routine = replace(GREET, function=first_a_risk)
    await here.goes_on()
    [(first,), *_] = here.rows("SELECT card FROM outbox WHERE card LIKE '%Hello.%' ORDER BY id")
    assert "R-1: Flood" in first


def _add_risk(sending: Sending) -> None:
    sending.store.risk.records.add(
        title="Flood", likelihood=2, impact=2, owner="sam", review_on=None, by="olga", at=sending.now
    )


async def test_a_few_are_prepared_at_a_time_and_those_who_need_nothing_once(
    here: Cut, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "AT_ONCE", 3)
    monkeypatch.setattr("scheduler.piecework.AT_ONCE", 3)
    asked = list[str]()

    def some(sending: Sending) -> Iterator[Piece]:
        for piece in greet(sending):
            if piece.key not in sending.done:
                asked.append(piece.key)
                yield Piece(piece.key) if piece.key == "maria" else piece

    here.routine = replace(GREET, function=some)
    await here.goes_on()
    assert here.greeted == [person for person in everybody(here) if person != "maria"]
    assert asked.count("maria") == 1


async def test_sent_by_hand_it_goes_at_once_and_stands_for_no_planned_one(cut: Cut) -> None:
    told, broken = await send_by_hand(cut.runtime, cut.ledger, GREET, MONDAY, "ines")
    assert (told, broken) == ([None], [])
    assert cut.greeted == everybody(cut)
    facts = {"by_hand": True, "to": None, "written": len(everybody(cut))}
    assert [json.loads(facts) for facts in cut.audited] == [facts]
    assert cut.rows("SELECT state FROM occurrences ORDER BY id") == [("planned",), ("by_hand",)]


async def test_an_occurrence_that_was_moved_to_a_later_hour_waits_for_it_with_what_is_written(here: Cut) -> None:
    work = here.work()
    ready = here.prepared(work)
    here.written(work, ready)

    def later(store: Store) -> None:
        [planned] = store.time.occurrences.from_day("greet", MONDAY).values()
        store.time.occurrences.replan(planned, at("09:00"), None)

    here.write(later)
    assert here.written(work, ready) is None
    clock = here.runtime.clock.machine
    assert isinstance(clock, SetClock)
    clock.set(at("09:00"))
    await here.goes_on()
    assert here.greeted == everybody(here)


def test_a_part_that_breaks_on_a_reader_is_among_what_that_reader_sees(here: Cut) -> None:
    database: Database = here.runtime.database

    def seen(store: Store) -> list[tuple[str, int]]:
        store.faults.note("section tea", "KeyError", at("08:30"))
        store.faults.clear("section milk")
        return [(fault.part, fault.count) for fault in store.faults.all()]

    database.write(lambda store: store.faults.note("section tea", "KeyError", at("08:00")))
    database.write(lambda store: store.faults.note("section milk", "KeyError", at("08:00")))
    assert database.read(seen) == [("section tea", 2)]
    database.submit_write(lambda _store: None).result()
    assert database.read(lambda store: [(fault.part, fault.count) for fault in store.faults.all()]) == [
        ("section tea", 2)
    ]


def test_a_timer_that_is_prepared_writes_what_a_reader_has_made_of_it_once(bot: Bot) -> None:
    def prepares(context: Context, subject: str, _step: int) -> Write | None:
        if subject == "nothing":
            return None
        assert not context.store.may_write
        return lambda written: written.post("ops", Card(f"{subject} is ready"))

    bot.catalogue.timers["brew"] = Timer("brew", prepares, prepared=True)
    for subject in ("tea", "nothing"):
        bot.database.write(bound(lambda store, about: store.time.timers.add("brew", about, 0, at("07:00")), subject))
    due = bot.database.read(lambda store: bot.ledger.due_timers(store, at("07:30"), 50))
    for timer in [*due, *due]:
        fire_timer(bot.database, bot.ledger, timer, bot.city, at("07:30"))
    assert bot.sent == ["tea is ready"]
    assert bot.rows("SELECT act FROM audit") == [("timer brew",)]
    assert bot.rows("SELECT state FROM timers") == [("fired",), ("fired",)]

"""Tickets: nothing is half done, lost or done twice, however slow the database and however often a gesture comes."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import text

from bot.assembly import build_runtime
from bot.inbound import Answered, Asking, Inbound, Outcome, Profile, Submitted, Typed
from bot.runtime import Runtime
from bot.tickets import Patience
from handlers.kit.context import Request
from handlers.kit.declared import Command
from handlers.kit.errors import Refused
from handlers.kit.messages import Card, File
from handlers.kit.plain import plain
from storage.database import Store
from tests.chat.bot import MONDAY, settings_for
from tests.chat.clock import SetClock

DAM = "risk add Dam gate stuck; likelihood 4; impact 2"
REPLY = {"channel": "D1"}


@pytest.fixture
async def runtime(tmp_path: Path) -> AsyncIterator[Runtime]:
    built = build_runtime(settings_for(tmp_path), SetClock(MONDAY), Patience(begin=0.05, answer=0.1))
    yield built
    await asyncio.to_thread(built.database.close)


def typed(line: str, key: str | None = None, **more: Any) -> Inbound:
    return Inbound("desk", "sam", Typed(line), key=key, **{"reply": REPLY, **more})


def submitted(nonce: str, title: str = "Dam gate stuck") -> Inbound:
    values = {"title": title, "likelihood": "4", "impact": "2"}
    return Inbound("desk", "sam", Submitted("risk add", nonce, values), key=title, reply=REPLY)


def said(outcome: Outcome) -> str:
    assert isinstance(outcome, Answered)
    assert outcome.card is not None
    return plain(outcome.card)


async def rows(runtime: Runtime, statement: str) -> list[Any]:
    return await runtime.read(lambda store: [tuple(row) for row in store.connection.execute(text(statement))])


async def queued(runtime: Runtime) -> list[str]:
    """The titles of the answers in the outbox."""
    cards = await rows(runtime, "SELECT card FROM outbox WHERE kind = 'answer' ORDER BY id")
    return [json.loads(card)["title"] for (card,) in cards]


async def risks(runtime: Runtime) -> int:
    return int((await rows(runtime, "SELECT count(*) FROM risks"))[0][0])


class Busy:
    """A writer thread that is busy until the test releases it."""

    def __init__(self, runtime: Runtime) -> None:
        self.begun, self.go_on = Event(), Event()
        self.future = runtime.database.submit_write(self._hold)

    def _hold(self, store: Store) -> None:
        self.begun.set()
        assert self.go_on.wait(10)

    async def __aenter__(self) -> None:
        await asyncio.to_thread(self.begun.wait, 10)

    async def __aexit__(self, *_: object) -> None:
        self.go_on.set()
        await asyncio.wrap_future(self.future)


@pytest.fixture
def locked(runtime: Runtime) -> Iterator[sqlite3.Connection]:
    """The database, held by another program until the test rolls it back."""
    other = sqlite3.connect(str(runtime.database.writer.url.database))
    other.execute("BEGIN IMMEDIATE")
    yield other
    other.close()


async def finished(runtime: Runtime) -> None:
    """Wait until everything that is queued behind the work in progress is done too."""
    await runtime.write(lambda store: None)
    await runtime.finish()


async def test_a_request_that_could_not_begin_is_withdrawn_and_its_text_handed_back(runtime: Runtime) -> None:
    async with Busy(runtime):
        outcome = await runtime.handle(typed(DAM, key="1"))
        assert "Nothing was saved" in said(outcome)
        assert f"Your text: {DAM}" in said(outcome)
    await finished(runtime)
    assert await risks(runtime) == 0
    assert await queued(runtime) == []
    assert "Logged R-1" in said(await runtime.handle(typed(DAM, key="1")))


async def test_a_request_that_has_begun_is_answered_later_through_the_outbox(
    runtime: Runtime, locked: sqlite3.Connection
) -> None:
    outcome = await runtime.handle(typed(DAM, key="1"))
    assert "Still working" in said(outcome)
    locked.rollback()
    await finished(runtime)
    assert (await risks(runtime), await queued(runtime)) == (1, ["Logged R-1"])


@pytest.mark.parametrize(
    ("line", "title"),
    [
        (DAM, "Something broke"),
        ("risk show R-1; what is this", "That did not work"),
        ("feedback add Deep pothole", "Log residents' feedback"),
        ("feedback add Deep pothole; category moon; via phone", "Log residents' feedback"),
    ],
)
async def test_what_goes_wrong_or_asks_back_after_the_door_has_left_comes_through_the_outbox(
    runtime: Runtime, locked: sqlite3.Connection, line: str, title: str
) -> None:
    locked.execute("DROP TABLE risks")
    inbound = typed(line, key="1", inline="show" not in line)
    outcome = await runtime.handle(inbound)
    assert isinstance(outcome, Answered)
    locked.commit()
    await finished(runtime)
    assert await queued(runtime) == [title]


async def test_what_somebody_tried_without_the_right_stands_in_the_audit_also_when_it_is_refused_late(
    runtime: Runtime, locked: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def open_it(request: Request) -> Card:
        """Open what is not theirs."""
        raise Refused("This is not open to you.", person=request.person.id, subject="F-1", contact="refused")

    toy = Command("toy open", open_it, "help", None, False, "")
    monkeypatch.setitem(runtime.catalogue.commands, toy.name, toy)
    await runtime.handle(typed("toy open", key="1"))
    locked.rollback()
    await finished(runtime)
    await finished(runtime)
    assert await queued(runtime) == ["That did not work"]
    assert await rows(runtime, "SELECT person, act, subject FROM audit") == [("sam", "toy open", "F-1")]


async def test_somebody_new_is_introduced_also_when_their_request_has_begun_late(
    runtime: Runtime, locked: sqlite3.Connection
) -> None:
    async def introduce(account: str) -> Profile:
        return Profile(account, "Sam Ortiz", ("sam@riverton.example.org",))

    asked = Inbound("slack", "U1", Typed(DAM), key="1", reply=REPLY)
    assert "Still working" in said(await runtime.handle(asked, introduce))
    locked.rollback()
    await finished(runtime)
    assert (await risks(runtime), await queued(runtime)) == (1, ["Logged R-1"])
    assert await rows(runtime, "SELECT created_by FROM risks") == [("sam",)]


async def test_what_is_only_read_is_brought_too_when_it_takes_long(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = Event()

    def export(_request: Request) -> Card:
        """Take long."""
        assert go_on.wait(10)
        return Card("Export", File(name="risks.csv", data=b"a,b"))

    toy = Command("toy export", export, "help", None, True, "")
    monkeypatch.setitem(runtime.catalogue.commands, toy.name, toy)
    assert "Still working" in said(await runtime.handle(typed("toy export", key="1")))
    assert await queued(runtime) == []
    go_on.set()
    await runtime.finish()
    assert await queued(runtime) == ["Export"]


async def test_a_form_that_can_no_longer_open_keeps_what_was_typed(
    runtime: Runtime, locked: sqlite3.Connection
) -> None:
    await runtime.handle(typed("feedback add Deep pothole", key="1"))
    locked.rollback()
    await finished(runtime)
    [(typed_so_far,)] = await rows(runtime, "SELECT typed FROM drafts")
    assert json.loads(typed_so_far) == {"what": "Deep pothole"}


async def test_an_answer_in_time_is_not_said_twice(runtime: Runtime) -> None:
    assert "Logged R-1" in said(await runtime.handle(typed(DAM, key="1")))
    assert await queued(runtime) == []


async def test_where_a_gesture_carries_no_answer_the_outbox_brings_it(runtime: Runtime) -> None:
    outcome = await runtime.handle(typed(DAM, key="1", inline=False))
    assert isinstance(outcome, Answered)
    assert outcome.queued
    assert await queued(runtime) == ["Logged R-1"]


@pytest.mark.parametrize("inline", [True, False])
async def test_a_delivery_that_comes_twice_has_one_effect_and_one_answer(runtime: Runtime, inline: bool) -> None:
    first = await runtime.handle(typed(DAM, key="1", inline=inline))
    second = await runtime.handle(typed(DAM, key="1", inline=inline))
    assert await risks(runtime) == 1
    assert await rows(runtime, "SELECT count(*) FROM audit") == [(1,)]
    if inline:
        assert said(first) == said(second)
    assert await queued(runtime) == ([] if inline else ["Logged R-1"])


async def test_two_deliveries_with_their_own_keys_are_two_risks(runtime: Runtime) -> None:
    await runtime.handle(typed(DAM, key="1"))
    await runtime.handle(typed(DAM.replace("Dam", "Second weir"), key="2"))
    assert await risks(runtime) == 2


async def test_one_form_is_one_record_whatever_delivery_brings_it(runtime: Runtime) -> None:
    first = await runtime.handle(submitted("nonce 1"))
    again = await runtime.handle(submitted("nonce 1", title="Changed on the way"))
    other = await runtime.handle(submitted("nonce 2", title="Server room floods"))
    assert said(first) == said(again) != said(other)
    assert await risks(runtime) == 2


async def test_a_form_with_a_mistake_is_not_used_up(runtime: Runtime) -> None:
    asked = await runtime.handle(submitted("nonce 1", title=""))
    assert isinstance(asked, Asking)
    assert (asked.page.nonce, asked.page.errors) == ("nonce 1", {"title": "Please fill this in."})
    assert "Logged R-1" in said(await runtime.handle(submitted("nonce 1")))


async def test_when_the_database_takes_nothing_the_text_is_handed_back(
    runtime: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    with runtime.database.writer.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only=ON")
    told = said(await runtime.handle(typed(DAM, key="1")))
    assert told.startswith("Nothing was saved\n\nThe database does not take anything at the moment.")
    assert f"Your text: {DAM}" in told
    assert await risks(runtime) == 0
    assert "the database is unavailable" in [record.message for record in caplog.records]


async def test_a_bug_keeps_nothing_and_gives_a_reference(runtime: Runtime, caplog: pytest.LogCaptureFixture) -> None:
    await runtime.write(lambda store: store.connection.execute(text("DROP TABLE risks")))
    told = said(await runtime.handle(typed(DAM, key="1")))
    reference = caplog.records[-1].__dict__["reference"]
    assert len(reference) == 4
    assert f"this reference: {reference}." in told
    assert DAM in told
    assert await rows(runtime, "SELECT * FROM counters") == []
    assert DAM not in caplog.text


async def test_a_reader_is_answered_while_the_writer_is_busy(runtime: Runtime) -> None:
    async with Busy(runtime):
        assert "No open risks" in said(await runtime.handle(typed("risk list", key="1")))


def ann(account: str, *, is_guest: bool) -> Profile:
    refused, address = "This bot is for staff." if is_guest else None, f"{account}@riverton.example.org".lower()
    return Profile(account, "Ann", (address,), refused, state="guest" if is_guest else "active")


async def test_somebody_new_is_introduced_once_and_a_guest_is_refused(runtime: Runtime) -> None:
    asked: list[str] = []

    async def introduce(account: str) -> Profile:
        asked.append(account)
        return ann(account, is_guest=account == "U9")

    for key in ("1", "2"):
        inbound = Inbound("slack", "U1", Typed(DAM.replace("Dam", f"Dam {key}")), key=key)
        assert "Logged" in said(await runtime.handle(inbound, introduce))
    guest = await runtime.handle(Inbound("slack", "U9", Typed(DAM), key="3"), introduce)
    assert "This bot is for staff." in said(guest)
    assert asked == ["U1", "U9"]
    assert await risks(runtime) == 2


@pytest.mark.parametrize("guest", ["U1", "U9"])
async def test_who_names_a_guest_is_not_refused_as_one(runtime: Runtime, guest: str) -> None:
    async def introduce(account: str) -> Profile:
        return ann(account, is_guest=account == guest)

    outcome = await runtime.handle(Inbound("slack", "U5", Typed(f"{DAM}; owner @slack:{guest}"), key="1"), introduce)
    assert isinstance(outcome, Asking)
    assert set(outcome.page.errors) == {"owner"}
    assert "for staff" not in outcome.page.errors["owner"]

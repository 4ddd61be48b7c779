"""Pages outside chat, from the feature to the gateway: each way works alone, nothing is lost, and repeats say so."""

import asyncio
import signal
import stat
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from pydantic import SecretStr
from sqlalchemy import select

from bot.timing import Timing
from handlers.kit.context import Context
from handlers.kit.messages import Card, File, Text
from handlers.kit.undelivered import undelivered_line
from storage.audit import audit
from storage.chat.outbox import OutboxRow
from storage.database import Store
from tests.bot.gateways.conftest import Gateway
from tests.chat.bot import Bot, settings_for
from tests.wires.smtp import FakeMail

CARD = Card("You are needed", Text("Water main burst"))
QUICK = Timing(request=1.5, lease=20, settle=30)


@pytest.fixture
async def mail() -> AsyncIterator[FakeMail]:
    fake = FakeMail()
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
async def bot(tmp_path: Path, gateway: Gateway, mail: FakeMail) -> AsyncIterator[Bot]:
    ways = {"pager_url": gateway.url, "smtp_url": SecretStr(mail.url), "mail_from": "bot@riverton.example.org"}
    bot = Bot(settings_for(tmp_path, **ways, shelf_dir=tmp_path / "shelf"), timing=QUICK)
    await bot.start()
    yield bot
    await bot.stop()


async def says(bot: Bot, work: Callable[[Context], None]) -> None:
    """Let a feature say something in a transaction, and the bot do what follows."""
    runtime = bot.application.runtime

    await runtime.write(lambda store: work(runtime.context(store)))
    await bot.settle()


async def outbox(bot: Bot) -> dict[str, OutboxRow]:
    """The rows of the outbox, by the platform they are for."""
    rows = [await bot.read(lambda store, number=number: store.chat.outbox.find(number)) for number in (1, 2)]
    return {row.platform: row for row in rows if row}


def listen(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """What a feature hears of its messages that did not arrive; it writes each down, as a feature would."""
    heard: list[tuple[str, str, str]] = []

    def follow(context: Context, row: OutboxRow, why: str) -> None:
        heard.append((row.platform, row.state, why))
        context.post("ops", Card(f"Lost: {row.platform}"))

    monkeypatch.setitem(bot.application.runtime.catalogue.on_undelivered, "T-", follow)
    return heard


async def test_somebody_is_rung_by_every_gateway_there_is(bot: Bot, gateway: Gateway, mail: FakeMail) -> None:
    await says(bot, lambda context: context.page("tom", CARD, ref="T-1"))
    [(page, _)] = gateway.got
    tom = bot.application.runtime.city().people["tom"]
    phone = bot.application.runtime.city().phones["tom"]
    assert page["to"] == {"id": "tom", "name": tom.name, "phone": phone, "email": tom.email}
    assert [letter["To"] for letter in mail.taken] == [tom.email]
    assert {way: row.state for way, row in (await outbox(bot)).items()} == {"pager": "sent", "mail": "sent"}


async def test_without_a_gateway_nobody_is_rung(tmp_path: Path) -> None:
    bot = Bot(settings_for(tmp_path))
    await bot.start()
    await says(bot, lambda context: context.page("tom", CARD))
    assert await outbox(bot) == {}
    await bot.stop()


async def test_a_page_that_may_not_have_arrived_goes_again_and_says_so(
    bot: Bot, gateway: Gateway, mail: FakeMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = listen(bot, monkeypatch)
    gateway.says_nothing, mail.stops_at = True, "."
    await says(bot, lambda context: context.page("tom", CARD, ref="T-1"))
    assert {row.state for row in (await outbox(bot)).values()} == {"unknown"}
    assert heard == []
    gateway.says_nothing, mail.stops_at = False, ""
    await bot.pass_time(seconds=31)
    [(first, _), (again, _)] = gateway.got
    assert first["key"] == again["key"]
    assert (first["sent_again"], again["sent_again"]) == (False, True)
    assert len({letter["Message-ID"] for letter in mail.taken}) == 1
    assert {row.state for row in (await outbox(bot)).values()} == {"sent"}
    assert sorted(heard) == [
        ("mail", "unknown", "no answer in time; mail shows no history"),
        ("pager", "unknown", "no answer in time; a pager shows no history"),
    ]


async def test_a_gateway_that_answers_500_gets_a_page_five_times_and_the_other_does_not_wait(
    bot: Bot, gateway: Gateway, mail: FakeMail
) -> None:
    gateway.status = 500
    await says(bot, lambda context: context.page("tom", CARD, ref="T-1"))
    assert len(mail.taken) == 1
    for _ in range(60):
        await bot.pass_time(seconds=30)
    assert (await outbox(bot))["pager"].state == "needs_human"
    assert [page["sent_again"] for page, _ in gateway.got] == [False, True, True, True, True]
    assert len({page["key"] for page, _ in gateway.got}) == 1
    assert len(mail.taken) == 1


async def test_what_is_refused_for_good_reaches_the_feature_and_the_audit_and_nobody_is_out_of_reach(
    bot: Bot, gateway: Gateway, mail: FakeMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = listen(bot, monkeypatch)
    gateway.status, mail.answers["RCPT"] = 403, "550 no such user"
    await says(bot, lambda context: context.page("tom", CARD, ref="T-1"))
    assert sorted(heard) == [
        ("mail", "pending", "the mail server answered 550 no such user"),
        ("pager", "pending", "the pager gateway answered 403"),
    ]
    lost = select(audit.c.person).where(audit.c.act == "undelivered")
    acts = await bot.read(lambda store: list(store.connection.execute(lost).scalars()))
    assert acts == ["cityops"] * 2
    assert await bot.read(lambda store: store.chat.people.unreached()) == {}


async def test_a_feature_that_breaks_over_a_lost_page_does_not_hold_it_up(
    bot: Bot, gateway: Gateway, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(context: Context, _row: OutboxRow, _why: str) -> None:
        context.post("ops", Card("This is not kept"))
        raise ZeroDivisionError

    monkeypatch.setitem(bot.application.runtime.catalogue.on_undelivered, "T-", broken)
    gateway.status = 500
    await says(bot, lambda context: context.page("tom", CARD, ref="T-1"))
    gateway.status = 200
    await bot.pass_time(seconds=31)
    assert [page["sent_again"] for page, _ in gateway.got] == [False, True]
    assert "ZeroDivisionError" in caplog.text
    assert set(await outbox(bot)) == {"pager", "mail"}
    assert await bot.read(lambda store: store.chat.outbox.find(3)) is None


async def test_of_other_features_messages_it_hears_nothing(
    bot: Bot, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = listen(bot, monkeypatch)
    gateway.status = 403
    await says(bot, lambda context: context.page("tom", CARD, ref="R-1"))
    await says(bot, lambda context: context.page("tom", CARD))
    assert len(gateway.got) == 2
    assert heard == []


async def test_what_did_not_arrive_names_the_person_and_the_way(bot: Bot, gateway: Gateway) -> None:
    gateway.status = 403
    await says(bot, lambda context: context.page("tom", CARD, ref="T-1"))
    told = await bot.read(_undelivered(bot))
    name = bot.application.runtime.city().people["tom"].name
    assert told == [
        f'"You are needed" to {name} (by the pager) was not delivered: the pager gateway answered 403'
    ]  # fmt: skip


def _undelivered(bot: Bot) -> Any:
    def lines(store: Store) -> list[str]:
        context = bot.application.runtime.context(store)
        return [undelivered_line(context, row) for row in store.chat.undelivered.first(9)]

    return lines


async def test_tries_at_gateways_are_counted_like_all_others(bot: Bot) -> None:
    await says(bot, lambda context: context.page("tom", CARD))
    async with ClientSession() as web, web.get(f"{bot.url}/metrics") as answer:
        told = await answer.text()
    for way in ("pager", "mail"):
        assert f'cityops_deliveries_total{{platform="{way}",result="sent"}} 1.0' in told


async def test_a_file_is_kept_on_this_machine(bot: Bot, tmp_path: Path) -> None:
    card = Card("Crisis card", File(name="crisis-card.txt", data=b"call Tom"))
    await says(bot, lambda context: context.keep_file(card))
    file = tmp_path / "shelf" / "crisis-card.txt"
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"call Tom", 0o600)


@pytest.mark.doors
async def test_a_page_of_a_bot_that_was_killed_while_it_was_sent_goes_again_and_says_so(
    tmp_path: Path, gateway: Gateway
) -> None:
    settings_for(tmp_path)  # the city's files
    gateway.says_nothing = True
    first = await _starts(tmp_path, gateway, "page")
    async with asyncio.timeout(30):
        await gateway.came.get()
    first.send_signal(signal.SIGKILL)
    await first.wait()
    gateway.says_nothing = False
    second = await _starts(tmp_path, gateway)
    async with asyncio.timeout(30):
        await gateway.came.get()
    second.send_signal(signal.SIGTERM)
    await second.wait()
    [(page, _), (again, _)] = gateway.got
    assert page["key"] == again["key"]
    assert (page["sent_again"], again["sent_again"]) == (False, True)


async def _starts(folder: Path, gateway: Gateway, *page: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bot.gateways.dying", str(folder), gateway.url, *page
    )

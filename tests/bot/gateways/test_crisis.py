"""A crisis outside chat: it pages everybody who is called by pager and by mail, and a drill uses neither."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.inbound import Answered, Inbound, Typed
from tests.bot.gateways.conftest import Gateway
from tests.bot.gateways.test_pages import mail
from tests.chat.bot import Bot, settings_for
from tests.wires.smtp import FakeMail

__all__ = ["mail"]  # a fixture that is made there


@pytest.fixture
async def bot(tmp_path: Path, gateway: Gateway, mail: FakeMail) -> AsyncIterator[Bot]:
    ways = {"pager_url": gateway.url, "smtp_url": SecretStr(mail.url), "mail_from": "bot@riverton.example.org"}
    bot = Bot(settings_for(tmp_path, **ways))
    await bot.start()
    yield bot
    await bot.stop()


async def raise_alarm(bot: Bot, kind: str) -> None:
    line = f"crisis activate Water main burst; level 2; kind {kind}"
    outcome = await bot.application.runtime.handle(Inbound("say", "tom", Typed(line)))
    assert isinstance(outcome, Answered)
    assert outcome.ok
    await bot.settle()


async def test_a_crisis_rings_the_pager_and_the_mail_of_everybody_who_is_called(
    bot: Bot, gateway: Gateway, mail: FakeMail
) -> None:
    await raise_alarm(bot, "real")
    city = bot.application.runtime.city()
    called = {page.person for page in await bot.read(lambda store: store.crisis.pages.of("CR-2026-01"))}
    assert len(called) > 3
    assert {page["to"]["id"] for page, _ in gateway.got} == called
    assert {letter["To"] for letter in mail.taken} == {city.people[person].email for person in called}


@pytest.mark.usefixtures("bot")
async def test_a_drill_rings_neither_also_when_it_pages_again(bot: Bot, gateway: Gateway, mail: FakeMail) -> None:
    await raise_alarm(bot, "drill")
    await bot.pass_time(minutes=20)
    assert await bot.read(lambda store: store.crisis.pages.of("CR-2026-01"))
    assert (gateway.got, mail.taken) == ([], [])

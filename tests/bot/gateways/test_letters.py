"""Letters: the gateway opens the address that was meant, or says why not, and its errors say no word of it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.gateways.letters import LetterBroke, Letters
from bot.gateways.mail import Mail
from bot.post import Outgoing, Refused, Sent, Silence
from handlers.kit.messages import Card, Text
from storage.database import Store
from tests.chat.desk import DeskChat
from tests.chat.mailing import ADDRESS, log, mail_server
from tests.wires.smtp import FakeMail


@pytest.fixture
async def server(desk_chat: DeskChat) -> AsyncIterator[FakeMail]:
    async with mail_server(desk_chat.bot) as server:
        await log(desk_chat)
        yield server


@pytest.fixture
def letters(desk_chat: DeskChat, server: FakeMail) -> Letters:
    mail = Mail(server.url, "city@riverton.example.org", quotes=False)
    return Letters(mail, desk_chat.bot.application.runtime)


async def letter(chat: DeskChat, **carries: Any) -> Outgoing:
    """A letter about F-1 as delivery hands it over."""

    def mark(store: Store) -> str:
        contact = store.feedback.contacts.find(1)
        assert contact is not None
        return contact.mark

    payload = {"item": 1, "letter": 1, "key": "k1", "contact": await chat.bot.read(mark), **carries}
    return Outgoing("row", "post", Card("Your feedback F-1", Text("It is mended")), payload, None)


async def test_a_letter_goes_to_the_sealed_address_with_its_own_key_and_without_its_title(
    desk_chat: DeskChat, server: FakeMail, letters: Letters
) -> None:
    assert isinstance(await letters.post(await letter(desk_chat)), Sent)
    [mail] = server.taken
    assert (mail["To"], mail["Subject"]) == (ADDRESS, "Your feedback F-1")
    assert mail["Message-ID"] == "<k1@riverton.example.org>"
    assert str(mail.get_payload()).strip() == "It is mended"


@pytest.mark.parametrize("carries", [{"item": 2}, {"contact": "another"}])
async def test_another_contact_than_was_meant_gets_nothing(
    desk_chat: DeskChat, server: FakeMail, letters: Letters, carries: dict[str, Any]
) -> None:
    assert isinstance(await letters.post(await letter(desk_chat, **carries)), Refused)
    assert server.envelopes == []


async def test_what_the_server_says_is_kept_as_its_code_alone(
    desk_chat: DeskChat, server: FakeMail, letters: Letters
) -> None:
    server.answers["RCPT"] = "550 ann.lee does not live here"
    assert await letters.post(await letter(desk_chat)) == Refused("the mail server answered 550")


async def test_what_breaks_is_named_without_its_words(desk_chat: DeskChat, letters: Letters) -> None:
    broken = replace(await letter(desk_chat), card=None)
    with pytest.raises(LetterBroke) as found:
        await letters.post(broken)
    assert (str(found.value), found.value.__suppress_context__) == ("AssertionError", True)


async def test_it_changes_nothing_and_looks_nowhere(desk_chat: DeskChat, letters: Letters) -> None:
    row = await letter(desk_chat)
    assert isinstance(await letters.update(row), Refused)
    assert isinstance(await letters.act(row), Refused)
    assert isinstance(await letters.look_back(row), Silence)

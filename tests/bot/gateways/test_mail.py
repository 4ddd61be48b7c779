"""Mail: a page as plain text, and what the server answers decides what becomes of it."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.gateways.mail import Mail
from bot.post import Outgoing, Refused, Sent, Silence, Wait
from handlers.kit.messages import Card
from tests.wires.smtp import FakeMail

SENDER = "cityops <bot@riverton.example.org>"


@pytest.fixture
async def server() -> AsyncIterator[FakeMail]:
    fake = FakeMail()
    await fake.start()
    yield fake
    await fake.stop()


async def test_a_page_comes_as_plain_text_that_nobody_answers_by_machine(server: FakeMail, page: Outgoing) -> None:
    assert isinstance(await Mail(server.url, SENDER).post(page), Sent)
    [mail] = server.taken
    assert (mail["To"], mail["From"]) == ("tom@riverton.example.org", SENDER)
    assert mail["Subject"] == "Crisis CR-2026-01: you are needed"
    assert (mail["Message-ID"], mail["Auto-Submitted"]) == ("<k1@riverton.example.org>", "auto-generated")
    assert "Water main burst" in str(mail.get_payload())


async def test_a_title_adds_no_header_of_its_own(server: FakeMail, page: Outgoing) -> None:
    await Mail(server.url, SENDER).post(replace(page, card=Card("Fire\r\nBcc: all@example.org")))
    [mail] = server.taken
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Fire Bcc: all@example.org"


@pytest.mark.parametrize(
    ("verb", "answer", "result"),
    [
        ("RCPT", "550 no such user", Refused),
        ("RCPT", "450 try later", Wait),
        ("MAIL", "421 busy", Wait),
        (".", "554 refused", Refused),
        (".", "451 disk full", Wait),
    ],
)
async def test_the_code_decides(server: FakeMail, page: Outgoing, verb: str, answer: str, result: type) -> None:
    server.answers[verb] = answer
    assert isinstance(await Mail(server.url, SENDER).post(page), result)


async def test_of_a_mail_after_which_the_server_hung_up_nobody_can_know(server: FakeMail, page: Outgoing) -> None:
    server.hangs_up_after = "DATA"
    assert isinstance(await Mail(server.url, SENDER).post(page), Silence)


async def test_a_server_that_is_not_there_is_tried_again(page: Outgoing) -> None:
    assert isinstance(await Mail("smtp://127.0.0.1:9", SENDER).post(page), Wait)


async def test_somebody_without_an_address_gets_none(server: FakeMail, page: Outgoing) -> None:
    assert isinstance(await Mail(server.url, SENDER).post(replace(page, email=None)), Refused)

"""Feedback by e-mail: who closes an item reads the e-mail to its resident first, and sends it; at every door."""

from collections.abc import AsyncIterator

import pytest

from tests.chat.door import Chat
from tests.chat.mailing import ADDRESS, log, mail_server
from tests.handlers.feedback.test_contact import all_that_is_kept
from tests.wires.smtp import FakeMail

CLOSE = "/feedback close F-1; reason done; answer The pipe is tight"


@pytest.fixture
async def server(chat: Chat) -> AsyncIterator[FakeMail]:
    async with mail_server(chat.bot) as server:
        yield server


@pytest.mark.parity("Send the answer to a resident by e-mail")
async def test_the_answer_is_read_first_and_then_sent(chat: Chat, server: FakeMail) -> None:
    await log(chat)
    rosa = chat.person("rosa")
    closed = await rosa.says(CLOSE)
    assert "The resident wants an answer. You can send it by e-mail; you see the e-mail first." in closed.text
    shown = await rosa.presses("Send the answer by e-mail", closed)
    assert shown.title == "F-1: send this answer by e-mail?"
    assert "the resident's e-mail" in shown.text
    assert "Riverton: the answer to your feedback F-1" in shown.text
    assert "Our answer: The pipe is tight" in shown.text
    assert (ADDRESS in shown.text, server.taken) == (False, [])
    await rosa.presses("Send it", shown)
    [mail] = server.taken
    assert (mail["To"], mail["Subject"]) == (ADDRESS, "Riverton: the answer to your feedback F-1")
    text = " ".join(mail.get_payload(decode=True).decode().split())  # type: ignore[union-attr]
    assert "Our answer: The pipe is tight" in text
    history = await rosa.says("/feedback show F-1")
    folded = await rosa.unfolds("What happened: 3", history)
    assert "Rosa Delgado sent the answer to the resident by e-mail" in folded.text
    again = await rosa.says("/feedback mail F-1")
    assert (again.title, again.status) == ("The answer to F-1 by e-mail", "sent")
    assert len(server.taken) == 1
    assert ADDRESS.partition("@")[2] not in await chat.bot.read(all_that_is_kept)


async def test_who_may_not_open_the_contact_is_offered_nothing_and_an_old_button_refuses(
    chat: Chat, server: FakeMail
) -> None:
    await log(chat)
    tom = chat.person("tom")
    closed = await tom.says(CLOSE)
    assert "Send the answer by e-mail" not in closed.buttons
    assert "Please write to them or call them with this sentence." in closed.text
    typed = await tom.says("/feedback mail F-1")
    assert "The contact of F-1 is open to Water and Sewer, Owen Fitzroy and the city manager." in typed.text
    assert server.taken == []

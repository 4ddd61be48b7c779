"""Feedback mailing: nothing goes that nobody has read, nothing goes twice, and the address is kept nowhere."""

import asyncio
import logging
from collections.abc import AsyncIterator
from email.message import Message
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.inbound import Answered, Inbound, Pressed
from handlers.kit.vault import Vault
from storage.audit import audit
from storage.chat.outbox import outbox
from storage.database import Store
from tests.chat.desk import DeskChat
from tests.chat.mailing import ADDRESS, ANN, KEY, log, mail_server
from tests.chat.seen import Seen
from tests.handlers.feedback.test_contact import all_that_is_kept
from tests.scenarios.gone import leaves
from tests.wires.smtp import FakeMail

CLOSE = "feedback close F-1; reason done; answer The pipe is tight"
LABEL = "Send the answer by e-mail"
LATER = {"RCPT": "450 try later"}


@pytest.fixture
async def server(desk_chat: DeskChat) -> AsyncIterator[FakeMail]:
    async with mail_server(desk_chat.bot) as server:
        yield server


async def closed(chat: DeskChat, contact: str = ANN) -> Seen:
    """The answer to who closes an item."""
    await log(chat, contact)
    return await chat.person("rosa").says(CLOSE)


async def read(chat: DeskChat, contact: str = ANN) -> Seen:
    """The e-mail as it is read before it is sent."""
    return await chat.person("rosa").presses(LABEL, await closed(chat, contact))


async def sent(chat: DeskChat, contact: str = ANN) -> Seen:
    return await chat.person("rosa").presses("Send it", await read(chat, contact))


async def status(chat: DeskChat, person: str = "rosa") -> Seen:
    """What became of it, as somebody is told who asks later."""
    return await chat.person(person).says("feedback mail F-1")


async def digest(chat: DeskChat, person: str = "rosa") -> str:
    """What stands in somebody's next digest."""
    await chat.bot.pass_time(hours=24)
    return "\n".join(card.text for card in await chat.person(person).direct())


def trace(store: Store) -> list[tuple[str, str]]:
    """Who did what with e-mails, as the audit has it."""
    rows = store.connection.execute(select(audit).order_by(audit.c.number))
    return [(row.person, row.facts) for row in rows if '"mail"' in row.facts]


def _database(folder: Path) -> list[Path]:
    return list(folder.glob("cityops.db*"))


def words(mail: Message) -> str:
    text = mail.get_payload(decode=True)
    assert isinstance(text, bytes)
    return " ".join(text.decode().split())


async def test_the_mail_holds_the_reference_and_the_answer_and_nothing_else_about_people(
    desk_chat: DeskChat, server: FakeMail
) -> None:
    card = await sent(desk_chat)
    assert (card.title, card.status) == ("The answer to F-1 by e-mail", "on its way")
    [mail] = server.taken
    assert words(mail) == (
        "You told Riverton about something and asked for an answer. Your reference is F-1. "
        "Our answer: The pipe is tight "
        "Nobody reads replies to this e-mail. To tell us more, contact us as before and give the reference F-1."
    )
    for person in ("Ann", "Lee", "Owen", "Rosa", "Leak", "212-555"):
        assert person not in str(mail).replace(ADDRESS, "")
    assert await desk_chat.bot.read(trace) == [
        ("rosa", '{"mail": "asked"}'), ("cityops", '{"mail": "sent", "sent_by": "rosa"}')
    ]  # fmt: skip


async def test_an_answer_of_others_says_where_to_go_and_not_who_decided(desk_chat: DeskChat, server: FakeMail) -> None:
    await log(desk_chat)
    rosa = desk_chat.person("rosa")
    line = "feedback close F-1; reason not-ours; answer It is the county's"
    await rosa.says(f"{line}; decided_by Dana Whitfield; go_to County water office, 1 Court Square")
    await rosa.presses("Send it", await status(desk_chat))
    assert "Where you can go: County water office, 1 Court Square" in words(server.taken[0])
    assert "Dana" not in words(server.taken[0])


@pytest.mark.parametrize(
    ("verb", "answer"),
    [("", ""), ("RCPT", f"550 <{ADDRESS}> is unknown, no ann.lee here"), ("RCPT", f"450 {ADDRESS} later, ann.lee")],
)
async def test_no_byte_of_the_address_stays_anywhere(
    desk_chat: DeskChat, server: FakeMail, verb: str, answer: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    if verb:
        server.answers[verb] = answer
    await sent(desk_chat)
    for _ in range(3):
        await desk_chat.bot.pass_time(hours=12)
    kept = await desk_chat.bot.read(all_that_is_kept)
    assert "The pipe is tight" in kept
    said = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    files = b"".join(file.read_bytes() for file in _database(tmp_path))
    for part in ("ann.lee", "residents.example.net"):
        assert (part in kept, part in said, part.encode() in files) == (False, False, False)
    rows = await desk_chat.bot.read(lambda store: store.connection.execute(select(outbox)).all())
    assert [row.platform for row in rows].count("letter") == 1


@pytest.mark.parametrize(
    ("contact", "offered"),
    [
        (ADDRESS, True),
        (f"Ann Lee <{ADDRESS}>", True),
        (f"{ADDRESS}\r\nBcc: all@example.org", True),
        ("Ann Lee, 212-555-0147", False),
        ("ann@home", False),
    ],
)
async def test_it_is_offered_where_the_contact_has_an_address_and_goes_to_the_first(
    desk_chat: DeskChat, server: FakeMail, contact: str, offered: bool
) -> None:
    card = await closed(desk_chat, contact)
    assert (LABEL in card.buttons) == offered
    if not offered:
        told = await status(desk_chat)
        assert "I can read no e-mail address in the contact of F-1. Nothing was sent." in told.text
        return
    shown = await desk_chat.person("rosa").presses(LABEL, card)
    assert ("has 2 e-mail addresses: it goes to the first" in shown.text) == ("Bcc" in contact)
    await desk_chat.person("rosa").presses("Send it", shown)
    assert (server.envelopes[-1][1:], server.taken[0]["Bcc"]) == ([f"RCPT TO:<{ADDRESS}>"], None)


async def test_line_breaks_in_an_answer_stay_in_the_text(desk_chat: DeskChat, server: FakeMail) -> None:
    await log(desk_chat)
    rosa = desk_chat.person("rosa")
    form = await rosa.opens("feedback close F-1")
    await rosa.fills(form, answer="Done\r\nBcc: all@example.org\r\n.\r\nMAIL FROM:<x@example.org>")
    await rosa.presses("Send it", await status(desk_chat))
    [mail] = server.taken
    assert (mail["Bcc"], len(server.envelopes[0])) == (None, 2)
    assert "Done Bcc: all@example.org . MAIL FROM:<x@example.org>" in words(mail)


async def test_without_a_mail_server_there_is_no_button(sealed_chat: DeskChat) -> None:
    card = await closed(sealed_chat)
    assert LABEL not in card.buttons
    assert "Please write to them or call them with this sentence." in card.text
    assert "The bot has no mail server here." in (await status(sealed_chat)).text


async def test_who_may_not_open_the_contact_is_refused_with_an_old_button_and_leaves_a_row(
    desk_chat: DeskChat, server: FakeMail
) -> None:
    shown = await read(desk_chat)
    button, _ = shown.buttons["Send it"]
    runtime = desk_chat.bot.application.runtime
    for person in ("tom", "ben"):
        told = await runtime.handle(Inbound("desk", person, Pressed("feedback.mail", str(button["data-value"]))))
        assert isinstance(told, Answered)
        assert "The contact of F-1 is open to" in str(told.card)
        assert LABEL not in (await desk_chat.person(person).says("feedback show F-1")).buttons
    await desk_chat.bot.settle()
    assert server.taken == []
    rows = await desk_chat.bot.read(lambda store: store.audit.last("F-1"))
    assert (rows.person, rows.act, rows.facts) == ("ben", "feedback.mail", {"contact": "refused"})


async def test_two_people_who_press_at_once_send_it_once(desk_chat: DeskChat, server: FakeMail) -> None:
    shown = await read(desk_chat)
    value = str(shown.buttons["Send it"][0]["data-value"])
    runtime = desk_chat.bot.application.runtime
    pressed = [Inbound("desk", person, Pressed("feedback.mail", value)) for person in ("rosa", "hugo", "rosa", "maria")]
    told = await asyncio.gather(*map(runtime.handle, pressed))
    assert all("on its way" in str(answer) for answer in told)
    await desk_chat.bot.settle()
    assert len(server.taken) == 1


async def test_what_changed_since_it_was_read_is_read_again(desk_chat: DeskChat, server: FakeMail) -> None:
    shown = await read(desk_chat)
    rosa = desk_chat.person("rosa")
    form = await rosa.opens("feedback contact F-1")
    await rosa.fills(form, contact="bob@residents.example.net")
    again = await rosa.presses("Send it", shown)
    assert "It has changed since you read it. Nothing was sent." in again.text
    assert server.taken == []
    await rosa.says("feedback reopen F-1; why It leaks again")
    refused = await rosa.presses("Send it", again)
    assert "F-1 is open. Nothing was sent. Answer it first: feedback close F-1" in refused.text
    await rosa.says("feedback close F-1; reason done; answer A new pipe")
    last = await rosa.presses("Send it", again)
    assert "It has changed since you read it." in last.text
    assert "Our answer: A new pipe" in last.text
    await rosa.presses("Send it", last)
    assert [mail["To"] for mail in server.taken] == ["bob@residents.example.net"]


async def test_what_was_withdrawn_since_it_was_read_is_not_sent(desk_chat: DeskChat, server: FakeMail) -> None:
    shown = await read(desk_chat)
    owen = desk_chat.person("owen")
    await owen.says("feedback reopen F-1; why A mistake")
    runtime = desk_chat.bot.application.runtime
    await runtime.handle(Inbound("desk", "owen", Pressed("feedback.withdraw", "F-1")))
    told = await desk_chat.person("rosa").presses("Send it", shown)
    assert "F-1 is withdrawn" in told.text
    assert server.taken == []


@pytest.mark.parametrize(
    ("done", "why"),
    [
        ("reopen", "F-1 was opened again before it was sent"),
        ("erase", "the contact was removed before it was sent"),
        ("change", "the contact was changed before it was sent"),
        ("key", "the contact could not be opened, because its CONTACT_KEY is not there"),
        ("switch off", "it has waited for more than 2 days"),
    ],
)
async def test_what_happens_before_it_goes_keeps_it_back_and_is_named_to_who_sent_it(
    desk_chat: DeskChat, server: FakeMail, done: str, why: str
) -> None:
    server.answers |= LATER
    await sent(desk_chat)
    waiting = await status(desk_chat)
    assert waiting.status == "on its way"
    rosa, runtime = desk_chat.person("rosa"), desk_chat.bot.application.runtime
    if done == "reopen":
        await rosa.says("feedback reopen F-1; why It leaks again")
    elif done == "key":
        runtime.vault = Vault((bytes(32),))
    elif done == "switch off":
        desk_chat.bot.clock.advance(days=6)
    else:
        form = await rosa.opens("feedback contact F-1")
        await rosa.fills(form, contact="" if done == "erase" else "bob@residents.example.net")
    server.answers.clear()
    await desk_chat.bot.pass_time(minutes=6)
    assert server.taken == []
    assert f"The e-mail with the answer to F-1 was not sent: {why}." in await digest(desk_chat)
    assert (await desk_chat.bot.read(trace))[-1] == ("cityops", '{"mail": "failed", "sent_by": "rosa"}')
    assert await desk_chat.bot.read(lambda store: store.chat.undelivered.count()) == 0


async def test_an_address_that_is_refused_is_named_and_can_be_mended_and_sent(
    desk_chat: DeskChat, server: FakeMail
) -> None:
    server.answers["RCPT"] = "550 no such user"
    await sent(desk_chat)
    rosa = desk_chat.person("rosa")
    told = next(card for card in await rosa.direct() if card.status == "not sent")
    assert "not sent, Mon Nov 23, 9:00 AM: the mail server answered 550." in told.text
    assert "please call the resident or write to them" in told.text
    server.answers.clear()
    assert "the mail server answered 550" in await digest(desk_chat)
    form = await rosa.opens("feedback contact F-1")
    await rosa.fills(form, contact="bob@residents.example.net")
    shown = await rosa.presses(LABEL, await rosa.says("feedback show F-1"))
    assert "F-1: not sent, Mon Nov 23, 9:00 AM: the mail server answered 550." in shown.text
    await rosa.presses("Send it", shown)
    assert [mail["To"] for mail in server.taken] == ["bob@residents.example.net"]
    assert "We may have sent you this before" not in words(server.taken[0])


async def test_a_server_that_is_down_is_tried_for_a_day_and_then_it_is_named(
    desk_chat: DeskChat, server: FakeMail
) -> None:
    server.answers["EHLO"] = "421 closed"
    await sent(desk_chat)
    await desk_chat.bot.pass_time(minutes=5)
    assert "It has not gone out yet: the mail server" in (await status(desk_chat)).text
    for _ in range(5):
        await desk_chat.bot.pass_time(hours=6)
    assert server.taken == []
    assert "for a day" in await digest(desk_chat)
    assert LABEL in (await desk_chat.person("rosa").says("feedback show F-1")).buttons


async def test_what_may_have_arrived_is_not_sent_again_and_says_so_when_somebody_does(
    desk_chat: DeskChat, server: FakeMail
) -> None:
    server.hangs_up_after = "."
    await sent(desk_chat)
    for _ in range(20):
        await desk_chat.bot.pass_time(minutes=5)
    assert len(server.taken) == 1
    assert await desk_chat.bot.read(lambda store: store.chat.undelivered.count()) == 0
    rosa = desk_chat.person("rosa")
    assert "may not have arrived, and was not sent again" in await digest(desk_chat)
    server.hangs_up_after = ""
    shown = await status(desk_chat)
    assert "It may have arrived before (F-1): the e-mail says so." in shown.text
    await rosa.presses("Send it", shown)
    first, second = server.taken
    assert "We may have sent you this before." in words(second)
    assert "We may have sent you this before." not in words(first)
    assert first["Message-ID"] == second["Message-ID"]
    assert (await status(desk_chat)).status == "sent"


async def test_what_was_sent_by_somebody_who_has_left_is_named_to_the_head(
    desk_chat: DeskChat, server: FakeMail
) -> None:
    server.answers |= LATER
    await sent(desk_chat)
    await leaves(desk_chat, "rosa")
    server.answers = {"RCPT": "550 no such user"}
    await desk_chat.bot.pass_time(minutes=6)
    assert "The e-mail by rosa with the answer to F-1 was not sent" in await digest(desk_chat, "hugo")


async def test_one_press_sends_it_to_the_residents_of_all_duplicates_each_with_its_reference(
    desk_chat: DeskChat, server: FakeMail
) -> None:
    for contact in (ANN, "bob@residents.example.net", "212-555-0199"):
        await log(desk_chat, contact)
    rosa = desk_chat.person("rosa")
    for ref in ("F-2", "F-3"):
        await rosa.says(f"feedback duplicate {ref}; of F-1")
    card = await rosa.says(CLOSE)
    assert "Wants an answer: F-1; F-2, a duplicate; F-3, a duplicate." in card.text
    assert "You can send it by e-mail; you see the e-mail first. For F-3, please write or call." in card.text
    shown = await rosa.presses(LABEL, card)
    assert "the e-mails of the residents of F-1 and F-2" in shown.text
    await rosa.presses("Send 2 e-mails", shown)
    got = {mail["To"]: words(mail) for mail in server.taken}
    assert "Your reference is F-1." in got[ADDRESS]
    assert "Your reference is F-2." in got["bob@residents.example.net"]
    assert "F-1" not in got["bob@residents.example.net"]
    await log(desk_chat, "eve@residents.example.net")
    late = await rosa.says("feedback duplicate F-4; of F-1")
    assert LABEL in (await rosa.says("feedback show F-4")).buttons
    assert LABEL not in (await rosa.says("feedback show F-2")).buttons
    shown = await rosa.presses(LABEL, late)
    assert "the e-mail of the resident of F-4" in shown.text
    await rosa.presses("Send it", shown)
    assert [mail["To"] for mail in server.taken][2:] == ["eve@residents.example.net"]


async def test_a_duplicate_whose_contact_is_not_open_to_who_closes_is_left_to_others(
    desk_chat: DeskChat, server: FakeMail
) -> None:
    await log(desk_chat)
    owen, rosa = desk_chat.person("owen"), desk_chat.person("rosa")
    form = await owen.opens("feedback add")
    await owen.fills(form, what="Wet path", category="parks", via="phone", contact="bob@residents.example.net")
    await rosa.says("feedback duplicate F-2; of F-1")
    card = await rosa.says(CLOSE)
    assert "For F-2, please write or call." in card.text
    await rosa.presses("Send it", await rosa.presses(LABEL, card))
    assert [mail["To"] for mail in server.taken] == [ADDRESS]
    await owen.presses("Send it", await status(desk_chat, "owen"))
    assert [mail["To"] for mail in server.taken] == [ADDRESS, "bob@residents.example.net"]


async def test_what_was_sent_cannot_be_undone_with_the_closing(desk_chat: DeskChat, server: FakeMail) -> None:
    card = await closed(desk_chat)
    rosa = desk_chat.person("rosa")
    await rosa.presses("Send it", await rosa.presses(LABEL, card))
    assert "You have acted on it since" in (await rosa.presses("Undo", card)).text
    assert len(server.taken) == 1


async def test_a_key_that_is_not_there_offers_nothing(desk_chat: DeskChat, server: FakeMail) -> None:
    await log(desk_chat)
    desk_chat.bot.application.runtime.vault = Vault((bytes(32),))
    card = await desk_chat.person("rosa").says(CLOSE)
    assert LABEL not in card.buttons
    desk_chat.bot.application.runtime.vault = Vault((KEY,))
    assert LABEL in (await desk_chat.person("rosa").says("feedback show F-1")).buttons

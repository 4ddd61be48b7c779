"""Mail: a page as plain text, and what the server answers decides what becomes of it."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.gateways.mail import Mail
from bot.post import Outgoing, Refused, Sent, Silence, Wait
from handlers.kit.messages import Card, Text
from tests.wires.smtp import FakeMail

SENDER = "cityops <bot@riverton.example.org>"
ELSEWHERE = "127.1"  # this machine, written so that it is not known as its own


@pytest.fixture
async def server() -> AsyncIterator[FakeMail]:
    fake = FakeMail()
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for this machine, and its key, in one file."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    names = x509.SubjectAlternativeName([x509.DNSName(ELSEWHERE)])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    own = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = tmp_path / "mail.pem"
    file.write_bytes(own.public_bytes(serialization.Encoding.PEM) + secret)
    return file


def _tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def test_a_page_comes_as_plain_text_that_nobody_answers_by_machine(server: FakeMail, page: Outgoing) -> None:
    assert isinstance(await Mail(server.url, SENDER).post(page), Sent)
    [mail] = server.taken
    assert (mail["To"], mail["From"]) == ("tom@riverton.example.org", SENDER)
    assert mail["Subject"] == "Crisis CR-2026-01: you are needed"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "Water main burst" in str(mail.get_payload())
    [envelope] = server.envelopes
    assert envelope[0].startswith("MAIL FROM:<bot@riverton.example.org>")
    assert envelope[1:] == ["RCPT TO:<tom@riverton.example.org>"]


async def test_a_second_try_is_the_same_message_for_mail_programs(server: FakeMail, page: Outgoing) -> None:
    for again in (False, True):
        await Mail(server.url, SENDER).post(replace(page, again=again))
    assert [mail["Message-ID"] for mail in server.taken] == ["<k1@riverton.example.org>"] * 2


async def test_a_title_adds_no_header_of_its_own(server: FakeMail, page: Outgoing) -> None:
    title = "Fire\r\nBcc: all@example.org\u2028X-Own: yes\x0bDate: never"
    await Mail(server.url, SENDER).post(replace(page, card=Card(title, Text("a\r\n.\r\nMAIL FROM:<x@example.org>"))))
    [mail] = server.taken
    assert (mail["Bcc"], mail["X-Own"], len(mail.get_all("Date", []))) == (None, None, 1)
    assert mail["Subject"] == "Fire Bcc: all@example.org X-Own: yes Date: never"
    assert "MAIL FROM:<x@example.org>" in str(mail.get_payload())
    assert len(server.envelopes[0]) == 2


@pytest.mark.parametrize(
    "email",
    [
        None, "", "tom", "tom@", "tom@example.org, all@example.org", "tom@example.org\r\nBcc: all@example.org",
        "tom@example.org>", "tóm@example.org", "  ", "t\x00m@example.org",
    ],
)  # fmt: skip
async def test_what_is_not_one_address_gets_no_mail(server: FakeMail, page: Outgoing, email: str | None) -> None:
    assert isinstance(await Mail(server.url, SENDER).post(replace(page, email=email)), Refused)
    assert server.envelopes == []


@pytest.mark.parametrize(
    ("verb", "answer", "result"),
    [
        ("EHLO", "421 busy", Wait),
        ("RCPT", "550 no such user", Refused),
        ("RCPT", "450 try later", Wait),
        ("MAIL", "421 busy", Wait),
        ("DATA", "451 not now", Wait),
        (".", "554 refused", Refused),
        (".", "451 disk full", Wait),
        (".", "OK queued", Silence),
        (".", "354 go on", Silence),
        (".", "999 what", Silence),
        ("QUIT", "500 stay", Sent),
    ],
)
async def test_the_code_decides(server: FakeMail, page: Outgoing, verb: str, answer: str, result: type) -> None:
    server.answers[verb] = answer
    assert isinstance(await Mail(server.url, SENDER).post(page), result)


@pytest.mark.parametrize(
    ("verb", "result"), [("EHLO", Wait), ("MAIL", Wait), ("RCPT", Wait), (".", Silence), ("QUIT", Sent)]
)
async def test_when_the_server_hangs_up_the_text_decides_whether_it_can_be_there(
    server: FakeMail, page: Outgoing, verb: str, result: type
) -> None:
    server.hangs_up_after = verb
    assert isinstance(await Mail(server.url, SENDER).post(page), result)


@pytest.mark.parametrize(("verb", "result"), [("RCPT", Wait), (".", Silence), ("QUIT", Sent)])
async def test_a_server_that_says_nothing_is_left_in_time(
    server: FakeMail, page: Outgoing, verb: str, result: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit in ("READY", "TAKE", "GOODBYE"):
        monkeypatch.setattr(f"bot.gateways.mail.{limit}", 0.3)
    server.stops_at = verb
    assert isinstance(await Mail(server.url, SENDER).post(page), result)


async def test_a_mail_that_delivery_has_given_up_does_not_go_out_later(server: FakeMail, page: Outgoing) -> None:
    server.stops_at = "RCPT"
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await Mail(server.url, SENDER).post(page)
    server.goes_on.set()
    await server.stop()
    assert server.taken == []


async def test_a_server_that_is_not_there_is_tried_again(page: Outgoing) -> None:
    assert isinstance(await Mail("smtp://127.0.0.1:9", SENDER).post(page), Wait)


async def test_elsewhere_no_word_goes_without_tls(server: FakeMail, page: Outgoing) -> None:
    said = await Mail(f"smtp://sam:secret@{ELSEWHERE}:{server.port}", SENDER).post(page)
    assert isinstance(said, Wait)
    assert "secret" not in said.why
    assert (server.taken, server.envelopes) == ([], [[]])


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
async def test_over_tls_a_mail_goes_with_the_name_and_password_of_the_city(
    certificate: Path, page: Outgoing, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    server = FakeMail(_tls(certificate), at_once=scheme == "smtps", login="city@example.org:p@ss/word")
    await server.start()
    at = f"{ELSEWHERE}:{server.port}"
    assert isinstance(await Mail(f"{scheme}://city%40example.org:p%40ss%2Fword@{at}", SENDER).post(page), Sent)
    assert isinstance(await Mail(f"{scheme}://city%40example.org:wrong@{at}", SENDER).post(page), Refused)
    await server.stop()
    assert len(server.taken) == 1


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
async def test_a_certificate_that_nobody_vouches_for_is_not_spoken_to(
    certificate: Path, page: Outgoing, scheme: str
) -> None:
    server = FakeMail(_tls(certificate), at_once=scheme == "smtps")
    await server.start()
    assert isinstance(await Mail(f"{scheme}://{ELSEWHERE}:{server.port}", SENDER).post(page), Wait)
    await server.stop()
    assert server.taken == []

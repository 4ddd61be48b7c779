"""Mail: pages by e-mail, over SMTP, and the hand that letters to residents go by."""

import asyncio
import contextlib
import re
import ssl
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import formatdate, parseaddr
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTP, SMTPException, SMTPResponseException, SMTPServerDisconnected

from bot.post import Outgoing, Refused, Result, Sent, Silence, Wait
from bot.setting_rules import LOOPBACK
from handlers.kit.plain import plain

READY, TAKE, GOODBYE = 5, 6, 0.5  # seconds until the text may come, for taking it, for the end; a row's try has 12
SUBJECT = 200  # characters
ADDRESS = re.compile(r"\S+@\S+")  # which servers repeat, and no log needs


class Mail:
    """Hands each message to one SMTP server; what the server answers is kept in its own words, but for addresses, or
    as its code alone where it does not ``quote`` it."""

    pace = 0.0

    def __init__(self, url: str, sender: str, *, quotes: bool = True) -> None:
        self.server, self.sender, self.quotes = urlsplit(url), sender, quotes
        self.address = parseaddr(sender)[1]

    async def post(self, row: Outgoing) -> Result:
        if not row.email:
            return Refused("nobody knows this person's e-mail address")
        try:
            to = Address(addr_spec=row.email.encode("ascii").decode())
        except (MessageError, ValueError, IndexError):  # the last is for "tom@"
            return Refused("this person's e-mail address in people.toml is not a valid e-mail address; correct it")
        assert row.card is not None, "a mail without a card"
        return await self.send(to, row.card.title, plain(row.card), row.key)

    async def send(self, to: Address, subject: str, text: str, key: str) -> Result:
        """Send a mail. Sent again, one with the same ``key`` has the same Message-ID, so that mail programs show it
        once (RFC 5322, 3.6.4)."""
        return await self._send(to.addr_spec, self._message(to, subject, text, key))

    async def update(self, row: Outgoing) -> Result:
        return Refused("a mail that was sent cannot be changed")

    async def act(self, row: Outgoing) -> Result:
        return Refused(f"mail cannot do this: {row.kind}")

    async def look_back(self, row: Outgoing) -> Result:
        return Silence("mail shows no history")

    def _message(self, to: Address, subject: str, text: str, key: str) -> bytes:
        message = EmailMessage()
        message["From"], message["To"] = self.sender, to
        message["Subject"] = " ".join(subject.split())[:SUBJECT]
        message["Date"] = formatdate(usegmt=True)
        message["Message-ID"] = f"<{key}@{self.address.partition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers to it
        message.set_content(text)
        return message.as_bytes(policy=WIRE)

    async def _send(self, to: str, text: bytes) -> Result:
        """Until the text goes out it is definitely not there, whatever happens."""
        smtp = self._client()
        try:
            async with asyncio.timeout(READY):
                await smtp.connect()
                await smtp.mail(self.address)
                await smtp.rcpt(to)
            return await _hand_over(smtp, text)
        except SMTPResponseException as problem:
            return _answered(problem.code, problem.message if self.quotes else "")
        except (SMTPException, OSError) as problem:
            return Wait(f"the mail server cannot be used now ({type(problem).__name__})")
        finally:
            with contextlib.suppress(SMTPException):
                await smtp.quit(timeout=GOODBYE)
            smtp.close()

    def _client(self) -> SMTP:
        """A client that always uses TLS with a valid certificate, or goes to this machine, where nobody reads along."""
        host, over_tls = self.server.hostname or "", self.server.scheme == "smtps"
        return SMTP(
            hostname=host,
            port=self.server.port or (465 if over_tls else 587),
            timeout=READY,
            use_tls=over_tls,
            start_tls=not over_tls and host not in LOOPBACK,
            tls_context=ssl.create_default_context(),
            local_hostname=self.address.partition("@")[2],  # finding the machine's own name may take too long
            username=unquote(self.server.username) if self.server.username else None,
            password=unquote(self.server.password or ""),
        )


async def _hand_over(smtp: SMTP, text: bytes) -> Result:
    try:
        await smtp.data(text, timeout=TAKE)
    except (SMTPServerDisconnected, TimeoutError):
        return Silence("the mail server did not say whether it took it")
    except SMTPResponseException as problem:
        if not 400 <= problem.code < 600:  # no reply that means anything (RFC 5321, 4.2): the text may be there
            return Silence("the mail server did not say clearly whether it took it")
        raise
    return Sent("mail")


def _answered(code: int, words: str) -> Result:
    """4xx is for now, 5xx for good (RFC 5321, 4.2.1)."""
    said = f"the mail server answered {code} {ADDRESS.sub('[address]', words)}".rstrip()
    return Wait(said) if code < 500 else Refused(said)

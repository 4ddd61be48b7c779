"""Mail: pages by e-mail, over SMTP."""

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
    """Hands each message to one SMTP server."""

    pace = 0.0

    def __init__(self, url: str, sender: str) -> None:
        self.server, self.sender = urlsplit(url), sender
        self.address = parseaddr(sender)[1]

    async def post(self, row: Outgoing) -> Result:
        if not row.email:
            return Refused("nobody knows this person's e-mail address")
        try:
            to = Address(addr_spec=row.email.encode("ascii").decode())
        except (MessageError, ValueError, IndexError):  # the last is for "tom@"
            return Refused("this person's e-mail address in people.toml is not one; correct it")
        return await self._send(to.addr_spec, self._message(row, to))

    async def update(self, row: Outgoing) -> Result:
        return Refused("a mail that was sent cannot be changed")

    async def act(self, row: Outgoing) -> Result:
        return Refused(f"mail cannot do this: {row.kind}")

    async def look_back(self, row: Outgoing) -> Result:
        return Silence("mail shows no history")

    def _message(self, row: Outgoing, to: Address) -> bytes:
        """The mail; sent again, it has the same Message-ID, so that mail programs show it once (RFC 5322, 3.6.4)."""
        assert row.card is not None, "a mail without a card"
        message = EmailMessage()
        message["From"], message["To"] = self.sender, to
        message["Subject"] = " ".join(row.card.title.split())[:SUBJECT]
        message["Date"] = formatdate(usegmt=True)
        message["Message-ID"] = f"<{row.key}@{self.address.partition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers to it
        message.set_content(plain(row.card))
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
            return _answered(problem.code, problem.message)
        except (SMTPException, OSError) as problem:
            return Wait(f"the mail server: {type(problem).__name__}")
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
    return Sent("mail")


def _answered(code: int, words: str) -> Result:
    """4xx is for now, 5xx for good (RFC 5321, 4.2.1)."""
    said = f"the mail server answered {code} {ADDRESS.sub('[address]', words)}"
    return Wait(said) if code < 500 else Refused(said)

"""Mail: pages by e-mail, over SMTP."""

import asyncio
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from urllib.parse import unquote, urlsplit

from bot.post import Outgoing, Refused, Result, Sent, Silence, Wait
from bot.settings import LOOPBACK
from handlers.kit.plain import plain

SECONDS = 10  # for each answer of the server
SUBJECT = 200  # characters


class Mail:
    """Hands each message to one SMTP server. smtplib waits for the server, so it has a thread of its own meanwhile."""

    pace = 0.0

    def __init__(self, url: str, sender: str) -> None:
        self.server, self.sender = urlsplit(url), sender

    async def post(self, row: Outgoing) -> Result:
        if not row.email:
            return Refused("nobody knows this person's e-mail address")
        return await asyncio.to_thread(self._send, self._message(row))

    async def update(self, row: Outgoing) -> Result:
        return Refused("a mail that was sent cannot be changed")

    async def act(self, row: Outgoing) -> Result:
        return Refused(f"mail cannot do this: {row.kind}")

    async def look_back(self, row: Outgoing) -> Result:
        return Silence("mail shows no history")

    def _message(self, row: Outgoing) -> EmailMessage:
        """The same Message-ID when it is sent again, by which mail programs know it for one (RFC 5322, 3.6.4)."""
        assert row.card is not None, "a mail without a card"
        message = EmailMessage()
        message["From"], message["To"] = self.sender, row.email
        message["Subject"] = " ".join(row.card.title.split())[:SUBJECT]
        message["Date"] = formatdate(usegmt=True)
        message["Message-ID"] = f"<{row.key}@{parseaddr(self.sender)[1].partition('@')[2] or 'localhost'}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers to it
        message.set_content(plain(row.card))
        return message

    def _send(self, message: EmailMessage) -> Result:
        handed_over = False
        try:
            with self._connected() as smtp:
                smtp.send_message(message)
                handed_over = True
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as problem:
            return _answered(*_code(problem)) if not handed_over else Sent("mail")
        except smtplib.SMTPServerDisconnected:
            return Sent("mail") if handed_over else Silence("the mail server hung up")
        except TimeoutError:
            return Silence("the mail server did not answer in time")
        except (OSError, smtplib.SMTPException) as problem:
            return Wait(f"the mail server: {type(problem).__name__}")
        return Sent("mail")

    def _connected(self) -> smtplib.SMTP:
        host, safe = self.server.hostname or "", ssl.create_default_context()
        if self.server.scheme == "smtps":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(host, self.server.port or 465, timeout=SECONDS, context=safe)
        else:
            smtp = smtplib.SMTP(host, self.server.port or 587, timeout=SECONDS)
            if host not in LOOPBACK:
                smtp.starttls(context=safe)
        if self.server.username:
            smtp.login(unquote(self.server.username), unquote(self.server.password or ""))
        return smtp


def _code(problem: smtplib.SMTPException) -> tuple[int, str]:
    """The server's code and words, for the only one whom a message is for."""
    code, words = 0, b""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(problem.recipients.values()))
    elif isinstance(problem, smtplib.SMTPResponseException):
        said = problem.smtp_error
        code, words = problem.smtp_code, said if isinstance(said, bytes) else said.encode()
    return code, words.decode("utf-8", "replace")


def _answered(code: int, words: str) -> Result:
    """4xx is for now, 5xx for good (RFC 5321, 4.2.1)."""
    said = f"the mail server answered {code} {words}"
    return Wait(said) if code < 500 else Refused(said)

"""SMTP: a mail server on loopback that keeps what it took, and answers what a test has it answer (RFC 5321)."""

import asyncio
import base64
import contextlib
import ssl
from email import message_from_bytes
from email.message import Message


class FakeMail:
    """With ``tls`` it offers STARTTLS, or with ``at_once`` speaks nothing else; ``login`` is who may send."""

    def __init__(self, tls: ssl.SSLContext | None = None, *, at_once: bool = False, login: str = "") -> None:
        self.taken: list[Message] = []
        self.envelopes: list[list[str]] = []  # MAIL and RCPT of each session
        self.answers: dict[str, str] = {}  # a verb, and what is said to it instead
        self.hangs_up_after = ""  # a verb, "." after the text
        self.stops_at = ""  # a verb that is not answered before ``goes_on``
        self.goes_on = asyncio.Event()
        self.tls, self.at_once, self.login = tls, at_once, login
        self.port = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def start(self) -> None:
        over = self.tls if self.at_once else None
        self._server = await asyncio.start_server(self._session, "127.0.0.1", 0, ssl=over)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        self.goes_on.set()
        self._server.close()
        await self._server.wait_closed()

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        said: list[str] = []
        self.envelopes.append(said)
        with contextlib.suppress(ConnectionError, ssl.SSLError, asyncio.IncompleteReadError):
            writer.write(b"220 mail.example.org\r\n")
            while line := (await reader.readline()).decode():
                verb = line.split()[0].upper() if line.split() else ""
                said += [line.strip()] if verb in ("MAIL", "RCPT") else []
                if not await self._answer(verb, line.strip(), reader, writer):
                    break
        writer.close()

    async def _answer(self, verb: str, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Whether the session goes on."""
        if verb == self.stops_at:
            await self.goes_on.wait()
        if verb == self.hangs_up_after:
            return False
        answer = self.answers.get(verb) or self._usual(verb, line)
        writer.write(answer.encode() + b"\r\n")
        if verb == "STARTTLS" and self.tls:
            await writer.start_tls(self.tls)
        if verb == "DATA" and answer.startswith("354"):
            return await self._text(reader, writer)
        return verb != "QUIT"

    async def _text(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        text = (await reader.readuntil(b"\r\n.\r\n")).removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.")
        answer = self.answers.get(".") or "250 taken"
        if answer.startswith("250"):
            self.taken.append(message_from_bytes(text))
        if self.stops_at == ".":
            await self.goes_on.wait()
        if self.hangs_up_after == ".":
            return False
        writer.write(answer.encode() + b"\r\n")
        return True

    def _usual(self, verb: str, line: str) -> str:
        match verb:
            case "EHLO":
                offers = ["mail.example.org", *(["STARTTLS"] if self.tls and not self.at_once else [])]
                offers += ["AUTH PLAIN"] if self.login else []
                return "\r\n".join([*(f"250-{offer}" for offer in offers), "250 8BITMIME"])
            case "AUTH":
                given = base64.b64decode(line.split()[-1]).decode()
                return "235 welcome" if given == "\0" + self.login.replace(":", "\0", 1) else "535 who are you"
            case "STARTTLS":
                return "220 go on" if self.tls else "502 not known here"
            case "DATA":
                return "354 go on"
            case "QUIT":
                return "221 goodbye"
            case "HELO" | "MAIL" | "RCPT" | "RSET":
                return "250 fine"
            case _:
                return "502 not known here"

"""SMTP: a mail server on loopback that keeps what it took, and answers what a test has it answer (RFC 5321)."""

import asyncio
from email import message_from_bytes
from email.message import Message


class FakeMail:
    """One session after the other, without TLS, which loopback does not need."""

    def __init__(self) -> None:
        self.taken: list[Message] = []
        self.answers: dict[str, str] = {}  # a verb, and what is said to it instead
        self.hangs_up_after = ""
        self.port = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._session, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.org\r\n")
        while line := await reader.readline():
            verb = line.split()[0].decode().upper() if line.split() else ""
            writer.write((self.answers.get(verb) or _usual(verb)).encode() + b"\r\n")
            if verb == "DATA" and verb not in self.answers:
                await self._data(reader, writer)
            if verb == "QUIT" or self.hangs_up_after == verb:
                break
        writer.close()

    async def _data(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        text = (await reader.readuntil(b"\r\n.\r\n")).removesuffix(b".\r\n")
        if self.hangs_up_after != "DATA":
            self.taken.append(message_from_bytes(text))
            writer.write((self.answers.get(".") or "250 taken").encode() + b"\r\n")


def _usual(verb: str) -> str:
    match verb:
        case "DATA":
            return "354 go on"
        case "QUIT":
            return "221 goodbye"
        case "EHLO" | "HELO" | "MAIL" | "RCPT" | "RSET":
            return "250 fine"
        case _:
            return "502 not known here"

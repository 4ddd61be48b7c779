"""Crisis log: the one timeline of a crisis; what is in it is never changed or taken out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text, bindparam, insert, select

from storage.base import Instant, Questions, metadata, partial_index
from storage.prepared import Prepared

entries = Table(
    "crisis_log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("crisis", String(20), ForeignKey("crises.ref"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("person", String(60), nullable=False),
    Column("text", Text, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("source", Text),
    Column("message_key", String(400)),
    Column("corrects", Integer),
)
_OF_MESSAGE = entries.c.message_key.is_not(None)
partial_index("ix_crisis_log_message", entries.c.message_key, where=_OF_MESSAGE)


@dataclass(frozen=True)
class Entry:
    """One line of the timeline; ``person`` wrote it, or did what it says.

    ``kind`` is ``said`` (somebody's words), ``decided`` (a decision), ``done`` (an act that the bot wrote down),
    ``edited`` or ``deleted`` (what became of the message ``message_key`` later). ``source`` links to that message. The
    ``text`` of a line that ``corrects`` another, given by its number, is what is right.
    """

    id: int
    crisis: str
    at: datetime
    person: str
    text: str
    kind: str = "said"
    source: str | None = None
    message_key: str | None = None
    corrects: int | None = None


_ADD = Prepared(insert(entries).returning(entries.c.id))
_OF = Prepared(select(entries).where(entries.c.crisis == bindparam("crisis_")).order_by(entries.c.id))
_FIND = Prepared(select(entries).where(entries.c.id == bindparam("id_")))
_CORRECTION = Prepared(
    select(entries).where(entries.c.crisis == bindparam("crisis_"), entries.c.corrects == bindparam("corrects_"))
)
_NEWEST = Prepared(
    select(entries)
    .where(entries.c.crisis == bindparam("crisis_"))
    .order_by(entries.c.id.desc())
    .limit(bindparam("most"))
)
_ALL = Prepared(select(entries).order_by(entries.c.id))
_OF_THIS = Prepared(
    select(entries).where(entries.c.message_key == bindparam("key_"), _OF_MESSAGE).order_by(entries.c.id)
)


class CrisisLog(Questions):
    def add(
        self,
        crisis: str,
        person: str,
        text: str,
        at: datetime,
        *,
        kind: str = "said",
        source: str | None = None,
        message_key: str | None = None,
        corrects: int | None = None,
    ) -> Entry:
        """Write a line at the end of a crisis's timeline."""
        row = {
            "crisis": crisis, "person": person, "text": text, "at": at, "kind": kind, "source": source,
            "message_key": message_key, "corrects": corrects,
        }  # fmt: skip
        number = int(self.ask(_ADD, row).scalar())
        return Entry(number, crisis, at, person, text, kind, source, message_key, corrects)

    def find(self, number: int) -> Entry | None:
        """The line of a number; None when there is none."""
        return self._one(_FIND, id_=number)

    def correction_of(self, entry: Entry) -> Entry | None:
        """The line that corrects another; None when none does."""
        return self._one(_CORRECTION, crisis_=entry.crisis, corrects_=entry.id)

    def _one(self, question: Prepared, **values: Any) -> Entry | None:
        row = self.ask(question, values).first()
        return Entry(*row) if row else None

    def of(self, crisis: str) -> list[Entry]:
        """The timeline of a crisis, oldest line first."""
        return [Entry(*row) for row in self.ask(_OF, {"crisis_": crisis})]

    def every(self) -> list[Entry]:
        """The timelines of all crises, as they were written."""
        return [Entry(*row) for row in self.ask(_ALL)]

    def newest(self, crisis: str, most: int) -> list[Entry]:
        """The end of the timeline, at most so many lines, oldest first."""
        return [Entry(*row) for row in self.ask(_NEWEST, {"crisis_": crisis, "most": most})][::-1]

    def of_message(self, message_key: str) -> list[Entry]:
        """The lines that were made of one message, oldest first."""
        return [Entry(*row) for row in self.ask(_OF_THIS, {"key_": message_key})]

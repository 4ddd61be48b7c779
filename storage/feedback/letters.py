"""Letters: which answers go to residents by e-mail, who sent them and how far each is; the address is never here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, bindparam, insert, select, update

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared

ENDED_BADLY = ("failed", "unsure")

letters = Table(
    "feedback_letters",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("item", Integer, nullable=False),
    Column("answers", Integer, nullable=False),
    Column("closed_at", Instant, nullable=False),
    Column("contact", String(16), nullable=False),
    Column("key", String(32), nullable=False),
    Column("sent_by", String(60), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("state", String(12), nullable=False),
    Column("twice", Boolean, nullable=False),
    Column("why", String(400)),
    Column("ended_at", Instant),
)
Index("ix_feedback_letters_answer", letters.c.answers, letters.c.closed_at, letters.c.item, unique=True)  # once


@dataclass(frozen=True)
class Letter:
    """An answer on its way to the resident of ``item``: what was said when the item ``answers`` was closed at
    ``closed_at``, which is the item itself or what it is a duplicate of.

    ``contact`` is the mark of the contact that was meant, ``key`` what mail programs know the mail by, however often it
    is tried. ``state`` is waiting, sent, failed (it is definitely not there) or unsure; ``twice`` says that an earlier
    try may have arrived, ``why`` what is in its way.
    """

    id: int
    item: int
    answers: int
    closed_at: datetime
    contact: str
    key: str
    sent_by: str
    asked_at: datetime
    state: str = "waiting"
    twice: bool = False
    why: str | None = None
    ended_at: datetime | None = None

    @property
    def ref(self) -> str:
        return f"F-{self.item}"

    @property
    def answer_ref(self) -> str:
        """The reference of the item whose answer it carries."""
        return f"F-{self.answers}"

    @property
    def may_be_twice(self) -> bool:
        """Whether a mail that goes now may be the second one."""
        return self.twice or self.state == "unsure"

    @property
    def may_go_again(self) -> bool:
        """Whether somebody may send it once more: nothing is on its way, and nothing is known to have arrived."""
        return self.state in ENDED_BADLY


_C = letters.c
_THIS = _C.id == bindparam("id_")
_ADD = insert(letters).returning(_C.id, _C.key)
_CHANGE = Prepared(update(letters).where(_THIS))
_FIND = Prepared(select(letters).where(_THIS))
_TAKE = Prepared(select(letters).where(_THIS).with_for_update())
_OF = Prepared(select(letters).where(_C.answers == bindparam("answers_"), _C.closed_at == bindparam("closed_")))


class Letters(Questions):
    def add(
        self, answers: int, closed_at: datetime, contacts: Mapping[int, str], by: str, at: datetime
    ) -> list[Letter]:
        """Keep that somebody sends an answer for the first time: for these items, each with the mark of its contact."""
        new = [Letter(0, item, answers, closed_at, mark, uuid4().hex, by, at) for item, mark in contacts.items()]
        rows = [{name: value for name, value in vars(letter).items() if name != "id"} for letter in new]
        ids = {row.key: int(row.id) for row in self.connection.execute(_ADD, rows)} if rows else {}
        return [replace(letter, id=ids[letter.key]) for letter in new]

    def again(self, meant: Sequence[tuple[Letter, str]], by: str, at: datetime) -> list[Letter]:
        """Keep that somebody sends letters again that did not arrive, or may not have; each with the mark of its
        contact now."""
        to_all: dict[str, Any] = {"sent_by": by, "asked_at": at, "state": "waiting", "why": None, "ended_at": None}
        values = [(letter, {**to_all, "contact": mark, "twice": letter.may_be_twice}) for letter, mark in meant]
        self.ask_each(_CHANGE, [{"id_": letter.id, **changed} for letter, changed in values])
        return [replace(letter, **changed) for letter, changed in values]

    def waits(self, letter: Letter, why: str) -> Letter:
        """Keep what is in the way of one that is tried again."""
        return self._change(letter, why=why[:400])

    def end(self, letter: Letter, state: str, at: datetime, why: str | None = None) -> Letter:
        """Keep what became of one."""
        return self._change(letter, state=state, ended_at=at, why=why and why[:400])

    def _change(self, letter: Letter, **values: Any) -> Letter:
        self.ask(_CHANGE, {"id_": letter.id, **values})
        return replace(letter, **values)

    def find(self, number: int) -> Letter | None:
        row = self.ask(_FIND, {"id_": number}).first()
        return Letter(*row) if row else None

    def take(self, number: int) -> Letter | None:
        """The same, and nobody else changes it before this transaction ends."""
        row = self.ask(_TAKE, {"id_": number}).first()
        return Letter(*row) if row else None

    def of(self, answers: int, closed_at: datetime) -> Sequence[Letter]:
        """All that carry the answer of one closing, that of the item itself first."""
        asked = {"answers_": answers, "closed_": closed_at}
        found = [Letter(*row) for row in self.ask(_OF, asked)]
        return sorted(found, key=lambda letter: (letter.item != answers, letter.item))

"""Undos: what somebody has just done and may still take back, with what went out for it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Integer, String, Table, Text, bindparam, insert, select, update

from storage.base import Instant, Questions, metadata
from storage.forgetting import forget_oldest
from storage.prepared import Prepared

undos = Table(
    "undos",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(60), nullable=False),
    Column("subjects", Text, nullable=False),
    Column("person", String(60), nullable=False),
    Column("at", Instant, nullable=False, index=True),
    Column("before", Text, nullable=False),
    Column("messages", Text, nullable=False),
    Column("news", Text, nullable=False),
    Column("audited", Integer),
    Column("undone_at", Instant),
)


@dataclass(frozen=True)
class Undo:
    """One act that can be taken back: what it was about (``subjects``, the first one above all), what the feature needs
    for that (``before``), the rows of the outbox (``messages``) and the lines for digests (``news``) that were queued
    with it, and the last row of the audit about it."""

    id: int
    kind: str
    subjects: Sequence[str]
    person: str
    at: datetime
    before: Mapping[str, Any]
    messages: Sequence[int]
    news: Sequence[int]
    audited: int | None
    undone_at: datetime | None


_THIS = undos.c.id == bindparam("id_")
_ADD = Prepared(insert(undos).returning(undos.c.id))
_AUDITED = Prepared(
    update(undos)
    .where(_THIS)
    .values(audited=bindparam("audited_"), messages=bindparam("messages_"), news=bindparam("news_"))
)
_TRACED = Prepared(update(undos).where(_THIS).values(messages=bindparam("messages_")))
_TAKE = Prepared(select(undos).where(_THIS).with_for_update())
_UNDONE = Prepared(update(undos).where(_THIS).values(undone_at=bindparam("at_")))
_FORGET = forget_oldest(undos.c.at, undos.c.at < bindparam("before"))


class Undos(Questions):
    def add(self, kind: str, subjects: Sequence[str], person: str, at: datetime, before: Mapping[str, Any]) -> int:
        """Keep what it takes to take an act back, and give its id for the button."""
        kept = {"subjects": json.dumps(list(subjects)), "before": json.dumps(dict(before))}
        row = {"kind": kind, "person": person, "at": at, **kept}
        return int(self.ask(_ADD, {**row, "messages": "[]", "news": "[]"}).scalar())

    def audited(self, undo: int, row: int, messages: Sequence[int], news: Sequence[int]) -> None:
        """Say which row of the audit was the last about the act, and what went out for it."""
        told = {"messages_": json.dumps(list(messages)), "news_": json.dumps(list(news))}
        self.ask(_AUDITED, {"id_": undo, "audited_": row, **told})

    def traced(self, undo: int, row: int) -> None:
        """Say which row of the outbox has told others of the act."""
        known = self.take(undo)
        if known is not None:
            self.ask(_TRACED, {"id_": undo, "messages_": json.dumps([*known.messages, row])})

    def take(self, undo: int) -> Undo | None:
        """One of them, and nobody else takes it back before this transaction ends."""
        row = self.ask(_TAKE, {"id_": undo}).first()
        if row is None:
            return None
        values = row._asdict()
        read = {name: json.loads(values[name]) for name in ("subjects", "before", "messages", "news")}
        return Undo(**{**values, **read})

    def undone(self, undo: int, at: datetime) -> None:
        """Say that it was taken back."""
        self.ask(_UNDONE, {"id_": undo, "at_": at})

    def forget(self, before: datetime, most: int) -> int:
        """Remove the oldest of what can be taken back no more; how many."""
        return self.ask(_FORGET, {"before": before, "most_": most}).changed

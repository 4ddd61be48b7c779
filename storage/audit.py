"""Audit: who changed what, when; append-only and chained by hashes, without personal text."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from json.encoder import encode_basestring_ascii as quoted
from typing import Any

from sqlalchemy import Column, Index, Integer, String, Table, Text, bindparam, func, insert, select

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared

audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("person", String(60), nullable=False),
    Column("act", String(120), nullable=False),
    Column("subject", String(120)),
    Column("facts", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_audit_subject", "subject", "at"),
)

_HEAD = Prepared(select(audit.c.number, audit.c.at, audit.c.hash).order_by(audit.c.number.desc()).limit(1))
_ALL = Prepared(select(audit).order_by(audit.c.number))
_ADD = Prepared(insert(audit))
_LOCK = Prepared(select(func.pg_advisory_xact_lock(0x63697479)))
_AS_TEXT = json.JSONEncoder(sort_keys=True, default=str).encode
FIRST = "0" * 64
BOT = "cityops"  # who acts when the bot acts by itself
_LAST = Prepared(
    select(audit)
    .where(audit.c.subject == bindparam("subject_"))
    .order_by(audit.c.at.desc(), audit.c.number.desc())
    .limit(1)
)
_ACTED_SINCE = (
    select(audit)
    .where(
        audit.c.subject.in_(bindparam("subjects_", expanding=True)),
        audit.c.number > bindparam("number_"),
        audit.c.person != BOT,
    )
    .order_by(audit.c.number)
    .limit(1)
)
_LATELY = 5_000  # of the newest rows: enough for what people do most, and no more than a look at the end of the table
_ACTS = Prepared(
    select(audit.c.act)
    .where(
        audit.c.number > select(func.max(audit.c.number) - _LATELY).scalar_subquery(),
        audit.c.person == bindparam("person_"),
        audit.c.at > bindparam("since_"),
    )
    .group_by(audit.c.act)
    .order_by(func.count().desc(), audit.c.act)
    .limit(bindparam("most_"))
)
_AFTER = Prepared(select(audit.c.subject).where(audit.c.number > bindparam("number_"), audit.c.subject.is_not(None)))
_SINCE = Prepared(
    select(audit)
    .where(audit.c.subject == bindparam("subject_"), audit.c.at > bindparam("since_"))
    .order_by(audit.c.at.desc(), audit.c.number.desc())
    .limit(bindparam("most_"))
)


@dataclass(frozen=True)
class Trace:
    """Who did what about a subject, and when; ``facts`` are numbers, ids and words of ours."""

    at: datetime
    person: str
    act: str
    facts: Mapping[str, Any]


def chained(before: str, number: int, at: datetime, person: str, act: str, subject: str | None, facts: str) -> str:
    """The hash of a row: SHA-256 over the hash before it and its own columns, as a list in JSON."""
    moment = (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat()
    about = "null" if subject is None else quoted(subject)
    line = f'["{before}", {number}, "{moment}", {quoted(person)}, {quoted(act)}, {about}, {quoted(facts)}]'
    return hashlib.sha256(line.encode()).hexdigest()


class Audit(Questions):
    def add(self, at: datetime, person: str, act: str, subject: str | None, facts: Mapping[str, Any]) -> int:
        """Append a row, last in its transaction, and give its number. ``facts`` are numbers, ids and words of ours,
        never what people typed.

        On PostgreSQL an advisory lock, held until the commit, keeps two replicas from reading the same head.
        """
        return self.add_all(at, person, act, [(subject, facts)])

    def add_all(
        self, at: datetime, person: str, act: str, noted: Sequence[tuple[str | None, Mapping[str, Any]]]
    ) -> int:
        """Append a row for each of these subjects and its facts, and give the number of the last."""
        if self.connection.dialect.name == "postgresql":
            self.ask(_LOCK)
        head = self.ask(_HEAD).first()
        last, before = (head.number, head.hash) if head else (0, FIRST)
        rows = list[dict[str, Any]]()
        for number, (subject, facts) in enumerate(noted, start=last + 1):
            text = _AS_TEXT(facts)
            before = chained(before, number, at, person, act, subject, text)
            row = {"number": number, "at": at, "person": person, "act": act, "subject": subject, "facts": text}
            rows.append({**row, "hash": before})
        self.ask_each(_ADD, rows)
        return last + len(rows)

    def acted_since(self, subjects: Sequence[str], number: int) -> Trace | None:
        """What somebody, not the bot by itself, did about these after a row of that number, if anything."""
        row = self.connection.execute(_ACTED_SINCE, {"subjects_": list(subjects), "number_": number}).first()
        return Trace(row.at, row.person, row.act, json.loads(row.facts)) if row else None

    def last(self, subject: str) -> Trace | None:
        """The newest row about a subject, if there is one."""
        row = self.ask(_LAST, {"subject_": subject}).first()
        return Trace(row.at, row.person, row.act, json.loads(row.facts)) if row else None

    def since(self, subject: str, since: datetime, most: int) -> list[Trace]:
        """The newest rows about a subject after a moment, the newest first."""
        rows = self.ask(_SINCE, {"subject_": subject, "since_": since, "most_": most})
        return [Trace(row.at, row.person, row.act, json.loads(row.facts)) for row in rows]

    def acts_of(self, person: str, since: datetime, most: int) -> list[str]:
        """What somebody has done lately, what they did most often first."""
        return [row.act for row in self.ask(_ACTS, {"person_": person, "since_": since, "most_": most})]

    def length(self) -> int:
        """The number of the newest row; 0 while there is none."""
        head = self.ask(_HEAD).first()
        return head.number if head else 0

    def named_after(self, number: int) -> frozenset[str]:
        """The words of all subjects of the rows after a row of that number."""
        return frozenset(word for row in self.ask(_AFTER, {"number_": number}) for word in row.subject.split())

    def newest(self) -> datetime | None:
        """When the newest row was written; None while there is none."""
        head = self.ask(_HEAD).first()
        return head.at if head else None

    def first_bad_row(self) -> tuple[int, int | None]:
        """How many rows there are, and the number of the first that does not follow from the one before it."""
        before, count = FIRST, 0
        for number, at, person, act, subject, facts, found in self.ask(_ALL):
            count += 1
            if number != count or found != chained(before, count, at, person, act, subject, facts):
                return count, number
            before = found
        return count, None

"""Merging: makes one record of two of the same person, wherever the older id stands.

Rows of the audit are never rewritten: a merge adds one that links the old id to the new (handlers/kit/joining.py).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache

from sqlalchemy import (
    Column,
    ColumnElement,
    Executable,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from storage.base import Questions, metadata, one_of
from storage.chat.outbox import outbox
from storage.chat.people import Met, People, merged, people
from storage.prepared import Prepared

# Every column that holds the id of a person, by table; a test holds the list to the tables.
PERSONS: Mapping[str, tuple[str, ...]] = {
    "absences": ("person", "deputy", "made_by"),
    "acceptances": ("approver", "asked_by", "decided_by", "second", "second_by"),
    "accounts": ("person",),
    "action_events": ("person", "owner"),
    "actions": ("owner", "asked_by", "settled_by"),
    "allowances": ("person", "by"),
    "blockers": ("person", "closed_by"),
    "checkins": ("asked", "help_taken_by", "answered_by"),
    "checklist_ticks": ("person",),
    "contact_checks": ("checked_by",),
    "contact_departments": ("opened_by",),
    "contact_requests": ("person", "decided_by"),
    "contacts": ("made_by",),
    "crises": ("created_by", "closed_by", "declared_by", "confirmed_by", "reviewed_by", "ending_by"),
    "crisis_asks": ("person",),
    "crisis_endings": ("answered_by",),
    "crisis_follow_ups": ("owner", "created_by", "done_by"),
    "crisis_log": ("person",),
    "crisis_pages": ("person", "instead_of", "phoned_by"),
    "crisis_ratings": ("person",),
    "crisis_reports": ("written_by", "decided_by"),
    "crisis_roles": ("person", "stands_in"),
    "crisis_rollcalls": ("asked", "answered_by"),
    "crisis_tasks": ("owner", "done_by"),
    "crisis_windows": ("closed_by",),
    "desk_messages": ("said_by",),
    "disputes": ("person", "owner", "left_by"),
    "drafts": ("person",),
    "feedback": ("created_by", "closed_by", "owner", "given_to"),
    "feedback_events": ("person",),
    "feedback_letters": ("sent_by",),
    "held_alarms": ("by", "decided_by"),
    "links": ("made_by",),
    "merged": ("new",),
    "mornings": ("person",),
    "notes": ("person",),
    "occurrences": ("person",),
    "outbox": ("person",),
    "posts": ("instead_of", "seen_by"),
    "proposals": ("answered_by",),
    "risk_actions": ("owner", "created_by", "done_by"),
    "risk_history": ("person", "owner"),
    "risks": ("owner", "created_by", "closed_by"),
    "snoozes": ("person",),
    "standup_answers": ("person",),
    "undos": ("person",),
    "unreached": ("person",),
}
# What ends with the id of a person: a reference ("CR-2026-01 sam"), their direct conversation, their home page.
ENDINGS: Mapping[str, tuple[str, ...]] = {
    "desk_messages": ("channel",),
    "notes": ("ref",),
    "outbox": ("about", "place"),
    "posts": ("about", "place"),
    "snoozes": ("ref",),
    "timers": ("subject",),
}
# JSON in which an id stands as a word of its own, or at the end of a reference.
QUOTED: Mapping[str, tuple[str, ...]] = {
    "feedback_events": ("changed",),
    "mornings": ("content",),
    "outbox": ("card", "payload"),
    "undos": ("before", "subjects"),
}
BEFORE = (" ", "dm:", "home:")  # what stands before the id there

_OLD, _NEW = bindparam("old_", type_=String()), bindparam("new_", type_=String())
_REMEMBER = Prepared(insert(merged))
_SINCE = Prepared(select(merged.c.old, merged.c.new).where(merged.c.at >= bindparam("at_")))
_FORGET = Prepared(delete(people).where(people.c.id == _OLD))
_QUEUED = one_of(outbox.c.state, "pending", "sending", "unknown")


class Merging(Questions):
    def merge(self, old: str, new: Met, at: datetime) -> int:
        """Let everything that is ``old``'s be ``new``'s from now on; gives how many rows were changed.

        One statement for each column, however many rows there are. Where both have a row that only one of them can
        have (both were paged in one crisis), the one of ``new`` stays.
        """
        People(self.connection).add(new, at)
        changed = self.again(old, new.id)
        self.ask(_FORGET, {"old_": old})
        self.ask(_REMEMBER, {"old": old, "new": new.id, "at": at})
        return changed

    def again(self, old: str, new: str) -> int:
        """Change what another replica wrote under the old id while the records were made one."""
        row = {"old_": old, "new_": new}
        return sum(statement.run(self.connection, row).changed for statement in _statements())

    def since(self, at: datetime) -> list[tuple[str, str]]:
        """The (old, new) ids of records that were made one since a moment."""
        return [(row.old, row.new) for row in self.ask(_SINCE, {"at_": at})]


@cache
def _statements() -> tuple[Prepared, ...]:
    """The statements in their order; made when they are first needed, when every table is known."""
    return tuple(Prepared(statement) for statement in (*_whole(), *_endings(), *_quoted()))


def _whole() -> Iterator[Executable]:
    for name, columns in PERSONS.items():
        table = metadata.tables[name]
        for column in columns:
            here = table.c[column]
            yield from _changed(table, here, here == _OLD, _NEW)


def _endings() -> Iterator[Executable]:
    for name, columns in ENDINGS.items():
        table = metadata.tables[name]
        for column in columns:
            here = table.c[column]
            ends = or_(*(here.like(literal(f"%{before}") + _OLD) for before in BEFORE))
            yield from _changed(table, here, ends, func.substr(here, 1, func.length(here) - func.length(_OLD)) + _NEW)


def _quoted() -> Iterator[Executable]:
    for name, columns in QUOTED.items():
        table = metadata.tables[name]
        queued = (_QUEUED,) if table is outbox else ()  # what was sent stays as people have read it
        for column in columns:
            here: ColumnElement[str] = table.c[column]
            mended = here
            for before in ('"', *BEFORE):
                first = literal(before)
                mended = func.replace(mended, first + _OLD + literal('"'), first + _NEW + literal('"'))
            there = here.like(literal("%") + _OLD + literal('"%'))
            yield update(table).where(there, *queued).values({here: mended})


def _changed(
    table: Table, here: Column[str], there: ColumnElement[bool], then: ColumnElement[str]
) -> Iterator[Executable]:
    """The update of one column; before it, rows are removed that would then break a unique key."""
    for key in _keys(table, here):
        other = table.alias("other")
        same = [other.c[column.name] == table.c[column.name] for column in key if column is not here]
        yield delete(table).where(there, exists().where(other.c[here.name] == then, *same))
    yield update(table).where(there).values({here: then})


def _keys(table: Table, column: Column[str]) -> list[tuple[Column[str], ...]]:
    """The unique keys of a table that a column is a part of."""
    unique = [tuple(constraint.columns) for constraint in table.constraints if isinstance(constraint, UniqueConstraint)]
    return [key for key in (tuple(table.primary_key.columns), *unique) if column in key]

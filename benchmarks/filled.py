"""Filled: a database in which a city has logged risks, feedback and actions for twelve years, each with its audit row.

What is open is the same number at every size: a city answers what comes in, or its residents would wait for decades,
so that the years add to what is closed and not to what is open. Only that may not slow the bot down.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.dialects import sqlite

from storage.actions.records import actions
from storage.audit import FIRST, audit, chained
from storage.chat.inbox import inbox
from storage.chat.outbox import outbox
from storage.counters import counters
from storage.feedback.items import feedback, words_of
from storage.risk.records import risks
from tests.sqlite import migrated

NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)  # 07:30 in Riverton, a Monday
OPEN = 200
RECENT = OPEN * 3 // 4  # of the open ones, the newest; the others are as old as the register
APART = timedelta(hours=2)  # between those, so that what is open is as old at every size
ASKED = 30  # closed last, of which somebody is to be asked whether they are fixed
YEARS = 12
TARGET = 18 * 3600  # seconds of working time
AT_ONCE = 20_000  # rows of one statement
CATEGORIES = ("streets", "lights", "waste", "snow", "water", "parks", "noise", "permits")
PEOPLE = ("sam", "ben", "rosa", "olga", "priya", "hugo", "yuki", None)
Row = dict[str, Any]


def fill(file: Path, rows: int) -> Path:
    """A database with so many risks, feedback, actions and audit rows, and a tenth as many rows of chat."""
    migrated(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("PRAGMA synchronous=OFF")  # while it is made, and only then
        for table, row, count in (
            (feedback, _item, rows), (risks, _risk, rows), (actions, _action, rows),
            (outbox, _message, rows // 10), (inbox, _heard, rows // 10),
        ):  # fmt: skip
            keep(database, table, (row(number, count) for number in range(1, count + 1)))
        keep(database, audit, _audit(rows))
        keep(database, counters, ({"name": name, "value": rows} for name in ("risk", "feedback", "action")))
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


def keep(database: sqlite3.Connection, table: Table, rows: Iterable[Row]) -> None:
    """Write many rows with the same columns, in a few statements."""
    following = iter(rows)
    first = next(following)
    statement = insert(table).compile(dialect=sqlite.dialect(), column_keys=list(first))
    assert statement.positiontup is not None
    columns = [(name, _written(statement._bind_processors.get(name))) for name in statement.positiontup]
    values = (tuple(written(row[name]) for name, written in columns) for row in _chain(first, following))
    database.execute("BEGIN")
    while some := list(islice(values, AT_ONCE)):
        database.executemany(str(statement), some)
    database.execute("COMMIT")


def _written(processor: Any) -> Callable[[Any], Any]:
    """How a value of a column is given to SQLite."""
    return processor if callable(processor) else lambda value: value


def _chain(first: Row, following: Iterator[Row]) -> Iterator[Row]:
    yield first
    yield from following


def _item(number: int, size: int) -> Row:
    """One piece of feedback, as it would have been logged and answered."""
    at = _logged(number, size)
    what = f"The pothole in front of house {number % 997} is back, and deeper than it was in spring"
    place, answer = f"{number % 300} Elm Street", "It was filled, and we look at it again after the frost."
    ended = {"answer": None, "closed_by": None, "closed_at": None, "reason": None, "took": None, "check_on": None}
    values = {
        "number": number, "what": what, "category": CATEGORIES[number % len(CATEGORIES)], "place_in_town": place,
        "reached_us_by": "phone", "state": "open", "created_by": "owen", "created_at": at, "kind": "complaint",
        "area": "elm street", "owner": PEOPLE[number % len(PEOPLE)], "target": TARGET, "clock": 1, "mark": 0,
        "due_at": at + timedelta(days=3), "words": words_of(what, place, answer), "first_department": "public-works",
        **ended,
    }  # fmt: skip
    if _is_open(number, size):
        return values
    check_on = (NOW + timedelta(days=(size - number) % 7)).date() if number > size - RECENT - ASKED else None
    return values | {
        "state": "closed", "answer": answer, "closed_by": "sam", "closed_at": at + timedelta(days=2), "reason": "done",
        "took": TARGET // 2, "check_on": check_on, "mark": 50, "due_at": None,
    }  # fmt: skip


def _risk(number: int, size: int) -> Row:
    """One risk, as it would have been logged and closed."""
    at, is_open = _logged(number, size), _is_open(number, size)
    likelihood, impact = 1 + number % 5, 1 + number // 5 % 5
    ended = {} if is_open else {"reason": "The gate was repaired", "closed_by": "olga", "closed_at": at}
    return {
        "number": number, "title": f"The gate of weir {number % 997} does not close", "likelihood": likelihood,
        "impact": impact, "score": likelihood * impact, "owner": PEOPLE[number % len(PEOPLE)],
        "review_on": (NOW + timedelta(days=number % 60 - 10)).date(), "state": "open" if is_open else "closed",
        "reason": None, "created_by": "sam", "created_at": at, "closed_by": None, "closed_at": None,
        "category": "infrastructure", "department": "public-works", **ended,
    }  # fmt: skip


def _action(number: int, size: int) -> Row:
    """One action that was done in time."""
    at, owner = _logged(number, size), PEOPLE[number % len(PEOPLE)] or "sam"
    return {
        "number": number, "what": f"Repair the gate of weir {number % 997}", "about": f"R-{number}", "owner": owner,
        "due_on": at.date(), "state": "done", "asked_by": "olga", "asked_at": at, "settled_by": owner,
        "settled_at": at + timedelta(hours=1),
    }  # fmt: skip


def _message(number: int, size: int) -> Row:
    """One message that was sent, and whose text is forgotten."""
    at = _logged(number, size)
    return {
        "key": f"bench{number}", "platform": "slack", "place": f"dm:{PEOPLE[number % 7]}", "kind": "post",
        "priority": 2, "repeat": True, "state": "sent", "attempt": 1, "sent_again": False, "card_hash": f"{number:064}",
        "channel": f"D{number}", "remote_id": f"{number}.1", "created_at": at, "settled_at": at,
    }  # fmt: skip


def _heard(number: int, size: int) -> Row:
    """One request of the last days, remembered so that it has its effect once."""
    return {"key": f"slack bench-{number}", "answer": None, "at": NOW - timedelta(days=6) * (1 - number / size)}


def _audit(rows: int) -> Iterator[Row]:
    """The audit of all that, chained as the bot chains it."""
    before = FIRST
    for number in range(1, rows + 1):
        at, subject = _logged(number, rows), f"R-{number}"
        before = chained(before, number, at, "sam", "risk add", subject, "{}")
        yield {
            "number": number, "at": at, "person": "sam", "act": "risk add", "subject": subject, "facts": "{}",
            "hash": before,
        }  # fmt: skip


def _is_open(number: int, size: int) -> bool:
    return number > size - RECENT or number % ((size - RECENT) // (OPEN - RECENT)) == 1


def _logged(number: int, size: int) -> datetime:
    """When one was logged: the newest shortly after each other, the others evenly over the years before."""
    if number > size - RECENT:
        return NOW - APART / 2 - APART * (size - number)
    return NOW - APART * RECENT - timedelta(days=365 * YEARS) * ((size - number) / size)

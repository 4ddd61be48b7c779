"""Verifying: how fast `audit verify` reads a long audit, against a loop that only hashes as much."""

import hashlib
import time

from benchmarks.cases import Case, Figure, Group
from benchmarks.workshop import Workshop
from storage.audit import FIRST
from storage.database import Database

VERIFY = Case(
    "audit verify of 1,000,000 rows, ratio to bare hashing", "rows/s",
    "every row is read, written out as JSON and hashed; four parts of five for the reading are enough", 0.2,
    is_least=True,
)  # fmt: skip
LINE = (
    '["{0}", 1000000, "2026-11-23T12:30:00+00:00", "sam", "risk add", "R-1000000", "{{}}"]'  # what a row's hash is of
)


async def verifying(workshop: Workshop) -> list[Figure]:
    """Rows a second of both; the audit holds, and each of its rows was read."""
    database, rows = Database(f"sqlite:///{workshop.many}"), workshop.size.rows
    try:
        begun = time.perf_counter()
        count, bad = database.read(lambda store: store.audit.first_bad_row())
        took = time.perf_counter() - begun
    finally:
        database.close()
    assert (count, bad) == (rows, None), f"row {bad} of {count}"
    return [VERIFY.measured(rows / took, rows / _bare_hashing(rows))]


def _bare_hashing(rows: int) -> float:
    """Seconds for a chain of so many hashes."""
    begun, before = time.perf_counter(), FIRST
    for _ in range(rows):
        before = hashlib.sha256(LINE.format(before).encode()).hexdigest()
    return time.perf_counter() - begun


GROUPS = (Group((VERIFY,), verifying),)

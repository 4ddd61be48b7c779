"""Aside: the database from before a restore, kept under another name; a database has the usual name at all times."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from storage.copies import connect
from storage.private import keep_names, make_file

BEFORE, PART = ".before-restore-", ".part"
LOGS = ("-wal", "-journal")  # what is not yet, or no longer, part of a database's own file


class InUse(Exception):
    """Another program has the database open."""


def free_name(target: Path) -> Path:
    """The name under which the database from before the restore will be kept."""
    number = 1
    while any(Path(f"{target}{BEFORE}{number}{ending}").exists() for ending in ("", *LOGS)):
        number += 1
    return Path(f"{target}{BEFORE}{number}")


def sweep(target: Path) -> None:
    """Remove what a killed restore may have left: a second name of the database that still stands, half a copy."""
    for kept in target.parent.iterdir():
        if kept.name.startswith(f"{target.name}{BEFORE}"):
            is_same = target.exists() and kept.exists() and kept.samefile(target)
            if is_same or kept.name.endswith(PART):
                kept.unlink()


def take_place(new: Path, target: Path, kept: Path) -> None:
    """Put a new file in the place of the database, which is kept. Raises InUse, sqlite3.Error and OSError."""
    with ExitStack() as open_files, _still(target):
        if target.exists():
            _keep_also_as(target, kept, open_files)
        for ending in LOGS:  # of the old database, and not to be worked into the new one
            if (log := Path(f"{target}{ending}")).exists():
                log.replace(f"{kept}{ending}")
        Path(f"{target}-shm").unlink(missing_ok=True)
        keep_names(target.parent)
        new.replace(target)
        keep_names(target.parent)


@contextmanager
def _still(target: Path) -> Iterator[None]:
    """Keep every other program out of a sound database, and work its log into it, so that it is one file.

    A damaged one is left as it is; its log is kept beside it.
    """
    if not target.exists():
        yield
        return
    with closing(connect(target, "mode=rw")) as old:
        try:
            [mode] = old.execute("PRAGMA journal_mode=DELETE").fetchone()
            old.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as problem:
            if problem.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                raise InUse(str(problem)) from None
            mode = "delete"
        if mode != "delete":
            raise InUse("database is locked")
        yield


def _keep_also_as(target: Path, kept: Path, open_files: ExitStack) -> None:
    """Give the same file a second name; on a disk without hard links, make a copy."""
    try:
        os.link(target, kept)
        return
    except OSError:
        there = open_files.enter_context(target.open("rb"))  # closed last: it takes SQLite's locks away
    part = Path(f"{kept}{PART}")
    with os.fdopen(make_file(part), "wb") as out:
        shutil.copyfileobj(there, out)
        out.flush()
        os.fsync(out.fileno())
    part.rename(kept)

"""Backup: a SQLite database copied while it is in use, and put back, whole or not at all at any moment."""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

from storage.address import parts
from storage.aside import InUse, free_name, sweep, take_place
from storage.audit import Audit
from storage.copies import DAMAGED, Unsound, connect, copy_whole, read_only, remove
from storage.private import keep_names
from storage.runlock import say_it_is_here, take_run_lock
from storage.sqlitefile import SqliteFile
from storage.trouble import DatabaseUnavailable, DatabaseUnusable, trouble

_PART = re.compile(r"\..+\.([0-9]+)\.cityops-part(-journal|-wal|-shm)?")  # with the process that writes it


class BackupError(Exception):
    """Why a copy cannot be made or put back, and what to do instead."""


def copy_to(url: str, file: Path) -> int | None:
    """Copy the database into a file that is not there yet; readers and the writer go on meanwhile.

    The file has this name only once it is whole, checked and on the disk. Gives the first row of the audit that
    does not follow from the one before it. Raises BackupError, DatabaseUnavailable, OSError.
    """
    source = _file(url)
    if file.exists():
        raise BackupError("this file is there already; name another one")
    if not file.parent.is_dir():
        raise BackupError(f"there is no folder {file.parent}; make it first, or name another one")
    try:
        SqliteFile(url).find(new=False)
    except DatabaseUnusable as problem:
        raise BackupError(f"{source}: {problem}") from None
    _sweep(file.parent)
    part = file.with_name(f".{file.name}.{os.getpid()}.cityops-part")
    with _said_of(f"{source}: "), _removed_if_unfinished(part), closing(connect(source, "mode=rw")) as live:
        live.execute("PRAGMA query_only=ON")
        bad = copy_whole(live, part)
        _publish(part, file)
    return bad


def put_back(url: str, file: Path, by: str = "command line", at: datetime | None = None) -> Path | None:
    """Make a backup the database, with a row in its audit; one stands in its place at any moment.

    Gives where the one before it is kept, if there was one. Raises AlreadyRunning, BackupError, DatabaseUnavailable and
    OSError.
    """
    target = Path(os.path.realpath(_file(url)))
    if not file.is_file():
        raise BackupError("there is no such file; name a backup")
    if target.exists() and file.samefile(target):
        raise BackupError("this is the database itself; name a backup")
    part = Path(f"{target}.restoring")
    with take_run_lock(url) or nullcontext(), _said_of(""), _removed_if_unfinished(part):
        remove(part)
        sweep(target)
        kept = free_name(target)
        facts = {"kept": kept.name} if target.exists() else {}

        def add(audit: Audit) -> None:
            audit.add(at or datetime.now(UTC), by[:60], "restore", None, facts)

        with closing(read_only(file)) as backup:
            copy_whole(backup, part, add)
        try:
            take_place(part, target, kept)
        except InUse as problem:
            raise BackupError(f"another program has the database open ({problem}); close it and try again") from None
        say_it_is_here(target)
    return kept if kept.exists() else None


def _publish(part: Path, file: Path) -> None:
    """Give the copy its name, if nobody else has taken it meanwhile."""
    try:
        os.link(part, file)
    except FileExistsError:
        raise BackupError("this file is there already; name another one") from None
    except OSError:  # a disk without hard links
        part.rename(file)
    part.unlink(missing_ok=True)
    keep_names(file.parent)


def _sweep(folder: Path) -> None:
    """Remove what killed backups have left."""
    for left in folder.glob(".*.cityops-part*"):
        written_by = _PART.fullmatch(left.name)
        if written_by and not _runs(int(written_by[1])):
            left.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    if process == os.getpid():  # of an earlier one with the same number
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def _removed_if_unfinished(part: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        remove(part)
        raise


@contextmanager
def _said_of(database: str) -> Iterator[None]:
    """Raise what SQLite says as an error of ours, told apart by who can fix it."""
    try:
        yield
    except Unsound as problem:
        raise BackupError(f"{database}{problem}") from problem
    except sqlite3.Error as problem:
        said = trouble(problem)
        if isinstance(said, DatabaseUnusable):
            raise BackupError(f"{database}{DAMAGED.format(problem)}") from problem
        raise DatabaseUnavailable(f"{database}{problem}") if said else problem from None


def _file(url: str) -> Path:
    address = parts(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        raise BackupError("the database is PostgreSQL; use pg_dump and pg_restore")
    return Path(address.database)

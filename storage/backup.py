"""Backup: a SQLite database copied while it is in use, and put back."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url

from storage.runlock import take_run_lock


class BackupError(Exception):
    """Why a copy cannot be made or put back, and what to do instead."""


def copy_to(url: str, file: Path) -> None:
    """Copy the database into a file that is not there yet; readers and the writer go on meanwhile."""
    source = _file(url)
    if file.exists():
        raise BackupError("this file is there already; name another one")
    if not source.exists():
        raise BackupError(f"there is no database at {source} yet; start the bot once")
    if not file.parent.is_dir():
        raise BackupError(f"there is no folder {file.parent}; make it first, or name another one")
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(file)) as copy:
        live.backup(copy)


def put_back(url: str, file: Path) -> Path | None:
    """Make a backup the database; gives where the one before it was kept. Raises AlreadyRunning, BackupError."""
    target = _file(url)
    _check_sound(file)
    with take_run_lock(url) or open(file):
        kept = _set_aside(target)
        with closing(sqlite3.connect(file)) as copy, closing(sqlite3.connect(target)) as live:
            copy.backup(live)
    return kept


def _check_sound(file: Path) -> None:
    if not file.is_file():
        raise BackupError("there is no such file; name a backup")
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as copy:
            sound = copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            ours = copy.execute("SELECT name FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    except sqlite3.DatabaseError as problem:
        raise BackupError(f"it is no sound database ({problem}); name another backup") from None
    if not sound or not ours:
        raise BackupError("it is no sound backup of cityops; name another one")


def _set_aside(target: Path) -> Path | None:
    if not target.exists():
        return None
    with closing(sqlite3.connect(target)) as live:
        live.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    number = 1
    while (kept := target.with_name(f"{target.name}.before-restore-{number}")).exists():
        number += 1
    return target.rename(kept)


def _file(url: str) -> Path:
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        raise BackupError("the database is PostgreSQL; use pg_dump and pg_restore")
    return Path(address.database)

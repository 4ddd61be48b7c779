"""Run lock: one bot at a time on one SQLite file, by whatever name; every other command works beside it.

The lock is a file beside the database. Once there is a database it holds a line that says so, and when the database is
gone, no empty one is made in its place as long as that line stands.
"""

import fcntl
import glob
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from storage.address import parts
from storage.private import make_file, make_folder

_LINE = (
    "The bot's database stands beside this file, which is locked while the bot runs. "
    "If the database is gone, no empty one is made in its place until this file is removed.\n"
)


class AlreadyRunning(Exception):
    """Another process runs the bot on this database."""


def lock_file(database: Path) -> Path:
    """Where the lock of a database is: beside the file itself, whatever links lead to it."""
    return Path(f"{os.path.realpath(database)}.lock")


def take_run_lock(url: str) -> ExitStack | None:
    """Hold the lock until it is closed; None on PostgreSQL, where several bots share the work.

    Raises AlreadyRunning. The system lets go of the lock when the process ends, however it ends. Close it after the
    last connection to the database: closing a file takes SQLite's own locks on it away.
    """
    if parts(url).get_backend_name() != "sqlite":
        return None
    database = Path(parts(url).database or "")
    lock = lock_file(database)
    with ExitStack() as held:
        held.enter_context(_locked(_opened(lock), lock.name))
        if sys.platform == "linux" and database.exists():  # under another name (a hard link) it has another lock file
            held.enter_context(_locked(database.open("rb"), lock.name))
        return held.pop_all()


def say_it_is_here(database: Path) -> None:
    """Write into the lock file that there is a database, unless it says so already."""
    if not says_it_is_here(database):
        with _opened(lock_file(database)) as file:
            file.write(_LINE.encode())


def says_it_is_here(database: Path) -> bool:
    """Whether the lock file says that there is a database."""
    lock = lock_file(database)
    return lock.exists() and lock.stat().st_size > 0


def was_here(database: Path) -> bool:
    """Whether anything beside the place of a database says that there has been one."""
    there = Path(os.path.realpath(database))
    left = [
        Path(f"{there}-wal"),
        Path(f"{there}-shm"),
        *there.parent.glob(f"{glob.escape(there.name)}.before-restore-*"),
    ]
    return says_it_is_here(database) or any(file.exists() for file in left)


def _opened(lock: Path) -> IO[bytes]:
    make_folder(lock.parent)
    try:
        return os.fdopen(make_file(lock), "r+b")
    except FileExistsError:
        return lock.open("r+b")


def _locked(file: IO[bytes], name: str) -> IO[bytes]:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise AlreadyRunning(name) from None
    return file

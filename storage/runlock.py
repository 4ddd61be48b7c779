"""Run lock: one bot at a time on one SQLite file; every other command works beside it."""

import fcntl
from pathlib import Path
from typing import IO

from sqlalchemy import make_url


class AlreadyRunning(Exception):
    """Another process runs the bot on this database."""


def take_run_lock(url: str) -> IO[str] | None:
    """Hold the lock as long as the file is open; None on PostgreSQL, where several bots share the work.

    Raises AlreadyRunning. The system lets go of the lock when the process ends, however it ends.
    """
    if make_url(url).get_backend_name() != "sqlite":
        return None
    path = Path(f"{make_url(url).database}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = path.open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        raise AlreadyRunning(path.name) from None
    return handle

"""Opening: the database made ready for use, and waited for when it does not answer yet."""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread

from bot.invented import is_invented
from bot.settings import Settings
from handlers.kit.errors import ConfigurationError
from handlers.kit.speaking import DESK
from storage import schema
from storage.database import Database
from storage.runlock import AlreadyRunning
from storage.soundness import check_sound
from storage.trouble import DatabaseUnavailable, DatabaseUnusable

log = logging.getLogger("cityops.opening")


@dataclass(frozen=True)
class Waiting:
    """In seconds: the pause after the first try, which doubles, the longest one, and after how long it is given up."""

    first: float = 1
    longest: float = 15
    at_most: float = 600


def open_database(settings: Settings, *, alone: bool = False, new: bool = True) -> Database:
    """The database, sound and at its newest shape; an invented one is for this machine alone.

    ``alone`` is for the bot itself: no other runs on the file, and the database takes a write. It begins with an empty
    file where none was expected, unless ``new`` is False. Raises ConfigurationError when a bot runs on it already, or
    when it is invented and would leave this machine, DatabaseUnusable when only a person can fix it, and
    DatabaseUnavailable when it does not answer.
    """
    database = Database(settings.database_url, new=new)
    try:
        if alone:
            database.run_alone()
        check_sound(database)
        schema.upgrade(database)
        if alone:
            database.write(lambda _store: None)
            _narrow(database)
            _keep_here(settings, database)
    except BaseException as problem:
        database.close()
        if isinstance(problem, AlreadyRunning):
            fix = "a bot is running on it already; stop that one first"
            raise ConfigurationError("DATABASE_URL", settings.database_url, fix) from None
        raise
    return database


async def wait_for_database(
    settings: Settings, stopping: asyncio.Event, waiting: Waiting = Waiting()
) -> Database | None:
    """The database for the bot itself, as soon as it answers; None when the bot is told to stop before.

    Each try that fails is one line of the log. Raises DatabaseUnavailable when it has not answered for too long, and
    at once what waiting cannot fix.
    """
    pause, give_up = waiting.first, time.monotonic() + waiting.at_most
    while not stopping.is_set():
        trying = asyncio.wrap_future(_in_thread(lambda: open_database(settings, alone=True)))
        stopped = asyncio.create_task(stopping.wait())
        await asyncio.wait((trying, stopped), return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not trying.done():
            trying.cancel()
            break
        try:
            return await trying
        except DatabaseUnusable:
            raise
        except DatabaseUnavailable as problem:
            if time.monotonic() + pause > give_up:
                raise
            log.warning("waiting for the database at %s; next try in %g s", problem, pause)
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), pause)
        pause = min(2 * pause, waiting.longest)
    return None


def _in_thread(work: Callable[[], Database]) -> "Future[Database]":
    """Run it on a thread that the end of the process does not wait for: a server may take long to fail."""
    future: Future[Database] = Future()
    future.set_running_or_notify_cancel()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as problem:
            future.set_exception(problem)

    Thread(target=run, name="opening", daemon=True).start()
    return future


def _keep_here(settings: Settings, database: Database) -> None:
    """Raise ConfigurationError where people who know nothing of it would read what is invented, or be paged for it."""
    leaves = [name for name in settings.platforms if name != DESK] + list(settings.gateways)
    if not leaves:
        return
    invented = database.read(is_invented)
    if invented:
        fix = f"all of it is invented, so it is not for {' or '.join(leaves)}; set DATABASE_URL to one of your own"
        raise ConfigurationError("DATABASE_URL", settings.database_url, fix)


def _narrow(database: Database) -> None:
    if database.file and (wide := database.file.narrow()):
        log.warning(
            "files that others could read are the bot's own again", extra={"files": [path.name for path in wide]}
        )

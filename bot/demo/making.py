"""Making: the file of the invented weeks, written aside and put in its place when it is whole."""

import asyncio
import gc
import logging
import shutil
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path

import handlers
import scheduler
from bot.cityfiles import CityFiles
from bot.clock import RealClock
from bot.demo.clock import PlayClock
from bot.demo.stage import Player, Stage
from bot.demo.weeks import of_every_week, of_once, working_days
from bot.invented import FILE, SHIPPED, URL, fingerprint, mark_invented
from bot.settings import Settings
from handlers.kit.catalogue import Catalogue
from handlers.kit.errors import ConfigurationError
from handlers.kit.registry import load
from handlers.kit.speaking import DESK
from storage import schema
from storage.aside import InUse, take_place
from storage.making import InTheMaking
from storage.private import keep_file, make_folder
from storage.runlock import AlreadyRunning, say_it_is_here, take_run_lock

DAYS = 48  # working days: ten weeks, with a holiday or two
LEFT_OUT = ("crisis-card",)  # the page to print, which is written to this machine's disk and is of today


def make(settings: Settings, *, again: bool = False, days: int = DAYS) -> None:
    """Make the file; one that is there is replaced only ``again``. Nothing of it is there before it is whole.

    Raises ConfigurationError when it is there, when somebody uses or makes it, or when the city's files are others.
    """
    if fingerprint(settings.city_dir) != SHIPPED:
        fix = "the invented weeks are of Riverton's files as they are shipped, and somebody has changed these"
        raise ConfigurationError("demo", str(settings.city_dir), fix)
    if FILE.exists() and not again:
        raise ConfigurationError("demo", str(FILE), "it is there already; to make it again, up to today: demo --again")
    try:
        with take_run_lock(URL) or nullcontext(), _aside() as folder, _quiet():
            play(settings, folder / FILE.name, RealClock().now(), days)
            keep_file(folder / FILE.name)
            take_place(folder / FILE.name, FILE, folder / "before")
            say_it_is_here(FILE)
    except (AlreadyRunning, InUse):
        raise ConfigurationError(
            "demo", str(FILE), "a bot uses it, or is just making it; stop that one first"
        ) from None


def play(settings: Settings, file: Path, now: datetime, days: int = DAYS) -> None:
    """Play so many working days, until a moment, into a new file."""
    with closing(InTheMaking(f"sqlite:///{file}")) as database:
        schema.upgrade(database)
        catalogue, city = _catalogue(), CityFiles(settings.city_dir)
        played = working_days(city(), now, days)
        clock = PlayClock(city().calendar.instant(played[-1], time()))
        stage = Stage(Player(database, city, catalogue, clock, (DESK,)), clock)
        lines = [*of_once(city(), played), *of_every_week(city(), catalogue, played)]
        asyncio.run(stage.play(lines, now))
        database.write(mark_invented)


def _catalogue() -> Catalogue:
    whole = load(handlers, scheduler)
    return replace(whole, routines={name: known for name, known in whole.routines.items() if name not in LEFT_OUT})


@contextmanager
def _aside() -> Iterator[Path]:
    """A folder beside the file, where it is made; it goes whatever happens, and one that a killed process has left
    goes first."""
    folder = FILE.with_name(f".{FILE.name}.making")
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        shutil.rmtree(folder, ignore_errors=True)
        make_folder(folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _quiet() -> Iterator[None]:
    """Let nothing of what the bot does in a play stand in the log, as if it happened now; and let the garbage collector
    rest for these seconds, of which it would take one."""
    logging.disable(logging.ERROR)
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        logging.disable(logging.NOTSET)

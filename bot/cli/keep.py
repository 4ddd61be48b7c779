"""Keep: the audit checked, the database copied, put back and brought to the newest shape."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from bot.cli.caller import caller
from bot.clock import RealClock
from bot.opening import open_database
from bot.settings import read_settings
from handlers.kit.errors import ConfigurationError
from handlers.kit.lists import counted
from storage import schema
from storage.backup import BackupError, copy_to, put_back
from storage.database import Database
from storage.runlock import AlreadyRunning
from storage.soundness import check_sound
from storage.trouble import DatabaseUnavailable


def audit(_options: argparse.Namespace) -> int:
    """Follow the chain of hashes; name the first row that was tampered with."""
    database = open_database(read_settings(), new=False)
    try:
        count, bad = database.read(lambda store: store.audit.first_bad_row())
    finally:
        database.close()
    if bad is None:
        print(f"The audit is whole: {counted(count, 'row')}.")
    return _told(bad)


def backup(options: argparse.Namespace) -> int:
    """Copy the database into a new file, while the bot runs; exit code 1 when the audit in it is not whole."""
    url, file = read_settings().database_url, Path(options.file)

    def work() -> int:
        bad = copy_to(url, file)
        print(f"The database was copied to {file}.")
        return _told(bad)

    return _done("backup", file, work)


def restore(options: argparse.Namespace) -> int:
    """Put a backup in the place of the database, which is kept beside it."""
    url, file, by = read_settings().database_url, Path(options.file), caller()

    def work() -> int:
        kept = put_back(url, file, by, RealClock().now())
        print(f"{file} is the database now." + (f" The one before it is {kept}." if kept else ""))
        return 0

    return _done("restore", file, work)


def _done(command: str, file: Path, work: Callable[[], int]) -> int:
    """The exit code; where the disk or another program is in the way, one line says so."""
    try:
        return work()
    except AlreadyRunning:
        raise ConfigurationError(command, str(file), "the bot is running; stop it first") from None
    except BackupError as problem:
        raise ConfigurationError(command, str(file), str(problem)) from None
    except (OSError, DatabaseUnavailable) as problem:
        why = problem.strerror if isinstance(problem, OSError) else problem
        print(f"{command}: {file}: {why}", file=sys.stderr)
        return 1


def _told(bad: int | None) -> int:
    """Whether an audit is whole, as an exit code; a row that is not right is named."""
    if bad is None:
        return 0
    told = f"Row {bad} of the audit does not follow from the one before it. Compare it with a backup."
    print(told, file=sys.stderr)
    return 1


def database(_options: argparse.Namespace) -> int:
    """Bring the database to the newest shape."""
    opened = Database(read_settings().database_url)
    try:
        check_sound(opened)
        changed = schema.upgrade(opened)
    finally:
        opened.close()
    print("The database was brought to the newest schema." if changed else "The database has the newest schema.")
    return 0

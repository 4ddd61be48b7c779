"""Keep: the audit checked, the database copied, put back and brought to the newest shape."""

import argparse
import sys
from pathlib import Path

from bot.opening import open_database
from bot.settings import read_settings
from handlers.kit.errors import ConfigurationError
from storage import schema
from storage.backup import BackupError, copy_to, put_back
from storage.database import Database
from storage.runlock import AlreadyRunning
from storage.soundness import check_sound


def audit(_options: argparse.Namespace) -> int:
    """Follow the chain of hashes; name the first row that was tampered with."""
    database = open_database(read_settings(), new=False)
    try:
        count, bad = database.read(lambda store: store.audit.first_bad_row())
    finally:
        database.close()
    if bad is not None:
        print(
            f"Row {bad} of the audit does not follow from the one before it. Compare it with a backup.", file=sys.stderr
        )
        return 1
    print(f"The audit is whole: {count} rows.")
    return 0


def backup(options: argparse.Namespace) -> int:
    """Copy the database into a new file, while the bot runs."""
    try:
        copy_to(read_settings().database_url, Path(options.file))
    except BackupError as problem:
        raise ConfigurationError("backup", options.file, str(problem)) from None
    print(f"The database was copied to {options.file}.")
    return 0


def restore(options: argparse.Namespace) -> int:
    """Put a backup in the place of the database; what was there is kept beside it."""
    try:
        kept = put_back(read_settings().database_url, Path(options.file))
    except AlreadyRunning:
        raise ConfigurationError("restore", options.file, "the bot is running; stop it first") from None
    except BackupError as problem:
        raise ConfigurationError("restore", options.file, str(problem)) from None
    print(f"{options.file} is the database now." + (f" The one before it is {kept}." if kept else ""))
    return 0


def database(_options: argparse.Namespace) -> int:
    """Bring the database to the newest shape."""
    opened = Database(read_settings().database_url)
    try:
        check_sound(opened)
        changed = schema.upgrade(opened)
    finally:
        opened.close()
    print("The database was brought to the newest shape." if changed else "The database has the newest shape.")
    return 0

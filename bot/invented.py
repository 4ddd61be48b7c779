"""Invented: the file of ten invented weeks of Riverton, where every command uses it, and who may not speak of it."""

from collections.abc import Collection
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.database import Store

FILE, OWN = Path("data/riverton.db"), Path("data/cityops.db")
URL = f"sqlite:///{FILE}"
EMPTY = "EMPTY=1 make run"  # how to begin with a city in which nothing has happened yet
SHIPPED = "6694b2d1ea332cb7"  # the fingerprint of the city's files as they are shipped; a test says what it has to be
OF_A_CITY = frozenset(  # settings by which somebody says that this is more than a try
    (
        "database_url", "city_dir", "slack_bot_token", "teams_app_id", "teams_unauthenticated", "pager_url", "smtp_url",
    )
)  # fmt: skip
_MARK = "invented"


def is_for_a_try(given: Collection[str], folder: Path) -> bool:
    """Whether somebody only tries the bot: none of the settings that are ``given``, by name, says otherwise, they have
    no database of their own, and the city's files are as they are shipped."""
    return not OF_A_CITY.intersection(given) and not OWN.exists() and fingerprint(folder) == SHIPPED


def fingerprint(folder: Path) -> str:
    """A number for what stands in the city's files, however their lines end."""
    texts = [(file.name, file.read_bytes().replace(b"\r\n", b"\n")) for file in sorted(folder.glob("*.toml"))]
    return sha256(repr(texts).encode()).hexdigest()[:16]


def mark_invented(store: "Store") -> None:
    """Write into a database that all of it is invented."""
    if newest := store.audit.newest():
        store.time.checkpoints.set(_MARK, newest)


def is_invented(store: "Store") -> bool:
    """Whether all of a database is invented."""
    return store.time.checkpoints.at(_MARK) is not None

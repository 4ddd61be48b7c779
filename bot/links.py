"""Links: addresses under which the files of a card can be fetched for 24 hours, by anybody who was given one.

The files are in the database and the key comes from a secret that all replicas share, so any of them gives any file.
"""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from bot.clock import Clock
from bot.settings import Settings
from handlers.kit.messages import Card, File, Picture
from handlers.kit.speaking import DESK
from storage.database import Store

LIVES = timedelta(hours=24)
LINKED = frozenset({DESK, "teams"})  # the doors at which a file is a link
LABEL = b"cityops: links to files, version 1"  # so that the key is good for nothing else
Linked = Callable[[Picture | File], str | None]  # the address of a file, or None when there is none


def nowhere(_file: Picture | File) -> str | None:
    return None


def file_id(file: Picture | File) -> str:
    """What a file is kept under: the same name and bytes are the same file."""
    return hashlib.sha256(f"{file.name}\0".encode() + file.data).hexdigest()


def file_path(file: Picture | File) -> str:
    """The end of every address of a file: its id and its name."""
    return f"{file_id(file)}/{quote(file.name, safe='')}"


def keep_files(store: Store, platform: str, card: Card | None, at: datetime) -> None:
    """Keep the files of a card that a door is about to show, in the transaction of the answer."""
    for file in card.files if card and platform in LINKED else ():
        store.chat.files.keep(file_id(file), file.name, file.data, at)


class Links:
    """Signs addresses under PUBLIC_URL, and knows its own signature again."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        secret = settings.teams_app_password
        self.address = (settings.public_url or "").rstrip("/")
        self.key = hmac.digest(secret.get_secret_value().encode(), LABEL, "sha256") if secret else None
        self.clock = clock

    def to(self, file: Picture | File) -> str | None:
        """The address of a file from now on for 24 hours; None when PUBLIC_URL is not set."""
        if not self.key or not self.address:
            return None
        until = str(int((self.clock.now() + LIVES).timestamp()))
        query = urlencode({"until": until, "by": self._signature(self.key, file_id(file), file.name, until)})
        return f"{self.address}/files/{file_path(file)}?{query}"

    def is_ours(self, file: str, name: str, until: str, by: str) -> bool:
        """Whether we have signed exactly this."""
        if self.key is None or not (until.isascii() and until.isdigit()):
            return False
        signature = self._signature(self.key, file, name, until)
        return hmac.compare_digest(signature.encode(), by.encode("utf-8", "replace"))

    def is_over(self, until: str) -> bool:
        """Whether the hours of a link that we have signed are over."""
        return self.clock.now().timestamp() >= int(until)

    @staticmethod
    def _signature(key: bytes, file: str, name: str, until: str) -> str:
        return hmac.digest(key, f"{file} {until} {name}".encode("utf-8", "replace"), "sha256").hex()

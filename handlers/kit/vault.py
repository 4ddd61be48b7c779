"""Vault: seals contact data, record by record, with a key that is kept outside the database."""

from base64 import b64decode, urlsafe_b64decode
from binascii import Error
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_bytes
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY, NONCE = 32, 12  # bytes: AES-256, and the nonce that NIST SP 800-38D asks for


class CannotOpen(Exception):
    """A record that no key of ours opens: the key is gone, or the record was tampered with."""


@dataclass(frozen=True)
class Sealed:
    """A sealed text and the id of the key that opens it."""

    key: str
    data: bytes


class Vault:
    """Seals with the first of its keys, opens with any of them (AES-256-GCM)."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = {key_id(key): _cipher(key) for key in keys}

    def __repr__(self) -> str:
        return f"Vault({', '.join(self._keys) or 'no key'})"

    @property
    def newest(self) -> str | None:
        """The id of the key that seals; None without a key."""
        return next(iter(self._keys), None)

    def knows(self, key: str) -> bool:
        return key in self._keys

    def seal(self, text: str, about: str) -> Sealed:
        """Seal a text so that it opens for this reference alone; raises LookupError without a key."""
        if self.newest is None:
            raise LookupError("there is no key to seal with")
        nonce = token_bytes(NONCE)
        return Sealed(self.newest, nonce + self._keys[self.newest].encrypt(nonce, text.encode(), about.encode()))

    def open(self, key: str, data: bytes, about: str) -> str:
        """The text that was sealed for this reference; raises CannotOpen."""
        if key not in self._keys:
            raise CannotOpen(f"no key {key}")
        from cryptography.exceptions import InvalidTag

        try:
            return self._keys[key].decrypt(data[:NONCE], data[NONCE:], about.encode()).decode()
        except InvalidTag:
            raise CannotOpen(f"the record of {about} does not open") from None


def key_id(key: bytes) -> str:
    """The id by which a key is known; the key cannot be worked out from it."""
    return sha256(key).hexdigest()[:16]


def read_keys(text: str) -> tuple[bytes, ...]:
    """Keys in base64, the newest first, separated by commas; raises ValueError."""
    return tuple(_read_key(part.strip()) for part in text.split(",") if part.strip())


def _read_key(text: str) -> bytes:
    try:
        key = urlsafe_b64decode(text) if {"-", "_"} & set(text) else b64decode(text, validate=True)
    except (Error, ValueError):
        key = b""
    if len(key) != KEY:
        raise ValueError("a key is 32 random bytes in base64; make one with: openssl rand -base64 32")
    return key


NO_VAULT = Vault(())  # nothing can be sealed


def _cipher(key: bytes) -> "AESGCM":
    """The cipher of a key; its library takes 8 MB and is imported only where there is a key."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)

"""Crisis naming: what the channel of a crisis is called."""

import re
import unicodedata

from storage.crisis.records import Crisis

_ACCENTS = re.compile("[\u0300-\u036f]")  # combining marks of Latin, Greek and Cyrillic letters


def room_name(crisis: Crisis) -> str:
    """What the channel is called, before a platform makes it fit: cr-2026-01-water-main-burst."""
    words = re.sub(r"[\W_]+", "-", _plain(crisis.what)).strip("-")
    return "-".join(part for part in (crisis.ref.lower(), "drill" if crisis.drill else "", words) if part)[:60].strip(
        "-"
    )


def _plain(words: str) -> str:
    """Lower-case letters without accents, and ss for ß; other letters stay as they are."""
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", words).casefold())
    return unicodedata.normalize("NFC", bare)

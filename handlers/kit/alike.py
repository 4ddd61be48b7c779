"""Alike: texts that people take for the same, in any case, with any spaces and with apostrophes of any shape."""

import unicodedata

from storage.spelling import ANY_APOSTROPHE


def alike(text: str) -> str:
    """The text as it is compared with others, never as it is kept or shown."""
    return " ".join(ANY_APOSTROPHE.sub("'", unicodedata.normalize("NFC", text)).casefold().split())

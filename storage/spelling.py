"""Spelling: characters that people type one for another, and how a word is found in a text all the same."""

import re

# Phones, keyboards and word processors each have one of these.
APOSTROPHES = "'`\u00b4\u02b9\u02bb\u02bc\u02bd\u2018\u2019\u201b\u2032\uff07"
ANY_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")


def anywhere(word: str) -> str:
    """The pattern by which LIKE, with "/" as its escape, finds a word wherever it stands.

    An apostrophe stands for any one character: it is found in each of its shapes, in what was kept long ago too.
    """
    escaped = re.sub("[/%_]", r"/\g<0>", word)
    return f"%{ANY_APOSTROPHE.sub('_', escaped)}%"

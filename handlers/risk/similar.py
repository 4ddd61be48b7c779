"""Similar risks: open risks with almost the same title as a new one, so that nobody logs a risk twice."""

import re

from handlers.kit.alike import alike
from handlers.kit.context import Context

MOST = 5000  # open risks that are compared; a city has some hundreds
SHOWN = 3
ALIKE = 0.5  # the share of the words of both titles that must be the same
_WORD = re.compile(r"[^\W_]{3,}")
_SMALL = frozenset(
    ("and", "are", "but", "can", "for", "from", "has", "have", "its", "may", "not", "the", "this", "with")
)
_ENDINGS = ("ing", "ed", "es", "s")


def similar_risks(context: Context, title: str) -> list[tuple[str, str]]:
    """The reference and title of open risks that share at least half of their words with a title, best match first."""
    words = _words(title)
    if not words:
        return []
    found = []
    for number, other in context.store.risk.records.open_titles(MOST):
        theirs = _words(other)
        share = len(words & theirs) / len(words | theirs)
        if share >= ALIKE:
            found.append((-share, number, other))
    return [(f"R-{number}", other) for _, number, other in sorted(found)[:SHOWN]]


def _words(title: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in _WORD.findall(alike(title)) if word not in _SMALL)


def _stem(word: str) -> str:
    ending = next((suffix for suffix in _ENDINGS if word.endswith(suffix) and len(word) - len(suffix) >= 3), "")
    return word.removesuffix(ending).removesuffix("e")  # "gates" becomes "gat", as "gate" does

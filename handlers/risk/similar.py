"""Risk similar: open risks that say much the same as a new one, so that nobody logs a risk twice."""

import re

from handlers.kit.context import Context

MOST = 5000  # open risks that are looked through; a city has some hundred
SHOWN = 3
ALIKE = 0.5  # of the words of both titles
_WORD = re.compile(r"[^\W_]{3,}")
_SMALL = frozenset(
    ("and", "are", "but", "can", "for", "from", "has", "have", "its", "may", "not", "the", "this", "with")
)
_ENDINGS = ("ing", "ed", "es", "s")


def similar_risks(context: Context, title: str) -> list[tuple[str, str]]:
    """The reference and title of open risks that share at least half of their words with a title, nearest first."""
    words = _words(title)
    if not words:
        return []
    alike = []
    for number, other in context.store.risk.records.open_titles(MOST):
        theirs = _words(other)
        share = len(words & theirs) / len(words | theirs)
        if share >= ALIKE:
            alike.append((-share, number, other))
    return [(f"R-{number}", other) for _, number, other in sorted(alike)[:SHOWN]]


def _words(title: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in _WORD.findall(title.casefold()) if word not in _SMALL)


def _stem(word: str) -> str:
    ending = next((one for one in _ENDINGS if word.endswith(one) and len(word) - len(one) >= 3), "")
    return word.removesuffix(ending).removesuffix("e")  # gates and gate

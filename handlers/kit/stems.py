"""Stems: words without the endings that only grammar gives them, as texts are compared with each other."""

import re
from functools import lru_cache

from handlers.kit.alike import alike

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_ENDINGS = ("ing", "ed", "es", "s")
_SHORTEST = 3  # letters of a word that says what a text is about
_SMALL = frozenset(
    ("and", "are", "but", "can", "for", "from", "has", "have", "its", "may", "not", "the", "this", "with")
)


def words(text: str) -> list[str]:
    """The words of a text in their order, in one case, without the marks between them."""
    return _WORD.findall(alike(text))


@lru_cache(8192)
def telling(text: str) -> frozenset[str]:
    """The stems of those words of a text that say what it is about."""
    told = (word for word in words(text) if word[0].isdigit() or (len(word) >= _SHORTEST and word not in _SMALL))
    return frozenset(map(_stem, told))


@lru_cache(4096)
def _stem(word: str) -> str:
    word = word.removesuffix("'s")
    ending = next((suffix for suffix in _ENDINGS if word.endswith(suffix) and len(word) - len(suffix) >= 3), "")
    return word.removesuffix(ending).removesuffix("e")  # "gates" becomes "gat", as "gate" does

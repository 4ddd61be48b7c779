"""Similar risks: open risks with almost the same title as a new one, so that nobody logs a risk twice."""

from collections.abc import Iterable
from functools import lru_cache

from handlers.kit.context import Context
from handlers.kit.stems import telling, words

MOST = 5000  # open risks that are compared; a city has some hundreds
SHOWN = 3
ALIKE = 0.5  # the share of the words of both titles that must be the same


class Titles:
    """Titles of risks with their numbers, by the words that say what they are about: each of many new titles is
    compared only with those that share one."""

    def __init__(self, known: Iterable[tuple[int, str]]) -> None:
        self._titles = dict(known)
        self._with = dict[str, list[int]]()
        for number, title in self._titles.items():
            for word in telling(title):
                self._with.setdefault(word, []).append(number)

    def like(self, title: str) -> list[tuple[str, str]]:
        """The reference and title of those that are alike."""
        near = {number for word in telling(title) for number in self._with.get(word, ())}
        return alike(title, ((number, self._titles[number]) for number in near))


def alike(title: str, known: Iterable[tuple[int, str]]) -> list[tuple[str, str]]:
    """The reference and title of those that share at least half of their words with a title, best match first.

    What differs in its number is another thing: pump 3 is not pump 4.
    """
    told = telling(title)
    shares = ((_share(told, telling(other)), number, other) for number, other in known)
    found = sorted((-share, number, other) for share, number, other in shares if share >= ALIKE)
    return [(f"R-{number}", other) for _, number, other in found if not _differs_in_number(title, other)][:SHOWN]


def _share(told: frozenset[str], other: frozenset[str]) -> float:
    """How many of the words of both are the same."""
    same = len(told & other)
    return same / (len(told) + len(other) - same) if same else 0


def open_titles(context: Context) -> list[tuple[int, str]]:
    """The numbers and titles of the open risks."""
    return context.store.risk.records.open_titles(MOST)


def _differs_in_number(title: str, other: str) -> bool:
    """Whether both name numbers, and not the same ones in the same order."""
    numbers, theirs = _numbers(title), _numbers(other)
    return bool(numbers and theirs and numbers != theirs)


@lru_cache(8192)
def _numbers(title: str) -> tuple[str, ...]:
    return tuple(word for word in words(title) if word[0].isdigit())

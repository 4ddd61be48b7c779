"""Similar risks: open risks with almost the same title as a new one, so that nobody logs a risk twice."""

from collections import Counter
from collections.abc import Iterable

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
        self._told = {number: telling(title) for number, title in self._titles.items()}
        self._with = dict[str, list[int]]()
        for number, told in self._told.items():
            for word in told:
                self._with.setdefault(word, []).append(number)

    def like(self, title: str) -> list[tuple[str, str]]:
        """The reference and title of those that share at least half of their words with a title, best match first.

        What differs in its number is another thing: pump 3 is not pump 4.
        """
        told = telling(title)
        shared = Counter(number for word in told for number in self._with.get(word, ()))
        shares = ((count / len(told | self._told[number]), number) for number, count in shared.items())
        found = [(-share, number, self._titles[number]) for share, number in shares if share >= ALIKE]
        alike = sorted(each for each in found if not _differs_in_number(title, each[2]))
        return [(f"R-{number}", other) for _, number, other in alike[:SHOWN]]


def open_titles(context: Context) -> Titles:
    """The titles of the open risks."""
    return Titles(context.store.risk.records.open_titles(MOST))


def _differs_in_number(title: str, other: str) -> bool:
    """Whether both name numbers, and not the same ones in the same order."""
    numbers, theirs = ([word for word in words(text) if word[0].isdigit()] for text in (title, other))
    return bool(numbers and theirs and numbers != theirs)

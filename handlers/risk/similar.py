"""Similar risks: open risks with almost the same title as a new one, so that nobody logs a risk twice."""

from handlers.kit.context import Context
from handlers.kit.stems import telling, words

MOST = 5000  # open risks that are compared; a city has some hundreds
SHOWN = 3
ALIKE = 0.5  # the share of the words of both titles that must be the same


def similar_risks(context: Context, title: str) -> list[tuple[str, str]]:
    """The reference and title of open risks that share at least half of their words with a title, best match first.

    What differs in its number is another thing: pump 3 is not pump 4.
    """
    told = telling(title)
    if not told:
        return []
    found = []
    for number, other in context.store.risk.records.open_titles(MOST):
        theirs = telling(other)
        share = len(told & theirs) / len(told | theirs)
        if share >= ALIKE and not _differs_in_number(title, other):
            found.append((-share, number, other))
    return [(f"R-{number}", other) for _, number, other in sorted(found)[:SHOWN]]


def _differs_in_number(title: str, other: str) -> bool:
    """Whether both name numbers, and not the same ones in the same order."""
    numbers, theirs = ([word for word in words(text) if word[0].isdigit()] for text in (title, other))
    return bool(numbers and theirs and numbers != theirs)

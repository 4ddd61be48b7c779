"""Options: what a question offers, and which of it somebody means in their own words."""

from collections.abc import Mapping, Sequence

from handlers.kit.alike import alike
from handlers.kit.sentence import Sentence

Offered = Sequence[tuple[str, str]]  # (value, what people read)
Said = Mapping[str, Sequence[str]]  # words that people say for a value besides
NOTHING_ELSE: Said = {}


def meant(options: Offered, value: str, said: Said = NOTHING_ELSE) -> str | None:
    """The one option that somebody means by its value, its label, the beginning or a word of either, its number, or
    what people say for it."""
    found = _meanings(options, value, said)
    return found[0] if len(found) == 1 else None


def chosen(options: Offered, value: str, said: Said = NOTHING_ELSE) -> str:
    """Its value; raises ValueError with what is offered where none is meant, or with those that could be meant."""
    found = _meanings(options, value, said)
    if not found:
        raise ValueError(no_option(options, value))
    if len(found) > 1:
        labels = dict(options)
        raise ValueError(
            f'"{value}" could mean any of these: {", ".join(labels[each] for each in found)}. Write one of them.'
        )
    return found[0]


def as_chosen(options: Offered, value: str, said: Said = NOTHING_ELSE) -> str:
    """The value of the option that is meant, for a form that knows its choices by them; other words stay."""
    return meant(options, value, said) or value


def no_option(options: Offered, value: str) -> str:
    """The sentence for a value that is not offered."""
    return f'"{value}" is not one of: {", ".join(label for _, label in options)}.'


def _meanings(options: Offered, typed: str, said: Said) -> list[str]:
    """All that may be meant, by the surest way in which anything is."""
    wanted = alike(typed)
    if not wanted:
        return []
    names = [(value, (alike(value), alike(label))) for value, label in options]
    ways = (
        [value for value, (name, _) in names if name == wanted],
        [value for value, (_, label) in names if label == wanted],
        [value for value, _ in names if any(alike(word) == wanted for word in said.get(value, ()))],
        [value for value, both in names if any(name.startswith(wanted) for name in both)],
        _by_number(options, wanted),
        [value for value, both in names if any(wanted in name.split() for name in both)],
    )
    return next(filter(None, ways), None) or _by_sentence(options, typed, said)


def _by_number(options: Offered, wanted: str) -> list[str]:
    """The option of this number; none where the options have numbers of their own."""
    number = wanted.removeprefix("number ").rstrip(".)")
    has_own = any(name[:1].isdigit() for both in options for name in both)
    if has_own or not (number.isascii() and number.isdecimal()):
        return []
    return [value for place, (value, _) in enumerate(options, 1) if str(place) == number]


def _by_sentence(options: Offered, typed: str, said: Said) -> list[str]:
    """The options whose words stand in what was typed: a big pothole."""
    phrases = {value: (label, *said.get(value, ())) for value, label in options if alike(label)}
    found = Sentence(typed).meanings(phrases) if said else set[str]()
    return [value for value, _ in options if value in found]

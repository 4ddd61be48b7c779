"""Scale: a place on a scale from 1 to 5 as people write it: 4, 4.0, level four, Likely or "4 - Likely"."""

import re

from handlers.kit.numbers import IN_WORDS

_WORD = r"(?P<word>[^\W\d_].*?)"
_NUMBER = r"(?P<number>[0-9]+)(?:[.,]0+)?"
_SAID = re.compile(rf"\b(?:{'|'.join(IN_WORDS)})\b", re.IGNORECASE)
_ABOUT = re.compile(r"(?:level|score|number|a)\s+|\s+(?:out\s+of|of)\s+(?:5|five)", re.IGNORECASE)
_BETWEEN = r"[\s\-\u2010-\u2015:=.)(/]*"
_WRITTEN = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (_NUMBER, rf"{_NUMBER}{_BETWEEN}{_WORD}\)?", rf"{_WORD}{_BETWEEN}{_NUMBER}\)?")
)


def read_scale(text: str, scale: tuple[tuple[str, str], ...]) -> str:
    """The number, as a text, that is meant on a ``scale`` of numbers and their labels (``("4", "4 likely")``).

    Raises ValueError with a sentence for the person when it is none of them, or the number and the word differ.
    """
    words = {number: label.removeprefix(number).strip() for number, label in scale}
    if (whole := _meant(text, words)) is not None:
        return whole
    number, meant = _cut(text.strip(), words)
    if number not in words or meant not in words:
        number, meant = _cut(_SAID.sub(_in_figures, _ABOUT.sub("", text.strip())), words)
    if number not in words or meant not in words:
        raise ValueError(f'"{text}" is not on the scale. Choose a whole number from 1 to 5{_named(scale)}.')
    if number != meant:
        both = f'{number} is "{words[number]}" here, and "{words[meant]}" is {meant}'
        raise ValueError(f'"{text}" could be two things: {both}. Write one of the two.')
    return meant


def _cut(text: str, words: dict[str, str]) -> tuple[str, str | None]:
    """The number of a place, as far as it stands there, and the number that its word means."""
    found = next((found for way in _WRITTEN if (found := way.fullmatch(text))), None)
    given = found.groupdict() if found else {}
    number, word = given.get("number", ""), given.get("word")
    return number, _meant(word, words) if word else number


def on_scale(text: str, scale: tuple[tuple[str, str], ...]) -> str:
    """The number that is meant, for a form that knows its choices by them; a text that is none of them stays."""
    try:
        return read_scale(text, scale)
    except ValueError:
        return text


def _meant(text: str, words: dict[str, str]) -> str | None:
    """The number that stands there alone, or whose word, the beginning of it or a whole word of it does."""
    wanted = " ".join(text.casefold().split())
    if wanted in words:
        return wanted
    same = [number for number, word in words.items() if word.casefold() == wanted]
    begun = [number for number, word in words.items() if word.casefold().startswith(wanted)]
    found = same or begun or [number for number, word in words.items() if wanted in word.casefold().split()]
    return found[0] if len(found) == 1 else None


def _in_figures(number: re.Match[str]) -> str:
    return str(IN_WORDS.index(number[0].lower()) + 1)


def _named(scale: tuple[tuple[str, str], ...]) -> str:
    """The numbers with their words, where the scale has words."""
    has_words = any(number != label for number, label in scale)
    return f": {', '.join(label for _, label in scale)}" if has_words else ""

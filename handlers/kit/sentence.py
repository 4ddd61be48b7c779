"""Sentence: what somebody wrote in their own words, and which words of the city's lists stand in it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache

from handlers.kit.stems import words

_SHORT = 3  # letters that the first half of a word has at least, where it is written as two
_LONG = 6  # letters from which on a word with a typing mistake is still known
_CLOSE = 0.87  # how much of it must be right
_CLEARLY = 2  # how many times as much must speak for one choice as for the next


@dataclass(frozen=True)
class Sentence:
    """Words that name no command, as they were typed.

    The words of a list are looked for whole, in any case and in singular or plural; ``plow*`` stands for every word
    that begins so. What people write apart is found too ("pot hole"), and a long word with one typing mistake.
    """

    text: str

    @cached_property
    def said(self) -> tuple[str, ...]:
        return tuple(word.replace("'", "") for word in words(self.text))

    def says(self, phrases: Iterable[str]) -> list[str]:
        """Which of these words and phrases stand in it."""
        return [phrase for phrase in phrases if self._spans(phrase)]

    def without(self, part: str | None) -> "Sentence":
        """The sentence without a part of it, such as the place, whose words mean nothing else."""
        return Sentence(self.text.replace(part, " . ", 1)) if part else self

    def meant(self, choices: Mapping[str, Sequence[str]]) -> str | None:
        """The one choice for which its words speak clearly; None where two are as likely, or none.

        A word counts for the longest phrase in which it stands: a street light is no street.
        """
        found = [
            (span, choice) for choice, phrases in choices.items() for phrase in phrases for span in self._spans(phrase)
        ]
        taken, weights = set[int](), dict[str, int]()
        for span, choice in sorted(found, key=lambda each: -len(each[0])):
            if taken.isdisjoint(span):
                weights[choice] = weights.get(choice, 0) + len(span)
                taken |= set(span)
        ordered = sorted(weights, key=lambda choice: -weights[choice])
        if not ordered:
            return None
        clear = len(ordered) == 1 or weights[ordered[0]] > _CLEARLY * weights[ordered[1]]
        return ordered[0] if clear else None

    def _spans(self, phrase: str) -> list[range]:
        """Where a phrase stands, as ranges of words."""
        wanted = _wanted(phrase)
        count, said = len(wanted), self.said
        spans = [
            range(begin, begin + count)
            for begin in range(len(said) - count + 1)
            if all(word.fits(other) for word, other in zip(wanted, said[begin:], strict=False))
        ]
        return spans or (self._apart(wanted[0]) if count == 1 else [])

    def _apart(self, word: "_Wanted") -> list[range]:
        """Where a word stands as two."""
        return [
            range(begin, begin + 2)
            for begin in range(len(self.said) - 1)
            if len(self.said[begin]) >= _SHORT and word.pattern.fullmatch(self.said[begin] + self.said[begin + 1])
        ]


@dataclass(frozen=True)
class _Wanted:
    """A word of a list."""

    text: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        begins = self.text.removesuffix("*")
        return re.compile(f"{re.escape(begins)}.*" if begins != self.text else f"{re.escape(begins)}(?:s|es)?")

    def fits(self, word: str) -> bool:
        """Whether a typed word is this one, perhaps with a typing mistake."""
        return bool(self.pattern.fullmatch(word)) or self._is_mistyped(word)

    def _is_mistyped(self, word: str) -> bool:
        if self.text.endswith(("*", "ing")) or min(len(self.text), len(word)) < _LONG or word[0] != self.text[0]:
            return False  # words in -ing are too much alike: shouting is no shooting
        return SequenceMatcher(None, self.text, word).ratio() >= _CLOSE


@lru_cache(4096)
def _wanted(phrase: str) -> tuple[_Wanted, ...]:
    return tuple(_Wanted(word) for word in phrase.lower().replace("'", "").replace("-", " ").split())

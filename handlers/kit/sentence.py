"""Sentence: what somebody wrote in their own words, and which words of the city's lists stand in it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache

from handlers.kit.stems import words

READ = 1000  # characters of a text in which it is looked for words; more is a letter, and no sentence
_SHORT = 3  # letters that the first half of a word has at least, where it is written as two
_LONG = 7  # letters from which on a word with a typing mistake is still known
_CLOSE = 0.87  # how much of it must be right
_CLEARLY = 2  # words by which one choice is ahead of the others
_NONE = ""  # the choice that is none
Span = tuple[int, ...]  # the numbers of the words that a phrase takes


@dataclass(frozen=True)
class Sentence:
    """Words that name no command, as they were typed.

    The words of a list are looked for whole, in any case and in singular or plural; ``plow*`` stands for every word
    that begins so. What people write apart is found too ("pot hole"), and a long word with one typing mistake.
    """

    text: str

    @cached_property
    def said(self) -> tuple[str, ...]:
        return tuple(word.replace("'", "") for word in words(self.text[:READ]))

    def says(self, phrases: Iterable[str]) -> list[str]:
        """Which of these words and phrases stand in it."""
        return [phrase for phrase in phrases if self._spans(phrase)]

    def without(self, part: str | None) -> "Sentence":
        """The sentence without a part of it, such as the place, whose words mean nothing else."""
        return Sentence(self.text.replace(part, " . ", 1)) if part else self

    def meant(self, choices: Mapping[str, Sequence[str]], but: Sequence[str] = ()) -> str | None:
        """The choice whose words stand in it; where there are several, the one that takes clearly more words than each
        other, else None. ``but`` are phrases that mean none of them, whatever their words mean: a waste of money."""
        weights = Counter[str]()
        for span, choice in self._found({**choices, _NONE: but}):
            weights[choice] += len(span)
        del weights[_NONE]
        ranked = weights.most_common(2)
        if len(ranked) == 1 or (ranked and ranked[0][1] - ranked[1][1] >= _CLEARLY):
            return ranked[0][0]
        return None

    def meanings(self, choices: Mapping[str, Sequence[str]]) -> set[str]:
        """All choices whose words stand in it."""
        return {choice for _, choice in self._found(choices)}

    def _found(self, choices: Mapping[str, Sequence[str]]) -> list[tuple[Span, str]]:
        """The phrases that stand in it. A word counts for the longest phrase in which it stands: a street light is no
        street; where two are as long, for that of the first choice."""
        standing = [
            (span, choice) for choice, phrases in choices.items() for phrase in phrases for span in self._spans(phrase)
        ]
        taken, found = set[int](), list[tuple[Span, str]]()
        for span, choice in sorted(standing, key=lambda each: -len(each[0])):
            if taken.isdisjoint(span):
                found.append((span, choice))
                taken |= set(span)
        return found

    def _spans(self, phrase: str) -> list[Span]:
        """Where a phrase stands."""
        first, *others = _wanted(phrase)
        if not (begins := self._where(first)):
            return []
        return [
            (*begin, *range(begin[-1] + 1, begin[-1] + 1 + len(others)))
            for begin in begins
            if all(number in self._at(other) for number, other in enumerate(others, begin[-1] + 1))
        ]

    def _at(self, word: str) -> set[int]:
        return {number for span in self._where(word) for number in span}

    def _where(self, word: str) -> list[Span]:
        """Where a word of a list stands: as one word, or where it is none, as two."""
        if there := self._places.get(word):
            return there
        if word[-1] == "*":
            begins = word[:-1]
            return [(number,) for number, said in enumerate(self.said) if said.startswith(begins)]
        if len(word) < _LONG:
            return []
        return [(number,) for number, said in self._long if said[0] == word[0] and _is_mistyped(word, said)]

    @cached_property
    def _places(self) -> Mapping[str, list[Span]]:
        """Where each word stands, in the singular too, and each two neighbors as one."""
        found: dict[str, list[Span]] = {}
        for number, word in enumerate(self.said):
            for form in {word, word.removesuffix("s"), word.removesuffix("es")}:
                found.setdefault(form, []).append((number,))
        for number, (word, other) in enumerate(zip(self.said, self.said[1:], strict=False)):
            if len(word) >= _SHORT:
                for form in {word + other, word + other.removesuffix("s")}:
                    found.setdefault(form, [(number, number + 1)])
        return found

    @cached_property
    def _long(self) -> list[tuple[int, str]]:
        return [(number, word) for number, word in enumerate(self.said) if len(word) >= _LONG]


@lru_cache(8192)
def _wanted(phrase: str) -> tuple[str, ...]:
    return tuple(phrase.lower().replace("'", "").replace("-", " ").split())


@lru_cache(8192)
def _is_mistyped(word: str, said: str) -> bool:
    """Whether a typed word is this one with a mistake; words in -ing are too much alike: shouting is no shooting."""
    if abs(len(word) - len(said)) > 1 or word.endswith("ing"):
        return False
    return SequenceMatcher(None, word, said).ratio() >= _CLOSE

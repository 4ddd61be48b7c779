"""Feedback in plain words: what an ordinary sentence says for the register."""

import re
from collections.abc import Mapping

from handlers.kit.city.model import City
from handlers.kit.in_town import place_in
from handlers.kit.sentence import Sentence

_ASKS = re.compile(r"\?|(?:^|[:,.;-] )(?:when|what|where|who|how|why|which|is|are|does|do|did)\b", re.IGNORECASE)
_BY_RANK = ("praise", "complaint", "idea", "request", "question")  # the first that is said is meant


def values_in(city: City, sentence: Sentence) -> dict[str, str]:
    """What a sentence says, by the fields of the form for new feedback; what it leaves open stays out."""
    place = place_in(sentence.text, _known_places(city))
    rest = sentence.without(place)
    found = {"kind": _kind(city, rest), "category": category_in(city, rest), "place": place, "via": _way(city, rest)}
    return {"what": sentence.text, **{name: value for name, value in found.items() if value}}


def category_in(city: City, sentence: Sentence) -> str | None:
    """The one category that a sentence is clearly about."""
    said = city.words.categories
    return sentence.meant({name: (known.name, *said.get(name, ())) for name, known in city.categories.items()})


def _way(city: City, sentence: Sentence) -> str | None:
    """The one way in that a sentence names."""
    said = city.words.ways
    return sentence.meant({way: (way, *said.get(way, ())) for way in city.reached_us_by})


def _kind(city: City, sentence: Sentence) -> str | None:
    kinds: Mapping[str, tuple[str, ...]] = {str(kind): phrases for kind, phrases in city.words.kinds.items()}
    said = [kind for kind in _BY_RANK if sentence.says(kinds.get(kind, ()))]
    if said:
        return said[0]
    return "question" if _ASKS.search(sentence.text) else None


def _known_places(city: City) -> tuple[str, ...]:
    return (*city.words.landmarks, *(word for area in city.feedback.area for word in (area.name, *area.words)))

"""Sentences as staff type them: what the rules understand of those they were made by, and of those they were not.

``tuning.json`` holds the sentences by which the rules and words were made; ``apart.json`` holds 80 that were written by
somebody else and not read while the rules were made. Both say what a sensible clerk would take from each sentence.
Sets that were apart before, and had been read since, are among the first.
"""

import json
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from handlers.feedback.sentence import values_in
from handlers.kit.city.model import City
from handlers.kit.city.reading import read_city
from handlers.kit.sentence import Sentence
from tests.chat.bot import RIVERTON

SENTENCES = Path(__file__).parent / "sentences"
Label = dict[str, Any]


@pytest.fixture(scope="module")
def city() -> City:
    return read_city(RIVERTON)


@pytest.fixture(scope="module")
def understood(city: City) -> Callable[[str], dict[str, str]]:
    """What is understood of a sentence, each of which is read once."""
    return cache(lambda text: values_in(city, Sentence(text)))


def labeled(name: str) -> list[Label]:
    found: list[Label] = json.loads((SENTENCES / f"{name}.json").read_text(encoding="utf-8"))
    return found


def is_same_place(wanted: str | None, found: str | None) -> bool:
    """Whether both name the same place, with or without an article and a word or two around it."""
    if wanted is None or found is None:
        return wanted == found
    plain, other = (" ".join(place.lower().replace("the ", "").split()) for place in (wanted, found))
    within = plain in other and len(other.split()) <= len(plain.split()) + 3
    return plain == other or within or (other in plain and 2 * len(other.split()) >= len(plain.split()))


def is_same(wanted: Any, found: Any) -> bool:
    return bool(wanted == found)


FIELDS: dict[str, tuple[str, Callable[[Any, Any], bool]]] = {
    "kind": ("kind", is_same), "category": ("category", is_same), "place": ("place", is_same_place),
    "way_in": ("via", is_same),
}  # fmt: skip


def shares(understood: Callable[[str], dict[str, str]], name: str, field: str) -> tuple[float, float]:
    """The share of feedback of which a field is understood rightly, and of which it is filled in wrongly."""
    key, same = FIELDS[field]
    told = [label for label in labeled(name) if label["matter"] == "feedback"]
    told = [label for label in told if field != "kind" or label["kind"]]
    default = "complaint" if field == "kind" else None
    found = [(label[field], understood(label["text"]).get(key, default)) for label in told]
    right = sum(same(wanted, got) for wanted, got in found)
    wrong = sum(got is not None and not same(wanted, got) for wanted, got in found)
    return right / len(found), wrong / len(found)


@pytest.mark.parametrize(
    ("name", "field", "right", "wrong"),
    [
        ("tuning", "kind", 0.95, 0.05), ("tuning", "category", 0.86, 0.03), ("tuning", "place", 0.93, 0.04),
        ("tuning", "way_in", 0.95, 0.02), ("apart", "kind", 0.81, 0.19), ("apart", "category", 0.85, 0.02),
        ("apart", "place", 0.88, 0.09), ("apart", "way_in", 0.95, 0.02),
    ],
)  # fmt: skip
def test_so_much_of_what_people_write_is_understood_and_so_little_wrongly(
    understood: Callable[[str], dict[str, str]], name: str, field: str, right: float, wrong: float
) -> None:
    was_right, was_wrong = shares(understood, name, field)
    assert was_right >= right, f"{was_right:.1%} right"
    assert was_wrong <= wrong, f"{was_wrong:.1%} wrong"


@pytest.mark.parametrize("name", ["tuning", "apart"])
def test_danger_is_seen_in_every_sentence_that_tells_of_it_and_seldom_in_another(city: City, name: str) -> None:
    seen = {label["text"] for label in labeled(name) if Sentence(label["text"]).says(city.words.danger)}
    danger = {label["text"] for label in labeled(name) if label["danger"]}
    assert danger - seen == set()
    assert len(seen - danger) <= 0.05 * len(labeled(name)), seen - danger


def test_each_phrase_stands_in_one_list_and_can_stand_in_a_sentence(city: City) -> None:
    said = city.words
    for lists in (said.categories, said.kinds, said.ways, said.risk_categories, {"": said.danger}, {"": said.idioms}):
        phrases = [phrase for known in lists.values() for phrase in known]
        assert [phrase for phrase, count in Counter(phrases).items() if count > 1] == []
        plain = {phrase: phrase.removesuffix("*").replace("-", " ") for phrase in phrases}
        assert [phrase for phrase, words in plain.items() if not Sentence(words).says([phrase])] == []

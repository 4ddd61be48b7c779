"""Reworded: what people say in another order, or in words of their own, becomes the line of a command."""

import pytest

import handlers
from handlers.kit.catalogue import Catalogue
from handlers.kit.city.model import City
from handlers.kit.city.reading import read_city
from handlers.kit.registry import load
from handlers.kit.reworded import reworded
from tests.chat.bot import RIVERTON


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(handlers)


@pytest.fixture(scope="module")
def city() -> City:
    return read_city(RIVERTON)


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("approve R-1", "risk approve R-1"),
        ("close F-2", "feedback close F-2"),
        ("please close feedback f-2.", "feedback close F-2"),
        ("close F-2; reason done; answer Filled", "feedback close F-2; reason done; answer Filled"),
        ("close F-2: The pothole is filled", "feedback close F-2; answer The pothole is filled"),
        ("close F-2 fixed", "feedback close F-2; reason done"),
        ("done A-2", "action done A-2"),
        ("A-2 done", "action done A-2"),
        ("A-2 is done", "action done A-2"),
        ("mark A-2 as done", "action done A-2"),
        ("close A-2", "action done A-2"),
        ("finished A-2!", "action done A-2"),
        ("F-2 is done", "feedback close F-2"),
        ("take F-4", "feedback take F-4"),
        ("City take F-4", "feedback take F-4"),
        ("i take F-4", "feedback take F-4"),
        ("F-2 is fixed", "feedback close F-2; reason done"),
        ("F-2 is fixed, we filled it", "feedback close F-2; reason done; answer we filled it"),
        ("close F-2, thanks", "feedback close F-2"),
        ("what waits for me?", "city today"),
        ("Today", "city today"),
        ("F-2 has been repaired", "feedback close F-2; reason done"),
        ("feedback F-2 is not ours", "feedback close F-2; reason not-ours"),
        ("give F-2 to @sam", "feedback give F-2; to @sam"),
        ("give A-2 to @sam", "action assign A-2; owner @sam"),
        ("assign R-1 to @olga", "risk assign R-1; owner @olga"),
        ("move A-2 to friday", "action move A-2; due friday"),
        ("postpone A-2 until Dec 4", "action move A-2; due Dec 4"),
        ("drop A-2 because it rains; a lot", 'action drop A-2; why "it rains; a lot"'),
        ("dropped A-2", "action drop A-2"),
        ("F-2 is a duplicate of F-1", "feedback duplicate F-2; of F-1"),
        ("open R-1", "risk show R-1"),
        ("view CR-2026-01", "crisis status CR-2026-01"),
        ("close CR-2026-01", "crisis standdown ; crisis CR-2026-01"),
        ("log CR-2026-01 The pump runs", "crisis log The pump runs; crisis CR-2026-01"),
        ("crisis Fire in city hall", "crisis activate Fire in city hall"),
        ("late", "city late"),
        ("Overdue", "city late"),
        ("what is late?", "city late"),
        ("what's overdue", "city late"),
        ("late feedback", "feedback list late"),
        ("late actions", "action list late"),
        ("my late actions", "action list late mine"),
        ("which risks are overdue", "risk list overdue"),
        ("overdue checklist", "checklist"),
    ],
)
def test_a_command_is_taken_in_another_order_or_other_words(
    catalogue: Catalogue, city: City, said: str, line: str
) -> None:
    assert reworded(said, catalogue, city) == line


@pytest.mark.parametrize(
    "said",
    [
        "A-2 undone", "R-1 may get worse before F-2", "see R-1 and R-2 and R-3", "the fire at F-2", "F-2 purple",
        "Z-1 close", "crisis", "crisis activat", "the bus was late again at Mill Road", "a late bus", "R-1 is fixed",
    ],
)  # fmt: skip
def test_other_sentences_stay_what_they_are(catalogue: Catalogue, city: City, said: str) -> None:
    assert reworded(said, catalogue, city) is None

"""Retired words: what people read says it in plain American English, and never in the words that were given up."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RETIRED = (
    "anew", "afresh", "slip", "slips", "hangs", "looked at", "dealt with", "whoever", "of use", "roll-call", "mend",
    "mended",
    "may stay empty", "clock stands still", "came out of it", "next look", "thereby", "hence", "whereupon", "lest",
    "it was kept", "shall", "asked for no", "stands on the board",
)  # fmt: skip
FOUND = re.compile(rf"\b({'|'.join(RETIRED)})\b", re.IGNORECASE)
LEGAL = {"Terms of use"}  # what a page that Slack and Microsoft ask for is called
COUNTED = re.compile(r"\b1 (?:days|hours|minutes|seconds|times|people|departments|items|messages|rows|actions|risks)\b")


def sentences(file: Path) -> Iterator[str]:
    """The texts of a program that are more than a word, but for its docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    first = (node.body[0] for node in ast.walk(tree) if isinstance(node, documented) and node.body)
    docstrings = {id(word.value) for word in first if isinstance(word, ast.Expr)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in docstrings else None
        if isinstance(text, str) and " " in text and text not in LEGAL:
            yield text


@pytest.mark.parametrize("folder", ["bot", "handlers", "scheduler", "storage"])
def test_no_text_for_people_is_left_in_the_old_words(folder: str) -> None:
    texts = [(file, text) for file in sorted((ROOT / folder).rglob("*.py")) for text in sentences(file)]
    assert len(texts) > 20
    assert [f"{file.name}: {text}" for file, text in texts if FOUND.search(text)] == []


def test_the_citys_files_and_the_pages_that_are_made_say_it_in_plain_words_too() -> None:
    files = [*sorted((ROOT / "city").glob("*.toml")), ROOT / "docs" / "commands.md", ROOT / "docs" / "schedule.md"]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    assert [line for line in lines if FOUND.search(line)] == []


def test_no_card_in_the_pictures_of_tests_counts_one_as_many() -> None:
    golden = [*(ROOT / "tests").rglob("*.json"), *(ROOT / "tests").rglob("matrix.txt")]
    texts = [file.read_text(encoding="utf-8") for file in golden if "schemas" not in file.parts]
    assert [found[0] for text in texts if (found := COUNTED.search(text))] == []

"""City lines: what is wrong in an entry of a list is found in the file by its number and its line."""

import shutil
from pathlib import Path

import pytest

from handlers.kit.city.reading import read_city
from handlers.kit.errors import ConfigurationError
from tests.chat.bot import RIVERTON

WRONG = [  # file, what stands there, what somebody wrote instead, the line that they look for, the list, its number
    ("people.toml", 'id = "sam"', 'id = "Sam R"', 'id = "Sam R"', "person", 3),
    ("people.toml", "sam@riverton", "sam riverton", 'id = "sam"', "person", 3),
    ("people.toml", 'id = "sam"', 'id = "olga"', 'id = "olga"\nname = "Sam', "person", 3),
    ("places.toml", 'name = "', 'nam = "', 'nam = "', "place", 1),
    ("crisis.toml", 'role = "legal"', 'role = "lega"', 'role = "lega"', "window.step", 4),
]


def refused(folder: Path, file: str, old: str, new: str) -> tuple[str, str]:
    """What stands in the file with some words changed, and how it is refused."""
    town = Path(shutil.copytree(RIVERTON, folder / "town"))
    text = (town / file).read_text(encoding="utf-8")
    assert old in text
    changed = text.replace(old, new, 1)
    (town / file).write_text(changed, encoding="utf-8")
    with pytest.raises(ConfigurationError) as wrong:
        read_city(town)
    return changed, wrong.value.fix


@pytest.mark.parametrize(("file", "old", "new", "there", "name", "number"), WRONG)
def test_an_entry_is_named_by_its_number_and_the_line_with_which_it_begins(
    tmp_path: Path, file: str, old: str, new: str, there: str, name: str, number: int
) -> None:
    text, fix = refused(tmp_path, file, old, new)
    line = text[: text.rindex(f"[[{name}]]", 0, text.index(there))].count("\n") + 1
    assert fix.endswith(f" ([[{name}]] number {number}, line {line})")


@pytest.mark.parametrize(
    "written",
    [
        'place = [{ id = "ops", nam = "Operations" }]\n',
        'note = """\n[[place]]\n"""\n[[place]]\nid = "ops"\nnam = "Operations"\n',
    ],
)
def test_a_list_that_is_written_in_another_way_is_named_without_a_line(tmp_path: Path, written: str) -> None:
    text = (RIVERTON / "places.toml").read_text(encoding="utf-8")
    _, fix = refused(tmp_path, "places.toml", text, written)
    assert fix == "it is missing; add it"


def test_what_stands_in_no_list_of_tables_has_no_number(tmp_path: Path) -> None:
    _, fix = refused(tmp_path, "city.toml", '"Monday", "Tuesday"', '"Monday", "Mun"')
    assert fix == "'Mun' is not a weekday; write one such as Monday"

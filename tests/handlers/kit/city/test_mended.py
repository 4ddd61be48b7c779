"""Mended: what editors and people put into the city's files that does no harm, and what is refused with its fix."""

import shutil
from pathlib import Path

import pytest

from handlers.kit.city.model import City
from handlers.kit.city.reading import read_city
from handlers.kit.errors import ConfigurationError
from handlers.kit.time.rules import Counts
from tests.chat.bot import RIVERTON

ADDRESS = "sam@riverton.example.org"
WEEK = '"Monday", "Tuesday", "Wednesday", "Thursday", "Friday"'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RIVERTON, tmp_path / "town"))


def read_with(folder: Path, file: str, old: str, new: str) -> City:
    """The city with some words of a file changed."""
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return read_city(folder)


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "fix"),
    [
        ("people.toml", "sam@riverton", "sam riverton", "person.sam.email", "it has no @; write one such as"),
        ("people.toml", "sam@riverton", "sam @riverton", "person.sam.email", "it has a space in it; write one such"),
        ("people.toml", ADDRESS, "", "person.sam.email", "'' is not an e-mail address"),
        ("people.toml", "sam@riverton", "sam@tom@riverton", "person.sam.email", "it does not fit; write one such as"),
        ("people.toml", 'id = "sam"', 'id = "sam"\nemails = ["sam"]', "person.sam.emails.0", "it has no @"),
        ("contacts.toml", "ines@riverton", "ines at riverton", "contact.ai-team-lead.email", "it has no @"),
        ("people.toml", 'id = "sam"', 'id = "cityops"', "person.cityops.id", "'cityops' means something else to the"),
        ("people.toml", 'id = "sam"', 'id = "nobody"', "person.nobody.id", "choose another id"),
        ("people.toml", 'id = "sam"', 'id = "slack-u1"', "person.slack-u1.id", "choose another id"),
        ("departments.toml", 'id = "water"', 'id = "help"', "department.help.id", "choose another id"),
        ("crisis.toml", 'id = "legal"', 'id = "person"', "role.person.id", "choose another id"),
        ("crisis.toml", 'id = "first-day"', 'id = "window"', "window.window.id", "choose another id"),
        ("checklists.toml", 'id = "', 'id = "note"\n# "', "item.note.id", "choose another id"),
        ("city.toml", '"Monday", "Tuesday"', '"Monday", "Mun"', "working_days.1", "'Mun' is not a weekday; write one"),
        ("city.toml", '"Monday", "Tuesday"', '"Monday", "mon"', "working_days", "'Monday' is there twice"),
        ("city.toml", WEEK, "", "working_days", "it has 0 entries and needs 1 or more"),
        ("city.toml", 'first_weekday = "Monday"', 'first_weekday = "S"', "first_weekday", "'S' is not a weekday"),
        ("people.toml", 'name = "Sam Rivers"', 'name = " "', "person.sam.name", "it is empty; write a name"),
        ("city.toml", '"19:00"', "19", "attention.quiet_from", "19 is not a time of day; write one in quotes"),
        ("city.toml", "an_hour = 2", "an_hour = true", "limits.alarms_an_hour", "true does not fit; write a number"),
        ("city.toml", '"January"', "7", "fiscal_year_starts", "7 is not a month; write one such as January"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_file_key_and_fix(
    folder: Path, file: str, old: str, new: str, key: str, fix: str
) -> None:
    with pytest.raises(ConfigurationError) as wrong:
        read_with(folder, file, old, new)
    assert (Path(wrong.value.file).name, wrong.value.key) == (file, key)
    assert fix in wrong.value.fix


@pytest.mark.parametrize(
    "pasted",
    [f" {ADDRESS} ", f"{ADDRESS}\u00a0", f"\u200b{ADDRESS}", f"mailto:{ADDRESS}", f"Sam Rivers <{ADDRESS}>"],
)
def test_what_is_pasted_along_with_an_address_is_left_out(folder: Path, pasted: str) -> None:
    assert read_with(folder, "people.toml", ADDRESS, pasted).people["sam"].email == ADDRESS


def test_spaces_around_an_id_a_name_or_an_account_do_no_harm(folder: Path) -> None:
    spaced = 'id = "sam "\nname = " Sam Rivers"\nslack = "U07SAM "'
    sam = read_with(folder, "people.toml", 'id = "sam"\nname = "Sam Rivers"', spaced).people["sam"]
    assert (sam.id, sam.name, sam.slack) == ("sam", "Sam Rivers", "U07SAM")


@pytest.mark.parametrize("saved", ["utf-8-sig", "utf-16", "utf-16 with other line ends", "joined"])
def test_a_byte_order_mark_is_no_part_of_a_file(folder: Path, saved: str) -> None:
    text = (folder / "people.toml").read_text(encoding="utf-8")
    first, begins, rest = text.partition('[[person]]\nid = "tom"')
    files = {
        "utf-8-sig": text.encode("utf-8-sig"),
        "utf-16": text.encode("utf-16"),
        "utf-16 with other line ends": b"\xfe\xff" + text.replace("\n", "\r\n").encode("utf-16-be"),
        "joined": f"\ufeff{first}\ufeff{begins}{rest}".encode(),  # of two files that each had one
    }
    (folder / "people.toml").write_bytes(files[saved])
    assert read_city(folder).people == read_city(RIVERTON).people


def test_a_file_in_another_encoding_says_how_to_save_it(folder: Path) -> None:
    (folder / "places.toml").write_bytes('name = "Caf\u00e9"'.encode("latin-1"))
    with pytest.raises(ConfigurationError, match="save the file as UTF-8"):
        read_city(folder)


def test_weekdays_and_months_are_read_as_people_shorten_them(folder: Path) -> None:
    read_with(folder, "city.toml", WEEK, '"tue", "Wed.", "THURSDAY", "fri"')
    counts = read_with(folder, "city.toml", '"January"', '"jul"').calendar.counts
    assert counts == Counts(frozenset((1, 2, 3, 4)), 0, 7)


def test_a_city_that_says_nothing_of_its_week_works_from_monday_to_friday(folder: Path) -> None:
    text = (folder / "city.toml").read_text(encoding="utf-8")
    own = text[text.index("working_days =") : text.index("[[closing_days]]")]
    assert read_with(folder, "city.toml", own, "").calendar.counts == Counts(frozenset(range(5)), 0, 1)

"""City: Riverton is as promised, and each kind of wrong file is one line that names file, key and fix."""

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from handlers.kit.city.model import City
from handlers.kit.city.people import Person
from handlers.kit.city.reading import read_city
from handlers.kit.errors import ConfigurationError
from handlers.kit.policy import ROLES
from tests.chat.bot import RIVERTON

OPTIONAL = {
    "words.toml",
    "crisis.toml",
    "contacts.toml",
    "risks.toml",
    "routines.toml",
    "standup.toml",
    "checkin.toml",
    "checklists.toml",
}  # a city may leave these out


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RIVERTON, tmp_path / "town"))


@pytest.fixture(scope="module")
def city() -> City:
    return read_city(RIVERTON)


def problem(folder: Path) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as wrong:
        read_city(folder)
    assert "\n" not in str(wrong.value)
    assert len(wrong.value.fix) < 300
    return wrong.value


def test_riverton_has_its_people_with_their_roles(city: City) -> None:
    assert {person: city.people[person].roles for person in ("maria", "olga", "sam", "tom")} == {
        "maria": ("city_manager",), "olga": ("department_head",), "sam": (), "tom": ("crisis_team",),
    }  # fmt: skip
    assert "admin" in city.people["ines"].roles
    assert city.people["olga"].department == city.people["sam"].department == "public-works"
    assert city.people["sam"].all_roles == {"staff"}


def test_riverton_is_as_large_as_promised_and_plainly_invented(city: City) -> None:
    assert len(city.departments) == 12
    assert 18 <= len(city.people) <= 24
    assert [person.email for person in city.people.values()] == [
        f"{person_id}@riverton.example.org" for person_id in city.people
    ]
    assert (city.name, city.facts.zone) == ("Riverton", "America/New_York")
    assert {"ops", "risks", "feedback", "crisis"} <= city.places.keys()


def test_no_address_in_the_example_city_could_be_somebodys() -> None:
    text = "".join(file.read_text(encoding="utf-8") for file in RIVERTON.glob("*.toml"))
    assert all(domain.endswith("example.org") for domain in re.findall(r"\w@([\w.-]+)", text))
    assert not re.findall(r"https?://(?![\w.-]*example\.org)", text)


def test_who_holds_a_role_is_listed_in_the_order_of_the_file(city: City) -> None:
    assert city.with_role("city_manager")[0].id == "maria"
    assert city.with_role("staff") == list(city.people.values())
    assert city.by_email["maria@riverton.example.org"].id == "maria"


def test_people_have_several_addresses_and_accounts_that_are_named(folder: Path) -> None:
    entra = "0B0C0D0E-0000-4000-8000-000000000001"
    more = (
        f'emails = ["S.Rivers@riverton.example.org", "SAM@riverton.example.org"]\nslack = "U07SAM"\nteams = "{entra}"'
    )
    change(folder, "people.toml", 'title = "Street Supervisor"', more)
    city = read_city(folder)
    sam = city.people["sam"]
    assert sam.addresses == ("sam@riverton.example.org", "s.rivers@riverton.example.org")
    assert city.by_email["s.rivers@riverton.example.org"] is city.by_email["sam@riverton.example.org"] is sam
    assert city.whose("slack", "U1", ["S.RIVERS@riverton.example.org"]) == [sam]
    assert city.whose("slack", "U07SAM", ["tom@riverton.example.org"]) == [sam]
    assert city.whose("teams", entra.lower(), []) == [sam]
    assert city.whose("teams", "U07SAM", ["nobody@riverton.example.org"]) == []
    both = city.whose("teams", "29:1", ["tom@riverton.example.org", "sam@riverton.example.org"])
    assert [person.id for person in both] == ["tom", "sam"]


@pytest.mark.parametrize(
    ("platform", "account"), [("slack", "U07SAM"), ("teams", "0b0c0d0e-0000-4000-8000-000000000001")]
)
def test_no_two_people_have_one_account(folder: Path, platform: str, account: str) -> None:
    change(folder, "people.toml", 'id = "sam"', f'id = "sam"\n{platform} = "{account}"')
    change(folder, "people.toml", 'id = "tom"', f'id = "tom"\n{platform} = "{account}"')
    wrong = problem(folder)
    assert (wrong.key, wrong.fix) == (
        platform,
        f"{account.lower()} is used twice, by sam and tom; leave it with one of them",
    )


def change(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


WRONG = [  # file, the text, what replaces it, key, the fix
    ("city.toml", 'name = "Riverton"', 'name = "Riverton"\nmayor = "x"', "mayor", "not known; remove it"),
    ("city.toml", 'name = "Riverton"\n', "", "name", "it is missing; add it"),
    ("city.toml", '"America/New_York"', '"America/Riverton"', "zone", "use one such as America/New_York"),
    ("city.toml", '"America/New_York"', '"../../etc/passwd"', "zone", "use one such as America/New_York"),
    ("city.toml", 'country = "US"', 'country = "Atlantis"', "country", "use a code such as US"),
    ("city.toml", 'subdivision = "NY"', 'subdivision = "Shire"', "country", "use a code such as US"),
    ("risks.toml", 'announced_from = "high"', "announce_from = 26", "announce_from", "26 does not fit"),
    ("risks.toml", 'announced_from = "high"', 'announced_from = "bad"', "announced_from", "'bad' does not fit"),
    ("risks.toml", "announced_from =", "announce_from = 15\nannounced_from =", "announce_from", "take this line out"),
    ("risks.toml", '["department_head", "city_manager"]', '["mayor"]', "level.low.accept.0", "'mayor' does not fit"),
    ("risks.toml", '"low"\nname', '"tiny"\nname', "level.tiny.id", "'tiny' does not fit"),
    ("risks.toml", 'id = "moderate"\nname', 'id = "low"\nname', "level.low", "the id 'low' is there twice"),
    (
        "risks.toml",
        '["moderate", "high", ',
        '["high", "low", ',
        "matrix",
        "levels fall after likelihood 5 and impact 1",
    ),
    ("risks.toml", '"likely", "almost certain"]', '"certain"]', "likelihood.4", "it is missing; add it"),
    ("risks.toml", 'id = "legal"', 'id = "other"', "category.other", "the id 'other' is there twice"),
    ("crisis.toml", "page_again_minutes = 5", "page_again_minutes = 0", "page_again_minutes", "0 does not fit"),
    ("crisis.toml", 'threshold = "One department', 'when = "One department', "level.0.threshold", "it is missing"),
    (
        "crisis.toml",
        'people = ["felix"]',
        "people = []",
        "role.communications.people",
        "it has 0 entries and needs 1 or more",
    ),
    ("crisis.toml", 'people = ["felix"]', 'people = ["fox"]', "communications.people", "there is no person 'fox'"),
    ("crisis.toml", 'id = "commander"', 'id = "captain"', "role", 'there is no role "commander"'),
    ("crisis.toml", 'role = "legal"', 'role = "clown"', "window.later.step.policy.role", "there is no role 'clown'"),
    ("crisis.toml", 'id = "legal"', 'id = "technical"', "role.technical", "the id 'technical' is there twice"),
    ("crisis.toml", 'name = "Legal"', 'name = "technical"', "role.technical.name", "'Technical' is there twice"),
    ("crisis.toml", '"victor", "grace"', '"victor", "victor"', "role.legal.people", "'victor' is there twice"),
    ("crisis.toml", 'name = "one department"', 'name = "the whole city"', "level.2.name", "is there twice"),
    ("crisis.toml", 'id = "first-week"', 'id = "first-day"', "window.first-day", "the id 'first-day' is there twice"),
    ("crisis.toml", 'id = "fix-plan"', 'id = "fallback"', "window.first-week.step.fallback", "there twice; change"),
    (
        "crisis.toml",
        "due_hours = 24",
        "due_hours = 25",
        "window.first-day.step.root-cause.due_hours",
        "window, 24; make",
    ),
    (
        "crisis.toml",
        "until_hours = 24",
        "until_hours = 200",
        "window.first-week.until_hours",
        "168 is not after the end",
    ),
    ("crisis.toml", "remind_minutes = 10", "remind_minutes = 30", "rollcall.remind_minutes", "make it less"),
    (
        "crisis.toml",
        "Is anybody still in danger?",
        "What is affected, and what is not?",
        "window.first-day.questions",
        "there twice; change or remove one",
    ),
    ("contacts.toml", 'person = "ines"', 'person = "ines"\nname = "Ines"', "contact.ai-team-lead", "both a person and"),
    ("contacts.toml", 'person = "ines"', 'person = "ghost"', "ai-team-lead.person", "there is no person 'ghost'"),
    ("contacts.toml", 'person = "ines"\n', "", "contact.ai-team-lead", "say who it is: person ="),
    (
        "contacts.toml",
        '"555-0115"',
        '"call me"',
        "contact.ai-team-lead.phone",
        "write one telephone number, such as (555)",
    ),
    (
        "contacts.toml",
        '"555-0115"',
        '"555-0115 / 555-0191"',
        "contact.ai-team-lead.phone",
        "a second number is a contact of its",
    ),
    ("city.toml", "zone = ", "zone == ", "syntax", "fix that line"),
    ("people.toml", '["crisis_team"]', '["crisis_clown"]', "person.tom.roles.0", "crisis_clown"),
    ("people.toml", 'id = "sam"', 'id = "tom"', "person.tom", "the id 'tom' is there twice"),
    ("people.toml", 'id = "sam"', 'id = "Sam R"', "person.2.id", "'Sam R' is not an id"),
    ("people.toml", "sam@riverton", "TOM@riverton", "email", "tom@riverton.example.org is used twice"),
    (
        "people.toml",
        'id = "sam"',
        'id = "sam"\nemails = ["Tom@riverton.example.org"]',
        "email",
        "by sam and tom; leave",
    ),
    ("people.toml", 'id = "sam"', 'id = "sam"\nslack = "sam"', "person.sam.slack", "'sam' does not fit"),
    ("people.toml", 'id = "sam"', 'id = "sam"\nteams = "sam"', "person.sam.teams", "'sam' does not fit"),
    ("people.toml", 'roles = ["city_manager"]', "", "roles", "nobody is city_manager; give somebody the role"),
    ("people.toml", 'department = "fire"', 'department = "magic"', "tom.department", "there is no department 'magic'"),
    ("people.toml", 'title = "City Manager"', 'titel = "x"', "person.maria.titel", "fix its spelling"),
    ("departments.toml", 'head = "olga"', 'head = "nobody"', "public-works.head", "there is no person 'nobody'"),
    ("departments.toml", 'place = "water"', 'place = "moon"', "water.place", "there is no place 'moon'"),
    ("departments.toml", 'id = "water"', 'id = "parks"', "department.parks", "the id 'parks' is there twice"),
    ("places.toml", 'id = "ops"', 'id = "oops"', "ops", "there is no place 'ops'; add it"),
    ("feedback.toml", 'department = "water"', 'department = "wine"', "water.department", "no department 'wine'"),
    ("feedback.toml", 'id = "lights"', 'id = "streets"', "category.streets", "the id 'streets' is there twice"),
    ("checkin.toml", 'id = "potholes"', 'id = "help"', "number.help.id", "'help' means something else in a check-in"),
    ("checkin.toml", '["water"]', '["wine"]', "main-breaks.departments", "there is no department 'wine'"),
    ("standup.toml", '["priya", "ben", "noah"]', "[]", "team.parks.members", "it has 0 entries and needs 1 or more"),
    ("routines.toml", '\nat = "07:30"', '\nat = "7 o clock"', "morning-check.at", "write one such as 07:30"),
    ("routines.toml", '\non = "working days"', '\non = "now and then"', "morning-check.on", "write one such as"),
    ("routines.toml", "[morning-check]", "[morning-check]\nto = 'sam'", "morning-check.to", "not known"),
]


@pytest.mark.parametrize(("file", "old", "new", "key", "fix"), WRONG, ids=[f"{case[3]}: {case[4]}" for case in WRONG])
def test_a_wrong_fact_names_its_file_its_key_and_the_fix(
    folder: Path, file: str, old: str, new: str, key: str, fix: str
) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    wrong = problem(folder)
    assert (Path(wrong.file).name, wrong.key) == (file, key)
    assert fix in wrong.fix
    assert wrong.key
    assert "Value error" not in wrong.fix


def test_of_what_does_not_fit_only_the_beginning_is_said(folder: Path) -> None:
    file = folder / "crisis.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("[[scenario]]", "[[scenarios]]").replace("[[level]]", f"scenario = {[text]!r}\n\n[[level]]", 1)
    )
    wrong = problem(folder)
    assert wrong.key == "scenario.0"
    assert "\u2026 does not fit" in wrong.fix


@pytest.mark.parametrize("file", sorted({file.name for file in RIVERTON.glob("*.toml")} - OPTIONAL))
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    assert str(problem(folder)) == f"{folder / file}: file: it is missing; copy it from the example city"


def test_a_city_without_stand_ups_needs_no_file_for_them(folder: Path) -> None:
    (folder / "standup.toml").unlink()
    assert read_city(folder).teams == {}


def test_a_file_that_is_a_folder_is_named(folder: Path) -> None:
    (folder / "places.toml").unlink()
    (folder / "places.toml").mkdir()
    assert (Path(problem(folder).file).name, problem(folder).key) == ("places.toml", "file")


def test_a_file_that_is_not_utf_8_is_named(folder: Path) -> None:
    (folder / "places.toml").write_bytes('name = "Caf\u00e9"'.encode("latin-1"))
    assert (Path(problem(folder).file).name, problem(folder).key) == ("places.toml", "syntax")


def test_a_folder_that_is_not_there_is_named_with_its_setting(tmp_path: Path) -> None:
    wrong = problem(tmp_path / "nowhere")
    assert (wrong.file, wrong.key) == ("CITY_DIR", str(tmp_path / "nowhere"))
    assert "set CITY_DIR" in wrong.fix


def test_of_a_city_in_which_one_file_changes_the_others_are_not_read_again(folder: Path) -> None:
    before = read_city(folder)
    places = folder / "places.toml"
    places.write_text(places.read_text().replace('name = "risks"', 'name = "dangers"'))
    after = read_city(folder)
    assert after.crisis is before.crisis
    assert after.places["risks"] != before.places["risks"]


def test_the_same_mistake_is_named_with_the_file_that_makes_it(folder: Path, tmp_path: Path) -> None:
    (folder / "standup.toml").write_text("nonsense = 1\n")
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    assert [problem(directory).file for directory in (folder, other)] == [
        str(directory / "standup.toml") for directory in (folder, other)
    ]


class Counted(dict[str, Person]):
    """People, and how often somebody has gone through all of them."""

    looks = 0

    def values(self) -> Any:
        self.looks += 1
        return super().values()


def test_who_has_a_role_is_known_without_going_through_everybody_each_time() -> None:
    """Each person's digest asks this 20 times, which took nine tenths of the time in a city of 5,000."""
    city = read_city(RIVERTON)
    people = Counted(city.people)
    counted = replace(city, people=people)
    for role in ROLES * 10:
        assert counted.with_role(role) == [person for person in city.people.values() if role in person.all_roles]
    assert people.looks == 1
    counted.with_role("admin").clear()
    assert counted.with_role("admin")

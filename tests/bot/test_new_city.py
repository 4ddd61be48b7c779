"""New city: a folder with the few files of a city and its people; the doctor leads through the rest."""

import re
import tomllib
from pathlib import Path

import pytest

from bot.cli.new_people import read_people
from handlers.kit.city.reading import read_city
from handlers.kit.errors import UserError
from tests.bot.conftest import ROOT, Call
from tests.bot.terminal import refused, said
from tests.sqlite import migrated

TABLE = """Employee Name,E-Mail Address,Job Title,Dept.,Role,Deputy,Phone
Ann Lee,ann.lee@springfield.example,City Manager,Administration,city manager; Head,Bob Ray,555
Bob Ray,bob.ray@springfield.example,Director of Streets,Streets,"Department Head, crisis team",,
Zoë "Zed" Núñez,zoe@springfield.example,IT Lead,I.T.,admin and head,Bob Ray,
Eve Fox,eve@springfield.example,Clerk, administration ,,bob.ray@springfield.example,
"""


@pytest.fixture
def table(folder: Path) -> Path:
    """The people of a city as somebody has them."""
    file = folder / "people.csv"
    file.write_text(TABLE, encoding="utf-8")
    return file


def fill(file: Path, key: str, value: str) -> None:
    """Fill in a key as its comment says: without the # in front."""
    text = file.read_text(encoding="utf-8")
    assert f'\n#{key} = ""' in text
    file.write_text(text.replace(f'\n#{key} = ""', f'\n{key} = "{value}"', 1), encoding="utf-8")


@pytest.mark.usefixtures("table")
def test_the_doctor_leads_from_an_empty_folder_to_a_city_that_is_well(call: Call, folder: Path) -> None:
    told = said(call, "new-city", "springfield", "--people", "people.csv")
    assert "It has 4 people and 3 departments." in told
    lines = ("CITY_DIR=springfield", "DATABASE_URL=sqlite:///data/springfield.db")
    assert " and ".join(lines) in told
    (folder / ".env").write_text("\n".join(lines))
    assert refused(call, "doctor") == "springfield/city.toml: zone: it is missing; add it\n"
    fill(folder / "springfield" / "city.toml", "zone", "America/Chicago")
    assert refused(call, "doctor") == "springfield/city.toml: country: it is missing; add it\n"
    fill(folder / "springfield" / "city.toml", "country", "US")
    code, out, _ = call("doctor")
    assert code == 1
    assert [line for line in out.splitlines() if not line.startswith("ok ")] == [
        "to fix   database: data/springfield.db: there is no database yet; start the bot once"
    ]
    (folder / "data").mkdir(mode=0o700)
    migrated(folder / "data" / "springfield.db")
    assert "to fix" not in said(call, "doctor")
    assert "Logged R-1" in said(call, "say", "eve", "risk add Bridge closed; likelihood 4; impact 4")


def test_without_a_table_the_doctor_asks_for_people_then_departments_then_what_residents_ask(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Write your people and departments into springfield/people.toml" in said(call, "new-city", "springfield")
    monkeypatch.setenv("CITY_DIR", "springfield")
    city = folder / "springfield"
    fill(city / "city.toml", "zone", "Europe/Berlin")
    fill(city / "city.toml", "country", "DE")
    for file, table in (("people", "person"), ("departments", "department"), ("feedback", "category")):
        assert refused(call, "doctor") == f"springfield/{file}.toml: {table}: it is missing; add it\n"
        text = (city / f"{file}.toml").read_text(encoding="utf-8")
        example = text[text.index(f"#[[{table}]]") :]
        (city / f"{file}.toml").write_text(text + example.replace("#", ""), encoding="utf-8")
    assert "there is no person 'alex'" in refused(call, "doctor")


def test_a_person_is_made_of_each_row_and_a_department_of_each_name(call: Call, folder: Path, table: Path) -> None:
    said(call, "new-city", "springfield", "--people", str(table))
    fill(folder / "springfield" / "city.toml", "zone", "America/Chicago")
    fill(folder / "springfield" / "city.toml", "country", "US")
    city = read_city(folder / "springfield")
    assert city.name == "Springfield"
    ann, bob, zoe, eve = (city.people[name] for name in ("ann-lee", "bob-ray", "zoe", "eve"))
    assert (ann.deputy, ann.title, ann.roles) == ("bob-ray", "City Manager", ("city_manager", "department_head"))
    assert (bob.roles, bob.department) == (("department_head", "crisis_team"), "streets")
    assert (zoe.name, zoe.roles, zoe.department) == ('Zoë "Zed" Núñez', ("admin", "department_head"), "i-t")
    assert (zoe.deputy, bob.deputy) == ("bob-ray", None)
    assert (eve.roles, eve.department, eve.deputy) == ((), "administration", "bob-ray")
    assert {known: (row.name, row.head) for known, row in city.departments.items()} == {
        "administration": ("Administration", "ann-lee"), "streets": ("Streets", "bob-ray"), "i-t": ("I.T.", "zoe"),
    }  # fmt: skip
    assert [category.department for category in city.categories.values()] == list(city.departments)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",x@springfield.example,,,,,", "it has no name"),
        ("Carl Orr,,,,,,", "Carl Orr has no e-mail address"),
        (
            "Carl Orr,carl(at)springfield.example,,,,,",
            "'carl(at)springfield.example' is not an e-mail address: it has no @",
        ),
        ("Carl Orr,ANN.LEE@springfield.example,,,,,", "Carl Orr has the e-mail address of line 2, Ann Lee"),
        ("Carl Orr,carl@springfield.example,,,boss,,", 'there is no role "boss"; write department_head, city_manager'),
        ("Carl Orr,carl@springfield.example,,,,Ghost,", 'taken without the deputy "Ghost", who is in no row'),
        ("Carl Orr,carl@springfield.example,,,,carl orr,", 'the deputy "carl orr", who is the same person'),
        ("Ann Lee,ann@springfield.example,,,,Ann Lee,", 'the deputy "Ann Lee", of whom there are 2'),
    ],
)
def test_a_row_that_does_not_fit_is_named_with_its_line_and_the_others_are_taken(
    call: Call, table: Path, row: str, why: str
) -> None:
    table.write_text(f"{TABLE}{row}\n", encoding="utf-8")
    code, out, error = call("new-city", "springfield", "--people", "people.csv")
    assert (code, error.count("\n")) == (1, 1)
    assert error.startswith("people.csv: line 6: ")
    assert why in error
    assert f"It has {5 if 'deputy' in why else 4} people" in out


@pytest.mark.parametrize(
    ("headings", "row"),
    [
        ("First Name;Last Name;Mail", "Ann;Lee;ann@springfield.example"),
        ("FULL NAME\tWork E-mail", "Ann Lee\tAnn Lee <ann@springfield.example>"),
        ("mail,display_name,Employee ID", "ann@springfield.example,Ann Lee,7"),
    ],
)
def test_headings_are_taken_as_tables_have_them(headings: str, row: str) -> None:
    new = read_people(f"{headings}\n{row}\n".encode())
    assert [(person.id, person.name, person.email) for person in new.persons.values()] == [
        ("ann", "Ann Lee", "ann@springfield.example")
    ]


def test_nobody_gets_an_id_that_is_taken_or_means_something_else() -> None:
    rows = [
        "Ann,here@a.example",
        "Ann,here@b.example",
        "Ann,x-here@c.example",
        "Ann,7@a.example",
        "Ann,slack-1@a.example",
    ]
    new = read_people("\n".join(["Name,E-mail", *rows]).encode())
    assert [person.id for person in new.persons.values()] == ["x-here", "x-here-2", "x-here-3", "x-7", "x-slack-1"]


@pytest.mark.parametrize("table", ["", "Name,Phone\nAnn,555\n"])
def test_a_table_without_names_or_addresses_is_refused_with_what_it_needs(table: str) -> None:
    with pytest.raises(UserError, match=r"first line (names the columns|has no Name or no E-mail)"):
        read_people(table.encode())


def test_what_stands_in_a_folder_is_never_written_over(call: Call, folder: Path) -> None:
    (folder / "springfield").mkdir()
    (folder / "springfield" / "city.toml").write_text("mine")
    assert "something is in it already; name a new folder" in refused(call, "new-city", "springfield")
    assert "it cannot be read" in refused(call, "new-city", "elsewhere", "--people", "no.csv")
    assert [path.name for path in (folder / "springfield").iterdir()] == ["city.toml"]
    assert not (folder / "elsewhere").exists()


def test_nothing_of_riverton_is_in_a_new_city(call: Call, folder: Path) -> None:
    said(call, "new-city", "springfield")
    texts = {path.name: path.read_text(encoding="utf-8").lower() for path in (folder / "springfield").iterdir()}
    people = tomllib.loads((ROOT / "city" / "people.toml").read_text(encoding="utf-8"))["person"]
    names = {"riverton", *(person["name"].lower() for person in people), *(person["email"] for person in people)}
    assert {name for name in names for text in texts.values() if name in text} == set()
    assert all(re.match("# ", text) for text in texts.values())

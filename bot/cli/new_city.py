"""New city: a folder with the few files that a city needs, each with comments that explain it."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from string import Template
from typing import Any

from bot.cli.new_people import NewPeople, read_people
from handlers.kit.errors import ConfigurationError, UserError
from handlers.kit.lists import counted, listed
from handlers.kit.policy import ROLES

BLANK = Path(__file__).with_name("blank")
PLACE = "feedback"  # of each department, until it has a place of its own
NO_HEAD = '#head = ""           # FILL IN: the id of who heads it\n'


def new_city(options: argparse.Namespace) -> int:
    """Write the files and say what is left to do; exit code 1 when a row of the people was refused."""
    folder, people = Path(options.folder), NewPeople()
    if options.people:
        people = _people(Path(options.people))
    _write(folder, _texts(folder.resolve().name, people))
    print("\n".join(_told(folder, people)))
    for line, why in sorted(people.refused.items()):
        print(f"{options.people}: line {line}: {why}", file=sys.stderr)
    return 1 if people.refused else 0


def _people(file: Path) -> NewPeople:
    try:
        return read_people(file.read_bytes())
    except OSError as problem:
        raise ConfigurationError("new-city", str(file), f"it cannot be read ({problem.strerror})") from None
    except UserError as problem:
        raise ConfigurationError("new-city", str(file), str(problem)) from None


def _texts(name: str, people: NewPeople) -> dict[str, str]:
    """What stands in each file."""
    persons = (person.model_dump(mode="json", exclude_defaults=True) for person in people.persons.values())
    categories = ({"id": id_, "name": its_name, "department": id_} for id_, its_name in people.departments.items())
    given = {
        "name": _toml(" ".join(name.replace("_", "-").split("-")).title()),
        "people": "".join(_table("person", person) for person in persons),
        "departments": "".join(_departments(people)),
        "categories": "".join(_table("category", category) for category in categories),
    }
    return {file.name: Template(file.read_text("utf-8")).substitute(given) for file in sorted(BLANK.glob("*.toml"))}


def _departments(people: NewPeople) -> Iterator[str]:
    for known, name in people.departments.items():
        head = people.heads.get(known)
        row = {"id": known, "name": name, **({"head": head} if head else {}), "place": PLACE}
        yield _table("department", row) + ("" if head else NO_HEAD)


def _table(name: str, row: Mapping[str, Any]) -> str:
    return "\n".join(["", f"[[{name}]]", *(f"{key} = {_toml(value)}" for key, value in row.items() if value), ""])


def _toml(value: Any) -> str:
    """A text or a list of texts; what JSON escapes, TOML escapes in the same way."""
    return json.dumps(value, ensure_ascii=False)


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    """Write all of the files; raises ConfigurationError where something stands in the folder already."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise ConfigurationError("new-city", str(folder), "something is in it already; name a new folder")
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as problem:
        raise ConfigurationError("new-city", str(folder), f"it cannot be written ({problem.strerror})") from None


def _told(folder: Path, people: NewPeople) -> Iterator[str]:
    """What was made, and what is to be done next."""
    yield f"Written into {folder}: {listed([file.name for file in sorted(BLANK.glob('*.toml'))])}."
    if people.persons:
        found = counted(len(people.persons), "person", "people")
        yield f"It has {found} and {counted(len(people.departments), 'department')}."
    if people.unused:
        yield f"Not used: the {'column' if len(people.unused) == 1 else 'columns'} {listed(people.unused)}."
    yield "Next:"
    steps = [*_steps(folder, people), "Run: .venv/bin/python -m bot doctor. It names what is still missing, in order."]
    yield from (f"{number}. {step}" for number, step in enumerate(steps, 1))


def _steps(folder: Path, people: NewPeople) -> Iterable[str]:
    database = f"sqlite:///data/{folder.resolve().name}.db"  # not the one that was tried with Riverton
    yield f"Put two lines into the file .env: CITY_DIR={folder} and DATABASE_URL={database}"
    yield f"Fill in the time zone and the country in {folder / 'city.toml'}."
    if not people.persons:
        yield f"Write your people and departments into {folder / 'people.toml'} and {folder / 'departments.toml'}."
        yield f"Write what residents ask about into {folder / 'feedback.toml'}."
        return
    held = {role for person in people.persons.values() for role in person.roles}
    if missing := [role for role in ROLES if role not in {"staff", *held}]:
        yield f"Give somebody each of these roles in {folder / 'people.toml'}: {listed(missing)}."
    if headless := [name for known, name in people.departments.items() if known not in people.heads]:
        yield f"Say who heads {listed(headless)} in {folder / 'departments.toml'}."

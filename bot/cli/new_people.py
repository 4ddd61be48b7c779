"""New people: the people of a city from a table that somebody has, and a line for each row that does not fit."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any

from pydantic import TypeAdapter, ValidationError

from handlers.kit.alike import alike
from handlers.kit.city.departments import Department
from handlers.kit.city.people import Person
from handlers.kit.errors import UserError
from handlers.kit.lists import listed
from handlers.kit.sheets.reading import cells, opened

# The headings under which a table may have each thing, in small letters and without anything else.
HEADINGS = {
    "id": ("id", "username", "userid", "login", "shortname"),
    "name": ("name", "fullname", "displayname", "employee", "employeename", "person"),
    "first": ("firstname", "givenname", "first", "forename"),
    "last": ("lastname", "surname", "familyname", "last"),
    "email": ("email", "emailaddress", "mail", "workemail", "businessemail", "userprincipalname", "upn"),
    "title": ("title", "jobtitle", "job", "position", "function"),
    "department": ("department", "departmentname", "dept", "division", "unit"),
    "roles": ("role", "roles", "access", "rights"),
    "deputy": ("deputy", "standin", "substitute", "backup"),
}
# The words by which a table may name a role. A job such as "manager" is none: rights come from no guess.
ROLES = {
    "department_head": ("departmenthead", "head", "headofdepartment", "depthead", "director", "departmentdirector"),
    "city_manager": ("citymanager", "townmanager", "cityadministrator", "townadministrator"),
    "crisis_team": ("crisisteam", "crisis", "emergencyteam"),
    "admin": ("admin", "administrator"),
    "staff": ("staff", "employee", "user", "none"),
}
KNOWN_ROLES = listed(list(ROLES), "or")
LONGEST = 40  # characters of an id


@dataclass
class NewPeople:
    """Who was found, by the line of the table; the departments' names and heads by id; why lines were refused, and
    the columns that are of no use."""

    persons: dict[int, Person] = field(default_factory=dict)
    departments: dict[str, str] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    unused: Sequence[str] = ()
    lines: dict[str, int] = field(default_factory=dict)  # by each of somebody's addresses
    ids: set[str] = field(default_factory=set)

    def add(self, line: int, person: Person) -> None:
        """Add the person of a line."""
        self.persons[line] = person
        self.ids.add(person.id)
        self.lines |= dict.fromkeys(person.addresses, line)


class Refused(Exception):
    """Why a row is not taken."""


def read_people(data: bytes) -> NewPeople:
    """The people of a CSV or XLSX file. Raises UserError when it cannot be read, or has no columns for people."""
    lines = list(cells(opened(data)))
    if not lines:
        raise UserError("it is empty; its first line names the columns, such as Name, E-mail, Department, Role")
    (_, headings), *rows = lines
    columns = _columns(headings)
    new = NewPeople(unused=[heading for heading, column in zip(headings, columns, strict=True) if not column])
    deputies: dict[int, str] = {}
    for line, row in rows:
        said = _said(columns, row)
        try:
            person = _person(said, new)
        except Refused as why:
            new.refused[line] = str(why)
            continue
        new.add(line, person)
        deputies[line] = said.get("deputy", "")
        if person.department and "department_head" in person.roles:
            new.heads.setdefault(person.department, person.id)
    _add_deputies(new, deputies)
    return new


def _columns(headings: Sequence[str]) -> list[str]:
    """What stands in each column; raises UserError when nobody is named, or there are no addresses."""
    columns = [_meant(heading, HEADINGS) for heading in headings]
    if "email" not in columns or not {"name", "last"}.intersection(columns):
        raise UserError(f"its first line has no Name or no E-mail; it has: {', '.join(headings)}")
    return columns


def _meant(words: str, known: Mapping[str, Collection[str]]) -> str:
    """What is meant by a heading or a role as tables have it; empty when nothing is."""
    bare = re.sub(r"[^a-z]", "", _in_ascii(words))
    return next((name for name, spellings in known.items() if bare in spellings), "")


def _said(columns: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    """What a row says, by column; of two columns for the same the first that says something."""
    said: dict[str, str] = {}
    for column, cell in zip(columns, row, strict=False):
        if column and (text := " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", cell).split())):
            said.setdefault(column, text)
    return said


def _person(said: Mapping[str, str], new: NewPeople) -> Person:
    """The person of a row, whose department is added; raises Refused."""
    name = said.get("name") or " ".join(filter(None, (said.get("first"), said.get("last"))))
    if not name:
        raise Refused("it has no name")
    if "email" not in said:
        raise Refused(f"{name} has no e-mail address")
    row: dict[str, Any] = {
        "id": "x",
        "name": name,
        "email": said["email"],
        "title": said.get("title", ""),
        "roles": _roles(said.get("roles", "")),
    }
    try:
        person = Person.model_validate(row)
    except ValidationError as problems:
        problem = problems.errors()[0]
        raise Refused(f"{name}: {problem.get('ctx', {}).get('error', problem['msg'])}") from None
    if line := next((new.lines[address] for address in person.addresses if address in new.lines), None):
        raise Refused(f"{name} has the e-mail address of line {line}, {new.persons[line].name}")
    wanted = said.get("id") or person.email.partition("@")[0]
    own_id = _free_id(wanted, new.ids, Person)
    return person.model_copy(update={"id": own_id, "department": _department(said.get("department"), new)})


def _roles(words: str) -> tuple[str, ...]:
    """The roles that a cell names; raises Refused for one that there is not."""
    roles: dict[str, None] = {}
    for word in filter(str.strip, re.split(r"[,;/&|+]|\band\b", words)):
        if not (role := _meant(word, ROLES)):
            raise Refused(f'there is no role "{word.strip()}"; write {KNOWN_ROLES}, or call the column Title')
        roles[role] = None
    return tuple(role for role in roles if role != "staff")


def _department(name: str | None, new: NewPeople) -> str | None:
    """The id of the department, which may be new."""
    if name is None:
        return None
    for known, its_name in new.departments.items():
        if alike(its_name) == alike(name):
            return known
    known = _free_id(name, new.departments, Department)
    new.departments[known] = name
    return known


def _add_deputies(new: NewPeople, deputies: Mapping[int, str]) -> None:
    """Join each deputy by name, address or id; one whom the table does not name is left out, and said."""
    meant = dict[str, set[str]]()
    for person in new.persons.values():
        for word in (person.id, person.email, person.name):
            meant.setdefault(alike(word), set()).add(person.id)
    for line, word in deputies.items():
        if not word:
            continue
        person, found = new.persons[line], meant.get(alike(word), set())
        if len(found) == 1 and person.id not in found:
            [deputy] = found
            new.persons[line] = person.model_copy(update={"deputy": deputy})
            continue
        why = "who is the same person" if found else "who is in no row"
        if len(found) > 1:
            why = f"of whom there are {len(found)}"
        new.refused[line] = f'{person.name} was taken without the deputy "{word}", {why}'


def _free_id(words: str, taken: Collection[str], model: type[Person | Department]) -> str:
    """An id made of these words that nothing else has."""
    base = "-".join(re.findall("[a-z0-9]+", _in_ascii(words)))[: LONGEST - len("x--99")].strip("-")
    try:
        TypeAdapter(model.__annotations__["id"]).validate_python(base)
    except ValidationError:  # it begins with a digit, or means something else to the bot
        base = f"x-{base}".rstrip("-")
    return next(name for name in chain((base,), (f"{base}-{number}" for number in count(2))) if name not in taken)


def _in_ascii(words: str) -> str:
    """The words in small letters without accents."""
    return unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()

"""City doubles: when any list in any file names something twice, the error says where, and how to fix it."""

import tomllib
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest

from handlers.kit.city.checkin import CheckinFacts
from handlers.kit.city.checklists import ChecklistFacts
from handlers.kit.city.city import CityFacts
from handlers.kit.city.contacts import ContactFacts
from handlers.kit.city.crisis import CrisisFacts
from handlers.kit.city.departments import Departments
from handlers.kit.city.fact import Fact, Repeats
from handlers.kit.city.feedback import FeedbackFacts
from handlers.kit.city.files import CityFile, check_facts
from handlers.kit.city.people import People
from handlers.kit.city.places import Places
from handlers.kit.city.risks import RiskFacts
from handlers.kit.city.standup import StandupFacts
from handlers.kit.errors import ConfigurationError
from tests.chat.bot import RIVERTON

FILES: dict[str, type[Fact]] = {
    "city.toml": CityFacts, "people.toml": People, "departments.toml": Departments, "places.toml": Places,
    "feedback.toml": FeedbackFacts, "standup.toml": StandupFacts, "checkin.toml": CheckinFacts,
    "checklists.toml": ChecklistFacts, "risks.toml": RiskFacts, "crisis.toml": CrisisFacts,
    "contacts.toml": ContactFacts,
}  # fmt: skip
SAMPLES: dict[tuple[str, str], list[Any]] = {  # for lists that Riverton leaves out
    ("Person", "emails"): ["sam@example.org"],
    ("CityFacts", "closing_days"): [{"day": "2026-12-24", "reason": "Christmas Eve"}],
    ("FeedbackFacts", "area"): [{"name": "Old town", "words": ["mill road"]}],
    ("FeedbackFacts", "answer"): [{"id": "done", "name": "It is done"}],
    ("SlackFacts", "slash"): ["/risk"],
    ("RiskFacts", "likelihood"): ["rare", "unlikely", "possible", "likely", "certain"],
    ("RiskFacts", "impact"): ["minor", "moderate", "serious", "major", "severe"],
    ("StandupFacts", "questions"): ["Done?", "Next?", "In your way?"],
    ("Number", "departments"): ["water"],
    ("Place", "open_to"): ["staff"],
    ("Person", "roles"): ["admin"],
    ("RiskCategory", "mitigations"): ["A fence"],
}


@dataclass(frozen=True)
class List:
    """A list that a file may hold: the model and field it is, and the way to it in the file."""

    file: str
    model: type[Fact]
    field: str
    way: tuple[str | int, ...]

    def __str__(self) -> str:
        return f"{self.file} {self.model.__name__}.{self.field}"


def _inner(annotation: Any) -> type[Fact] | None:
    """The model of a field or of its rows, if it has one."""
    for part in (annotation, *get_args(annotation)):
        if isinstance(part, type) and issubclass(part, Fact):
            return part
    return None


def _lists(file: str, model: type[Fact], way: tuple[str | int, ...] = ()) -> Iterator[List]:
    for name, field in model.model_fields.items():
        is_list = get_origin(field.annotation) is tuple
        if is_list and Repeats not in field.metadata:
            yield List(file, model, name, (*way, name))
        if inner := _inner(field.annotation):
            yield from _lists(file, inner, (*way, name, 0) if is_list else (*way, name))


ALL = [entry for file, model in FILES.items() for entry in _lists(file, model)]


def _filled(entry: List) -> tuple[dict[str, Any], list[Any]]:
    """Riverton's file, with something in this list."""
    table = tomllib.loads((RIVERTON / entry.file).read_text(encoding="utf-8"))
    here: Any = table
    model, way = FILES[entry.file], list(entry.way)
    while way:
        step = way.pop(0)
        assert isinstance(step, str)
        field = model.model_fields[step]
        if get_origin(field.annotation) is tuple and not here.get(step):
            here[step] = deepcopy(SAMPLES[model.__name__, step])
        elif not way or way[0] != 0:
            here.setdefault(step, {} if way else None)
        here, inner = here[step], _inner(field.annotation)
        if way and way[0] == 0:
            way.pop(0)
            here = _row_with(here, way)
        if way:
            assert inner
            model = inner
    assert isinstance(here, list)
    return table, here


def _row_with(rows: list[Any], way: list[str | int]) -> Any:
    """The first row that has the next key of the way, or the first of all."""
    return next((row for row in rows if way and isinstance(row, dict) and row.get(str(way[0]))), rows[0])


@pytest.mark.parametrize("entry", ALL, ids=str)
def test_what_is_there_twice_is_refused_with_file_key_and_fix(entry: List) -> None:
    table, values = _filled(entry)
    check_facts(CityFile(Path(entry.file), ""), "", FILES[entry.file], deepcopy(table))
    fixed = entry.field in ("likelihood", "impact", "questions") and entry.model.__name__ != "Window"
    if fixed:
        values[-1] = values[0]
    else:
        values.append(deepcopy(values[0]))
    with pytest.raises(ConfigurationError) as refused:
        check_facts(CityFile(Path(entry.file), ""), "", FILES[entry.file], table)
    assert refused.value.file == entry.file
    assert entry.field in refused.value.key.split(".")
    assert "there twice; change or remove one" in refused.value.fix


def test_every_list_of_every_model_is_among_them() -> None:
    """New lists are found without being named here; a list that may hold doubles says so."""
    fields = {(entry.model.__name__, entry.field) for entry in ALL}
    assert {("Team", "members"), ("CrisisRole", "people"), ("Number", "departments"), ("Area", "words")} <= fields
    assert ("RiskFacts", "matrix") not in fields
    assert len(fields) > 30


def test_words_that_people_take_for_the_same_are_the_same() -> None:
    table = {"name": "Old town", "words": ["Mill Road", "MILL  road"]}
    with pytest.raises(ConfigurationError, match="'MILL road' is there twice"):
        check_facts(CityFile(Path("feedback.toml"), ""), "area", _area(), table)


def _area() -> type[Fact]:
    area = _inner(FeedbackFacts.model_fields["area"].annotation)
    assert area
    return area


def test_two_places_cannot_be_one_channel(tmp_path: Path) -> None:
    places = [{"id": place, "name": place, "slack": "C123"} for place in ("ops", "risks")]
    with pytest.raises(ConfigurationError, match=r"place\.risks\.slack: the slack 'C123' is there twice"):
        check_facts(CityFile(tmp_path / "places.toml", ""), "", Places, {"place": places})


NAMED = {  # the rows among which people choose by a name
    "departments.toml": "department", "feedback.toml": "category", "crisis.toml": "scenario", "risks.toml": "category",
    "standup.toml": "team", "checkin.toml": "number", "places.toml": "place",
}  # fmt: skip


@pytest.mark.parametrize(("file", "field"), NAMED.items(), ids=NAMED)
def test_two_that_people_choose_among_have_two_names(file: str, field: str) -> None:
    table = tomllib.loads((RIVERTON / file).read_text(encoding="utf-8"))
    table[field].append({**table[field][0], "id": "another", "name": table[field][0]["name"].upper()})
    with pytest.raises(ConfigurationError, match=rf"{field}\.another\.name: the name .* is there twice"):
        check_facts(CityFile(Path(file), ""), "", FILES[file], table)


def test_two_people_may_have_one_name() -> None:
    people = [{"id": person, "name": "Ann Lee", "email": f"{person}@example.org"} for person in ("ann", "lee")]
    read = check_facts(CityFile(Path("people.toml"), ""), "", People, {"person": people})
    assert [person.name for person in read.person] == ["Ann Lee", "Ann Lee"]

"""Reading: the city, read from its folder of TOML files and checked across them."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from handlers.kit.city.checkin import CheckinFacts
from handlers.kit.city.checklists import ChecklistFacts
from handlers.kit.city.city import CityFacts
from handlers.kit.city.contacts import ContactFacts
from handlers.kit.city.crisis import CrisisFacts
from handlers.kit.city.departments import Departments
from handlers.kit.city.feedback import FeedbackFacts
from handlers.kit.city.files import CityFolder, Texts, by_id, check_facts, read_facts, read_texts, read_toml
from handlers.kit.city.model import City
from handlers.kit.city.people import People, Person
from handlers.kit.city.places import Places
from handlers.kit.city.risks import RiskFacts
from handlers.kit.city.routines import RoutineFacts
from handlers.kit.city.standup import StandupFacts
from handlers.kit.city.words import WordFacts
from handlers.kit.errors import ConfigurationError
from handlers.kit.policy import ROLES
from handlers.kit.time.public_holidays import public_holidays


def read_city(path: Path, texts: Texts | None = None) -> City:
    """The city described by a folder of TOML files, or by what stood in them before (``texts``).

    Raises ConfigurationError naming the file, the key and the fix.
    """
    if texts is None and not path.is_dir():
        raise ConfigurationError("CITY_DIR", str(path), "there is no such folder; set CITY_DIR to the city's files")
    folder = CityFolder(path, read_texts(path) if texts is None else texts)
    facts = read_facts(folder / "city.toml", CityFacts)
    people = by_id(read_facts(folder / "people.toml", People).person)
    working = read_facts(folder / "departments.toml", Departments)
    departments = by_id(working.department)
    places = by_id(read_facts(folder / "places.toml", Places).place)
    feedback = read_facts(folder / "feedback.toml", FeedbackFacts)
    categories = by_id(feedback.category)
    changed = folder / "routines.toml"
    tables = {} if changed.says is None else read_toml(changed)
    routines = {name: check_facts(changed, name, RoutineFacts, table) for name, table in tables.items()}
    standup = read_facts(folder / "standup.toml", StandupFacts, StandupFacts())
    checkin = read_facts(folder / "checkin.toml", CheckinFacts, CheckinFacts())
    checklists = read_facts(folder / "checklists.toml", ChecklistFacts, ChecklistFacts())
    risks = read_facts(folder / "risks.toml", RiskFacts, RiskFacts())
    crisis = read_facts(folder / "crisis.toml", CrisisFacts, CrisisFacts())
    contacts = read_facts(folder / "contacts.toml", ContactFacts, ContactFacts())
    words = read_facts(folder / "words.toml", WordFacts, WordFacts())
    city = City(
        facts,
        people,
        departments,
        places,
        categories,
        feedback.reached_us_by,
        routines,
        standup,
        checkin,
        checklists,
        feedback,
        working.hours,
        risks,
        crisis,
        contacts,
        words,
    )
    _check_references(city, folder)
    return city


def _check_references(city: City, folder: CityFolder) -> None:
    """Check that another file has what one file names; raises ConfigurationError for the first that is missing."""
    _check_zone_and_country(city.facts, str(folder / "city.toml"))
    for file, key, name, known, what in _references(city):
        if name is not None and name not in known:
            raise ConfigurationError(str(folder / file), key, f"there is no {what} {name!r}; add it or name another")
    people = str(folder / "people.toml")
    for role in ROLES:
        if not city.with_role(role):
            raise ConfigurationError(people, "roles", f"nobody is {role}; give somebody the role")
    _check_deputies(city, people)
    _check_nobody_shares(
        people, "email", ((person, address) for person in city.people.values() for address in person.addresses)
    )
    for platform in ("slack", "teams"):
        accounts = ((person, getattr(person, platform)) for person in city.people.values())
        _check_nobody_shares(people, platform, ((person, account.lower()) for person, account in accounts if account))


def _check_nobody_shares(file: str, key: str, values: Iterable[tuple[Person, str]]) -> None:
    """Check that no two people share an address or account, or one would act as the other."""
    first: dict[str, str] = {}
    for person, value in values:
        if value in first:
            both = f"by {first[value]} and {person.id}"
            raise ConfigurationError(file, key, f"{value} is used twice, {both}; leave it with one of them")
        first[value] = person.id


def _check_deputies(city: City, file: str) -> None:
    """Check that deputies of deputies do not go in a circle, or nobody would be found."""
    well = set[str]()  # from whom on there is no circle
    for person in city.people.values():
        seen, deputy = {person.id: None}, person.deputy
        while deputy is not None and deputy not in well:
            if deputy in seen:
                way = " -> ".join([*seen, deputy])
                raise ConfigurationError(file, f"{person.id}.deputy", f"deputies go in a circle ({way}); name another")
            seen[deputy] = None
            deputy = city.people[deputy].deputy
        well |= seen.keys()


Named = Iterator[tuple[str, str, str | None, Mapping[str, Any], str]]


def _references(city: City) -> Named:
    """Each reference between the files: file, key, name, where it must be, what it is."""
    for department in city.departments.values():
        yield "departments.toml", f"{department.id}.head", department.head, city.people, "person"
        yield "departments.toml", f"{department.id}.place", department.place, city.places, "place"
    for person in city.people.values():
        yield "people.toml", f"{person.id}.department", person.department, city.departments, "department"
        yield "people.toml", f"{person.id}.deputy", person.deputy, city.people, "person"
    for category in city.categories.values():
        yield "feedback.toml", f"{category.id}.department", category.department, city.departments, "department"
        yield "feedback.toml", f"{category.id}.person", category.person, city.people, "person"
    for needed in ("ops", "risks", "feedback", "crisis"):
        yield "places.toml", needed, needed, city.places, "place"
    yield from _who_does_what(city)


def _who_does_what(city: City) -> Named:
    """The same for stand-ups, check-ins, checklists, crises and contacts."""
    for team in city.standup.team:
        yield "standup.toml", f"{team.id}.place", team.place, city.places, "place"
        for member in team.members:
            yield "standup.toml", f"{team.id}.members", member, city.people, "person"
    for number in city.checkin.number:
        for name in number.departments:
            yield "checkin.toml", f"{number.id}.departments", name, city.departments, "department"
    for item in city.checklists.item:
        _, given, name = item.owner.rpartition(":")
        known: Mapping[str, Any] = city.departments if given else dict.fromkeys(ROLES)
        yield "checklists.toml", f"{item.id}.owner", name, known, "department" if given else "role"
    for role in city.crisis.role:
        for member in role.people:
            yield "crisis.toml", f"{role.id}.people", member, city.people, "person"
    for contact in city.contacts.contact:
        yield "contacts.toml", f"{contact.id}.person", contact.person, city.people, "person"


def _check_zone_and_country(facts: CityFacts, file: str) -> None:
    try:
        ZoneInfo(facts.zone)
    except (KeyError, ValueError, OSError):
        raise ConfigurationError(file, "zone", f"no zone {facts.zone!r}; use one such as America/New_York") from None
    try:
        public_holidays(facts.country, facts.subdivision)
    except NotImplementedError as problem:
        raise ConfigurationError(file, "country", f"{problem}; use a code such as US with subdivision NY") from None

"""City: all facts of one city, and who and what is found in them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from handlers.kit.city.checkin import CheckinFacts
from handlers.kit.city.checklists import ChecklistFacts
from handlers.kit.city.city import AttentionFacts, CityFacts
from handlers.kit.city.contacts import ContactFacts
from handlers.kit.city.crisis import CrisisFacts
from handlers.kit.city.departments import Department
from handlers.kit.city.feedback import Category, Ending, FeedbackFacts
from handlers.kit.city.names import Names
from handlers.kit.city.people import Person
from handlers.kit.city.places import Place
from handlers.kit.city.risks import RiskFacts
from handlers.kit.city.routines import RoutineFacts
from handlers.kit.city.standup import StandupFacts, Team
from handlers.kit.city.words import WAYS, WordFacts
from handlers.kit.time.calendar import Calendar
from handlers.kit.time.public_holidays import public_holidays
from handlers.kit.time.worktime import Hours


@dataclass(frozen=True)
class City:
    """All facts of one city; every reference between them holds."""

    facts: CityFacts
    people: Mapping[str, Person]
    departments: Mapping[str, Department]
    places: Mapping[str, Place]
    categories: Mapping[str, Category]
    reached_us_by: tuple[str, ...]
    routines: Mapping[str, RoutineFacts] = field(default_factory=dict)
    standup: StandupFacts = field(default_factory=StandupFacts)
    checkin: CheckinFacts = field(default_factory=CheckinFacts)
    checklists: ChecklistFacts = field(default_factory=ChecklistFacts)
    feedback: FeedbackFacts = field(default_factory=lambda: FeedbackFacts(reached_us_by=(), category=()))
    hours: Hours = field(default_factory=lambda: Hours(time(8), time(17)))
    risks: RiskFacts = field(default_factory=RiskFacts)
    crisis: CrisisFacts = field(default_factory=CrisisFacts)
    contacts: ContactFacts = field(default_factory=ContactFacts)
    words: WordFacts = field(default_factory=WordFacts)

    @property
    def name(self) -> str:
        return self.facts.name

    @property
    def attention(self) -> AttentionFacts:
        return self.facts.attention

    @cached_property
    def asked(self) -> dict[Any, Any]:
        """The questions of every form in this city's words, as they are asked for the first time (see forms)."""
        return {}

    @cached_property
    def calendar(self) -> Calendar:
        """The city's zone, weeks, years and closed days; public holidays are worked out as each year is asked for."""
        public = public_holidays(self.facts.country, self.facts.subdivision)
        own = {closing.day: closing.reason for closing in self.facts.closing_days}
        return Calendar(ZoneInfo(self.facts.zone), _Closed(public, own), self.facts.counts, self.facts.style)

    @cached_property
    def teams(self) -> Mapping[str, Team]:
        """The teams that hold a stand-up, by id."""
        return {team.id: team for team in self.standup.team}

    @cached_property
    def phones(self) -> Mapping[str, str]:
        """Telephone numbers by person, the first one of each."""
        return {contact.person: contact.phone for contact in reversed(self.contacts.contact) if contact.person}

    @cached_property
    def by_email(self) -> Mapping[str, Person]:
        """People by each of their addresses, in lower case."""
        return {address: person for person in self.people.values() for address in person.addresses}

    @cached_property
    def by_account(self) -> Mapping[tuple[str, str], Person]:
        """The people whose accounts people.toml names, by platform and the account's id in lower case."""
        named = ((person, "slack", person.slack) for person in self.people.values())
        also = ((person, "teams", person.teams) for person in self.people.values())
        return {(platform, account.lower()): person for person, platform, account in (*named, *also) if account}

    def whose(self, platform: str, account: str, addresses: Iterable[str]) -> list[Person]:
        """Whose account this is by people.toml: the person who names it there, else all who have one of its addresses.

        More than one person means that nobody can know.
        """
        if named := self.by_account.get((platform, account.lower())):
            return [named]
        found = (self.by_email.get(address.lower()) for address in addresses)
        return list({person.id: person for person in found if person}.values())

    @cached_property
    def names(self) -> Names:
        """What people are called."""
        return Names(self.people, self.departments)

    def find_person(self, words: str) -> str | None:
        """The id of the only person whose id, address, name or part of a name this is; else None."""
        if (plain := words.lower()) in self.people:
            return plain
        if person := self.by_email.get(plain):
            return person.id
        named = self.names.named(words)
        return named[0].id if len(named) == 1 else None

    def words_for_nothing(self) -> list[str]:
        """The keys of words.toml that name nothing of this city: its words for them mean nothing."""
        known = {
            "categories": self.categories.keys(),
            "endings": self.endings.keys(),
            "ways": set(self.reached_us_by),
            "risk_categories": {category.id for category in self.risks.category},
        }
        return [
            f"{table}.{name}"
            for table, names in known.items()
            for name in getattr(self.words, table)
            if name not in names and not (table == "ways" and name in WAYS)
        ]

    def hours_of(self, department: str | None) -> Hours:
        """When a department works; the city's own hours where it says nothing."""
        known = self.departments.get(department or "")
        return known.hours if known and known.hours else self.hours

    @cached_property
    def endings(self) -> Mapping[str, Ending]:
        """How feedback can end, by reason code."""
        return {ending.id: ending for ending in self.feedback.answer}

    def in_department(self, department: str) -> list[Person]:
        """Its head and everybody who belongs to it."""
        return list(self._by_department.get(department, ()))

    @cached_property
    def _by_department(self) -> Mapping[str, Sequence[Person]]:
        """People by department, in the order of the file, sorted once, because lists ask for each department."""
        found: dict[str, dict[str, Person]] = {}
        headed: dict[str, list[str]] = {}
        for department in self.departments.values():
            headed.setdefault(department.head, []).append(department.id)
        for person in self.people.values():
            for name in (person.department, *headed.get(person.id, ())):
                if name is not None:
                    found.setdefault(name, {})[person.id] = person
        return {name: list(those.values()) for name, those in found.items()}

    @cached_property
    def crisis_team(self) -> Mapping[str, Person]:
        """Everybody who is called in each crisis, by id: the crisis team, and the people named for one of its roles."""
        named = [self.people[person] for role in self.crisis.role for person in role.people]
        return {person.id: person for person in (*self.with_role("crisis_team"), *named)}

    def with_role(self, role: str) -> list[Person]:
        """The people who hold a role, in the order of the file."""
        return list(self._by_role.get(role, ()))

    @cached_property
    def _by_role(self) -> Mapping[str, Sequence[Person]]:
        """People by role, sorted once, because stand-ins are looked for again and again."""
        found: dict[str, list[Person]] = {}
        for person in self.people.values():
            for role in person.all_roles:
                found.setdefault(role, []).append(person)
        return found


class _Closed(dict[date, str]):
    """The city's own closing days over the country's public holidays."""

    def __init__(self, public: Any, own: Mapping[date, str]) -> None:
        super().__init__(own)
        self._public = public

    def get(self, day: date, default: Any = None) -> Any:
        return super().get(day) or self._public.get(day, default)

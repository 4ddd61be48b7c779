"""Facts: what a city's TOML files may say, one model for each table."""

from datetime import date, time
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from handlers.kit.calendar import Closed, read_time
from handlers.kit.errors import WrongFact
from handlers.kit.rules import read_rule
from handlers.kit.worktime import Hours, read_hours

Role = Literal["staff", "department_head", "city_manager", "crisis_team", "admin"]
ID = r"^[a-z][a-z0-9-]{0,39}$"
Id = Annotated[str, Field(pattern=ID)]
Clock = Annotated[time, BeforeValidator(lambda value: read_time(value) if isinstance(value, str) else value)]
WorkHours = Annotated[Hours, BeforeValidator(lambda value: read_hours(value) if isinstance(value, str) else value)]
Most = Annotated[int, Field(ge=1, le=1_000_000)]
Amount = Annotated[int, Field(ge=1, le=10_000)]
DayRule = Annotated[str, AfterValidator(lambda words: read_rule(words).words)]


class Repeats:
    """Written beside the type of a list that may hold the same thing more than once."""


class Fact(BaseModel):
    """A table. No list in it holds anything twice: what is named twice would be asked, paged or planned twice, or one
    would hide the other. Rows of tables are the same when they agree in one of ``DIFFER``; people choose by names."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    DIFFER: ClassVar[tuple[str, ...]] = ("id", "name")

    @model_validator(mode="after")
    def _holds_nothing_twice(self) -> Self:
        for name, field in type(self).model_fields.items():
            values = getattr(self, name)
            if isinstance(values, tuple) and not any(one is Repeats for one in field.metadata):
                _refuse_doubles(name, values)
        return self


def _refuse_doubles(name: str, values: tuple[Any, ...]) -> None:
    """Raise WrongFact for the first of a list's values that is there for the second time."""
    known = set[tuple[str, str]]()
    for number, value in enumerate(values):
        for key, part in _told_apart_by(value):
            if (key, _plain(part)) in known:
                row = getattr(value, "id", None) or str(number)
                where = ".".join((name, row, key)).removesuffix(".id") if key else name
                what = f"the {key} {_spoken(part)}" if key else _spoken(part)
                raise WrongFact(where, f"{what} is there twice; change or remove one")
            known.add((key, _plain(part)))


def _told_apart_by(value: Any) -> list[tuple[str, Any]]:
    """What a value must not share with another one of its list: its own keys, or itself."""
    if not isinstance(value, Fact):
        return [("", value)]
    keys = [key for key in value.DIFFER if getattr(value, key, None) is not None]
    return [(key, getattr(value, key)) for key in keys] or [("", repr(value))]


def _plain(value: Any) -> str:
    """The same for words that people would take for the same."""
    return " ".join(value.casefold().split()) if isinstance(value, str) else repr(value)


def _spoken(value: Any) -> str:
    return repr(value) if isinstance(value, str) else str(value)


class Person(Fact):
    """Somebody who works for the city. Everybody has the role ``staff``; ``deputy`` is asked while they are away.

    Whoever has one of their addresses at a platform is them; ``slack`` and ``teams`` name the account itself, by the
    platform's id that never changes (Slack's member id, the object id of Microsoft Entra).
    """

    DIFFER = ("id",)  # two people may have one name

    id: Id
    name: str
    email: str
    emails: tuple[str, ...] = ()
    title: str = ""
    roles: tuple[Role, ...] = ()
    department: Id | None = None
    prefers: Literal["slack", "teams"] | None = None
    deputy: Id | None = None
    slack: Annotated[str, Field(pattern=r"^[UW][A-Z0-9]{2,20}$")] | None = None
    teams: Annotated[str, Field(pattern=r"(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")] | None = None

    @property
    def addresses(self) -> tuple[str, ...]:
        """All their e-mail addresses, in lower case; the first is the one they are written to."""
        return tuple(dict.fromkeys(address.lower() for address in (self.email, *self.emails)))

    @cached_property
    def all_roles(self) -> frozenset[str]:
        return frozenset({"staff", *self.roles})


class Department(Fact):
    """Who answers; ``hours`` are when it works on working days, the city's own where it says nothing."""

    id: Id
    name: str
    head: Id
    place: Id
    hours: WorkHours | None = None


class Place(Fact):
    """Where a message goes: a channel, bound to each platform by its id there.

    ``open_to`` are the roles who see it on the desk; in Slack and Teams the channel's own members do.
    """

    DIFFER = ("id", "name", "slack", "teams")

    id: Id
    name: str
    purpose: str = ""
    open_to: tuple[Role, ...] = ("staff",)
    slack: str | None = None
    teams: str | None = None


class Category(Fact):
    """What a resident's feedback is about, and the department that answers it, or a person of it.

    ``target_hours`` is the working time until it is answered, ``fixed_after_days`` when to ask whether it is fixed.
    """

    id: Id
    name: str
    department: Id
    person: Id | None = None
    target_hours: Amount | None = None
    fixed_after_days: Amount | None = None


class Ending(Fact):
    """How feedback can end: a reason code, and a sentence for the resident that can stand for it.

    ``elsewhere`` means that it is not ours: then it is said who decided so and where to go. ``check`` has somebody
    asked some days later whether it is fixed.
    """

    id: Id
    name: Annotated[str, Field(max_length=60)]
    text: Annotated[str, Field(max_length=500)] | None = None
    elsewhere: bool = False
    check: bool = False


class Area(Fact):
    """A part of town: the streets and words by which a place is known to lie in it."""

    name: Annotated[str, Field(max_length=60)]
    words: tuple[str, ...]


class ProposalFacts(Fact):
    """How many items of one category within how many days in one area propose a risk."""

    items: Annotated[int, Field(ge=2, le=1000)] = 5
    days: Annotated[int, Field(ge=1, le=366)] = 14


ENDINGS = (
    Ending(id="done", name="It is done", check=True),
    Ending(id="answered", name="The question is answered"),
    Ending(id="declined", name="We will not do it"),
    Ending(id="not-ours", name="Not the city's to do", elsewhere=True),
)


class ClosingDay(Fact):
    DIFFER = ("day",)

    day: date
    reason: str


class SlackFacts(Fact):
    slash: tuple[str, ...] = ("/risk", "/feedback", "/crisis", "/checkin", "/standup", "/checklist", "/city")
    prefix: Annotated[str, Field(pattern=r"^[a-z0-9-]{0,12}$")] = ""


class AttentionFacts(Fact):
    """The quiet hours, in which nobody is written to except with a page or an answer; none when both are the same."""

    quiet_from: Clock = time(19)
    quiet_until: Clock = time(7)


class LimitFacts(Fact):
    """How much of what rings others one person may do, and all together: alarms an hour, announcements (messages to
    others) and commands a minute. The crisis team can allow more for a while."""

    alarms_an_hour: Most = 2
    alarms_an_hour_by_all: Most = 6
    announcements_a_minute: Most = 30
    announcements_a_minute_by_all: Most = 300
    commands_a_minute: Most = 60
    commands_a_minute_by_all: Most = 3000


class CityFacts(Fact):
    name: str
    zone: str
    country: str
    subdivision: str | None = None
    closing_days: tuple[ClosingDay, ...] = ()
    unknown_people: Literal["staff", "refuse"] = "staff"
    contact: str | None = None
    website: Annotated[str, Field(pattern=r"^https?://")] | None = None
    slack: SlackFacts = SlackFacts()
    attention: AttentionFacts = AttentionFacts()
    limits: LimitFacts = LimitFacts()


class RoutineFacts(Fact):
    """What the city changes about a routine; what it leaves out stays as the routine was written."""

    at: Clock | None = None
    on: DayRule | None = None
    late_until: Clock | None = None
    closed: Closed | None = None


class People(Fact):
    person: tuple[Person, ...]


class Departments(Fact):
    hours: WorkHours = Hours(time(8), time(17))
    department: tuple[Department, ...]


class Places(Fact):
    place: tuple[Place, ...]


class FeedbackFacts(Fact):
    reached_us_by: tuple[str, ...]
    category: tuple[Category, ...]
    target_hours: Amount = 27
    fixed_after_days: Amount = 7
    still_waiting_days: Amount = 7
    answer: Annotated[tuple[Ending, ...], Field(min_length=1)] = ENDINGS
    area: tuple[Area, ...] = ()
    proposal: ProposalFacts = ProposalFacts()


class Team(Fact):
    """People who hold a stand-up together; ``place`` is where its digest goes."""

    id: Id
    name: str
    place: Id
    members: Annotated[tuple[Id, ...], Field(min_length=1)]


class StandupFacts(Fact):
    """The three questions of a stand-up, the last of them for what stands in the way, and the teams."""

    questions: tuple[str, str, str] = ("What did you finish?", "What is next?", "What is in your way?")
    team: tuple[Team, ...] = ()


def _not_a_field(name: str) -> str:
    """A number's id is a field of a form, beside the fields that every check-in has."""
    field = name.replace("-", "_")
    if field in ("department", "health", "risk", "help", "values") or hasattr(BaseModel, field):
        raise ValueError(f"{name!r} means something else in a check-in; choose another id")
    return name


class Number(Fact):
    """A number that departments report in their check-in: all of them, or those named."""

    id: Annotated[Id, AfterValidator(_not_a_field)]
    name: Annotated[str, Field(max_length=60)]
    departments: tuple[Id, ...] = ()


class CheckinFacts(Fact):
    number: tuple[Number, ...] = ()


Cadence = Literal["daily", "weekly", "week 1", "week 2", "week 3", "week 4", "quarterly", "annually"]


class ChecklistItem(Fact):
    """Something to be done again and again; ``id`` never changes, ``owner`` is a seat: a role, or ``department:<id>``.

    ``seen`` names what the bot can see done by itself.
    """

    DIFFER = ("id",)  # the same thing may be done by two

    id: Id
    name: Annotated[str, Field(max_length=80)]
    when: Cadence
    owner: Annotated[str, Field(pattern=r"^(department:)?[a-z][a-z0-9_-]{0,39}$")]
    seen: Literal["morning-check", "standup"] | None = None


class ChecklistFacts(Fact):
    item: tuple[ChecklistItem, ...] = ()

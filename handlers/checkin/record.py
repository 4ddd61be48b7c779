"""Check-ins: which there are, how they compare with those before, and who answers for a department."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from handlers.kit.city.checkin import Number
from handlers.kit.city.model import City
from handlers.kit.context import Context, Request, sending_ref
from handlers.kit.errors import UserError
from handlers.kit.inline import Level, Status
from handlers.kit.numbers import spoken_change, spoken_number
from handlers.kit.seats import spoken_seat
from handlers.kit.values import Carried
from storage.checkin.records import Checkin

HEALTH = (("1", "1 struggling"), ("2", "2 strained"), ("3", "3 steady"), ("4", "4 good"), ("5", "5 strong"))
LEVELS: tuple[Level, ...] = ("critical", "warning", "info", "good", "good")  # how bad each of them is
STRAINED = 2  # a team of this health, or of less, needs somebody
ROUTINE = "checkin"


@dataclass(frozen=True)
class CheckinOf(Carried):
    """The check-in of a department on a day."""

    department: str
    day: date


@dataclass(frozen=True)
class AnswerOf(Carried):
    """A check-in, and the version of its answer that a form was opened with; 0 when there was none."""

    department: str
    day: date
    version: int = 0


@dataclass(frozen=True)
class Week:
    """All check-ins of one day and their numbers, and those of the previous check-in to compare with."""

    day: date
    checkins: list[Checkin]
    readings: Mapping[str, Mapping[str, Decimal]]
    before: Mapping[str, Checkin] = field(default_factory=dict)
    readings_before: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)

    @property
    def silent(self) -> list[Checkin]:
        return [checkin for checkin in self.checkins if checkin.answered_at is None]

    def health(self, one: Checkin) -> Status:
        """How a team is, with its change: "2 strained, down 1"; or that nothing is known."""
        if one.health is None:
            return Status("warning", "no answer")
        late = " (late)" if one.late else ""
        return Status(health_level(one.health), f"{spoken_health(one.health)}{self.trend(one)}{late}")

    def trend(self, one: Checkin) -> str:
        """How a team's health has changed, to follow the number: ", up 1"; empty when there is nothing to compare."""
        was = self.before.get(one.department)
        if one.health is None or was is None or was.health is None:
            return ""
        change = one.health - was.health
        return f", {'up' if change > 0 else 'down'} {abs(change)}" if change else ", same"

    def number(self, one: Checkin, number: Number) -> str:
        """A number, and how it has changed: 1,250 (+3)."""
        value = self.readings.get(one.department, {}).get(number.id)
        if value is None:
            return "not given"
        change = spoken_change(value, self.readings_before.get(one.department, {}).get(number.id))
        return f"{spoken_number(value)} ({change})" if change else spoken_number(value)


def spoken_health(health: int) -> str:
    """The health of a team with its number: 2 strained."""
    return HEALTH[health - 1][1]


def health_word(health: int) -> str:
    """The health of a team without its number: strained."""
    return spoken_health(health).partition(" ")[2]


def health_level(health: int) -> Level:
    """How bad the health of a team is."""
    return LEVELS[health - 1]


def is_strained(health: int | None) -> bool:
    """Whether a team is known to be strained, or worse."""
    return health is not None and health <= STRAINED


def week(context: Context, day: date) -> Week:
    """The check-ins of a day with those of the previous one; departments in the order of the city's file."""
    store, checkins = context.store.checkin.records, _of_day(context, day)
    last = store.day_before(day)
    if last is None:
        return Week(day, checkins, store.readings(day))
    before = {checkin.department: checkin for checkin in store.of_day(last)}
    return Week(day, checkins, store.readings(day), before, store.readings(last))


def newest_week(context: Context) -> list[Checkin]:
    """The newest check-in of all departments; empty when none was asked yet."""
    day = context.store.checkin.records.newest_day()
    return _of_day(context, day) if day else []


def _of_day(context: Context, day: date) -> list[Checkin]:
    order = list(context.city.departments)
    return sorted(context.store.checkin.records.of_day(day), key=lambda checkin: _place(order, checkin.department))


def _place(order: list[str], department: str) -> int:
    return order.index(department) if department in order else len(order)


def numbers_of(city: City, department: str) -> tuple[Number, ...]:
    """The numbers that a department reports."""
    return tuple(number for number in city.checkin.number if not number.departments or department in number.departments)


def ref_of(checkin: Checkin) -> str:
    """The reference of a check-in, for its cards and as the origin of a risk made of it."""
    return sending_ref(ROUTINE, checkin.day, f"department:{checkin.department}")


def reminder_ref(checkin: Checkin) -> str:
    """The reference of the card that asks a second time."""
    return f"{ref_of(checkin)} again"


def digest_ref(day: date) -> str:
    return f"{ROUTINE} digest {day}"


def checkin_of(checkin: Checkin) -> CheckinOf:
    """The value for a check-in in buttons and timers: water 2026-11-19."""
    return CheckinOf(checkin.department, checkin.day)


def help_ref(checkin: Checkin) -> str:
    """The reference of a request for help in the morning check."""
    return f"help {ref_of(checkin)}"


def found(request: Request, about: CheckinOf) -> Checkin:
    """Take the check-in of a button for a change; raises UserError."""
    return _asked(request, about, request.store.checkin.records.take(about.department, about.day))


def find_checkin(request: Request, about: CheckinOf) -> Checkin:
    """The check-in of a button that only shows it; raises UserError."""
    return _asked(request, about, request.store.checkin.records.find(about.department, about.day))


def _asked(request: Request, about: CheckinOf, checkin: Checkin | None) -> Checkin:
    if checkin is None:
        name = department_name(request.city, about.department)
        raise UserError(f"{name} was not asked on {request.spoken_day(about.day)}.")
    return checkin


def answers_for(request: Request, department: str) -> bool:
    """Whether somebody answers for a department: its head, the head's deputy, or today's stand-in."""
    known = request.city.departments.get(department)
    if known is None:
        return False
    asked = request.duties.head(department).person
    return request.person.id in (known.head, request.city.people[known.head].deputy, asked)


def department_name(city: City, department: str) -> str:
    return spoken_seat(city, f"department:{department}")


def title_of(context: Context, checkin: Checkin) -> str:
    return f"Check-in: {department_name(context.city, checkin.department)}, {context.spoken_day(checkin.day)}"

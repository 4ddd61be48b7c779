"""Check-ins: who answers a department's check-in, and the cards for the person who is asked and the person who
answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from handlers.kit.city.checkin import Number
from handlers.kit.city.model import City
from handlers.kit.context import Context, Request, sending_ref
from handlers.kit.errors import UserError
from handlers.kit.inline import Inline
from handlers.kit.messages import Button, Buttons, Card, Facts, Note, Text, Word
from handlers.kit.numbers import spoken_change, spoken_number
from handlers.kit.seats import spoken_seat
from handlers.kit.values import Carried
from storage.checkin.records import Checkin

HEALTH = (("1", "1 struggling"), ("2", "2 strained"), ("3", "3 steady"), ("4", "4 good"), ("5", "5 strong"))
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


def week(context: Context, day: date) -> Week:
    """The check-ins of a day with those of the previous one; departments in the order of the city's file."""
    store, order = context.store.checkin.records, list(context.city.departments)
    found = sorted(store.of_day(day), key=lambda checkin: _place(order, checkin.department))
    last = store.day_before(day)
    if last is None:
        return Week(day, found, store.readings(day))
    before = {checkin.department: checkin for checkin in store.of_day(last)}
    return Week(day, found, store.readings(day), before, store.readings(last))


def newest_week(context: Context) -> list[Checkin]:
    """The newest check-in of all departments; empty when none was asked yet."""
    day = context.store.checkin.records.newest_day()
    return week(context, day).checkins if day else []


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
    checkin = request.store.checkin.records.take(about.department, about.day)
    if checkin is None:
        name = department_name(request.city, about.department)
        raise UserError(f"{name} was not asked on {request.calendar.spoken_date(about.day)}.")
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


def prompt_card(context: Context, checkin: Checkin, *, again: bool = False) -> Card:
    """The card that asks somebody; ``again`` when they were asked before."""
    until = context.calendar.spoken(checkin.closes_at, context.today)
    known = context.store.checkin.records.answered_before(checkin.department, checkin.day)
    filled = " The form is filled in with last time's answer." if known else ""
    ask = "There is no answer yet." if again else "How was the week?"
    return Card(
        f"{'Reminder: ' if again else ''}{title_of(context, checkin)}",
        *_standing_in(context, checkin),
        Text(f"{ask} It takes a minute.{filled}"),
        Buttons(Button("Answer", "checkin.open", checkin_of(checkin), style="primary")),
        Note(f"Open until {until}. A later answer is taken too, and is shown as late."),
    )


def _standing_in(context: Context, checkin: Checkin) -> list[Word]:
    known = context.city.departments.get(checkin.department)
    if known is None or known.head == checkin.asked or context.duties.why_not(known.head) is None:
        return []
    return [Text(f"{context.stand_in_line(known.head)} Please answer for {known.name}.")]


def answered_card(context: Context, checkin: Checkin, headline: str = "", *said: Word) -> Card:
    """The card of an answered check-in, with its buttons; ``said`` is shown above it."""
    risk = [Button("Make it a risk", "checkin.risk", checkin_of(checkin))] if checkin.risk else []
    if checkin.risk_ref:
        risk = [Button.say(f"Show {checkin.risk_ref}", f"risk show {checkin.risk_ref}")]
    return Card(
        headline or title_of(context, checkin),
        *said,
        Facts(*((("Check-in", _spoken(context, checkin)),) if headline else ()), *_facts(context, checkin)),
        Buttons(Button("Change", "checkin.open", checkin_of(checkin)), *risk),
    )


def _spoken(context: Context, checkin: Checkin) -> str:
    return f"{department_name(context.city, checkin.department)}, {context.spoken_day(checkin.day)}"


def _facts(context: Context, checkin: Checkin) -> list[tuple[str, Inline]]:
    seen = week(context, checkin.day)
    risk = f"{checkin.risk} ({checkin.risk_ref})" if checkin.risk_ref else checkin.risk
    taken = f" ({context.name(checkin.help_taken_by)} takes care of it)" if checkin.help_taken_by else ""
    when = context.calendar.spoken(checkin.answered_at, context.today) if checkin.answered_at else "not yet"
    return [
        ("Team health", f"{HEALTH[(checkin.health or 1) - 1][1]}{seen.trend(checkin)}"),
        *((number.name, seen.number(checkin, number)) for number in numbers_of(context.city, checkin.department)),
        ("Emerging risk", risk or "none"),
        ("Help needed", f"{checkin.help}{taken}" if checkin.help else "none"),
        ("Answered", f"{when}, by {context.name(checkin.answered_by)}{', late' if checkin.late else ''}"),
    ]

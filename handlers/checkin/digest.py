"""Check-in digest: how all departments are, the worst first, for the city manager; kept up to date as answers come."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from handlers.checkin.cards import answered_card, silent_names
from handlers.checkin.record import (
    STRAINED,
    Week,
    checkin_of,
    department_name,
    digest_ref,
    health_level,
    health_word,
    is_strained,
    numbers_of,
    ref_of,
    reminder_ref,
    week,
)
from handlers.kit.city.checkin import Number
from handlers.kit.context import Context
from handlers.kit.inline import Status
from handlers.kit.lists import counted
from handlers.kit.messages import Button, Card, Fold, Heading, Items, Note, Plain, Row, Table, Word
from handlers.kit.values import Carried
from storage.checkin.records import Checkin

Part = Literal["departments", "silent", "numbers"]
PARTS: tuple[Part, ...] = ("departments", "silent", "numbers")  # what is folded, in this order
COLUMNS = 2  # numbers in the table; a phone has no room for more
SHOWN = 12  # departments in the table; those who are better stand behind a fold
UNKNOWN = STRAINED + 0.5  # where a silent department stands among the others: after those that strain


@dataclass(frozen=True)
class DigestPart(Carried):
    """A part of the digest of a day that is folded."""

    day: date
    part: Part


def digest_card(context: Context, day: date) -> Card:
    """What the city manager is asked for, one row for each department with its trend, and the names of the silent."""
    seen = week(context, day)
    answered = [checkin for checkin in seen.checkins if checkin.answered_at]
    return Card(
        f"Check-in of {context.calendar.spoken_day(day)}: {len(answered)} of {len(seen.checkins)} departments answered",
        *_help(context, answered),
        *_risks(context, answered),
        Heading("How the departments are doing, worst first"),
        _table(context, seen, _worst_first(seen)[:SHOWN]),
        *_folds(context, seen),
        Note(_legend(context, seen)),
        status=_status(seen),
    )


def part_card(context: Context, about: DigestPart) -> Card:
    """A part of the digest that is folded, as it is now."""
    seen = week(context, about.day)
    day = context.calendar.spoken_day(about.day)
    title = _title(context, seen, about.part)
    return Card(
        f"Check-in of {day}: {title or 'nothing more to show'}", *(_part(context, seen, about.part) if title else ())
    )


def _status(seen: Week) -> Status:
    """How many departments are struggling or strained, or did not answer."""
    bad = sorted(checkin.health for checkin in seen.checkins if checkin.health and is_strained(checkin.health))
    named = [(count, health_word(health)) for health, count in Counter(bad).items()]
    said = ", ".join(f"{count} {what}" for count, what in (*named, (len(seen.silent), "did not answer")) if count)
    if not said:
        return Status("good", "all steady or better")
    return Status(health_level(bad[0]) if bad else "warning", said)


def _worst_first(seen: Week) -> list[Checkin]:
    """The check-ins by health, of the same health those that fell most first, the silent after those that strain."""

    def place(checkin: Checkin) -> tuple[float, int]:
        was = seen.before.get(checkin.department)
        fell = (was.health or 0) - (checkin.health or 0) if was and was.health and checkin.health else 0
        return checkin.health or UNKNOWN, -fell

    return sorted(seen.checkins, key=place)


def _everywhere(context: Context) -> list[Number]:
    """The numbers that have a column."""
    return [number for number in context.city.checkin.number if not number.departments][:COLUMNS]


def _table(context: Context, seen: Week, checkins: Sequence[Checkin]) -> Table:
    columns = _everywhere(context)
    return Table(
        columns=("Department", "Health", *(number.name for number in columns)),
        rows=tuple(
            (
                department_name(context.city, checkin.department),
                seen.health(checkin),
                *(seen.number(checkin, number) if checkin.answered_at else "" for number in columns),
            )
            for checkin in checkins
        ),
    )


def _title(context: Context, seen: Week, part: Part) -> str:
    """The title of a part that is folded; empty where there is nothing in it."""
    match part:
        case "departments":
            more = len(seen.checkins) - SHOWN
            return counted(more, "more department") if more > 0 else ""
        case "silent":
            return f"No answer: {len(seen.silent)}" if seen.silent else ""
        case _:
            return "More numbers" if any(True for _ in _more_numbers(context, seen)) else ""


def _folds(context: Context, seen: Week) -> Iterator[Fold]:
    """The parts in which there is anything."""
    for part in PARTS:
        if title := _title(context, seen, part):
            button = Button(title, "checkin.part", DigestPart(seen.day, part))
            yield Fold(title, *_part(context, seen, part), button=button)


def _part(context: Context, seen: Week, part: Part) -> tuple[Plain, ...]:
    match part:
        case "departments":
            return (_table(context, seen, _worst_first(seen)[SHOWN:]),)
        case "silent":
            return (Items(*silent_names(context, seen)),)
        case _:
            return (Items(*_more_numbers(context, seen)),)


def _more_numbers(context: Context, seen: Week) -> Iterator[str]:
    """The numbers that have no column, by department."""
    columns = _everywhere(context)
    for checkin in seen.checkins:
        own = [number for number in numbers_of(context.city, checkin.department) if number not in columns]
        if checkin.answered_at and own:
            said = "; ".join(f"{number.name} {seen.number(checkin, number)}" for number in own)
            yield f"{department_name(context.city, checkin.department)}: {said}"


def _legend(context: Context, seen: Week) -> str:
    trend = "There is no earlier check-in to compare with."
    if seen.before:
        before = max(checkin.day for checkin in seen.before.values())
        trend = f"Changes are since {context.spoken_day(before)}."
    return f"Health: 1 struggling to 5 strong. {trend} As of {context.calendar.spoken(context.now)}."


def _help(context: Context, answered: list[Checkin]) -> list[Word]:
    rows = [_help_row(context, checkin) for checkin in answered if checkin.help]
    return [Heading(f"Help needed: {len(rows)}"), *rows] if rows else []


def _help_row(context: Context, one: Checkin) -> Row:
    """What a department needs, with a button while nobody takes care of it."""
    who = department_name(context.city, one.department)
    if one.help_taken_by:
        return Row(f"{who}: {one.help} ({context.name(one.help_taken_by)} takes care of it)")
    return Row(f"{who}: {one.help}", help_button(one))


def help_button(one: Checkin) -> Button:
    return Button("I will help", "checkin.take-help", checkin_of(one))


def _risks(context: Context, answered: list[Checkin]) -> list[Word]:
    rows = [_risk_row(context, checkin) for checkin in answered if checkin.risk]
    return [Heading(f"Emerging risks: {len(rows)}"), *rows] if rows else []


def _risk_row(context: Context, one: Checkin) -> Row:
    line = f"{department_name(context.city, one.department)}: {one.risk}"
    if one.risk_ref:
        return Row(f"{line} ({one.risk_ref})", Button.say(f"Show {one.risk_ref}", f"risk show {one.risk_ref}"))
    return Row(line, Button("Make it a risk", "checkin.risk", checkin_of(one)))


def show_everywhere(context: Context, checkin: Checkin) -> None:
    """Bring the posted cards of an answered check-in up to date: the question and the digest."""
    context.refresh_each(dict.fromkeys((ref_of(checkin), reminder_ref(checkin)), answered_card(context, checkin)))
    if context.store.chat.posts.of(digest_ref(checkin.day)):
        context.refresh(digest_ref(checkin.day), digest_card(context, checkin.day))

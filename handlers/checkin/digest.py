"""Check-in digest: one row for each department, for the city manager, kept up to date as answers come."""

from datetime import date

from handlers.checkin.record import (
    Week,
    answered_card,
    checkin_of,
    department_name,
    digest_ref,
    numbers_of,
    ref_of,
    reminder_ref,
    week,
)
from handlers.kit.city.checkin import Number
from handlers.kit.context import Context
from handlers.kit.messages import Button, Card, Items, Note, Row, Table, Text, Word
from storage.checkin.records import Checkin

COLUMNS = 2  # numbers in the table; a phone has no room for more


def digest_card(context: Context, day: date) -> Card:
    """One row for each department with its trend, the names of the silent, and what the city manager is asked for."""
    seen = week(context, day)
    answered = [checkin for checkin in seen.checkins if checkin.answered_at]
    everywhere = [number for number in context.city.checkin.number if not number.departments][:COLUMNS]
    return Card(
        f"Check-in of {context.calendar.spoken_day(day)}: {len(answered)} of {len(seen.checkins)} departments",
        Table(
            columns=("Department", "Health", *(number.name for number in everywhere)),
            rows=tuple(_row(context, seen, checkin, everywhere) for checkin in seen.checkins),
        ),
        *_more_numbers(context, seen, answered, everywhere),
        *_silence(context, seen),
        *_help(context, answered),
        *_risks(context, answered),
        Note(_legend(context, seen)),
    )


def _row(context: Context, seen: Week, one: Checkin, columns: list[Number]) -> tuple[str, ...]:
    name = department_name(context.city, one.department)
    if one.answered_at is None:
        return name, "no answer", *("" for _ in columns)
    late = " (late)" if one.late else ""
    return name, f"{one.health}{seen.trend(one)}{late}", *(seen.number(one, number) for number in columns)


def _more_numbers(context: Context, seen: Week, answered: list[Checkin], columns: list[Number]) -> list[Word]:
    """The numbers that have no column, by department."""
    lines = []
    for checkin in answered:
        own = [number for number in numbers_of(context.city, checkin.department) if number not in columns]
        said = "; ".join(f"{number.name} {seen.number(checkin, number)}" for number in own)
        lines += [f"{department_name(context.city, checkin.department)}: {said}"] if said else []
    return [Text("More numbers"), Items(*lines)] if lines else []


def _legend(context: Context, seen: Week) -> str:
    trend = "There is no earlier check-in to compare with."
    if seen.before:
        before = max(checkin.day for checkin in seen.before.values())
        trend = f"Changes are against {context.spoken_day(before)}."
    return f"Health: 1 struggling to 5 strong. {trend} As of {context.calendar.spoken(context.now)}."


def _silence(context: Context, seen: Week) -> list[Word]:
    silent = [checkin for checkin in seen.checkins if checkin.answered_at is None]
    if not silent:
        return [Text("Everybody has answered.")]
    lines = [
        f"{department_name(context.city, checkin.department)}: {context.name(checkin.asked)} was asked"
        for checkin in silent
    ]
    return [Text(f"No answer: {len(silent)}"), Items(*lines)]


def _help(context: Context, answered: list[Checkin]) -> list[Word]:
    asking = [checkin for checkin in answered if checkin.help]
    rows = [_help_row(context, checkin) for checkin in asking]
    return [Text(f"Help needed: {len(rows)}"), *rows] if rows else []


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
    return [Text(f"Emerging risks: {len(rows)}"), *rows] if rows else []


def _risk_row(context: Context, one: Checkin) -> Row:
    line = f"{department_name(context.city, one.department)}: {one.risk}"
    if one.risk_ref:
        return Row(f"{line} ({one.risk_ref})", Button.say(f"Show {one.risk_ref}", f"risk show {one.risk_ref}"))
    return Row(line, Button("Make it a risk", "checkin.risk", checkin_of(one)))


def show_everywhere(context: Context, checkin: Checkin) -> None:
    """Bring the posted cards of an answered check-in up to date: the question and the digest."""
    for ref in (ref_of(checkin), reminder_ref(checkin)):
        context.refresh(ref, answered_card(context, checkin))
    if context.store.chat.posts.of(digest_ref(checkin.day)):
        context.refresh(digest_ref(checkin.day), digest_card(context, checkin.day))

"""Check-in cards: for the person who is asked, and for the person who has answered."""

from collections.abc import Iterator

from handlers.checkin.record import (
    Week,
    checkin_of,
    department_name,
    numbers_of,
    title_of,
    week,
)
from handlers.kit.context import Context
from handlers.kit.figures import Progress
from handlers.kit.inline import Inline, Status
from handlers.kit.messages import Button, Buttons, Card, Facts, Fold, Items, Note, Text, Word
from storage.checkin.records import Checkin


def prompt_card(context: Context, checkin: Checkin, *, again: bool = False) -> Card:
    """The card that asks somebody; ``again`` when they were asked before."""
    until = context.spoken(checkin.closes_at)
    known = context.store.checkin.records.answered_before(checkin.department, checkin.day)
    filled = " The form is filled in with last time's answer." if known else ""
    ask = "There is no answer yet." if again else "How was the week?"
    return Card(
        f"{'Reminder: ' if again else ''}{title_of(context, checkin)}",
        *_standing_in(context, checkin),
        Text(f"{ask} It takes a minute.{filled}"),
        Buttons(Button("Answer", "checkin.open", checkin_of(checkin), style="primary", in_card=True)),
        Note(f"Open until {until}. You can still answer after that; your answer is then marked late."),
        status=asked_until(context, checkin),
    )


def asked_until(context: Context, checkin: Checkin) -> Status:
    """Until when an answer is in time, or that it would be late."""
    if context.now >= checkin.closes_at:
        return Status("warning", "late")
    until = context.spoken(checkin.closes_at)
    return Status("warning" if context.calendar.today(checkin.closes_at) <= context.today else "info", f"by {until}")


def _standing_in(context: Context, checkin: Checkin) -> list[Word]:
    known = context.city.departments.get(checkin.department)
    if known is None or known.head == checkin.asked or context.duties.why_not(known.head) is None:
        return []
    return [Text(f"{context.stand_in_line(known.head)} Please answer for {known.name}.")]


def answered_card(context: Context, checkin: Checkin, headline: str = "", *said: Word) -> Card:
    """The card of an answered check-in, with its buttons and how many have answered; ``said`` is shown above it."""
    seen = week(context, checkin.day)
    risk = [Button("Make it a risk", "checkin.risk", checkin_of(checkin))] if checkin.risk else []
    if checkin.risk_ref:
        risk = [Button.say(f"Show {checkin.risk_ref}", f"risk show {checkin.risk_ref}")]
    return Card(
        headline or title_of(context, checkin),
        *said,
        Facts(*((("Check-in", _spoken(context, checkin)),) if headline else ()), *_facts(context, seen, checkin)),
        Buttons(Button("Change", "checkin.open", checkin_of(checkin)), *risk),
        *_others(context, seen, checkin),
        status=Status("warning", "answered late") if checkin.late else Status("good", "answered"),
    )


def silent_card(context: Context, checkin: Checkin) -> Card:
    """The departments that have not answered the check-in of that day, as it is now."""
    seen = week(context, checkin.day)
    names = silent_names(context, seen)
    words = [Items(*names)] if names else [Text("All departments have answered.")]
    return Card(f"Check-in of {context.calendar.spoken_day(checkin.day)}: no answer from {len(names)}", *words)


def silent_names(context: Context, seen: Week) -> list[str]:
    """The departments that have not answered, each with who was asked."""
    return [
        f"{department_name(context.city, checkin.department)}: {context.name(checkin.asked)} was asked"
        for checkin in seen.silent
    ]


def _others(context: Context, seen: Week, checkin: Checkin) -> Iterator[Word]:
    """How many departments have answered by now, and which have not."""
    count, names = len(seen.checkins), silent_names(context, seen)
    yield Progress(
        f"Departments that have answered by {context.calendar.clock(context.now)}", count - len(names), count
    )
    if names:
        label = f"Not answered yet: {len(names)}"
        yield Fold(label, Items(*names), button=Button(label, "checkin.silent", checkin_of(checkin)))


def _spoken(context: Context, checkin: Checkin) -> str:
    return f"{department_name(context.city, checkin.department)}, {context.spoken_day(checkin.day)}"


def _facts(context: Context, seen: Week, checkin: Checkin) -> list[tuple[str, Inline]]:
    risk = f"{checkin.risk} ({checkin.risk_ref})" if checkin.risk_ref else checkin.risk
    taken = f" ({context.name(checkin.help_taken_by)} takes care of it)" if checkin.help_taken_by else ""
    when = context.spoken(checkin.answered_at) if checkin.answered_at else "not yet"
    return [
        ("Team health", seen.health(checkin)),
        *((number.name, seen.number(checkin, number)) for number in numbers_of(context.city, checkin.department)),
        ("Emerging risk", risk or "none"),
        ("Help needed", f"{checkin.help}{taken}" if checkin.help else "none"),
        ("Answered", f"{when}, by {context.name(checkin.answered_by)}{', late' if checkin.late else ''}"),
    ]

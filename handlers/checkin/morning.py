"""Check-in in the morning check: who wants help, which departments are silent, or that all of them reported."""

from datetime import datetime, timedelta

from handlers.checkin.digest import help_button
from handlers.checkin.record import department_name, help_ref, newest_week, ref_of
from handlers.kit.context import Context, Sending
from handlers.kit.contributions import morning_section, morning_sentence
from handlers.kit.morning import Line, Section, section
from storage.checkin.records import Checkin

SILENCE_SHOWN = timedelta(days=6)  # until the next check-in is asked


def _reported(context: Context) -> tuple[list[Checkin], list[Checkin]]:
    """The newest check-ins: those answered and those still silent, in the order of the city's file."""
    newest = newest_week(context)
    return [checkin for checkin in newest if checkin.answered_at], [
        checkin for checkin in newest if checkin.answered_at is None
    ]


@morning_section("silent departments", order=80)
def silent_departments(context: Sending, _since: datetime) -> tuple[Section, ...]:
    """Which departments, of how many, have not answered the newest check-in, until the next one is asked."""
    answered, silent = _reported(context)
    if not silent or context.today - silent[0].day > SILENCE_SHOWN:
        return ()
    whole = f"{len(answered)} of {len(answered) + len(silent)} have answered"
    lines = [
        Line(text=f"{_name(context, checkin)}: {context.name(checkin.asked)} was asked", ref=ref_of(checkin))
        for checkin in silent
    ]
    return section(f"Check-in of {context.calendar.spoken_day(silent[0].day)} ({whole}), silent", lines)


@morning_sentence("proof", in_headline=True)
def all_reported(context: Context) -> str:
    """The sentence that everybody has answered the newest check-in; empty while somebody has not."""
    answered, silent = _reported(context)
    if silent or not answered:
        return ""
    return f"{len(answered)} of {len(answered)} departments reported."


@morning_section("who wants help", order=50)
def help_wanted(context: Sending, _since: datetime) -> tuple[Section, ...]:
    """What departments need and nobody has taken, with a button to take care of it."""
    lines = [
        Line(
            text=f"{_name(context, checkin)} ({context.spoken_day(checkin.day)}): {checkin.help}",
            ref=help_ref(checkin),
            buttons=(help_button(checkin),),
        )
        for checkin in context.store.checkin.records.open_help()
    ]
    return section("Help needed", lines)


def _name(context: Context, checkin: Checkin) -> str:
    return department_name(context.city, checkin.department)

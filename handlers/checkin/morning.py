"""Check-in in the morning check: who wants help, which departments are silent, or that all of them reported."""

from datetime import datetime, timedelta

from handlers.checkin.digest import help_button
from handlers.checkin.record import department_name, help_ref, newest_week, ref_of
from handlers.kit.context import Context, Sending
from handlers.kit.contributions import morning_section, morning_sentence
from handlers.kit.morning import Line, Section, section
from handlers.kit.time.calendar import spoken_day
from storage.checkin.records import Checkin

SILENCE_SHOWN = timedelta(days=6)  # until the next one is asked


def _reported(context: Context) -> tuple[list[Checkin], list[Checkin]]:
    """Of the newest check-in, those that were answered and those that are silent, in the order of the city's file."""
    newest = newest_week(context)
    return [checkin for checkin in newest if checkin.answered_at], [
        checkin for checkin in newest if checkin.answered_at is None
    ]


@morning_section("silent departments", order=80)
def silent_departments(context: Sending, _since: datetime) -> tuple[Section, ...]:
    """Which departments have not answered the newest check-in, of how many, until the next one is asked."""
    answered, silent = _reported(context)
    if not silent or context.today - silent[0].day > SILENCE_SHOWN:
        return ()
    whole = f"{len(answered)} of {len(answered) + len(silent)} have answered"
    lines = [
        Line(text=f"{_name(context, one)}: {context.name(one.asked)} was asked", ref=ref_of(one)) for one in silent
    ]
    return section(f"Check-in of {spoken_day(silent[0].day)} ({whole}), silent", lines)


@morning_sentence("proof", in_headline=True)
def all_reported(context: Context) -> str:
    """The sentence that proves a quiet night; empty while somebody has not answered the newest check-in."""
    answered, silent = _reported(context)
    if silent or not answered:
        return ""
    return f"{len(answered)} of {len(answered)} departments reported."


@morning_section("who wants help", order=50)
def help_wanted(context: Sending, _since: datetime) -> tuple[Section, ...]:
    """What departments need and nobody has taken, with a button for whoever takes care of it."""
    lines = [
        Line(
            text=f"{_name(context, one)} ({spoken_day(one.day)}): {one.help}",
            ref=help_ref(one),
            buttons=(help_button(one),),
        )
        for one in context.store.checkin.records.open_help()
    ]
    return section("Help needed", lines)


def _name(context: Context, checkin: Checkin) -> str:
    return department_name(context.city, checkin.department)

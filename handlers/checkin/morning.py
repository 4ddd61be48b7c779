"""Check-in in the morning check: who wants help, which departments strain or are silent, or that all reported."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.checkin.cards import answered_card
from handlers.checkin.digest import help_button
from handlers.checkin.record import (
    CheckinOf,
    checkin_of,
    department_name,
    find_checkin,
    health_level,
    health_word,
    help_ref,
    is_strained,
    newest_week,
    ref_of,
)
from handlers.kit.context import Context, Request, Sending
from handlers.kit.contributions import morning_section, morning_sentence
from handlers.kit.inline import Status
from handlers.kit.messages import Button, Card
from handlers.kit.morning import Decide, Line, Rank, Section, section
from handlers.kit.registry import action
from storage.checkin.records import Checkin

CURRENT = timedelta(days=6)  # until the next check-in is asked


def _reported(context: Context) -> tuple[list[Checkin], list[Checkin]]:
    """The newest check-ins: those answered and those still silent, in the order of the city's file."""
    newest = newest_week(context)
    return [checkin for checkin in newest if checkin.answered_at], [
        checkin for checkin in newest if checkin.answered_at is None
    ]


def _is_current(context: Context, checkins: Sequence[Checkin]) -> bool:
    """Whether no newer check-in was to be asked since."""
    return bool(checkins) and context.today - checkins[0].day <= CURRENT


@morning_section("silent departments", order=80)
def silent_departments(context: Sending, _since: datetime) -> tuple[Section, ...]:
    """Which departments have not answered the newest check-in, until the next one is asked."""
    _, silent = _reported(context)
    if not _is_current(context, silent):
        return ()
    lines = [
        Line(text=f"{_name(context, checkin)}: {context.name(checkin.asked)} was asked", ref=ref_of(checkin))
        for checkin in silent
    ]
    return section("No answer to the check-in", lines)


@morning_section("departments that strain", order=55)
def strained_departments(context: Sending, _since: datetime) -> tuple[Section, ...]:
    """Which departments are struggling or strained, the worst first, until the next check-in is asked."""
    answered, _ = _reported(context)
    strained = sorted(
        (checkin for checkin in answered if is_strained(checkin.health)), key=lambda known: known.health or 0
    )
    if not _is_current(context, strained):
        return ()
    lines = [_strains(context, checkin) for checkin in strained]
    health = strained[0].health or 1
    worst = Decide(status=Status(health_level(health), health_word(health).capitalize()), rank=Rank.STRAINED)
    return section("Departments under strain", _first_decides(lines, worst, "is under strain", "are under strain"))


def _strains(context: Context, checkin: Checkin) -> Line:
    health, day = checkin.health or 1, context.spoken_day(checkin.day)
    line = f"{_name(context, checkin)}: the team is {health_word(health)}, {health} of 5 (check-in of {day})"
    show = Button("Show", "checkin.show", checkin_of(checkin))
    return Line(text=line, ref=f"strain {ref_of(checkin)}", buttons=(show,))


def _first_decides(lines: Sequence[Line], decide: Decide, does: str, do: str) -> list[Line]:
    """These lines, of which the first is to be decided; its sentence says how many more departments there are."""
    first, *others = lines
    many = f"{len(others)} more {f'department {does}' if len(others) == 1 else f'departments {do}'}."
    sentence = f"{first.text}. {many}" if others else first.text
    return [first.model_copy(update={"decide": decide.model_copy(update={"sentence": sentence})}), *others]


@action("checkin.show", needs="checkin.help", reads_only=True, carries=CheckinOf)
def show_checkin(request: Request, value: CheckinOf) -> Card:
    """Show a department's check-in."""
    return answered_card(request, find_checkin(request, value)).without_buttons()


@morning_sentence("proof", in_headline=True)
def reported(context: Context) -> str:
    """How many departments have answered the newest check-in; while some are silent, until the next one is asked."""
    answered, silent = _reported(context)
    if not answered or (silent and not _is_current(context, silent)):
        return ""
    return f"{len(answered)} of {len(answered) + len(silent)} departments answered the check-in."


@morning_section("who wants help", order=50)
def help_wanted(context: Sending, _since: datetime) -> tuple[Section, ...]:
    """What departments need and nobody has taken, with a button to take care of it, the oldest first."""
    lines = [_asks(context, checkin) for checkin in context.store.checkin.records.open_help()]
    if not lines:
        return ()
    decide = Decide(status=Status("warning", "Help needed"), rank=Rank.HELP)
    return section("Help needed", _first_decides(lines, decide, "asks for help", "ask for help"))


def _asks(context: Context, checkin: Checkin) -> Line:
    line = f"{_name(context, checkin)} ({context.spoken_day(checkin.day)}): {checkin.help}"
    return Line(text=line, ref=help_ref(checkin), buttons=(help_button(checkin),))


def _name(context: Context, checkin: Checkin) -> str:
    return department_name(context.city, checkin.department)

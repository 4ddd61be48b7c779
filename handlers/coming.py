"""Coming: what the bot will ask or tell somebody by itself."""

from collections.abc import Sequence
from functools import partial

from handlers.kit.catalogue import catalogue
from handlers.kit.coming import Coming, in_order
from handlers.kit.coming import schedule as coming_days
from handlers.kit.context import Request
from handlers.kit.inline import Status
from handlers.kit.messages import Button, Card, Cell, Note, Row, Table, Text, capitalized
from handlers.kit.parts import Broken, Part, missing
from handlers.kit.registry import command

DAYS = 7  # nobody plans further ahead by this list


@command("city schedule", needs="help", reads_only=True)
def show_schedule(request: Request) -> Card:
    """Show what is coming for you."""
    coming, lost = _coming(request)
    mine = [
        sending
        for sending in coming
        if request.person.id == sending.person and sending.local > request.calendar.local(request.now)
    ]
    if not mine:
        nothing = Text("Nothing is planned for you in the next seven days.")
        return Card("What is coming for you", nothing, *lost, Row("Away?", Button.say("Say so", "city away")))
    return Card(
        "What is coming for you",
        Table(columns=("When", "What", ""), rows=tuple(_row(request, sending) for sending in mine)),
        *lost,
        Row("The next seven days. Will you be away?", Button.say("Say so", "city away")),
        status=_next(request, mine),
    )


def _coming(request: Request) -> tuple[list[Coming], list[Note]]:
    """What every routine sends, and a line for each routine whose times cannot be worked out."""
    routines = list(catalogue.routines.values())
    parts = [
        Part(
            f"schedule of routine {routine.name}",
            partial(coming_days, [routine], request.city, request.today, DAYS, request.roster.on),
        )
        for routine in routines
    ]
    found = list(zip(routines, request.each_apart(parts), strict=True))
    lost = [missing(f"the times of {routine.spoken}") for routine, coming in found if isinstance(coming, Broken)]
    return in_order(sending for _, coming in found if not isinstance(coming, Broken) for sending in coming), lost


def _when(request: Request, coming: Coming) -> str:
    return request.spoken(coming.local)


def _row(request: Request, coming: Coming) -> tuple[Cell, ...]:
    skipped = Status("neutral", f"skipped: {coming.skipped}") if coming.skipped else ""
    return _when(request, coming), _what(coming), skipped


def _next(request: Request, mine: Sequence[Coming]) -> Status | None:
    """What comes first and is not skipped."""
    for sending in mine:
        if not sending.skipped:
            return Status("info", f"next: {_what(sending)}, {_when(request, sending)}")
    return None


def _what(coming: Coming) -> str:
    return capitalized(catalogue.routines[coming.routine].spoken)

"""Crisis sheet: the timeline of a crisis as a spreadsheet, and of all of them for `export`."""

from collections.abc import Iterable, Mapping

from handlers.crisis.choice import which_crisis
from handlers.crisis.record import entry_text, stamped
from handlers.kit.context import Context, Request
from handlers.kit.forms import Form, Reference, ask, questions
from handlers.kit.lists import counted
from handlers.kit.messages import Card, File
from handlers.kit.registry import action, sheet
from handlers.kit.sheets.writing import Cell, Moment, written
from storage.crisis.log import Entry


class Line(Form):
    crisis: Reference = ask("Crisis", max_length=20)
    at: Moment = ask("When")
    who: str = ask("Who")
    kind: str = ask("Kind")
    what: str = ask("What", long=True)
    source: str | None = ask("Made from", default=None)


@action("crisis.timeline-sheet", needs="crisis.export", reads_only=True)
def take_away(request: Request, value: str) -> Card:
    """Give the timeline of a crisis as a spreadsheet."""
    crisis = which_crisis(request, value, taken=False)
    request.row_first(crisis.ref, format="xlsx")
    rows = _rows(request, request.store.crisis.log.of(crisis.ref))
    data = written(questions(Line, request.city), rows, "xlsx", request.calendar)
    file = File(name=f"timeline-{crisis.ref}.xlsx", data=data)
    return stamped(crisis, Card(f"{crisis.ref}: the timeline, {counted(len(rows), 'line')}", file))


@sheet("timeline", row=Line, needs="crisis.export")
def timeline_rows(context: Context) -> Iterable[Mapping[str, Cell]]:
    """The timelines of all crises, line by line."""
    return _rows(context, context.store.crisis.log.every())


def _rows(context: Context, entries: Iterable[Entry]) -> list[Mapping[str, Cell]]:
    return [
        {
            "crisis": entry.crisis,
            "at": entry.at,
            "who": context.name(entry.person),
            "kind": entry.kind,
            "what": entry_text(context, entry),
            "source": entry.source,
        }
        for entry in entries
    ]

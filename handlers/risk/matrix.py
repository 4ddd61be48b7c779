"""Risk matrix: all open risks at a glance, by how likely and how bad they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from handlers.kit.context import Request
from handlers.kit.forms import Form, Options, ask
from handlers.kit.lists import counted
from handlers.kit.messages import Button, Buttons, Card, Fold, Heading, Note, Picture, Text, Word
from handlers.kit.policy import may
from handlers.kit.registry import action, command
from handlers.kit.values import Carried
from handlers.risk.picture import matrix_png
from handlers.risk.record import departments, has_unconfirmed_target, is_overdue, risk_row, unconfirmed_words
from handlers.risk.table import in_cells, in_words, table_of
from storage.risk.records import Risk

BASES: Options = (("now", "as they are now"), ("before", "before treatment"))
WORST = 5  # lines with a button
TABLE = "As a table"


class Matrix(Form):
    scores: str | None = ask("Which scores?", default=None, options=BASES)
    department: str | None = ask("Which department?", default=None, options=departments)


@dataclass(frozen=True)
class MatrixOf(Carried):
    """A matrix: of which scores, and of which department; empty for all of them."""

    scores: Literal["now", "before"] = "now"
    department: str = ""


@command(
    "risk matrix",
    sends="Show",
    asks=Matrix,
    needs="risk.read",
    reads_only=True,
    example="/risk matrix before; department parks",
)
def show_matrix(request: Request, form: Matrix) -> Card:
    """Show the risk matrix."""
    of = MatrixOf("before" if form.scores == "before" else "now", form.department or "")
    risks = _risks(request, of)
    title = _title(request, of, risks)
    if not risks:
        return Card(title, Text('There is nothing to show. Log a risk with "risk add".'))
    request.reader_first()
    cells = in_cells(risks, before=of.scores == "before")
    picture = Picture(data=matrix_png(request.city, cells), alt=in_words(request.city, cells))
    table = Fold(TABLE, table_of(request.city, cells), button=Button(TABLE, "risk.table", of))
    return Card(title, picture, table, *_worst(request, risks), *_below(request, risks, of))


@action("risk.table", needs="risk.read", reads_only=True, carries=MatrixOf)
def show_table(request: Request, value: MatrixOf) -> Card:
    """Show the risk matrix as a table."""
    risks = _risks(request, value)
    cells = in_cells(risks, before=value.scores == "before")
    return Card(_title(request, value, risks), table_of(request.city, cells))


def _risks(request: Request, of: MatrixOf) -> list[Risk]:
    return [risk for risk in request.store.risk.records.live() if of.department in ("", risk.department)]


def _title(request: Request, of: MatrixOf, risks: Sequence[Risk]) -> str:
    known = request.city.departments.get(of.department)
    before, whose = " before treatment" if of.scores == "before" else "", f" of {known.name}" if known else ""
    return f"Risk matrix{before}: {counted(len(risks), 'open risk')}{whose}"


def _worst(request: Request, risks: list[Risk]) -> list[Word]:
    return [Heading("The worst"), *(risk_row(request, risk) for risk in risks[:WORST])]


def _below(request: Request, risks: list[Risk], of: MatrixOf) -> list[Word]:
    before = of.scores == "before"
    late = sum(is_overdue(request, risk) for risk in risks)
    overdue = [Note(f"{counted(late, 'review is overdue', 'reviews are overdue')}.")]
    targets = 0 if before else sum(has_unconfirmed_target(risk) for risk in risks)
    target = Note(f"{unconfirmed_words(targets)} To confirm one: risk confirm.")
    other = (
        Button.say("As they are now", "risk matrix") if before else Button.say("Before treatment", "risk matrix before")
    )
    out = may(request.person.all_roles, "risk.export")
    report = (Button.say("Report for council", "risk report"),) if out else ()
    return [
        *(overdue if late else []),
        *([target] if targets else []),
        Buttons(other, Button.say("List them", "risk list"), *report),
    ]

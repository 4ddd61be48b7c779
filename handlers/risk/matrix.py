"""Risk matrix: all open risks at a glance, by how likely and how bad they are."""

from handlers.kit.context import Request
from handlers.kit.forms import Form, Options, ask
from handlers.kit.lists import counted
from handlers.kit.messages import Button, Buttons, Card, Heading, Note, Picture, Text, Word
from handlers.kit.policy import may
from handlers.kit.registry import command
from handlers.risk.picture import matrix_png
from handlers.risk.record import departments, is_overdue, risk_row
from handlers.risk.table import in_cells, in_words, table_of
from storage.risk.records import Risk

BASES: Options = (
    ("now", "as they are now, after treatment"),
    ("before", "as if nothing were done"),
)
WORST = 5  # lines with a button


class Matrix(Form):
    scores: str | None = ask("Which scores?", default=None, options=BASES)
    department: str | None = ask("Of which department?", default=None, options=departments)


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
    risks = [risk for risk in request.store.risk.records.live() if form.department in (None, risk.department)]
    before = form.scores == "before"
    cells = in_cells(risks, before=before)
    whose = f" of {request.city.departments[form.department].name}" if form.department else ""
    title = f"Open risks{whose}: {len(risks)}, {dict(BASES)[form.scores or 'now']}"
    if not risks:
        return Card(title, Text('There is nothing to show. Log a risk with "risk add".'))
    request.reader_first()
    picture = Picture(data=matrix_png(request.city, cells), alt=in_words(request.city, cells))
    return Card(title, picture, table_of(request.city, cells), *_worst(request, risks), *_below(request, risks, before))


def _worst(request: Request, risks: list[Risk]) -> list[Word]:
    return [Heading("The worst"), *(risk_row(request, risk) for risk in risks[:WORST])]


def _below(request: Request, risks: list[Risk], before: bool) -> list[Word]:
    late = sum(is_overdue(request, risk) for risk in risks)
    overdue = [Note(f"{counted(late, 'of them has an overdue review', 'of them have overdue reviews')}.")]
    targets = sum(risk.residual is not None and not risk.residual_confirmed for risk in risks)
    target = Note(f"Counted as before treatment: {targets}, whose target nobody has confirmed yet (risk confirm).")
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

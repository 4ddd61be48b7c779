"""Risk report: the register as a document for council: what could go wrong and what is done, without names."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from handlers.kit.anonymous import anonymous
from handlers.kit.city.risks import LEVELS
from handlers.kit.context import Request
from handlers.kit.lists import counted
from handlers.kit.messages import Button, Buttons, Card, File, Note, Text
from handlers.kit.registry import command
from handlers.risk.picture import COLOURS, matrix_png
from handlers.risk.record import (
    category_name,
    department_name,
    has_unconfirmed_target,
    is_overdue,
    level_of,
    treatment_of,
    unconfirmed_words,
)
from handlers.risk.table import in_cells, in_words
from storage.actions.records import Action
from storage.risk.records import Risk

if TYPE_CHECKING:
    from handlers.kit.document import Document

CLOSED_WITHIN = timedelta(days=90)  # a council meets at least once a quarter
COLUMNS = ("Ref.", "Risk", "Category", "Department", "Before", "Now", "Level", "Treatment", "Actions", "Next review")
WIDTHS = (5, 24, 13, 13, 6, 5, 8, 10, 12, 12)


@command("risk report", needs="risk.export", reads_only=True)
def report_risks(request: Request) -> Card:
    """Get the risk register for council."""
    from handlers.kit.document import Document  # slow to import, and few people ask for a report

    request.row_first("risks", format="docx")
    risks = request.store.risk.records.live()
    title, day = "Risk register", request.calendar.spoken_date(request.today)
    paper = Document(title, request.city.name, request.now, landscape=True)
    late = [risk for risk in risks if is_overdue(request, risk)]
    paper.text(f"As of {day}. Open risks: {len(risks)}. Reviews overdue: {len(late)}.")
    if targets := sum(map(has_unconfirmed_target, risks)):
        paper.text(unconfirmed_words(targets))
    names = {level.name: COLOURS[level.id] for level in request.city.risks.level}
    paper.table(("Level", "Open", "Accepted", "Review overdue"), _by_level(request, risks), (2, 1, 1, 1), names)
    if risks:
        cells = in_cells(risks)
        paper.picture(matrix_png(request.city, cells), in_words(request.city, cells), width=13)
        paper.heading("Open risks, worst first")
        actions = request.store.actions.records.about_many([risk.ref for risk in risks])
        rows = [_row(request, risk, actions.get(risk.ref, [])) for risk in risks]
        paper.table(COLUMNS, rows, WIDTHS, names)
    _accepted(request, paper, risks)
    _closed(request, paper)
    paper.text(
        "Scores are likelihood x impact, each from 1 to 5, before treatment and now. This report names no people: "
        "risks are listed by department, and e-mail addresses, phone numbers and names of city staff are left out."
    )
    return Card(
        f"{title} of {request.city.name}, {day}",
        Text(f"{counted(len(risks), 'open risk')}, {len(late) or 'none'} with an overdue review."),
        File(name=f"risk-register-{request.today}.docx", data=paper.data()),
        Note("It names no people. Please read the titles first: only names that the bot knows are left out."),
        Buttons(Button.say("As a spreadsheet", "risk export xlsx"), Button.say("Matrix", "risk matrix")),
    )


def _by_level(request: Request, risks: list[Risk]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for level in reversed(LEVELS):
        those = [risk for risk in risks if level_of(request, risk).id == level]
        accepted = sum(risk.accepted_until is not None for risk in those)
        late = sum(is_overdue(request, risk) for risk in those)
        rows.append((request.city.risks.levels[level].name, str(len(those)), str(accepted), str(late)))
    return rows


def _row(request: Request, risk: Risk, asked: Sequence[Action]) -> tuple[str, ...]:
    actions = [action for action in asked if action.state != "dropped"]
    done = sum(action.state == "done" for action in actions)
    late = sum(
        action.state == "open" and action.due_on is not None and action.due_on < request.today for action in actions
    )
    return (
        risk.ref,
        anonymous(request.city, risk.title),
        category_name(request.city, risk),
        department_name(request.city, risk),
        str(risk.likelihood * risk.impact),
        str(risk.score),
        level_of(request, risk).name,
        treatment_of(risk) or "not decided",
        f"{done} of {len(actions)} done{f', {late} late' if late else ''}" if actions else "none",
        _next(request, risk),
    )


def _next(request: Request, risk: Risk) -> str:
    if risk.review_on is None:
        return "none"
    return f"{risk.review_on}, OVERDUE" if is_overdue(request, risk) else risk.review_on.isoformat()


def _accepted(request: Request, paper: "Document", risks: list[Risk]) -> None:
    holding = request.store.risk.acceptances.holding()
    rows = []
    for risk in risks:
        if risk.accepted_until and (acceptance := holding.get(risk.number)):
            by = request.city.people.get(acceptance.decided_by or "")
            why = anonymous(request.city, acceptance.why)
            rows.append((risk.ref, level_of(request, risk).name, str(acceptance.until), by.title if by else "", why))
    if rows:
        paper.heading("Accepted as they are")
        paper.table(("Ref.", "Level", "Until", "Accepted by", "Why"), rows, (1, 1.5, 2, 3, 8))


def _closed(request: Request, paper: "Document") -> None:
    since = request.now - CLOSED_WITHIN
    closed = [risk for risk in request.store.risk.records.everything() if risk.closed_at and risk.closed_at > since]
    if closed:
        calendar = request.calendar
        rows = [
            (risk.ref, anonymous(request.city, risk.title), str(calendar.today(risk.closed_at or request.now)))
            for risk in closed
        ]
        paper.heading(f"Closed in the last {CLOSED_WITHIN.days} days")
        paper.table(("Ref.", "Risk", "Closed on"), rows, (1, 8, 2))

"""Risk sheet: exporting the whole register as a spreadsheet, and importing it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from handlers.kit.context import OF_A_SENDING, SYSTEM, Context, Request
from handlers.kit.errors import FieldErrors
from handlers.kit.events import ACTION_KNOWN, KnownAction, emit
from handlers.kit.forms import Form, ask, questions
from handlers.kit.here import still_here
from handlers.kit.messages import Card, File, Note, Text
from handlers.kit.registry import command, sheet
from handlers.kit.sheets.writing import Cell, Format, not_before, written
from handlers.risk.changes import over_at, save
from handlers.risk.forms import check_residual
from handlers.risk.record import categories, departments, level_of, next_review
from handlers.risk.row import ACCEPTED, SAME, RiskRow, action_cell, origins, person_cell, read_action, read_person
from handlers.risk.sheet_change import change_from_sheet
from handlers.risk.similar import Titles, open_titles
from storage.risk.acceptances import Acceptance
from storage.risk.records import Risk, number_of

SOURCE = re.compile(r"https?://[^\s|]{1,2000}")


class Export(Form):
    format: str = ask("Which file format?", options=(("xlsx", "xlsx: for Excel"), ("csv", "csv: for any program")))


@command("risk export", asks=Export, needs="risk.export", reads_only=True, example="/risk export xlsx")
def export_risks(request: Request, form: Export) -> Card:
    """Get the risk register."""
    kind: Format = "csv" if form.format == "csv" else "xlsx"
    request.row_first("risks", format=kind)
    rows = list(risk_rows(request))
    data = written(questions(RiskRow, request.city), rows, kind, request.calendar)
    return Card(
        "The risk register as a spreadsheet",
        Text(f"Risks: {len(rows)}, closed ones too, as of {request.calendar.spoken(request.now)}."),
        File(name=f"risks-{request.today}.{kind}", data=data),
        Note("IT can import such a file: import risks."),
    )


def risk_rows(context: Context) -> Iterator[Mapping[str, Cell]]:
    """A row for every risk that was not withdrawn, by number."""
    risks = context.store.risk.records.everything()
    actions = context.store.actions.records.about_many([risk.ref for risk in risks])
    holding, origins_of = context.store.risk.acceptances.holding(), context.store.links.origins("R-")
    for risk in risks:
        yield {
            **{name: getattr(risk, name) for name in SAME},
            "reference": risk.ref,
            "residual_confirmed": ("yes" if risk.residual_confirmed else "no") if risk.residual else None,
            "score": risk.score,
            "level": level_of(context, risk).name,
            "category": dict(categories(context.city)).get(risk.category or "", risk.category),
            "department": dict(departments(context.city)).get(risk.department or "", risk.department),
            "owner": person_cell(context, risk.owner),
            "actions": "\n".join(action_cell(context, action) for action in actions.get(risk.ref, ())),
            **_acceptance(context, risk, holding.get(risk.number)),
            "logged_by": person_cell(context, risk.created_by),
            "logged_on": risk.created_at,
            "closed_by": person_cell(context, risk.closed_by),
            "closed_on": risk.closed_at,
            "made_of": risk.source,
            "came_from": ", ".join(origins_of.get(risk.ref, ())),
        }


def _acceptance(context: Context, risk: Risk, holding: Acceptance | None) -> dict[str, Cell]:
    if holding is None or risk.accepted_until is None:
        return {}
    by = person_cell(context, holding.decided_by)
    return {"accepted_until": risk.accepted_until, "accepted_by": by, "accepted_because": holding.why}


def take_risk(context: Context, row: RiskRow) -> str:
    """Store a row as a risk and return its reference; raises FieldErrors."""
    values = _values(context, row)
    number = _number(context, row)
    risk = context.store.risk.records.add_as(number, **values)
    check_residual(risk)
    if row.accepted_until:
        _take_acceptance(context, row, risk)
    for line in filter(None, (row.actions or "").splitlines()):
        emit(ACTION_KNOWN, context, KnownAction(about=risk.ref, by=risk.created_by, **read_action(context, line, risk)))
    for origin in origins(row.came_from):
        context.store.links.add(origin, risk.ref, by=risk.created_by, at=context.now)
    context.audit(risk.ref, score=risk.score, owner=risk.owner)
    return risk.ref


def same_open(context: Context, rows: Iterable[RiskRow]) -> list[str | None]:
    """The open risk that each of these new rows seems to say again."""
    titles = Titles(open_titles(context))
    alike = (titles.like(row.title) if row.state in (None, "open") else [] for row in rows)
    return [found[0][0] if found else None for found in alike]


def add_row(context: Context, row: RiskRow, ref: str) -> None:
    """Add what a row says to an open risk."""
    risk = context.store.risk.records.take(ref)
    assert risk is not None, "it was found in this transaction"
    save(context, risk, "noted", text="; ".join(filter(None, (row.title, row.details))))


@sheet(
    "risks",
    row=RiskRow,
    needs="risk.export",
    take=take_risk,
    change=change_from_sheet,
    counted=("score", "level"),
    added=("actions", "came_from"),
    fixed=("logged_on",),
    same=same_open,
    add=add_row,
)
def risks_sheet(context: Context) -> Iterator[Mapping[str, Cell]]:
    """The risk register."""
    return risk_rows(context)


def _number(context: Context, row: RiskRow) -> int | None:
    if row.reference is None:
        return None
    number = number_of(row.reference)
    if not number:
        raise FieldErrors(
            {"reference": f'"{row.reference}" is not a reference. Write one such as R-1, or leave it empty.'}
        )
    if context.store.risk.records.find(row.reference):
        raise FieldErrors(
            {"reference": f"{row.reference} is in the register already. Leave it empty, or take the row out."}
        )
    return number


def _check_owner(context: Context, row: RiskRow) -> None:
    """Check that the owner of an open risk works here."""
    if row.state != "closed":
        still_here(context, "owner", row.owner)


def _check_accepted(_context: Context, row: RiskRow) -> None:
    """Check that an open, accepted risk has a day until which it is accepted."""
    if row.state != "closed" and row.treatment == ACCEPTED and row.accepted_until is None:
        raise FieldErrors({"accepted_until": "An accepted risk needs who accepted it, why, and until when."})


def _check_reason(_context: Context, row: RiskRow) -> None:
    """Check that a closed risk has a reason, and that no other risk has one."""
    if row.state == "closed" and not row.reason:
        raise FieldErrors({"reason": "Say why it was closed."})
    if row.state != "closed" and row.reason:
        raise FieldErrors({"reason": "Only a closed risk has this. Empty it."})


def _check_origin(_context: Context, row: RiskRow) -> None:
    """Check that the origin of a risk is a link to a message, or a sending of a routine."""
    if row.made_of and not (SOURCE.fullmatch(row.made_of) or OF_A_SENDING.fullmatch(row.made_of)):
        raise FieldErrors({"made_of": "This is not a link to a message. Leave it empty."})


def _check_confirmed(_context: Context, row: RiskRow) -> None:
    """Check that a score after treatment is given where it is marked as confirmed."""
    if row.residual_confirmed == "yes" and not (row.residual_likelihood and row.residual_impact):
        raise FieldErrors(
            {"residual_confirmed": "Fill in residual likelihood and residual impact, or change this to no."}
        )


CHECKS = (_check_owner, _check_accepted, _check_reason, _check_origin, _check_confirmed)  # each may raise FieldErrors


def _values(context: Context, row: RiskRow) -> dict[str, Any]:
    """A risk's columns from a row; what the row leaves empty is as for a new risk. Raises FieldErrors."""
    for check in CHECKS:
        check(context, row)
    same: dict[str, Any] = {name: getattr(row, name) for name in SAME}
    return same | {
        "state": row.state or "open",
        "residual_confirmed": row.residual_confirmed == "yes",
        "treatment": None if row.treatment == ACCEPTED else row.treatment,
        "owner": row.owner,
        "review_on": row.review_on or _next_review(context, row),
        "accepted_until": row.accepted_until,
        "created_by": read_person(context, row.logged_by, "logged_by") or SYSTEM,
        "created_at": row.logged_on or context.now,
        "source": row.made_of,
        **_closing(context, row),
    }


def _next_review(context: Context, row: RiskRow) -> date | None:
    """The next review if the row names none; None for a closed risk."""
    if row.state == "closed":
        return None
    score = (row.likelihood, row.impact)
    if row.residual_confirmed == "yes" and row.residual_likelihood and row.residual_impact:
        score = (row.residual_likelihood, row.residual_impact)
    return next_review(context.city, score, row.reviewed_on or context.today)


def _closing(context: Context, row: RiskRow) -> dict[str, Any]:
    """Who closed a closed risk and when; if the row does not say, the bot, now."""
    closed, at = row.state == "closed", row.closed_on
    if at and row.logged_on:
        at = not_before(at, row.logged_on, context.calendar)
    return {
        "closed_by": read_person(context, row.closed_by, "closed_by") or (SYSTEM if closed else None),
        "closed_at": at or (context.now if closed else None),
    }


def _take_acceptance(context: Context, row: RiskRow, risk: Risk) -> None:
    """Store an acceptance that holds; raises FieldErrors unless it names who gave it, why, and a day not yet past."""
    by = read_person(context, row.accepted_by, "accepted_by")
    why, until = row.accepted_because, row.accepted_until
    if risk.state == "closed":
        raise FieldErrors({"accepted_until": "Only an open risk has this."})
    if by is None or why is None:
        missing = "accepted_by" if by is None else "accepted_because"
        raise FieldErrors({missing: "An accepted risk needs who accepted it, why, and until when."})
    if by == risk.owner:
        raise FieldErrors({"accepted_by": "The owner of a risk cannot accept it."})
    if until is None or until < context.today:
        raise FieldErrors({"accepted_until": f"{until} is in the past, so the acceptance has ended. Leave this empty."})
    accepted = context.store.risk.acceptances.add(
        risk.number,
        state="approved",
        level=level_of(context, risk).id,
        why=why,
        until=until,
        approver=by,
        asked_by=by,
        asked_at=context.now,
        decided_by=by,
        decided_at=context.now,
    )
    context.schedule("risk.acceptance-over", accepted.ref, over_at(context, until))

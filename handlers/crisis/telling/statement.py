"""Crisis statements: a statement to the public is drafted with all required parts, and is kept for the report."""

from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from handlers.crisis.choice import several, which_crisis, working_on
from handlers.crisis.here import meant_here
from handlers.crisis.record import WHICH, write
from handlers.crisis.telling.drafts import (
    STATEMENT,
    StatementOf,
    approvers,
    drafts,
    plain_statement,
    spoken,
    statement_card,
    statement_ref,
)
from handlers.crisis.to_many import tell_all
from handlers.kit.context import Context, Request
from handlers.kit.contributions import crisis_report_section
from handlers.kit.errors import FieldErrors, UserError
from handlers.kit.forms import Form, OpenForm, Reference, ask
from handlers.kit.hints import personal
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Card
from handlers.kit.moments import HINT, SOON, check_begun, read_moment
from handlers.kit.registry import action, command
from handlers.kit.settled import settled
from storage.crisis.records import Crisis
from storage.crisis.reports import Report

if TYPE_CHECKING:
    from handlers.kit.document import Document

LAST = "After the crisis is over, you may leave this empty: then this is the last update."


class Statement(Form):
    what: str = ask("What has happened?", max_length=600, long=True)
    who: str = ask("Who is affected?", max_length=300)
    since: str = ask("Since when?", max_length=120)
    do: str = ask("What should people do?", max_length=600, long=True)
    next: str | None = ask("When is the next update?", default=None, max_length=40, moment=SOON, hint=f"{HINT}. {LAST}")
    crisis: Reference | None = ask("Which crisis?", default=None, max_length=20, hint=WHICH)


@command(
    "crisis statement",
    sends="Draft it",
    asks=Statement,
    needs="crisis.answer",
    prefill=meant_here,
    example="/crisis statement A water main burst; who Mill Road; since 08:40; do Boil water; next in 2 hours",
)
def draft_statement(request: Request, form: Statement) -> Card:
    """Draft a statement."""
    if which := several(request, "crisis statement", form):
        return which
    meant = form.crisis or which_crisis(request, None).ref
    crisis = working_on(request, meant, is_open=False)  # the end of a crisis may need a statement too
    check_begun(request, "since", form.since)
    due = _next_update(request, crisis, form)
    _check_private(request, form)
    for older in drafts(request, crisis):
        replaced = request.store.crisis.reports.change(
            older, state="replaced", decided_by=request.person.id, decided_at=request.now
        )
        settled(request, statement_ref(older), f"replaced by {request.person.name}")
        request.refresh(statement_ref(older), statement_card(request, crisis, replaced))
    parts = {name: getattr(form, name) for name in ("what", "who", "since", "do")}
    draft = request.store.crisis.reports.add(
        crisis.ref, STATEMENT, "draft", parts, next_update_at=due, by=request.person.id, at=request.now
    )
    request.audit(statement_ref(draft), drafted=True)
    asked, question = approvers(request, draft), statement_card(request, crisis, draft)
    draws = f"crisis.statement {crisis.ref} {draft.id}"
    tell_all(request, crisis, asked, question, ref=statement_ref(draft), priority="page", draws=draws)
    write(request, crisis, "drafted a statement to the public; a second person is asked", by=request.person.id)
    refresh_homes(request, asked)
    return statement_card(request, crisis, draft, title="Waits for a second person")


@action("crisis.statement-anew", needs="crisis.answer", opens_form=True, carries=StatementOf)
def write_anew(request: Request, value: StatementOf) -> OpenForm:
    """Write a statement again."""
    old = taken_statement(request, value)
    working_on(request, old.crisis, is_open=False)
    return OpenForm("crisis statement", {**old.parts, "crisis": old.crisis})


@crisis_report_section("statements", order=61)
def statements_in_the_report(context: Context, crisis: Crisis, document: "Document") -> None:
    """What the public was told, and the drafts that were not published, with authors and who decided."""
    document.heading("Statements to the public")
    found = context.store.crisis.reports.of(crisis.ref, STATEMENT)
    if not found:
        document.text("No statement was written.")
        return
    rows = [
        (
            spoken(context, report.written_at),
            context.name(report.written_by),
            f"{report.state}{f', {context.name(report.decided_by)}' if report.decided_by else ''}",
            plain_statement(context, crisis, report),
        )
        for report in found
    ]
    document.table(("When", "Who", "State", "Text"), rows, (2, 2.5, 2.5, 6))


def _next_update(request: Request, crisis: Crisis, form: Statement) -> datetime | None:
    """The time of the promised update; required until the crisis is over. Raises FieldErrors."""
    if form.next:
        return read_moment(request, "next", form.next)
    if crisis.is_open:
        raise FieldErrors({"next": f"Please say when, as long as the crisis is open. Write it like {HINT}."})
    return None


def _check_private(request: Request, form: Statement) -> None:
    """Ask once about a phone number or an address in a statement: it may be a hotline, or a person's own."""
    found = {name: personal(getattr(form, name)) for name in ("what", "who", "do")}
    said = {
        name: f"This seems to hold {' and '.join(kinds)}. If it is meant for everybody, send it again."
        for name, kinds in found.items()
        if kinds
    }
    hint = sha256("\0".join((form.what, form.who, form.do)).encode()).hexdigest()
    if said and not request.hinted(hint):
        raise FieldErrors(said, hint=hint)


def taken_statement(request: Request, value: StatementOf) -> Report:
    """Take a statement for a change; raises UserError when there is none."""
    known = request.store.crisis.reports.take(value.statement)
    if known is None or known.kind != STATEMENT:
        raise UserError("There is no such statement. Draft one with: crisis statement")
    return known

"""Crisis statements: a statement to the public has all required parts and is approved by a second person."""

from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from handlers.crisis.choice import several, which_crisis, working_on
from handlers.crisis.record import WHICH, marked, stamped, tell, tell_room, write
from handlers.crisis.telling.drafts import (
    ASKED,
    STATEMENT,
    StatementOf,
    approvers,
    back_button,
    decide_buttons,
    drafts,
    is_outdated,
    plain_statement,
    rewrite_button,
    show_draft,
    spoken,
    statement_card,
    statement_ref,
)
from handlers.crisis.telling.promise import keep_promise, still_promised
from handlers.kit.city.people import Person
from handlers.kit.context import Context, Request
from handlers.kit.contributions import crisis_handover_section, crisis_report_section, todo
from handlers.kit.errors import FieldErrors, UserError
from handlers.kit.forms import Form, OpenForm, Reference, ask
from handlers.kit.hints import personal
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Buttons, Card, Text
from handlers.kit.moments import HINT, read_moment
from handlers.kit.morning import settled
from handlers.kit.policy import may
from handlers.kit.registry import action, command
from handlers.kit.waiting import Task, Waiting
from storage.crisis.records import Crisis
from storage.crisis.reports import Report

if TYPE_CHECKING:
    from handlers.kit.document import Document

LAST = "After the end it may be left open: then this is the last one."


class Statement(Form):
    what: str = ask("What has happened?", max_length=600, long=True)
    who: str = ask("Who is affected?", max_length=300)
    since: str = ask("Since when?", max_length=120)
    do: str = ask("What should people do?", max_length=600, long=True)
    next: str | None = ask("When is the next update?", default=None, max_length=40, hint=f"{HINT}. {LAST}")
    crisis: Reference | None = ask("Which crisis?", default=None, max_length=20, hint=WHICH)


class SendBack(Form):
    why: str = ask("What is to be changed?", max_length=500, long=True)


@command(
    "crisis statement",
    sends="Draft it",
    asks=Statement,
    needs="crisis.answer",
    example="/crisis statement A water main burst; who Mill Road; since 08:40; do Boil water; next in 2 hours",
)
def draft_statement(request: Request, form: Statement) -> Card:
    """Draft a statement."""
    if which := several(request, "crisis statement", form):
        return which
    meant = form.crisis or which_crisis(request, None).ref
    crisis = working_on(request, meant, is_open=form.crisis is None)  # the end of a crisis may need a statement too
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
    for person in asked:
        tell(request, crisis, f"dm:{person}", question, ref=statement_ref(draft), priority="page", draws=draws)
    write(request, crisis, "drafted a statement to the public; a second person is asked", by=request.person.id)
    refresh_homes(request, asked)
    return statement_card(request, crisis, draft, title="Waits for a second person")


@action("crisis.statement-approve", needs="crisis.approve", carries=StatementOf)
def approve(request: Request, value: StatementOf) -> Card:
    """Approve a statement."""
    crisis, draft = _waiting(request, value)
    if is_outdated(request, draft):
        return _too_late(request, crisis, draft)
    approved = _decide(request, crisis, draft, "approved")
    said = " ".join(plain_statement(request, crisis, approved).splitlines())
    write(request, crisis, f"approved the statement: {said}", by=request.person.id, kind="decided")
    tell_room(request, crisis, statement_card(request, crisis, approved), ref=statement_ref(approved))
    tell(request, crisis, f"dm:{draft.written_by}", statement_card(request, crisis, approved), priority="page")
    keep_promise(request, crisis, approved)
    return statement_card(request, crisis, approved)


def _too_late(context: Context, crisis: Crisis, draft: Report) -> Card:
    """Say why a draft cannot be approved any more, and what can be done instead."""
    past = spoken(context, draft.next_update_at)
    card = Card(
        f"{crisis.ref}: this draft cannot be approved any more",
        Text(f"It promises an update for {past}, and that is past. Nothing was published."),
        Text("Send it back, or write a newer draft with a new time."),
        Buttons(back_button(draft), rewrite_button(draft)),
    )
    return stamped(crisis, card)


@action("crisis.statement-back", needs="crisis.approve", asks=SendBack, carries=StatementOf)
def send_back(request: Request, value: StatementOf, form: SendBack) -> Card:
    """Send a statement back."""
    crisis, draft = _waiting(request, value)
    back = _decide(request, crisis, draft, "sent back", why=form.why)
    write(request, crisis, f"sent the statement back: {form.why}", by=request.person.id)
    mine = statement_card(request, crisis, back).with_words(Buttons(rewrite_button(back)))
    tell(request, crisis, f"dm:{draft.written_by}", mine, priority="page")
    still_promised(request, crisis)
    return statement_card(request, crisis, back)


@action("crisis.statement-show", needs="crisis.answer", carries=StatementOf)
def show_statement(request: Request, value: StatementOf) -> Card:
    """Show a statement, with the buttons to decide about it for whoever may."""
    one = _found(request, value)
    crisis = working_on(request, one.crisis, is_open=False)
    decides = one.written_by != request.person.id and may(request.person.all_roles, "crisis.approve")
    return statement_card(request, crisis, one, title="" if decides else "Waits for a second person")


@action("crisis.statement-anew", needs="crisis.answer", opens_form=True, carries=StatementOf)
def write_anew(request: Request, value: StatementOf) -> OpenForm:
    """Write a statement anew."""
    old = _found(request, value)
    working_on(request, old.crisis, is_open=False)
    return OpenForm("crisis statement", {**old.parts, "crisis": old.crisis})


@todo("crisis statements", order=13)
def to_approve(context: Context, person: Person) -> Waiting:
    """Statements that wait for somebody's approval."""
    if person.all_roles.isdisjoint(ASKED):
        return Waiting("", [])
    found = [report for report in context.store.crisis.reports.drafts(STATEMENT) if report.written_by != person.id]
    return Waiting("", [_task(context, report) for report in found if _is_real_or_open(context, report)])


def _task(context: Context, one: Report) -> Task:
    line = marked(context, one.crisis, f"{one.crisis}: a statement waits for a second person")
    return Task(statement_ref(one), line, (show_draft(one), *decide_buttons(one)))


def _is_real_or_open(context: Context, one: Report) -> bool:
    """Whether a decision is still needed; not when the crisis was a drill that is over."""
    crisis = context.store.crisis.records.find(one.crisis)
    return crisis is not None and (crisis.is_open or not crisis.drill)


@crisis_handover_section("statements")
def waiting_statements(context: Context, crisis: Crisis) -> list[str]:
    """Statements that nobody has approved yet."""
    return [f"A statement of {context.name(draft.written_by)} waits for approval." for draft in drafts(context, crisis)]


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


def _waiting(request: Request, value: StatementOf) -> tuple[Crisis, Report]:
    """Take a draft that waits, for anybody but its author; else raise UserError, with who decided and when."""
    draft = _found(request, value)
    crisis, when = which_crisis(request, draft.crisis), spoken(request, draft.decided_at)
    if draft.state == "replaced":
        raise UserError(f"{request.name(draft.decided_by)} wrote a newer draft, {when}. Please look at that one.")
    if draft.state != "draft":
        raise UserError(f"{request.name(draft.decided_by)} decided about it already ({draft.state}), {when}.")
    if draft.written_by == request.person.id:
        raise UserError("It is your own draft: a second person approves it. They are being asked.")
    return crisis, draft


def _found(request: Request, value: StatementOf) -> Report:
    """Take a statement for a change; raises UserError when there is none."""
    known = request.store.crisis.reports.take(value.statement)
    if known is None or known.kind != STATEMENT:
        raise UserError("There is no such statement. Draft one with: crisis statement")
    return known


def _decide(request: Request, crisis: Crisis, draft: Report, state: str, why: str | None = None) -> Report:
    decided = request.store.crisis.reports.change(
        draft, state=state, decided_by=request.person.id, decided_at=request.now, why=why
    )
    request.audit(statement_ref(draft), state=state)
    request.refresh(statement_ref(draft), statement_card(request, crisis, decided))
    settled(request, statement_ref(draft), f"{state} by {request.person.name}")
    refresh_homes(request, [person.id for role in ASKED for person in request.city.with_role(role)])
    return decided

"""Crisis approval: a second person approves a statement to the public, or sends it back."""

from collections.abc import Mapping

from handlers.crisis.choice import which_crisis, working_on
from handlers.crisis.levels import crisis_status
from handlers.crisis.record import as_drill, stamped, tell, tell_room, write
from handlers.crisis.telling.drafts import (
    ASKED,
    STATEMENT,
    StatementOf,
    approve_button,
    back_button,
    decide_buttons,
    drafts,
    is_outdated,
    is_outlived,
    over_since,
    plain_statement,
    rewrite_button,
    show_draft,
    spoken,
    statement_card,
    statement_ref,
)
from handlers.crisis.telling.promise import keep_promise, still_promised
from handlers.crisis.telling.statement import taken_statement
from handlers.kit.context import Context, Request, hint_key
from handlers.kit.contributions import crisis_handover_section, todo
from handlers.kit.errors import UserError
from handlers.kit.events import CRISIS_OVER, on
from handlers.kit.forms import Form, ask
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Buttons, Card, Note, Text
from handlers.kit.persons import Persons
from handlers.kit.policy import may
from handlers.kit.registry import action
from handlers.kit.settled import settled
from handlers.kit.waiting import Task, Waiting
from storage.crisis.records import Crisis
from storage.crisis.reports import Report


class SendBack(Form):
    why: str = ask("What should be changed?", max_length=500, long=True)


@action("crisis.statement-approve", needs="crisis.approve", carries=StatementOf)
def approve(request: Request, value: StatementOf) -> Card:
    """Approve a statement."""
    crisis, draft = _waiting(request, value)
    if is_outdated(request, draft):
        return _too_late(request, crisis, draft)
    if is_outlived(crisis, draft) and not request.hinted(hint := f"over {statement_ref(draft)}"):
        request.store.chat.inbox.keep(hint_key(request.person.id, hint), None, request.now)
        return _still_holds(request, crisis, draft)
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
        f"{crisis.ref}: this draft cannot be approved anymore",
        Text(f"It promises an update for {past}, and that is past. Nothing was published."),
        Text("Send it back, or write a newer draft with a new time."),
        Buttons(back_button(draft), rewrite_button(draft)),
    )
    return stamped(crisis, card)


def _still_holds(context: Context, crisis: Crisis, draft: Report) -> Card:
    """Ask once more about a draft that was written before the crisis ended."""
    buttons = Buttons(approve_button(draft, "Approve it anyway"), back_button(draft), rewrite_button(draft))
    shown = statement_card(context, crisis, draft, title="the crisis is over, please read the draft again")
    return shown.with_words(buttons, Note("Nothing was approved yet."))


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
    """Show a statement, with the buttons to decide about it for people who may."""
    one = taken_statement(request, value)
    crisis = working_on(request, one.crisis, is_open=False)
    decides = one.written_by != request.person.id and may(request.person.all_roles, "crisis.approve")
    return statement_card(request, crisis, one, title="" if decides else "Waits for a second person")


@todo("crisis statements", order=13)
def to_approve(context: Context, persons: Persons) -> Mapping[str, Waiting]:
    """Statements that wait for people's approval."""
    decide = persons.with_role(*ASKED)
    found = context.store.crisis.reports.drafts(STATEMENT) if decide else []
    crises = context.store.crisis.records.those({report.crisis for report in found})
    tasks = [(report, task) for report in found if (task := _task(context, crises.get(report.crisis), report))]
    return {
        person.id: Waiting("", [task for report, task in tasks if report.written_by != person.id]) for person in decide
    }


def _task(context: Context, crisis: Crisis | None, one: Report) -> Task | None:
    """The draft as something to do; None when the crisis was a drill that is over, and no decision is needed."""
    if crisis is None or (crisis.drill and not crisis.is_open):
        return None
    line, bad = as_drill(crisis, f"{one.crisis}: a statement waits for a second person"), crisis_status(crisis)
    if is_outlived(crisis, one):
        said, ways = f"{line}. {over_since(context, crisis)}", (show_draft(one), back_button(one))
        return Task(statement_ref(one), said, ways, status=bad, decides=True)
    return Task(statement_ref(one), line, (show_draft(one), *decide_buttons(one)), status=bad, decides=True)


@on(CRISIS_OVER)
def say_that_it_is_over(context: Context, crisis: Crisis) -> None:
    """Say on the drafts that wait that the crisis is over."""
    for draft in drafts(context, crisis):
        context.refresh(statement_ref(draft), statement_card(context, crisis, draft))


@crisis_handover_section("statements")
def waiting_statements(context: Context, crisis: Crisis) -> list[str]:
    """Statements that nobody has approved yet."""
    return [f"A statement by {context.name(draft.written_by)} waits for approval." for draft in drafts(context, crisis)]


def _waiting(request: Request, value: StatementOf) -> tuple[Crisis, Report]:
    """Take a draft that waits, for anybody but its author; else raise UserError, with who decided and when."""
    draft = taken_statement(request, value)
    crisis, when = which_crisis(request, draft.crisis), spoken(request, draft.decided_at)
    if draft.state == "replaced":
        raise UserError(f"{request.name(draft.decided_by)} wrote a newer draft, {when}. Please look at that one.")
    if draft.state != "draft":
        raise UserError(f"{request.name(draft.decided_by)} decided about it already ({draft.state}), {when}.")
    if draft.written_by == request.person.id:
        raise UserError("It is your own draft: a second person approves it. They are being asked.")
    return crisis, draft


def _decide(request: Request, crisis: Crisis, draft: Report, state: str, why: str | None = None) -> Report:
    decided = request.store.crisis.reports.change(
        draft, state=state, decided_by=request.person.id, decided_at=request.now, why=why
    )
    request.audit(statement_ref(draft), state=state)
    request.refresh(statement_ref(draft), statement_card(request, crisis, decided))
    settled(request, statement_ref(draft), f"{state} by {request.person.name}")
    refresh_homes(request, [person.id for role in ASKED for person in request.city.with_role(role)])
    return decided

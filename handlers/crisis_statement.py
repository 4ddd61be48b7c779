"""Crisis statements: what the public is told has its required parts, and a second person has approved it."""

from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from handlers.kit.context import Context, Request
from handlers.kit.crisis import WHICH, stamped, tell, tell_room, write
from handlers.kit.crisis_choice import several, which_crisis, working_on
from handlers.kit.crisis_promise import keep_promise
from handlers.kit.errors import FieldErrors, UserError
from handlers.kit.facts import Person
from handlers.kit.forms import Form, OpenForm, Reference, ask
from handlers.kit.hints import personal
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Button, Buttons, Card, Facts, Note, Text
from handlers.kit.moments import HINT, read_moment
from handlers.kit.morning import dealt_with
from handlers.kit.registry import action, brief, chapter, command, waits
from handlers.kit.waiting import Task, Waiting
from storage.crises import Crisis
from storage.crisis_reports import Report

if TYPE_CHECKING:
    from handlers.kit.document import Document

KIND = "statement"
ASKED = ("city_manager", "crisis_team")  # who is asked to approve; department heads may as well


class Statement(Form):
    what: str = ask("What has happened?", max_length=600, long=True)
    who: str = ask("Who is affected?", max_length=300)
    since: str = ask("Since when?", max_length=120)
    do: str = ask("What should people do?", max_length=600, long=True)
    next: str = ask("When is the next update?", max_length=40, hint=HINT)
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
    crisis = working_on(request, meant, is_open=form.crisis is None)  # that it is over is worth a statement too
    due = read_moment(request, "next", form.next)
    _check_private(request, form)
    for older in _drafts(request, crisis):
        replaced = request.store.crisis_reports.change(
            older, state="replaced", decided_by=request.person.id, decided_at=request.now
        )
        dealt_with(request, _ref(older), f"replaced by {request.person.name}")
        request.refresh(_ref(older), _card(request, crisis, replaced))
    parts = {name: getattr(form, name) for name in ("what", "who", "since", "do")}
    draft = request.store.crisis_reports.add(
        crisis.ref, KIND, "draft", parts, next_update_at=due, by=request.person.id, at=request.now
    )
    request.note(_ref(draft), drafted=True)
    asked = [one.id for role in ASKED for one in request.city.with_role(role) if one.id != request.person.id]
    for person in dict.fromkeys(asked):
        tell(request, crisis, f"dm:{person}", _card(request, crisis, draft), about=_ref(draft), priority="page")
    write(request, crisis, "drafted a statement to the public; a second person is asked", by=request.person.id)
    refresh_homes(request, dict.fromkeys(asked))
    return _card(request, crisis, draft, title="Waits for a second person")


@action("crisis.statement-approve", needs="crisis.approve")
def approve(request: Request, value: str) -> Card:
    """Approve a statement."""
    crisis, draft = _waiting(request, value)
    approved = _decide(request, crisis, draft, "approved")
    said = " ".join(plain_statement(request, crisis, approved).splitlines())
    write(request, crisis, f"approved the statement: {said}", by=request.person.id, kind="decided")
    tell_room(request, crisis, _card(request, crisis, approved), about=_ref(approved))
    tell(request, crisis, f"dm:{draft.written_by}", _card(request, crisis, approved), priority="page")
    keep_promise(request, crisis, approved)
    return _card(request, crisis, approved)


@action("crisis.statement-back", needs="crisis.approve", asks=SendBack)
def send_back(request: Request, value: str, form: SendBack) -> Card:
    """Send a statement back."""
    crisis, draft = _waiting(request, value)
    back = _decide(request, crisis, draft, "sent back", why=form.why)
    write(request, crisis, f"sent the statement back: {form.why}", by=request.person.id)
    anew = Buttons(Button("Write it anew", "crisis.statement-anew", str(back.id), style="primary"))
    mine = _card(request, crisis, back).with_words(anew)
    tell(request, crisis, f"dm:{draft.written_by}", mine, priority="page")
    return _card(request, crisis, back)


@action("crisis.statement-anew", needs="crisis.answer")
def write_anew(request: Request, value: str) -> OpenForm:
    """Write a statement anew."""
    old = _found(request, value)
    return OpenForm("crisis statement", {**old.parts, "crisis": old.crisis})


@waits("crisis statements", order=13)
def to_approve(context: Context, person: Person) -> Waiting:
    """The statements that wait for somebody's approval."""
    if person.all_roles.isdisjoint(ASKED):
        return Waiting("", [])
    tasks = [
        Task(_ref(one), f"{crisis.ref}: a statement waits for a second person", _buttons(one))
        for crisis in context.store.crises.open()
        for one in _drafts(context, crisis)
        if one.written_by != person.id
    ]
    return Waiting("", tasks)


@brief("statements")
def waiting_statements(context: Context, crisis: Crisis) -> list[str]:
    """The statements that nobody has approved yet."""
    return [f"A statement of {context.name(one.written_by)} waits for approval." for one in _drafts(context, crisis)]


@chapter("statements", order=61)
def statements_in_the_report(context: Context, crisis: Crisis, document: "Document") -> None:
    """What the public was told, and the drafts that it was not, with who wrote and who decided."""
    document.heading("Statements to the public")
    found = context.store.crisis_reports.of(crisis.ref, KIND)
    if not found:
        document.text("No statement was written.")
        return
    rows = [
        (
            _spoken(context, one.written_at),
            context.name(one.written_by),
            f"{one.state}{f', {context.name(one.decided_by)}' if one.decided_by else ''}",
            plain_statement(context, crisis, one),
        )
        for one in found
    ]
    document.table(("When", "Who", "State", "Text"), rows, (2, 2.5, 2.5, 6))


def plain_statement(context: Context, crisis: Crisis, one: Report) -> str:
    """The statement as residents read it."""
    parts, promise = one.parts, _spoken(context, one.next_update_at)
    return "\n".join(
        [
            *(["DRILL, not for the public"] if crisis.drill else []),
            f"{context.city.name}: {parts['what']}",
            f"Who is affected: {parts['who']}",
            f"Since: {parts['since']}",
            f"What to do: {parts['do']}",
            f"Next update: {promise}",
        ]
    )


def _spoken(context: Context, moment: datetime | None) -> str:
    return context.city.calendar.spoken(moment) if moment else "not said"


def _drafts(context: Context, crisis: Crisis) -> list[Report]:
    return [one for one in context.store.crisis_reports.of(crisis.ref, KIND) if one.state == "draft"]


def _check_private(request: Request, form: Statement) -> None:
    """A phone number or an address in a statement is asked about once: it may be a hotline, or somebody's own."""
    found = {name: personal(getattr(form, name)) for name in ("what", "who", "do")}
    said = {
        name: f"This seems to hold {' and '.join(kinds)}. If it is meant for everybody, send it again."
        for name, kinds in found.items()
        if kinds
    }
    hint = sha256("\0".join((form.what, form.who, form.do)).encode()).hexdigest()
    if said and not request.hinted(hint):
        raise FieldErrors(said, hint=hint)


def _waiting(request: Request, value: str) -> tuple[Crisis, Report]:
    """A draft that waits, for somebody else than its author; raises UserError with who decided and when."""
    draft = _found(request, value)
    crisis, when = which_crisis(request, draft.crisis), _spoken(request, draft.decided_at)
    if draft.state == "replaced":
        raise UserError(f"{request.name(draft.decided_by)} wrote a newer draft, {when}. Please look at that one.")
    if draft.state != "draft":
        raise UserError(f"{request.name(draft.decided_by)} decided about it already ({draft.state}), {when}.")
    if draft.written_by == request.person.id:
        raise UserError("It is your own draft: a second person approves it. They are being asked.")
    return crisis, draft


def _found(request: Request, value: str) -> Report:
    """A statement by its number, taken for a change; raises UserError."""
    known = request.store.crisis_reports.take(int(value)) if value.isdecimal() and len(value) < 10 else None
    if known is None or known.kind != KIND:
        raise UserError("There is no such statement. Draft one with: crisis statement")
    return known


def _decide(request: Request, crisis: Crisis, draft: Report, state: str, why: str | None = None) -> Report:
    decided = request.store.crisis_reports.change(
        draft, state=state, decided_by=request.person.id, decided_at=request.now, why=why
    )
    request.note(_ref(draft), state=state)
    request.refresh(_ref(draft), _card(request, crisis, decided))
    dealt_with(request, _ref(draft), f"{state} by {request.person.name}")
    refresh_homes(request, [one.id for role in ASKED for one in request.city.with_role(role)])
    return decided


def _ref(one: Report) -> str:
    return f"{one.crisis} statement {one.id}"


def _buttons(one: Report) -> tuple[Button, Button]:
    approve_it = Button("Approve", "crisis.statement-approve", str(one.id), style="primary")
    return approve_it, Button("Send back", "crisis.statement-back", str(one.id))


def _card(context: Context, crisis: Crisis, one: Report, *, title: str = "") -> Card:
    """The statement as residents would read it, and how far it is."""
    parts, by = one.parts, f"Drafted by {context.name(one.written_by)}, {_spoken(context, one.written_at)}."
    decided = f"{context.name(one.decided_by)}, {_spoken(context, one.decided_at)}"
    states = {
        "draft": (title or "please approve a statement", Note(by), Buttons(*_buttons(one))),
        "approved": (
            "statement approved",
            Note(f"{by} Approved by {decided}. You may publish it as it stands here."),
            None,
        ),
        "sent back": ("statement sent back", Note(f"{by} Sent back by {decided}: {one.why}"), None),
        "replaced": ("a newer draft took its place", Note(f"{by} {decided}, wrote the newer one."), None),
    }
    heading, note, buttons = states[one.state]
    body = Facts(
        ("Who is affected", parts["who"]), ("Since", parts["since"]), ("What to do", parts["do"]),
        ("Next update", _spoken(context, one.next_update_at)),
    )  # fmt: skip
    show = (buttons,) if buttons and not title else ()
    if one.state == "approved":  # to be copied as it stands
        return stamped(crisis, Card(f"{crisis.ref}: {heading}", Text(plain_statement(context, crisis, one)), note))
    return stamped(crisis, Card(f"{crisis.ref}: {heading}", Text(parts["what"]), body, note, *show))

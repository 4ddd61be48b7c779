"""Crisis reports: the executive and the working report, each at its own pace; one just written is not asked for."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from handlers.kit.catalogue import catalogue
from handlers.kit.city import City
from handlers.kit.context import Context, Request
from handlers.kit.crisis import OVER, STARTED, WHICH, hours_since, room, show, stamped, tell, write
from handlers.kit.crisis_choice import leader, several, which_crisis, working_on
from handlers.kit.forms import TEXT_LIMIT, Form, Options, Reference, ask
from handlers.kit.messages import Button, Buttons, Card, Note, Text, Word
from handlers.kit.moments import HINT, read_moment
from handlers.kit.plain import plain_word
from handlers.kit.registry import action, board, brief, chapter, command, follows, timer
from storage.crises import Crisis
from storage.crisis_reports import Report

if TYPE_CHECKING:
    from handlers.kit.document import Document

DUE = "crisis.report-due"
KINDS = {"executive": "Executive report", "working": "Working report"}


def _kinds(_city: City) -> Options:
    return tuple(KINDS.items())


class NewReport(Form):
    text: str = ask("What is to be known?", long=True)
    kind: str = ask("For whom?", default="working", options=_kinds, hint="The working report, if left open.")
    next: str | None = ask("When is the next update?", default=None, max_length=40, hint=HINT)
    crisis: Reference | None = ask("Which crisis?", default=None, max_length=20, hint=WHICH)


def _begun(request: Request) -> dict[str, str]:
    """A report begins with what stands on the board."""
    running = request.store.crises.open()
    if len(running) != 1:
        return {}
    boards = sorted(catalogue.boards.values(), key=lambda one: (one.order, one.name))
    said = [plain_word(word) for one in boards for word in one.function(request, running[0])]
    return {"text": "\n".join(said)[:TEXT_LIMIT], "crisis": running[0].ref}


def _begun_for(request: Request, value: str) -> dict[str, str]:
    """The same from a reminder, which says for which crisis and whom it is."""
    ref, _, kind = value.partition(" ")
    return {**_begun(request), "crisis": ref, "kind": kind}


@command(
    "crisis report",
    asks=NewReport,
    needs="crisis.answer",
    prefill=_begun,
    example="/crisis report Pumps run, two streets dry; kind executive; next in 4 hours",
)
def report(request: Request, form: NewReport) -> Card:
    """Report on a crisis."""
    if asked := several(request, "crisis report", form):
        return asked
    crisis = working_on(request, form.crisis or which_crisis(request, None).ref)
    due = read_moment(request, "next", form.next) if form.next else request.now + _every(request, form.kind)
    told = request.store.crisis_reports.add(
        crisis.ref, form.kind, "told", {"text": form.text}, next_update_at=due if form.next else None,
        by=request.person.id, at=request.now,
    )  # fmt: skip
    request.note(crisis.ref, report=told.id, kind=form.kind)
    _again(request, crisis, form.kind, due)
    card = _card(request, crisis, told)
    for place in _readers(request, crisis, form.kind):
        tell(request, crisis, place, card, priority="page")
    write(request, crisis, f"{KINDS[form.kind].lower()}: {form.text}", by=request.person.id)
    return stamped(crisis, Card(f"{KINDS[form.kind]} of {crisis.ref} is on its way", Text(form.text)))


@action("crisis.report-write", needs="crisis.answer", asks=NewReport, prefill=_begun_for)
def write_report(request: Request, value: str, form: NewReport) -> Card:
    """Write a report."""
    return report(request, form)


@action("crisis.report-later", needs="crisis.answer")
def later(request: Request, value: str) -> Card:
    """Be reminded of a report later."""
    ref, _, kind = value.partition(" ")
    crisis = working_on(request, ref)
    due = request.now + timedelta(minutes=request.city.crisis.reports.snooze_minutes)
    _again(request, crisis, kind, due)
    request.note(crisis.ref, report=kind, later=True)
    return stamped(crisis, Card(f"I ask again at {request.city.calendar.clock(due)}"))


@follows(STARTED)
def begin_reports(context: Context, crisis: Crisis) -> None:
    """From the start on, both reports are due again and again."""
    for kind in KINDS:
        _again(context, crisis, kind, context.now + _every(context, kind))


@follows(OVER)
def end_reports(context: Context, crisis: Crisis) -> None:
    """No report is due any more."""
    for kind in KINDS:
        context.no_longer(DUE, f"{crisis.ref} {kind}")


@timer(DUE)
def report_due(context: Context, subject: str, _step: int) -> None:
    """Remind whoever writes a report that it is due."""
    ref, _, kind = subject.partition(" ")
    crisis = context.store.crises.take(ref)
    if crisis is None or not crisis.is_open or crisis.drill:
        return
    minutes = context.city.crisis.reports.snooze_minutes
    card = Card(
        f"{crisis.ref}: the {KINDS[kind].lower()} is due",
        Text(_last_line(context, crisis, kind)),
        Buttons(
            Button("Write it", "crisis.report-write", subject, style="primary"),
            Button(f"In {minutes} minutes", "crisis.report-later", subject),
        ),
    )
    context.note(crisis.ref, due=kind)
    speaks = context.store.crisis_roles.held(ref).get("communications") if kind == "executive" else None
    tell(context, crisis, f"dm:{speaks or leader(context, crisis)}", card)
    _again(context, crisis, kind, context.now + _every(context, kind))
    show(context, crisis)


@board("reports", order=50)
def on_the_board(context: Context, crisis: Crisis) -> list[Word]:
    """How old the last reports are, and which update was promised."""
    if crisis.state != "active":
        return []
    return [Text(" ".join(_last_line(context, crisis, kind) for kind in KINDS))]


@brief("reports")
def promised(context: Context, crisis: Crisis) -> list[str]:
    """The same for whoever takes over."""
    return [_last_line(context, crisis, kind) for kind in KINDS] if crisis.state == "active" else []


@chapter("reports", order=60)
def reports_in_the_report(context: Context, crisis: Crisis, document: "Document") -> None:
    """Each executive and working report, when and by whom."""
    spoken = context.city.calendar.spoken
    told = [one for one in context.store.crisis_reports.of(crisis.ref) if one.kind in KINDS]
    document.heading("Reports")
    if not told:
        document.text("No report was written.")
        return
    rows = [(spoken(one.written_at), KINDS[one.kind], context.name(one.written_by), one.parts["text"]) for one in told]
    document.table(("When", "What", "Who", "Text"), rows, (2, 2, 2.5, 6))


def _last_line(context: Context, crisis: Crisis, kind: str) -> str:
    """How long ago a report was written, whether it is late, and what was promised."""
    told = context.store.crisis_reports.of(crisis.ref, kind)
    since = told[-1].written_at if told else crisis.confirmed_at or crisis.created_at
    promise = told[-1].next_update_at if told else None
    late = context.now >= (promise or since + _every(context, kind))
    last = f"last {hours_since(since, context.now)} ago" if told else "none yet"
    due = f", next update promised for {context.city.calendar.spoken(promise)}" if promise else ""
    return f"{KINDS[kind]}: {last}{due}{', late' if late else ''}."


def _every(context: Context, kind: str) -> timedelta:
    paces = context.city.crisis.reports
    return timedelta(hours=paces.executive_hours if kind == "executive" else paces.working_hours)


def _again(context: Context, crisis: Crisis, kind: str, due: datetime) -> None:
    """The next reminder takes the place of the one that waits."""
    subject = f"{crisis.ref} {kind}"
    context.no_longer(DUE, subject)
    context.later(DUE, subject, due, step=int((due - crisis.created_at).total_seconds()))


def _readers(context: Context, crisis: Crisis, kind: str) -> list[str]:
    """The executive report goes to the city manager and to everybody, the working report into the room."""
    if kind == "working":
        return [room(crisis.ref)]
    return [*(f"dm:{one.id}" for one in context.city.with_role("city_manager")), "ops"]


def _card(context: Context, crisis: Crisis, told: Report) -> Card:
    promise = told.next_update_at
    notes = (Note(f"Next update: {context.city.calendar.spoken(promise)}."),) if promise else ()
    by = Note(f"By {context.name(told.written_by)}, {context.city.calendar.spoken(told.written_at)}.")
    return Card(f"{crisis.ref}: {KINDS[told.kind].lower()}", Text(told.parts["text"]), *notes, by)

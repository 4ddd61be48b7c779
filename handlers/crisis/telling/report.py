"""Crisis reports: the executive and the working report, each asked for at its own interval unless just written."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.crisis.choice import ask_for, several, which_crisis, working_on
from handlers.crisis.events import STARTED
from handlers.crisis.record import WHICH, room, show, stamped, tell, write
from handlers.crisis.telling.due import (
    KINDS,
    begun,
    due_at,
    due_first,
    every,
    last_report,
    snooze,
    standing,
    when,
    writer,
)
from handlers.kit.city.people import Person
from handlers.kit.context import Context, Request
from handlers.kit.contributions import crisis_board_section, crisis_handover_section, crisis_report_section, todo
from handlers.kit.errors import UserError
from handlers.kit.events import CRISIS_OVER, on
from handlers.kit.forms import Form, Reference, ask
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Button, Buttons, Card, Note, Row, Text, Word
from handlers.kit.moments import HINT, read_moment
from handlers.kit.morning import settled
from handlers.kit.registry import action, command, timer
from handlers.kit.values import NOT_OURS, Carried
from handlers.kit.waiting import Task, Waiting
from storage.crisis.records import Crisis
from storage.crisis.reports import Report

if TYPE_CHECKING:
    from handlers.kit.document import Document

DUE = "crisis.report-due"


@dataclass(frozen=True)
class ReportOf(Carried):
    """A report on a crisis; ``kind`` says for whom, and is empty where the author chooses."""

    crisis: str
    kind: str = ""


class NewReport(Form):
    text: str = ask("What is to be known?", long=True)
    kind: str = ask(
        "For whom?", default="working", options=tuple(KINDS.items()), hint="The working report, if left open."
    )
    next: str | None = ask("When is the next update?", default=None, max_length=40, hint=HINT)
    crisis: Reference | None = ask("Which crisis?", default=None, max_length=20, hint=WHICH)


def _begun(request: Request) -> dict[str, str]:
    """Fill in the form for the only open crisis, with the report that is due first."""
    running = request.store.crisis.records.open()
    return _begun_for(request, ReportOf(running[0].ref)) if len(running) == 1 else {}


def _begun_for(request: Request, value: ReportOf) -> dict[str, str]:
    """Fill in the form from a button, which names the crisis and perhaps the kind of report."""
    crisis = which_crisis(request, value.crisis, taken=False)
    kind = value.kind or due_first(request, crisis)
    return {"text": begun(request, crisis, kind), "kind": kind, "crisis": crisis.ref}


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
    due = read_moment(request, "next", form.next) if form.next else request.now + every(request, form.kind)
    told = request.store.crisis.reports.add(
        crisis.ref, form.kind, "told", {"text": form.text}, next_update_at=due if form.next else None,
        by=request.person.id, at=request.now,
    )  # fmt: skip
    request.audit(crisis.ref, report=told.id, kind=form.kind)
    if crisis.state == "active":
        request.reschedule(DUE, f"{crisis.ref} {form.kind}", due)
    card = _card(request, crisis, told)
    for place in _readers(request, crisis, form.kind):
        tell(request, crisis, place, card, priority="page")
    write(request, crisis, f"{KINDS[form.kind].lower()}: {form.text}", by=request.person.id)
    _not_due(
        request, crisis, form.kind, f"{request.person.name} wrote it at {request.city.calendar.clock(request.now)}"
    )
    next_one = Note(f"The next one is due at {when(request, due)}.")
    return stamped(crisis, Card(f"{KINDS[form.kind]} of {crisis.ref} is on its way", Text(form.text), next_one))


@action("crisis.report-write", needs="crisis.answer", asks=NewReport, prefill=_begun_for, carries=ReportOf)
def write_report(request: Request, value: ReportOf, form: NewReport) -> Card:
    """Write a report."""
    return report(request, form)


@action("crisis.report-later", needs="crisis.answer", carries=ReportOf)
def later(request: Request, value: ReportOf) -> Card:
    """Be reminded of a report later."""
    crisis, kind = working_on(request, value.crisis), value.kind
    if kind not in KINDS:
        raise UserError(NOT_OURS)
    last = last_report(request, crisis, kind)
    if last and due_at(request, crisis, kind) > request.now:
        wrote = f"{request.name(last.written_by)} wrote the {KINDS[kind].lower()} at {when(request, last.written_at)}"
        raise UserError(f"{wrote}. Nothing has to be put off.")
    again = request.now + snooze(request)
    request.reschedule(DUE, f"{crisis.ref} {kind}", again)
    request.audit(crisis.ref, report=kind, later=True)
    return stamped(crisis, Card(f"I ask again at {request.city.calendar.clock(again)}"))


@on(STARTED)
def begin_reports(context: Context, crisis: Crisis) -> None:
    """From the start on, both reports are due again and again."""
    for kind in KINDS:
        context.reschedule(DUE, f"{crisis.ref} {kind}", due_at(context, crisis, kind))


@on(CRISIS_OVER)
def end_reports(context: Context, crisis: Crisis) -> None:
    """No report is due any more."""
    for kind in KINDS:
        context.cancel(DUE, f"{crisis.ref} {kind}")
        _not_due(context, crisis, kind, "the crisis is over")


@timer(DUE, counts_seconds=True)
def report_due(context: Context, subject: str, _step: int) -> None:
    """Ask whoever writes a report for it when it is due."""
    ref, _, kind = subject.partition(" ")
    crisis = context.store.crisis.records.take(ref)
    if crisis is None or crisis.state != "active" or crisis.drill or due_at(context, crisis, kind) > context.now:
        return
    about = ReportOf(crisis.ref, kind)
    card = Card(
        f"{crisis.ref}: the {KINDS[kind].lower()} is due",
        Text(crisis.what),
        Text(standing(context, crisis, kind)),
        Buttons(
            Button("Write it", "crisis.report-write", about, style="primary"),
            Button(f"In {context.city.crisis.reports.snooze_minutes} minutes", "crisis.report-later", about),
        ),
        Note("It begins with what was decided since the last one, and how everything stands."),
    )
    person = writer(context, crisis, kind)
    context.audit(crisis.ref, due=kind)
    ask_for(context, crisis, person, card, ref=_ref(crisis, kind))
    context.reschedule(DUE, subject, context.now + every(context, kind))
    refresh_homes(context, [person])
    show(context, crisis)


@crisis_board_section("reports", order=50)
def on_the_board(context: Context, crisis: Crisis) -> list[Word]:
    """How old the last reports are, and which update was promised."""
    if crisis.state != "active":
        return []
    lines = " ".join(standing(context, crisis, kind) for kind in KINDS)
    return [Row(lines, Button("Write a report", "crisis.report-write", ReportOf(crisis.ref)))]


@crisis_handover_section("reports")
def promised(context: Context, crisis: Crisis) -> list[str]:
    """The reports for the person who takes over."""
    return [standing(context, crisis, kind) for kind in KINDS] if crisis.state == "active" else []


@crisis_report_section("reports", order=60)
def reports_in_the_report(context: Context, crisis: Crisis, document: "Document") -> None:
    """Each executive and working report, with when and by whom."""
    spoken = context.city.calendar.spoken
    told = [entry for entry in context.store.crisis.reports.of(crisis.ref) if entry.kind in KINDS]
    document.heading("Reports")
    if not told:
        document.text("No report was written.")
        return
    rows = [
        (spoken(entry.written_at), KINDS[entry.kind], context.name(entry.written_by), entry.parts["text"])
        for entry in told
    ]
    document.table(("When", "What", "Who", "Text"), rows, (2, 2, 2.5, 6))


@todo("crisis reports", order=12)
def own_reports(context: Context, person: Person) -> Waiting:
    """Reports that are due and that somebody is asked to write."""
    active = [crisis for crisis in context.store.crisis.records.open() if crisis.state == "active" and not crisis.drill]
    owed = [(crisis, kind) for crisis in active for kind in KINDS if due_at(context, crisis, kind) <= context.now]
    tasks = [_task(context, crisis, kind) for crisis, kind in owed if writer(context, crisis, kind) == person.id]
    return Waiting("", tasks)


def _task(context: Context, crisis: Crisis, kind: str) -> Task:
    due = due_at(context, crisis, kind)
    line = f"{crisis.ref}: the {KINDS[kind].lower()} is due since {when(context, due)}"
    write_it = Button("Write it", "crisis.report-write", ReportOf(crisis.ref, kind))
    due_on, owner = context.city.calendar.today(due), writer(context, crisis, kind)
    return Task(_ref(crisis, kind), line, (write_it,), due=due_on, owner=owner)


def _ref(crisis: Crisis, kind: str) -> str:
    """The reference of the question for a report."""
    return f"{crisis.ref} report {kind}"


def _not_due(context: Context, crisis: Crisis, kind: str, why: str) -> None:
    """Stop asking for a report, because it was written or the crisis is over."""
    card = Card(f"{crisis.ref}: the {KINDS[kind].lower()} is not due any more", Text(f"{crisis.what}: {why}."))
    context.refresh(_ref(crisis, kind), stamped(crisis, card))
    settled(context, _ref(crisis, kind), why)
    refresh_homes(context, [writer(context, crisis, kind)])


def _readers(context: Context, crisis: Crisis, kind: str) -> list[str]:
    """The places that get a report: executive to the city manager and the ops place, working to the crisis room."""
    if kind == "working":
        return [room(crisis.ref)]
    return [*(f"dm:{manager.id}" for manager in context.city.with_role("city_manager")), "ops"]


def _card(context: Context, crisis: Crisis, told: Report) -> Card:
    promise = told.next_update_at
    notes = (Note(f"Next update: {context.city.calendar.spoken(promise)}."),) if promise else ()
    by = Note(f"By {context.name(told.written_by)}, {context.city.calendar.spoken(told.written_at)}.")
    return Card(f"{crisis.ref}: {KINDS[told.kind].lower()}", Text(told.parts["text"]), *notes, by)

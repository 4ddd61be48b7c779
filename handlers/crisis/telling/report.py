"""Crisis reports: the executive and the working report are written, sent to their readers and kept."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.crisis.board import folded
from handlers.crisis.choice import several, which_crisis, working_on
from handlers.crisis.here import crisis_meant, in_room
from handlers.crisis.record import WHICH, at_when, room, stamped, when, write
from handlers.crisis.telling.due import KINDS, begun, due_at, due_first, due_status, every, speaker, standing, writer
from handlers.crisis.telling.promise import promised, residents
from handlers.crisis.telling.reminder import DUE, ReportOf, not_due
from handlers.crisis.to_many import tell_each
from handlers.kit.context import Context, Request
from handlers.kit.contributions import crisis_board_section, crisis_handover_section, crisis_report_section
from handlers.kit.forms import Form, Reference, ask
from handlers.kit.messages import Button, Buttons, Card, Facts, Note, Row, Text, Word
from handlers.kit.moments import HINT, SOON, read_moment
from handlers.kit.registry import action, command
from handlers.kit.speaking import Message
from handlers.kit.values import Carried
from storage.crisis.records import Crisis
from storage.crisis.reports import Report

if TYPE_CHECKING:
    from handlers.kit.document import Document


class NewReport(Form):
    text: str = ask("What should people know?", long=True)
    kind: str = ask("For whom?", default="working", options=tuple(KINDS.items()), hint="If empty, the working report.")
    next: str | None = ask("When is the next update?", default=None, max_length=40, moment=SOON, hint=HINT)
    crisis: Reference | None = ask("Which crisis?", default=None, max_length=20, hint=WHICH)


def _begun(request: Request) -> dict[str, str]:
    """Fill in the form for the crisis of the room, else for the only open one, with the report that is due first."""
    meant = crisis_meant(request)
    return _begun_for(request, ReportOf(meant.ref)) if meant and meant.is_open else in_room(request)


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
    if asked := several(request, "crisis report", form, is_open=True):
        return asked
    crisis = working_on(request, form.crisis or which_crisis(request, None).ref)
    due = read_moment(request, "next", form.next) if form.next else request.now + every(request, form.kind)
    told = request.store.crisis.reports.add(
        crisis.ref,
        form.kind,
        "told",
        {"text": form.text},
        next_update_at=due if form.next else None,
        by=request.person.id,
        at=request.now,
    )
    request.audit(crisis.ref, report=told.id, kind=form.kind)
    if crisis.state == "active":
        request.reschedule(DUE, f"{crisis.ref} {form.kind}", due)
    send_report(request, crisis, told, priority="page")
    write(request, crisis, f"{KINDS[form.kind].lower()}: {form.text}", by=request.person.id)
    not_due(request, crisis, form.kind, f"{request.person.name} wrote it at {request.calendar.clock(request.now)}")
    next_one = Note(f"The next one is due {at_when(request, due)}.")
    correct = Buttons(correct_button(told))
    title = f"{KINDS[form.kind]} of {crisis.ref} is on its way"
    return stamped(crisis, Card(title, Text(form.text), next_one, correct))


@dataclass(frozen=True)
class ToldOf(Carried):
    """A report that was told, by its number."""

    crisis: str
    report: int


def correct_button(told: Report, label: str = "Correct it") -> Button:
    return Button(label, "crisis.report-correct", ToldOf(told.crisis, told.id))


def send_report(context: Context, crisis: Crisis, told: Report, *, priority: str) -> None:
    """Send a report to its readers."""
    card = told_card(context, crisis, told)
    places = _readers(context, crisis, told.kind)
    tell_each(context, crisis, [Message(place, card, told_ref(told), priority) for place in places])


def told_ref(told: Report) -> str:
    """The reference of a report that was told."""
    return f"{told.crisis} told {told.id}"


@action("crisis.report-write", needs="crisis.answer", asks=NewReport, prefill=_begun_for, carries=ReportOf)
def write_report(request: Request, value: ReportOf, form: NewReport) -> Card:
    """Write a report."""
    return report(request, form)


@crisis_board_section("next update", order=8)
def next_update(context: Context, crisis: Crisis) -> list[Word]:
    """Which report or statement is due first, when and from whom."""
    kinds = KINDS if crisis.state == "active" else ()
    due = [(due_at(context, crisis, kind), KINDS[kind], kind) for kind in kinds]
    if found := promised(context, crisis):
        due.append((found[1], "Statement to residents", ""))
    if not due:
        return []
    at, what, kind = min(due)
    who = writer(context, crisis, kind) if kind else speaker(context, crisis)
    if not crisis.is_open:
        return [
            Facts(
                ("Last statement", f"residents were promised one for {when(context, at)}; asked: {context.name(who)}")
            )
        ]
    owed = due_status(context, at).label if kind else "late"
    state = f"{owed} since" if at <= context.now else "by"
    return [Facts(("Next update", f"{what}, {context.name(who)}, {state} {when(context, at)}"))]


@crisis_board_section("reports", order=50)
def on_the_board(context: Context, crisis: Crisis) -> list[Word]:
    """How old the last reports and statements are, and which update was promised; folded."""
    write_it = Button("Write a report", "crisis.report-write", ReportOf(crisis.ref))
    lines = [Row(" ".join(standing(context, crisis, kind) for kind in KINDS), write_it)]
    rows = [*(lines if crisis.state == "active" else ()), *residents(context, crisis)]
    return [folded(crisis, "reports", "Reports and statements", *rows)] if rows else []


@crisis_handover_section("reports")
def for_the_next(context: Context, crisis: Crisis) -> list[str]:
    """The reports for the person who takes over."""
    return [standing(context, crisis, kind) for kind in KINDS] if crisis.state == "active" else []


@crisis_report_section("reports", order=60)
def reports_in_the_report(context: Context, crisis: Crisis, document: "Document") -> None:
    """Each executive and working report, with when and by whom."""
    spoken = context.calendar.spoken
    told = [entry for entry in context.store.crisis.reports.of(crisis.ref) if entry.kind in KINDS]
    document.heading("Reports")
    if not told:
        document.text("No report was written.")
        return
    rows = [
        (
            spoken(entry.written_at),
            f"{KINDS[entry.kind]}{', corrected' if entry.corrects else ''}",
            context.name(entry.written_by),
            entry.parts["text"],
        )
        for entry in told
    ]
    document.table(("When", "What", "Who", "Text"), rows, (2, 2, 2.5, 6))


def _readers(context: Context, crisis: Crisis, kind: str) -> list[str]:
    """The places that get a report: executive to the city manager and the ops place, working to the crisis room."""
    if kind == "working":
        return [room(crisis)]
    return [*(f"dm:{manager.id}" for manager in context.city.with_role("city_manager")), "ops"]


def told_card(context: Context, crisis: Crisis, told: Report) -> Card:
    """A report as its readers have it: what it corrects, or that it is corrected itself."""
    spoken, reports = context.calendar.spoken, context.store.crisis.reports.of(crisis.ref, told.kind)
    promise = told.next_update_at
    notes = [Note(f"Next update: {spoken(promise)}.")] if promise else []
    notes += [
        Note(f"It corrects the report by {context.name(old.written_by)}, {spoken(old.written_at)}.")
        for old in reports
        if old.id == told.corrects
    ]
    later = next((report for report in reports if report.corrects == told.id), None)
    if later:
        notes.append(Note(f"{context.name(later.written_by)} corrected it, {spoken(later.written_at)}: read that one."))
    by = Note(f"By {context.name(told.written_by)}, {spoken(told.written_at)}.")
    state = ", corrected since" if later else ", corrected" if told.corrects else ""
    return stamped(
        crisis, Card(f"{crisis.ref}: {KINDS[told.kind].lower()}{state}", Text(told.parts["text"]), *notes, by)
    )

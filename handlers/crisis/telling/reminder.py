"""Crisis report reminders: who is asked for a report, again and again, until it is written or put off."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from handlers.crisis.choice import working_on
from handlers.crisis.events import STARTED
from handlers.crisis.leading import ask_for
from handlers.crisis.record import at_when, show, stamped, when
from handlers.crisis.telling.due import (
    KINDS,
    due_at,
    due_reports,
    due_status,
    every,
    last_report,
    snooze,
    standing,
    writer,
    writers,
)
from handlers.kit.context import Context, Request
from handlers.kit.contributions import todo
from handlers.kit.errors import UserError
from handlers.kit.events import CRISIS_OVER, on
from handlers.kit.home import refresh_homes
from handlers.kit.lists import counted
from handlers.kit.messages import Button, Buttons, Card, Note, Text
from handlers.kit.persons import Persons
from handlers.kit.registry import action, timer
from handlers.kit.settled import settled
from handlers.kit.values import NOT_OURS, Carried
from handlers.kit.waiting import Task, Waiting
from storage.crisis.records import Crisis

DUE = "crisis.report-due"


@dataclass(frozen=True)
class ReportOf(Carried):
    """A report on a crisis; ``kind`` says for whom, and is empty where the author chooses."""

    crisis: str
    kind: str = ""


@action("crisis.report-later", needs="crisis.answer", carries=ReportOf)
def later(request: Request, value: ReportOf) -> Card:
    """Be reminded of a report later."""
    crisis, kind = working_on(request, value.crisis), value.kind
    if kind not in KINDS:
        raise UserError(NOT_OURS)
    last = last_report(request, crisis, kind)
    if last and due_at(request, crisis, kind) > request.now:
        wrote = f"{request.name(last.written_by)} wrote the {KINDS[kind].lower()} {at_when(request, last.written_at)}"
        raise UserError(f"{wrote}. Nothing has to be put off.")
    again = request.now + snooze(request)
    request.reschedule(DUE, f"{crisis.ref} {kind}", again)
    request.audit(crisis.ref, report=kind, later=True)
    return stamped(crisis, Card(f"I will ask again at {request.calendar.clock(again)}"))


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
        not_due(context, crisis, kind, "the crisis is over")


@timer(DUE, counts_seconds=True)
def report_due(context: Context, subject: str, _step: int) -> None:
    """Ask the person who writes a report for it when it is due."""
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
            Button(f"In {counted(context.city.crisis.reports.snooze_minutes, 'minute')}", "crisis.report-later", about),
        ),
        Note("The form begins with what was decided since the last report, and where things stand."),
    )
    person = writer(context, crisis, kind)
    context.audit(crisis.ref, due=kind)
    ask_for(context, crisis, person, card, ref=_ref(crisis, kind))
    context.reschedule(DUE, subject, context.now + every(context, kind))
    refresh_homes(context, [person])
    show(context, crisis)


@todo("crisis reports", order=12)
def own_reports(context: Context, persons: Persons) -> Mapping[str, Waiting]:
    """Reports that are due and that people are asked to write."""
    active = [crisis for crisis in context.store.crisis.records.open() if crisis.state == "active" and not crisis.drill]
    due = due_reports(context, active)
    asked, tasks = writers(context, [crisis for crisis, _, _ in due]), dict[str, list[Task]]()
    for crisis, kind, at in due:
        if (person := asked[crisis.ref, kind]) in persons:
            tasks.setdefault(person, []).append(_task(context, crisis, kind, at, person))
    return {person: Waiting("", own) for person, own in tasks.items()}


def _task(context: Context, crisis: Crisis, kind: str, due: datetime, owner: str) -> Task:
    line = f"{crisis.ref}: the {KINDS[kind].lower()} has been due since {when(context, due)}"
    write_it = Button("Write it", "crisis.report-write", ReportOf(crisis.ref, kind))
    owed = due_status(context, due)
    return Task(_ref(crisis, kind), line, (write_it,), due=context.calendar.today(due), owner=owner, status=owed)


def _ref(crisis: Crisis, kind: str) -> str:
    """The reference of the question for a report."""
    return f"{crisis.ref} report {kind}"


def not_due(context: Context, crisis: Crisis, kind: str, why: str) -> None:
    """Stop asking for a report, because it was written or the crisis is over."""
    card = Card(f"{crisis.ref}: the {KINDS[kind].lower()} is not due anymore", Text(f"{crisis.what}: {why}."))
    context.refresh(_ref(crisis, kind), stamped(crisis, card))
    settled(context, _ref(crisis, kind), why)
    refresh_homes(context, [writer(context, crisis, kind)])

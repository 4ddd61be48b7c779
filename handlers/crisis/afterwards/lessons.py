"""Crisis lessons: what the cause was, and what was learned, asked of those who led it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from handlers.crisis.afterwards.document import newest_crisis
from handlers.crisis.choice import which_crisis
from handlers.crisis.events import LEFT
from handlers.crisis.leading import leader, on_duty_each
from handlers.crisis.record import crisis_line, stamped, write
from handlers.crisis.rights import may_lead
from handlers.kit.city.crisis import COMMANDER
from handlers.kit.context import Context, Request
from handlers.kit.contributions import crisis_report_section, todo
from handlers.kit.errors import UserError
from handlers.kit.events import CRISIS_OVER, emit, on
from handlers.kit.forms import Form, OpenForm, Reference, ask
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Button, Buttons, Card, Heading, Note, Text, Word
from handlers.kit.persons import Persons
from handlers.kit.policy import may
from handlers.kit.registry import action, command
from handlers.kit.settled import settled
from handlers.kit.waiting import Task, Waiting
from storage.crisis.records import Crisis

if TYPE_CHECKING:
    from handlers.kit.document import Document

DUE = timedelta(days=7)  # long enough to ask around, short enough to remember


class Lessons(Form):
    cause: str = ask("What was the cause?", max_length=2000, long=True, hint="The root cause, not the symptoms.")
    lessons: str = ask("What have we learned?", max_length=3000, long=True)


class LessonsOf(Form):
    crisis: Reference | None = ask("Which crisis?", default=None, max_length=20, hint="If empty, the newest one.")
    cause: str | None = ask("What was the cause?", default=None, max_length=2000, long=True)
    lessons: str | None = ask("What have we learned?", default=None, max_length=3000, long=True)


@on(CRISIS_OVER)
def show_who_led(context: Context, crisis: Crisis) -> None:
    """The cause and the lessons wait for the person who led the crisis."""
    if not crisis.lessons:
        refresh_homes(context, [leader(context, crisis)])


def lessons_words(context: Context, crisis: Crisis) -> dict[str, list[Word]]:
    """The question for the cause and the lessons, for the person who led the crisis, until they are written down."""
    if crisis.lessons:
        return {}
    by = context.calendar.spoken(_due(context, crisis))
    return {
        leader(context, crisis): [
            Heading("What was the cause, and what have we learned?"),
            Text(f"Please write it down by {by}. It goes into the report."),
            Buttons(_write_down(crisis)),
        ]
    }


@command(
    "crisis lessons",
    sends="Save",
    asks=LessonsOf,
    needs="crisis.answer",
    example="/crisis lessons CR-2026-01; cause A valve from 1961; lessons Check old valves each spring",
)
def write_lessons(request: Request, form: LessonsOf) -> Card | OpenForm:
    """Say what was learned."""
    crisis = _explainable(request, newest_crisis(request, form.crisis))
    if form.cause and form.lessons:
        return _keep(request, crisis, form.cause, form.lessons)
    typed = {"cause": form.cause or crisis.cause or "", "lessons": form.lessons or crisis.lessons or ""}
    return OpenForm("crisis.lessons", typed, crisis.ref)


def _known(request: Request, value: str) -> Mapping[str, str]:
    """The cause and lessons written down so far, to fill in the form."""
    crisis = _explainable(request, which_crisis(request, value))
    return {"cause": crisis.cause or "", "lessons": crisis.lessons or ""}


@action("crisis.lessons", needs="crisis.answer", asks=Lessons, prefill=_known)
def write_them_down(request: Request, value: str, form: Lessons) -> Card:
    """Say what was learned."""
    return _keep(request, _explainable(request, which_crisis(request, value)), form.cause, form.lessons)


def _explainable(request: Request, crisis: Crisis) -> Crisis:
    """The crisis, for somebody who leads or led it or may end one; raises UserError for anybody else."""
    leads, may_end = leader(request, crisis), may(request.person.all_roles, "crisis.standdown")
    if not (request.person.id == leads or may_end or may_lead(request, crisis, request.person)):
        verb = "leads" if crisis.is_open else "led"
        raise UserError(f"This is for {request.name(leads)}, who {verb} it. Please tell them.")
    return crisis


def _keep(request: Request, crisis: Crisis, cause: str, lessons: str) -> Card:
    again = crisis.lessons is not None
    crisis = request.store.crisis.records.change(crisis, cause=cause, lessons=lessons)
    request.audit(crisis.ref, lessons=True)
    what = "what was learned, once more" if again else "what was learned"
    write(request, crisis, f"wrote down the cause: {cause}", by=request.person.id)
    write(request, crisis, f"wrote down {what}: {lessons}", by=request.person.id)
    card = stamped(
        crisis,
        Card(
            f"{crisis.ref}: the cause and the lessons are written down",
            Text(f"Cause: {cause}"),
            Text(f"Lessons: {lessons}"),
            Buttons(
                Button.say("Add a follow-up", f"crisis follow-up ; crisis {crisis.ref}"),
                Button.say("Draft the after-action report", f"crisis document {crisis.ref}"),
            ),
            Note("What is to be done about it becomes a follow-up with an owner."),
        ),
    )
    emit(LEFT, request, crisis, [leader(request, crisis)])
    request.refresh(_ref(crisis), card)
    settled(request, _ref(crisis), f"written by {request.person.name}")
    refresh_homes(request, [leader(request, crisis)])
    return card


@todo("crisis lessons", order=16)
def to_write(context: Context, persons: Persons) -> Mapping[str, Waiting]:
    """Crises that people led and whose cause and lessons they still have to write down."""
    crises, tasks = context.store.crisis.records.unexplained(), dict[str, list[Task]]()
    leads = on_duty_each(context, crises, COMMANDER)
    for crisis in crises:
        if (person := leads[crisis.ref].person) in persons:
            tasks.setdefault(person, []).append(_task(context, crisis, person))
    return {person: Waiting("", own) for person, own in tasks.items()}


@crisis_report_section("lessons", order=70)
def cause_and_lessons(context: Context, crisis: Crisis, document: "Document") -> None:
    """The root cause, and what was learned."""
    asked = f"Not written down yet; {context.name(leader(context, crisis))} was asked."
    document.heading("Root cause")
    document.text(crisis.cause or asked)
    document.heading("Lessons")
    document.text(crisis.lessons or asked)


def _task(context: Context, crisis: Crisis, owner: str) -> Task:
    line = f"{crisis_line(context, crisis)}: what was the cause, and what have we learned?"
    due = context.calendar.today(_due(context, crisis))
    return Task(_ref(crisis), line, (_write_down(crisis),), due=due, owner=owner)


def _due(context: Context, crisis: Crisis) -> datetime:
    return (crisis.closed_at or context.now) + DUE


def _write_down(crisis: Crisis) -> Button:
    return Button("Write it down", "crisis.lessons", crisis.ref, style="primary")


def _ref(crisis: Crisis) -> str:
    return f"{crisis.ref} lessons"

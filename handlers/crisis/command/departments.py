"""Crisis departments: every department answers the roll call with one tap, and everybody sees how all of them are."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from handlers.crisis.choice import WhichCrisis, several, which_crisis
from handlers.crisis.command.asking import silent_card
from handlers.crisis.command.help import ask_for_help, show_help
from handlers.crisis.command.rollcall import (
    ANSWERS,
    LEVELS,
    REMIND,
    SILENT,
    STALE,
    WAS,
    DepartmentOf,
    asked,
    counts,
    department_name,
    department_of,
    may_answer,
    question,
    rollcall_ref,
    row,
    state,
    subject,
    tally,
    worst_first,
)
from handlers.crisis.command.rollcall_list import roll_call
from handlers.crisis.levels import crisis_status
from handlers.crisis.record import SHORT, as_drill, stamped, write
from handlers.crisis.rights import may_lead
from handlers.kit.context import Context, Request
from handlers.kit.contributions import crisis_board_section, crisis_handover_section, crisis_report_section, todo
from handlers.kit.errors import UserError
from handlers.kit.forms import Form, ask
from handlers.kit.home import refresh_homes
from handlers.kit.inline import Status
from handlers.kit.lists import all_of
from handlers.kit.messages import Button, Buttons, Card, Fold, Heading, Items, Note, Text, Word
from handlers.kit.persons import Persons
from handlers.kit.plain import plain_line
from handlers.kit.registry import action, command
from handlers.kit.settled import settled
from handlers.kit.signs import cut
from handlers.kit.waiting import Task, Waiting
from storage.crisis.records import Crisis
from storage.crisis.rollcalls import Rollcall

if TYPE_CHECKING:
    from handlers.kit.document import Document


BAD = ("help", "affected")
IN_SIGHT, MOST = 3, 25  # departments on the board that are not well, and folded; the roll call has all


class Line(Form):
    line: str = ask("What is it?", max_length=300, hint="In one line: what does not work, what do you need?")


class MoreWords(Form):
    line: str = ask("What should the team know?", max_length=300)


@command(
    "crisis rollcall", sends="Show", asks=WhichCrisis, needs="crisis.read", reads_only=True, example="/crisis rollcall"
)
def show_rollcall(request: Request, form: WhichCrisis) -> Card:
    """Show the roll call."""
    if asked := several(request, "crisis rollcall", form):
        return asked
    crisis = which_crisis(request, form.crisis, taken=False)
    if not request.store.crisis.rollcalls.of(crisis.ref):
        later = Text("Departments are asked as soon as the crisis is confirmed.")
        return stamped(crisis, Card(f"{crisis.ref}: no roll call yet", later))
    return roll_call(request, crisis.ref)


@action("crisis.department-ok", needs="crisis.answer", carries=DepartmentOf)
def is_ok(request: Request, value: DepartmentOf) -> None:
    """Say that a department is OK."""
    _answer(request, value, "ok", None)


@action("crisis.department-affected", needs="crisis.answer", asks=Line, carries=DepartmentOf)
def is_affected(request: Request, value: DepartmentOf, form: Line) -> Card:
    """Say what is affected."""
    return _answer(request, value, "affected", form.line)


@action("crisis.department-help", needs="crisis.answer", asks=Line, carries=DepartmentOf)
def needs_help(request: Request, value: DepartmentOf, form: Line) -> Card:
    """Say what help you need."""
    return _answer(request, value, "help", form.line)


@action("crisis.department-line", needs="crisis.answer", asks=MoreWords, carries=DepartmentOf)
def add_line(request: Request, value: DepartmentOf, form: MoreWords) -> Card:
    """Add a line."""
    one = request.store.crisis.rollcalls.take(value.crisis, value.department)
    if one is None or one.answer is None:
        raise UserError("Please say first how the department is: OK, Affected or Need help.")
    return _answer(request, value, one.answer, form.line)


@crisis_board_section("roll call", order=20)
def on_the_board(context: Context, crisis: Crisis) -> list[Word]:
    """Which departments need help or are affected, how many gave each answer, and folded all of them."""
    found = worst_first(context, crisis)
    if not found:
        return []
    bad = [rollcall for rollcall in found if rollcall.answer in BAD and not rollcall.is_silent]
    show = Button.say(all_of(len(found), "department"), f"crisis rollcall {crisis.ref}")
    lines = [state(context, crisis, rollcall) for rollcall in found[:MOST]]
    more = (Text(f"The first {MOST} of {len(found)}."),) if len(found) > MOST else ()
    return [
        Heading("Departments"),
        *(_bad_line(context, crisis, rollcall) for rollcall in bad[:IN_SIGHT]),
        Text(*tally(context, crisis, found)),
        Fold(show.label, Items(*lines), *more, Buttons(show), button=show),
    ]


def _bad_line(context: Context, crisis: Crisis, rollcall: Rollcall) -> Text:
    """A department that needs help or is affected, with what it says; after the end, that it did."""
    line = f": {cut(rollcall.line, SHORT, at_a_word=True)}" if rollcall.line else ""
    name, answer = department_name(context, rollcall.department), rollcall.answer or "ok"
    if not crisis.is_open:
        return Text(f"{WAS[answer].capitalize()}: {name}{line}")
    return Text(Status(LEVELS[answer], ANSWERS[answer].capitalize()), f" {name}{line}")


@crisis_handover_section("roll call")
def for_the_next(context: Context, crisis: Crisis) -> list[str]:
    """The roll call for the person who takes over."""
    found = worst_first(context, crisis)
    return [f"Roll call: {plain_line(tuple(tally(context, crisis, found)))}."] if found else []


@crisis_report_section("roll call", order=50)
def rollcall_in_the_report(context: Context, crisis: Crisis, document: "Document") -> None:
    """What each department said last, and who was silent."""
    found = asked(context, crisis)
    document.heading("Roll call of departments")
    if not found:
        document.text("Departments were not asked.")
        return
    document.text(f"In all: {counts(context, crisis)}")
    document.table(
        ("Department", "Says", "Who", "When"), [row(context, crisis, rollcall) for rollcall in found], (3, 5, 3, 3)
    )


@todo("roll call", order=11)
def unanswered(context: Context, persons: Persons) -> Mapping[str, Waiting]:
    """Departments that people have to answer for."""
    asked = context.store.crisis.rollcalls.asked_of(persons.ids)
    crises = context.store.crisis.records.those({rollcall.crisis for own in asked.values() for rollcall in own})
    return {
        person: Waiting("", [_task(context, crises.get(rollcall.crisis), rollcall) for rollcall in own])
        for person, own in asked.items()
    }


def _task(context: Context, crisis: Crisis | None, rollcall: Rollcall) -> Task:
    answers = (
        Button("OK", "crisis.department-ok", department_of(rollcall)),
        Button("Affected", "crisis.department-affected", department_of(rollcall)),
        Button("Need help", "crisis.department-help", department_of(rollcall)),
    )
    what = f"{rollcall.crisis} {crisis.what}" if crisis else rollcall.crisis
    line = as_drill(crisis, f"Crisis {what}: how is {department_name(context, rollcall.department)}?")
    day, bad = context.calendar.today(rollcall.asked_at), crisis_status(crisis) if crisis else None
    return Task(rollcall_ref(rollcall), line, answers, due=day, owner=rollcall.asked, status=bad)


def _answer(request: Request, value: DepartmentOf, answer: str, line: str | None) -> Card:
    crisis, department = which_crisis(request, value.crisis, is_open=True), value.department
    one = request.store.crisis.rollcalls.take(crisis.ref, department)
    if one is None or not (may_answer(request, one, request.person.id) or may_lead(request, crisis, request.person)):
        name = department_name(request, department)
        raise UserError(
            f"Only the head of {name}, or the person who stands in for them, can answer for it. "
            "To tell the team: crisis log"
        )
    said = {"answer": answer, "line": line, "answered_by": request.person.id, "answered_at": request.now}
    one = request.store.crisis.rollcalls.change(one, **said, answered_round=one.round)
    request.audit(rollcall_ref(one), answer=answer)
    for kind in (REMIND, SILENT):
        request.cancel(kind, subject(one))
    stale = request.now + timedelta(hours=request.city.crisis.rollcall.fresh_hours)
    request.schedule(STALE, subject(one), stale, step=int((request.now - crisis.created_at).total_seconds()))
    request.refresh(rollcall_ref(one), question(request, crisis, one))
    text = f"{department_name(request, department)}: {ANSWERS[answer]}{f': {line}' if line else ''}"
    write(request, crisis, text, by=request.person.id)
    settled(request, rollcall_ref(one), ANSWERS[answer])
    refresh_homes(request, [one.asked])
    request.refresh(f"{crisis.ref} silent", silent_card(request, crisis))
    if answer == "help":
        ask_for_help(request, crisis, one)
    else:
        show_help(request, crisis, one)
    return stamped(crisis, Card(f"{crisis.ref}: thank you", Text(text), Note("Everybody can read it on the board.")))

"""Crisis again: messages that state how a crisis stands, drawn again when they are sent late or once more."""

from handlers.crisis.afterwards.end_question import waiting_question
from handlers.crisis.board import summary
from handlers.crisis.calling.confirmation import announcement, question
from handlers.crisis.calling.pages import is_awaited, page_card
from handlers.crisis.command.plan import due_card
from handlers.crisis.command.rollcall import department_name
from handlers.crisis.command.rollcall import question as rollcall_question
from handlers.crisis.drawn import drawn_in_crisis
from handlers.crisis.record import SUMMARY
from handlers.crisis.telling.drafts import STATEMENT, statement_card
from handlers.kit.context import Context
from handlers.kit.errors import NotNeeded
from handlers.kit.messages import Card
from storage.crisis.records import Crisis


@drawn_in_crisis(SUMMARY, over=True)
def summary_again(context: Context, crisis: Crisis) -> Card:
    """The board; also when the crisis is over, because in Teams the room begins with it."""
    return summary(context, crisis)


@drawn_in_crisis("crisis.page")
def page_again(context: Context, crisis: Crisis, person: str) -> Card:
    """A page, until somebody has answered it."""
    page = context.store.crisis.pages.find(crisis.ref, person)
    if page is None or not is_awaited(crisis, page):
        raise NotNeeded(f"{context.name(person)} has answered")
    return page_card(context, crisis, page)


@drawn_in_crisis("crisis.confirm")
def confirm_again(context: Context, crisis: Crisis, asks: str) -> Card:
    """The question whether it is a crisis (alarm) or whether a second person agrees (confirm), until it is answered."""
    if crisis.confirmed_by:
        raise NotNeeded(f"{crisis.ref} has been confirmed")
    if asks == "alarm" and crisis.declared_by:
        raise NotNeeded(f"{context.name(crisis.declared_by)} has said that it is a crisis")
    return question(context, crisis)


@drawn_in_crisis("crisis.announced")
def announced_again(context: Context, crisis: Crisis) -> Card:
    """The announcement to the whole city while a crisis is on; its end has a message of its own."""
    return announcement(context, crisis)


@drawn_in_crisis("crisis.end")
def end_again(context: Context, crisis: Crisis, number: str) -> Card:
    """The question whether a crisis is over, until somebody has answered."""
    if crisis.ending_by is None or context.store.crisis.endings.find(crisis.ref, int(number)):
        raise NotNeeded(f"the question whether {crisis.ref} is over has been answered")
    return waiting_question(context, crisis, int(number))


@drawn_in_crisis("crisis.statement", over=True)
def statement_again(context: Context, crisis: Crisis, number: str) -> Card:
    """A draft of a statement for a person who may approve it, until somebody has decided about it."""
    known = [report for report in context.store.crisis.reports.of(crisis.ref, STATEMENT) if report.id == int(number)]
    if not known or known[0].state != "draft":
        raise NotNeeded(f"the statement was {known[0].state}" if known else "the statement is gone")
    return statement_card(context, crisis, known[0])


@drawn_in_crisis("crisis.rollcall")
def rollcall_again(context: Context, crisis: Crisis, department: str) -> Card:
    """The question how a department is, until it has answered."""
    asked = [
        rollcall
        for rollcall in context.store.crisis.rollcalls.of(crisis.ref)
        if rollcall.department == department and rollcall.is_silent
    ]
    if not asked:
        raise NotNeeded(f"{department_name(context, department)} has answered")
    return rollcall_question(context, crisis, asked[0])


@drawn_in_crisis("crisis.step")
def step_again(context: Context, crisis: Crisis, step: str) -> Card:
    """The message that a step of the plan is due, until it is done."""
    left = [task for task in context.store.crisis.tasks.of(crisis.ref) if task.step == step and task.done_at is None]
    if not left:
        raise NotNeeded(f"the step {step} of {crisis.ref} has been done")
    return due_card(context, crisis, left[0])

"""Crisis holdings: people's roles, steps and questions in crises, and how to give them to others."""

from collections.abc import Collection

from handlers.crisis.command.handover import give_role
from handlers.crisis.command.plan import show_step, step_line
from handlers.crisis.command.rollcall import department_name, question, rollcall_ref
from handlers.crisis.record import tell, write
from handlers.crisis.step import step_ref
from handlers.kit.context import Context, Request
from handlers.kit.contributions import held
from handlers.kit.held import Held
from handlers.kit.home import refresh_homes
from storage.crisis.records import Crisis


def _with_roles(context: Context) -> Collection[str]:
    return {holding.person for holding in context.store.crisis.roles.now()}


def _give_role(request: Request, one: Held, to: str) -> None:
    crisis, role = _taken(request, one), request.city.crisis.roles.get(one.record.role)
    if crisis is not None and role is not None:
        give_role(request, crisis, role, to, by=request.person.id)


@held("roles in crises", holders=_with_roles, move=_give_role, order=20)
def roles_of(context: Context, persons: Collection[str]) -> list[Held]:
    """The roles that people have in crises that are not over."""
    known, found = context.city.crisis.roles, context.store.crisis.roles.now()
    return [
        Held(
            f"{row.crisis} role {row.role}",
            f"{row.crisis}: {known[row.role].name}",
            row.person,
            None,
            row,
            row.stands_in,
        )
        for row in found
        if row.person in persons and row.role in known
    ]


def _with_steps(context: Context) -> Collection[str]:
    return {str(task.owner) for task in context.store.crisis.tasks.owed()}


def _give_step(request: Request, one: Held, to: str) -> None:
    crisis, task = _taken(request, one), request.store.crisis.tasks.take(one.record.crisis, one.record.step)
    if crisis is None or task is None or task.done_at:
        return
    task = request.store.crisis.tasks.change(task, owner=to, by_hand=True)
    request.audit(one.ref, owner=to)
    show_step(request, crisis, task)
    write(request, crisis, f"gives {request.name(to)} the step {task.name}", by=request.person.id)
    refresh_homes(request, [one.holder, to])


@held("steps in crises", holders=_with_steps, move=_give_step, order=21)
def steps_of(context: Context, persons: Collection[str]) -> list[Held]:
    """The steps of plans that people still have to do."""
    return [
        Held(step_ref(task), f"{task.crisis}: {step_line(context, task)}", str(task.owner), None, task)
        for task in context.store.crisis.tasks.owed()
        if task.owner in persons
    ]


def _asked(context: Context) -> Collection[str]:
    return {rollcall.asked for rollcall in context.store.crisis.rollcalls.silent()}


def _give_question(request: Request, one: Held, to: str) -> None:
    crisis, asked = _taken(request, one), request.store.crisis.rollcalls.take(one.record.crisis, one.record.department)
    if crisis is None or asked is None or not asked.is_silent:
        return
    asked = request.store.crisis.rollcalls.change(asked, asked=to)
    request.audit(one.ref, to=to)
    tell(request, crisis, f"dm:{to}", question(request, crisis, asked), ref=rollcall_ref(asked), priority="page")
    refresh_homes(request, [one.holder, to])


@held("questions in crises", holders=_asked, move=_give_question, order=23)
def questions_of(context: Context, persons: Collection[str]) -> list[Held]:
    """The roll call questions that people were asked and have not answered."""
    return [
        Held(
            rollcall_ref(rollcall),
            f"{rollcall.crisis}: how is {department_name(context, rollcall.department)}?",
            rollcall.asked,
            rollcall.department,
            rollcall,
        )
        for rollcall in context.store.crisis.rollcalls.silent()
        if rollcall.asked in persons
    ]


def _taken(request: Request, one: Held) -> Crisis | None:
    """Take the crisis that a holding belongs to for a change; None when it is over."""
    crisis = request.store.crisis.records.take(one.record.crisis)
    return crisis if crisis is not None and crisis.is_open else None

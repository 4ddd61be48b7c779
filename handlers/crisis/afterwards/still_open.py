"""Crisis still open: what is open when a crisis is to end, and which steps of its plan go on as actions."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from handlers.crisis.afterwards.carried import actions_already, actions_of, already_line
from handlers.crisis.command.help import help_wanted, wants_help
from handlers.crisis.command.plan import Plan, plan_of
from handlers.crisis.command.rollcall import asked, department_name, silent
from handlers.crisis.leading import leader
from handlers.crisis.record import names, when, write
from handlers.crisis.telling.drafts import drafts
from handlers.crisis.telling.promise import promised
from handlers.kit.context import Context, Request
from handlers.kit.contributions import crisis_report_section
from handlers.kit.events import WantedAction, want_action
from handlers.kit.forms import Options
from handlers.kit.lists import counted, listed
from handlers.kit.messages import Button, Buttons, Items, Text, Word
from handlers.kit.values import Carried, Rest
from storage.actions.records import Action
from storage.crisis.records import Crisis
from storage.crisis.rollcalls import Rollcall
from storage.crisis.tasks import CrisisTask

if TYPE_CHECKING:
    from handlers.kit.document import Document

USUAL = timedelta(days=7)  # until when a step is to be done that was late already
NEXT_DAY = timedelta(days=1)  # until when help is to be given that was asked for and not given
BEGUN = "begun"
CHOICES: Options = ((BEGUN, "Those in parts that have begun"), ("all", "All open steps"), ("none", "None"))
CHOSEN = {"all": True, "none": False}


@dataclass(frozen=True)
class GoesOn(Carried):
    """Whether a step goes on after the crisis: ``yes`` or ``no``, and the step's id."""

    crisis: str
    answer: Literal["yes", "no"]
    step: Rest


def open_steps(context: Context, crisis: Crisis) -> list[CrisisTask]:
    """The steps of the plan that are not done."""
    return [task for task in context.store.crisis.tasks.of(crisis.ref) if task.done_at is None]


def going_on(context: Context, crisis: Crisis) -> list[CrisisTask]:
    """The open steps that become actions: those that somebody chose, and of the others those that are proposed; none
    that is an action already."""
    plan, already = plan_of(context, crisis), actions_already(context, crisis)
    begun = set() if crisis.drill else plan.begun(context.now)
    return [
        task
        for task in plan.tasks
        if task.done_at is None
        and task.step not in already
        and (task.goes_on if task.goes_on is not None else _proposed(crisis, plan, task, begun))
    ]


def _proposed(crisis: Crisis, plan: Plan, task: CrisisTask, begun: Collection[str]) -> bool:
    """Whether a step goes on unless somebody says no: one of a part that had begun, or that was given to somebody; not
    of the first part, which is about the hours of the crisis itself, and none of a drill."""
    return not crisis.drill and task.window != plan.windows[0] and (task.window in begun or task.by_hand)


def choose_all(context: Context, crisis: Crisis, choice: str) -> None:
    """Say for all open steps after the first part at once whether they go on: all, or none; else as it was."""
    plan = plan_of(context, crisis)
    if choice in CHOSEN and plan.tasks:
        later = [task for task in plan.tasks if task.done_at is None and task.window != plan.windows[0]]
        context.store.crisis.tasks.let_go_on(later, CHOSEN[choice])


def forget_choices(context: Context, crisis: Crisis) -> None:
    """Leave it open again which steps go on, because the crisis does not end."""
    context.store.crisis.tasks.let_go_on(open_steps(context, crisis), None)


def owners_after(context: Context, crisis: Crisis, tasks: Iterable[CrisisTask]) -> dict[str, str]:
    """Whose each step is after the crisis, by step: its owner, or who has its role, or who leads; nobody who is
    gone."""
    held, leads = context.store.crisis.roles.held(crisis.ref), leader(context, crisis)

    def owner(task: CrisisTask) -> str:
        known = [task.owner, held.get(task.role)]
        return next((person for person in known if person and not context.duties.is_gone(person)), leads)

    return {task.step: owner(task) for task in tasks}


def due_after(context: Context, task: CrisisTask) -> date:
    """Until when a step is to be done after the crisis: its day in the plan, or a week from now if that is past; where
    the city is closed, the next working day."""
    day = context.calendar.today(task.due_at)
    if day <= context.today:
        day = context.today + USUAL
    return context.calendar.open_day(day)


def departments_open(context: Context, crisis: Crisis) -> list[str]:
    """The departments that need help, and those that have not answered."""
    helped = [
        f"{department_name(context, rollcall.department)} needs help{f': {rollcall.line}' if rollcall.line else ''}"
        for rollcall in asked(context, crisis)
        if rollcall.answer == "help" and not rollcall.is_silent
    ]
    quiet = [department_name(context, rollcall.department) for rollcall in silent(context, crisis)]
    return [*helped, *([f"No answer from {listed(quiet)}"] if quiet else [])]


def words_open(context: Context, crisis: Crisis) -> list[str]:
    """The update that residents were promised, and the statements that wait."""
    found = promised(context, crisis)
    waits = [f"Residents wait for an update that was promised for {when(context, found[1])}"] if found else []
    written = [draft.written_by for draft in drafts(context, crisis)]
    wait = counted(len(written), "statement waits", "statements wait")
    by = names(context, dict.fromkeys(written))
    return [*waits, *([f"{wait} for a second person, written by {by}"] if written else [])]


def open_lines(context: Context, crisis: Crisis) -> list[str]:
    """All that is open beside the plan."""
    return [*departments_open(context, crisis), *words_open(context, crisis)]


def open_words(context: Context, crisis: Crisis) -> list[Word]:
    """What is still open, and which steps go on, for the people who end a crisis."""
    steps, on = open_steps(context, crisis), going_on(context, crisis)
    already = actions_already(context, crisis)
    ended = [task.name for task in steps if task not in on and task.step not in already]
    helped = [help_wanted(context, one) for one in _unseen_to(context, crisis)]
    goes = "These go on as actions" if len(helped) > 1 else "Goes on as an action"
    lines = [
        *open_lines(context, crisis),
        *([f"{goes}: {listed(helped)}"] if helped else []),
        *([f"These steps go on as actions: {listed([task.name for task in on])}"] if on else []),
        *([already_line(already.values())] if already else []),
        *([f"These steps end with the crisis: {listed(ended)}"] if ended else []),
    ]
    if not lines:
        return [Text("Nothing is open.")]
    choose = [Buttons(Button("Choose what goes on", "crisis.what-goes-on", crisis.ref))] if steps else []
    return [Text("Still open:"), Items(*lines), *choose]


def hand_on(request: Request, crisis: Crisis) -> list[Action]:
    """Turn the steps that go on into actions about the crisis; a step that is an action already stays that one."""
    found, already = list[Action](), actions_already(request, crisis)
    for task in open_steps(request, crisis):
        if task.step in already:
            request.store.crisis.tasks.change(task, goes_on=True, action=already[task.step].ref)
    tasks = going_on(request, crisis)
    owners = owners_after(request, crisis, tasks)
    for task in tasks:
        wanted = WantedAction(task.name, owners[task.step], due_after(request, task), crisis.ref, told=True)
        added = want_action(request, wanted)
        request.store.crisis.tasks.change(task, goes_on=True, action=added.ref)
        found.append(added)
    return [*found, *_help_goes_on(request, crisis)]


def _unseen_to(context: Context, crisis: Crisis) -> list[Rollcall]:
    """The requests for help that nobody has taken; of a drill none goes on."""
    return [] if crisis.drill else [one for one, taken in wants_help(context, crisis) if taken is None]


def _help_goes_on(request: Request, crisis: Crisis) -> list[Action]:
    """Turn requests for help into actions of who leads, for the next day on which the city is open."""
    leads, due = leader(request, crisis), request.calendar.open_day(request.today + NEXT_DAY)
    wanted = [help_wanted(request, one) for one in _unseen_to(request, crisis)]
    return [want_action(request, WantedAction(what, leads, due, crisis.ref, told=True)) for what in wanted]


def handed_on_line(context: Context, action: Action) -> str:
    """A step that goes on, in one line: its action, owner and day."""
    due = f", due {context.calendar.spoken_date(action.due_on)}" if action.due_on else ""
    return f"{action.ref} {action.what} ({context.name(action.owner)}{due})"


def note_open(context: Context, crisis: Crisis) -> None:
    """Write into the timeline what was open at the end, beside the plan."""
    if lines := open_lines(context, crisis):
        write(context, crisis, f"Open at the end: {'; '.join(lines)}.")


@crisis_report_section("what is open", order=15)
def open_in_the_report(context: Context, crisis: Crisis, document: "Document") -> None:
    """What is still open: actions, departments, promised updates, the cause and the lessons."""
    actions = [action for action in actions_of(context, crisis) if action.state == "open"]
    document.heading("What is still open")
    lines = [
        *(f"{action.ref} {action.what}: {context.name(action.owner)}" for action in actions),
        *(departments_open(context, crisis) if crisis.is_open else ()),
        *words_open(context, crisis),
        *([] if crisis.cause and crisis.lessons else ["The cause and the lessons are not written down"]),
    ]
    if lines:
        document.items(lines)
    else:
        document.text("Nothing. Every action is done.")

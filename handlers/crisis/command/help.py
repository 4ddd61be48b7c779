"""Crisis help: a department that needs help is put before who leads, who has it, gives it to somebody or answers."""

from handlers.crisis.choice import working_on
from handlers.crisis.command.rollcall import (
    DepartmentOf,
    asked,
    department_name,
    department_of,
    question,
    rollcall_ref,
)
from handlers.crisis.drawn import drawn_in_crisis
from handlers.crisis.leading import ask_for, leader
from handlers.crisis.record import at_when, stamped, tell, write
from handlers.kit.context import Context, Request
from handlers.kit.errors import NotNeeded, UserError
from handlers.kit.events import ACTION_CHANGED, CRISIS_OVER, WantedAction, on, want_action
from handlers.kit.forms import Form, PersonId
from handlers.kit.forms import ask as field
from handlers.kit.here import not_there, still_here
from handlers.kit.inline import Status
from handlers.kit.messages import Button, Buttons, Card, Note, Text
from handlers.kit.registry import action
from handlers.kit.signs import cut
from storage.actions.events import How
from storage.actions.records import Action
from storage.crisis.records import Crisis
from storage.crisis.rollcalls import Rollcall

LONGEST = 300  # characters of what an action says


class Helper(Form):
    person: PersonId = field("Who takes care of it?")


class Answer(Form):
    text: str = field("What do you tell them?", max_length=500, long=True)


def help_ref(one: Rollcall) -> str:
    """The reference of the message that a department needs help."""
    return f"{one.crisis} help {one.department}"


def help_wanted(context: Context, one: Rollcall) -> str:
    """What is to be done about a request for help, as its action says it."""
    return cut(f"Help for {department_name(context, one.department)}: {one.line or 'ask what they need'}", LONGEST)


def asks_help(one: Rollcall) -> bool:
    """Whether a department said that it needs help, and has said nothing else since."""
    return one.answer == "help"


def wants_help(context: Context, crisis: Crisis) -> list[tuple[Rollcall, Action | None]]:
    """The departments that need help, each with the action that somebody took for it and has not dropped."""
    actions = context.store.actions.records.about(crisis.ref)
    known = {action.what: action for action in actions if action.state != "dropped"}
    return [(one, known.get(help_wanted(context, one))) for one in asked(context, crisis) if asks_help(one)]


def ask_for_help(context: Context, crisis: Crisis, one: Rollcall) -> None:
    """Put a request for help before who leads, unless somebody has it already."""
    taken = _request_of(context, crisis, one.department)[1]
    if taken and taken.state == "open":
        show_help(context, crisis, one, taken)
        return
    card, draws = help_card(context, crisis, one, None), f"crisis.help {crisis.ref} {one.department}"
    ask_for(context, crisis, leader(context, crisis), card, ref=help_ref(one), draws=draws)


def show_help(context: Context, crisis: Crisis, one: Rollcall, taken: Action | None = None) -> None:
    """Bring the message about a request up to date, and the card of the department that asked."""
    context.refresh(help_ref(one), stamped(crisis, help_card(context, crisis, one, taken)))
    if asks_help(one):
        has_it = [Note(_who_has_it(context, taken))] if taken else []
        context.refresh(rollcall_ref(one), question(context, crisis, one).with_words(*has_it))


def _who_has_it(context: Context, taken: Action) -> str:
    done = "has done" if taken.state == "done" else "has"
    return f"{context.name(taken.owner)} {done} it: {taken.ref}."


def help_card(context: Context, crisis: Crisis, one: Rollcall, taken: Action | None) -> Card:
    """A request for help as it stands: open, taken by somebody, or not asked for any more."""
    name, value = department_name(context, one.department), department_of(one)
    said = Text(one.line) if one.line else Text(crisis.what)
    if not asks_help(one) or not crisis.is_open:
        now = "needs no help anymore" if crisis.is_open else "needed help"
        return Card(f"{crisis.ref}: {name} {now}", said)
    by = Text(f"Asked by {context.name(one.answered_by)} {at_when(context, one.answered_at or context.now)}.")
    answer = Button("Answer them", "crisis.help-answer", value)
    title = f"{crisis.ref}: {name} needs help"
    if taken:
        ways = Buttons(Button.say("Show it", f"action show {taken.ref}"), answer)
        status = Status("good", "Done") if taken.state == "done" else Status("info", "Somebody has it")
        return Card(title, said, by, Text(_who_has_it(context, taken)), ways, status=status)
    give = Button("Give it to somebody", "crisis.help-give", value)
    ways = Buttons(Button("I have it", "crisis.help-mine", value, style="primary"), give, answer)
    return Card(title, said, by, ways, status=Status("critical", "Needs help"))


@drawn_in_crisis("crisis.help")
def help_again(context: Context, crisis: Crisis, department: str) -> Card:
    """The message that a department needs help, while it does."""
    one, taken = _request_of(context, crisis, department)
    if one is None:
        raise NotNeeded(f"{department_name(context, department)} needs no help anymore")
    return help_card(context, crisis, one, taken)


@action("crisis.help-mine", needs="crisis.answer", carries=DepartmentOf)
def take_it(request: Request, value: DepartmentOf) -> None:
    """Take care of what a department needs."""
    _give(request, value, request.person.id)


@action("crisis.help-give", needs="crisis.answer", asks=Helper, carries=DepartmentOf)
def give_it(request: Request, value: DepartmentOf, form: Helper) -> Card:
    """Give it to somebody."""
    still_here(request, "person", form.person)
    crisis, taken = _give(request, value, form.person)
    away = not_there(request, taken.owner)
    title = f"{request.name(taken.owner)} takes care of it: {taken.ref}"
    return stamped(crisis, Card(title, Text(taken.what), *away))


@action("crisis.help-answer", needs="crisis.answer", asks=Answer, carries=DepartmentOf)
def answer_them(request: Request, value: DepartmentOf, form: Answer) -> Card:
    """Answer them."""
    crisis, one, _ = _open_request(request, value)
    name = department_name(request, one.department)
    request.audit(help_ref(one), answered=True)
    write(request, crisis, f"answers {name}: {form.text}", by=request.person.id, kind="said")
    needed = [Note(one.line)] if one.line else []
    asked_for = f"{crisis.ref}: {request.person.name} answers the request for help from {name}"
    told = Card(asked_for, Text(form.text), *needed)
    title = "Your answer is on the timeline"
    if one.answered_by is None:
        return stamped(crisis, Card(title, Text(form.text)))
    if request.duties.is_gone(one.answered_by):
        title = f"{request.name(one.answered_by)} is not here anymore; your answer is on the timeline"
    else:
        tell(request, crisis, f"dm:{one.answered_by}", told, priority="page")
        title = f"{request.name(one.answered_by)} gets your answer"
    return stamped(crisis, Card(title, Text(form.text)))


@on(CRISIS_OVER)
def no_help_is_asked_for(context: Context, crisis: Crisis) -> None:
    """What was still needed goes on as an action; the message says that it was needed."""
    context.refresh_each({
        help_ref(one): stamped(crisis, help_card(context, crisis, one, None))
        for one in asked(context, crisis)
        if asks_help(one)
    })  # fmt: skip


@on(ACTION_CHANGED)
def show_who_has_it(context: Context, action: Action, _how: How, _by: str) -> None:
    """Show what becomes of a request that somebody took: it is done, dropped, or given to somebody else."""
    if not (action.about or "").startswith("CR-"):
        return
    crisis = context.store.crisis.records.find(str(action.about))
    if crisis is None or not crisis.is_open:
        return
    for one, taken in wants_help(context, crisis):
        if help_wanted(context, one) == action.what:
            show_help(context, crisis, one, taken)


def _give(request: Request, value: DepartmentOf, person: str) -> tuple[Crisis, Action]:
    """Make an action of a request, which its log names."""
    crisis, one, taken = _open_request(request, value)
    if taken and taken.state == "open":
        raise UserError(f"{request.name(taken.owner)} has it already: {taken.ref}. Nothing was changed.")
    own = person == request.person.id
    wanted = WantedAction(help_wanted(request, one), person, request.calendar.open_day(request.today), crisis.ref, own)
    return crisis, want_action(request, wanted)


def _open_request(request: Request, value: DepartmentOf) -> tuple[Crisis, Rollcall, Action | None]:
    """The request of a department that still needs help, for who works on the crisis."""
    crisis = working_on(request, value.crisis)
    one, taken = _request_of(request, crisis, value.department)
    if one is None:
        name = department_name(request, value.department)
        raise UserError(f"{name} does not need help anymore. See how it is: crisis rollcall {crisis.ref}")
    return crisis, one, taken


def _request_of(context: Context, crisis: Crisis, department: str) -> tuple[Rollcall | None, Action | None]:
    """What a department needs and the action that somebody took for it, while it needs help."""
    found = (request for request in wants_help(context, crisis) if request[0].department == department)
    return next(found, (None, None))

"""Crisis choice: which crisis somebody means, and whether they work on it."""

from collections.abc import Iterable
from datetime import timedelta

from handlers.crisis.here import crisis_here
from handlers.crisis.leading import on_duty_by_role
from handlers.kit.choose import which_one
from handlers.kit.city.crisis import COMMANDER
from handlers.kit.city.people import Person
from handlers.kit.context import Context, Request
from handlers.kit.contributions import suggests
from handlers.kit.errors import UserError
from handlers.kit.forms import Form, Options, Reference, ask
from handlers.kit.messages import Card
from handlers.kit.policy import may
from handlers.kit.values import NOT_OURS
from storage.crisis.records import Crisis

LATELY = timedelta(days=7)  # since when a crisis has ended that somebody may mean without naming it
MOST = 5  # buttons of crises that have ended lately


class WhichCrisis(Form):
    """The form of a command that only asks which crisis is meant."""

    crisis: Reference | None = ask("Which crisis?", default=None, max_length=20, hint="Such as CR-2026-01")


@suggests("crisis")
def crises_now(request: Request) -> Options:
    """The crises that are open, and those that ended last."""
    records = request.store.crisis.records
    return tuple(crisis_labels([*records.open(), *records.ended(MOST)]).items())


def several(request: Request, command: str, form: Form, *, is_open: bool = False) -> Card | None:
    """Ask which crisis is meant, when the field ``crisis`` of a command is empty and several are open.

    In the room of a crisis that one is meant; when it is over and the command needs an open one (``is_open``), it asks
    which of those is.
    """
    running, values, here = request.store.crisis.records.open(), form.values(), crisis_here(request)
    is_clear = len(running) < 2 if here is None else here.is_open or not is_open or not running
    if values["crisis"] or is_clear:
        return None
    over = f"{here.ref} is over. " if here else ""
    return which_one(request, f"{over}Which crisis do you mean?", command, "crisis", values, crisis_labels(running))


def several_ended(request: Request, command: str, form: Form) -> Card | None:
    """Ask which crisis is meant, when the field ``crisis`` of a command is empty and several have ended lately; not in
    the room of one."""
    values, since = form.values(), request.now - LATELY
    if values["crisis"] or crisis_here(request):
        return None
    lately = [
        crisis for crisis in request.store.crisis.records.ended(MOST) if crisis.closed_at and crisis.closed_at > since
    ]
    if len(lately) < 2:
        return None
    return which_one(request, "Which crisis do you mean?", command, "crisis", values, crisis_labels(lately))


def last_ended(request: Request, ref: str | None) -> Crisis:
    """The crisis meant: the named one, or (None) the one in whose room this was said, else the one that ended last,
    else the one that began last. Raises UserError when there is none."""
    records = request.store.crisis.records
    last = None if ref else crisis_here(request) or next(iter(records.ended(1)), None) or records.newest()
    if not ref and last is None:
        raise UserError("There has been no crisis yet.")
    return which_crisis(request, last.ref if last else ref)


def crisis_labels(crises: Iterable[Crisis]) -> dict[str, str]:
    """Each crisis's reference, and its button in a question which one is meant."""
    return {crisis.ref: f"{crisis.ref} {'DRILL ' * crisis.drill}{crisis.what}" for crisis in crises}


def which_crisis(context: Context, ref: str | None, *, is_open: bool = False, taken: bool = True) -> Crisis:
    """The crisis meant: the named one, or (None) the one in whose room this was said, else the oldest open
    one; ``taken`` for a change. Raises UserError if none, and for a button that names none."""
    if ref == "":
        raise UserError(NOT_OURS)
    if ref is None:
        running = context.store.crisis.records.open()
        meant = crisis_here(context) or next(iter(running), None)
        if meant is None:
            raise UserError('No crisis is open. Call the crisis team with "crisis activate".')
        ref = meant.ref
    crisis = context.store.crisis.records.take(ref) if taken else context.store.crisis.records.find(ref)
    if crisis is None:
        raise UserError(f'There is no crisis "{ref}". Write "crisis status" to see the open ones.')
    if is_open and not crisis.is_open:
        when = context.spoken(crisis.closed_at or crisis.created_at)
        raise UserError(f"{crisis.ref} is over already: {context.name(crisis.closed_by)} stood it down, {when}.")
    return crisis


def in_team(context: Context, crisis: Crisis, person: Person) -> bool:
    """Whether somebody works on a crisis: they may start one, were called for it, have a role in it, or are asked for
    the work of one while its holder is away."""
    if may(person.all_roles, "crisis.activate") or context.store.crisis.pages.find(crisis.ref, person.id) is not None:
        return True
    held = context.store.crisis.roles.held(crisis.ref)
    asked = on_duty_by_role(context, crisis, {COMMANDER: None, **held})
    return person.id in {*held.values(), *(each.person for each in asked.values())}


def working_on(request: Request, ref: str, *, is_open: bool = True) -> Crisis:
    """Take the crisis for a change by somebody who works on it; raises UserError for anybody else."""
    crisis = which_crisis(request, ref, is_open=is_open)
    if not in_team(request, crisis, request.person):
        raise outsider(crisis)
    return crisis


def outsider(crisis: Crisis) -> UserError:
    """The error for somebody who does not work on the crisis, where only those who do may act."""
    return UserError(f"Only those who work on {crisis.ref} can do this. To tell them something: crisis log")

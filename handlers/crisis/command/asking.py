"""Crisis asking: when departments are asked and asked again, and who is asked for a silent one."""

from datetime import timedelta

from handlers.crisis.choice import working_on
from handlers.crisis.command.rollcall import (
    REMIND,
    SILENT,
    STALE,
    department_name,
    put_question,
    question,
    rollcall_ref,
    silent,
    stands_in,
    subject,
)
from handlers.crisis.command.rollcall import (
    ask as ask_departments,
)
from handlers.crisis.command.rollcall_list import roll_call
from handlers.crisis.drawn import drawn_in_crisis
from handlers.crisis.events import CHANGED, STARTED
from handlers.crisis.leading import leader
from handlers.crisis.record import show, stamped, tell, write
from handlers.kit.context import Context, Request
from handlers.kit.errors import NotNeeded, UserError
from handlers.kit.events import CRISIS_OVER, on
from handlers.kit.home import refresh_homes
from handlers.kit.lists import counted
from handlers.kit.messages import Button, Buttons, Card, Items, Text
from handlers.kit.registry import action, timer
from handlers.kit.settled import settled_each
from storage.crisis.records import Crisis
from storage.crisis.rollcalls import Rollcall


@on(STARTED)
def call_the_roll(context: Context, crisis: Crisis) -> None:
    """Ask every department as soon as the crisis is confirmed."""
    ask_departments(context, crisis, context.city.departments)
    refresh_homes(context, [rollcall.asked for rollcall in context.store.crisis.rollcalls.of(crisis.ref)])


@action("crisis.rollcall-anew", needs="crisis.answer", replaces=True)
def ask_anew(request: Request, value: str) -> Card:
    """Ask again every department that has answered."""
    crisis = working_on(request, value)
    if crisis.state != "active":
        raise UserError(f"{crisis.ref} is not confirmed yet. Departments are asked as soon as it is.")
    ask_departments(request, crisis, request.city.departments)
    refresh_homes(request, [rollcall.asked for rollcall in request.store.crisis.rollcalls.of(crisis.ref)])
    request.audit(crisis.ref, rollcall=True)
    write(request, crisis, "asks every department again", by=request.person.id)
    return roll_call(request, crisis.ref)


@timer(REMIND, counts_seconds=True)
def remind(context: Context, about: str, step: int) -> None:
    """Ask a silent department once more."""
    crisis, one = _asked(context, about, step)
    if crisis and one:
        context.audit(rollcall_ref(one), reminded=one.asked)
        put_question(context, crisis, one, one.asked)


@timer(SILENT, counts_seconds=True)
def escalate(context: Context, about: str, step: int) -> None:
    """Ask the stand-in of a silent head as well, and tell the leader who is silent."""
    crisis, one = _asked(context, about, step)
    if crisis is None or one is None:
        return
    other = stands_in(context, one)
    context.audit(rollcall_ref(one), silent=True)
    if other and other != one.asked:
        put_question(context, crisis, one, other)
    write(context, crisis, f"{department_name(context, one.department)} ({context.name(one.asked)}) is silent.")
    ref = f"{crisis.ref} silent"
    reads = f"dm:{leader(context, crisis)}"
    if reads not in {post.place for post in context.store.chat.posts.of(ref)}:
        tell(context, crisis, reads, silent_card(context, crisis), ref=ref, draws=f"crisis.silent {crisis.ref}")
    context.refresh(ref, silent_card(context, crisis))


@timer(STALE, counts_seconds=True)
def ask_after_a_while(context: Context, about: str, _step: int) -> None:
    """An answer that has become old counts no more: the department is asked again, for as long as the crisis is on."""
    ref, _, department = about.partition(" ")
    crisis, one = context.store.crisis.records.take(ref), context.store.crisis.rollcalls.take(ref, department)
    fresh = timedelta(hours=context.city.crisis.rollcall.fresh_hours)
    if crisis is None or not crisis.is_open or one is None or one.is_silent or crisis.drill:
        return
    if one.answered_at and context.now - one.answered_at >= fresh and department in context.city.departments:
        context.audit(rollcall_ref(one), stale=True)
        ask_departments(context, crisis, [department])
        refresh_homes(context, [one.asked])
        show(context, crisis)


@on(CRISIS_OVER)
def dismiss(context: Context, crisis: Crisis) -> None:
    """Nobody is asked any more."""
    found = context.store.crisis.rollcalls.of(crisis.ref)
    for kind in (REMIND, SILENT, STALE):
        context.cancel(kind, *map(subject, found))
    context.refresh_each({rollcall_ref(rollcall): question(context, crisis, rollcall) for rollcall in found})
    settled_each(context, list(map(rollcall_ref, found)), "the crisis is over")
    refresh_homes(context, [rollcall.asked for rollcall in found])


@on(CHANGED)
def show_the_change(context: Context, crisis: Crisis) -> None:
    """Questions that wait say what the crisis is now."""
    found = context.store.crisis.rollcalls.of(crisis.ref) if crisis.is_open else []
    context.refresh_each({
        rollcall_ref(rollcall): question(context, crisis, rollcall) for rollcall in found if rollcall.is_silent
    })  # fmt: skip


def _asked(context: Context, about: str, step: int) -> tuple[Crisis | None, Rollcall | None]:
    """The crisis and the question of a timer, while it is not answered; (None, None) for a drill, which asks once."""
    ref, _, department = about.partition(" ")
    crisis, one = context.store.crisis.records.take(ref), context.store.crisis.rollcalls.take(ref, department)
    if crisis is None or not crisis.is_open or crisis.drill or one is None or not one.is_silent or one.round != step:
        return None, None
    return crisis, one


@drawn_in_crisis("crisis.silent")
def silent_again(context: Context, crisis: Crisis) -> Card:
    """The message which departments are silent, while any is."""
    if not silent(context, crisis):
        raise NotNeeded("every department has answered")
    return silent_card(context, crisis)


def silent_card(context: Context, crisis: Crisis) -> Card:
    """Which departments are silent, or that all have answered."""
    quiet = silent(context, crisis)
    if not quiet:
        return stamped(crisis, Card(f"{crisis.ref}: every department has answered", Text(crisis.what)))
    lines = [f"{department_name(context, rollcall.department)}: {context.name(rollcall.asked)}" for rollcall in quiet]
    see = Buttons(Button.say("Show the roll call", f"crisis rollcall {crisis.ref}"))
    count = counted(len(quiet), "department is silent", "departments are silent")
    return stamped(crisis, Card(f"{crisis.ref}: {count}", Items(*lines), see))

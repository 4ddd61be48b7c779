"""Crisis end: a crisis is stood down in so many words, by two people."""

from datetime import timedelta

from handlers.kit.context import Context, Request
from handlers.kit.contributions import waits
from handlers.kit.crisis import WHICH, hours_since, marked, names, stamped, tell, write
from handlers.kit.crisis_choice import several, which_crisis
from handlers.kit.crisis_end import (
    REMIND,
    answer_question,
    ask_to_end,
    asked_to_end,
    end,
    end_buttons,
    end_ref,
    others_who_may,
    waiting_question,
)  # fmt: skip
from handlers.kit.errors import UserError
from handlers.kit.facts import Person
from handlers.kit.forms import Form, Reference, ask
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Button, Buttons, Card, Note, Text
from handlers.kit.policy import may
from handlers.kit.registry import action, command, timer
from handlers.kit.waiting import Task, Waiting
from storage.crises import Crisis

MINUTE = timedelta(minutes=1)  # less is not worth saying


class StandDown(Form):
    reason: str = ask("Why is it over?", max_length=500, long=True)
    crisis: Reference | None = ask("Which crisis?", default=None, max_length=20, hint=WHICH)


class NotYet(Form):
    why: str = ask("What is still open?", max_length=500, long=True)


@command(
    "crisis standdown",
    sends="Ask to end it",
    asks=StandDown,
    needs="crisis.standdown",
    example="/crisis standdown Water is back on",
)
def stand_down(request: Request, form: StandDown) -> Card:
    """Ask to end a crisis."""
    if asked := several(request, "crisis standdown", form):
        return asked
    crisis = which_crisis(request, form.crisis, is_open=True)
    if crisis.ending_by is None:
        return stamped(crisis, _asked(request, ask_to_end(request, crisis, request.person.id, form.reason)))
    if crisis.ending_by == request.person.id:
        first = Note("The reason you gave first stands. To give another, take it back and ask again.")
        asked_before = _asked(request, crisis)
        return stamped(crisis, asked_before.with_words(first) if form.reason != crisis.reason else asked_before)
    request.note(crisis.ref, ending="as well")
    write(request, crisis, f"asks to stand down as well: {form.reason}", by=request.person.id, kind="said")
    return waiting_question(request, crisis, request.store.crisis_endings.next(crisis.ref))  # consent is a button


@action("crisis.standdown-agree", needs="crisis.standdown")
def agree(request: Request, value: str) -> Card:
    """Agree that a crisis is over."""
    crisis = asked_to_end(request, value)
    if crisis.ending_by == request.person.id:
        raise UserError(f"It takes a second person to stand {crisis.ref} down, and you are the one who asked.")
    return end(request, crisis)


@action("crisis.standdown-refuse", needs="crisis.standdown", asks=NotYet)
def refuse(request: Request, value: str, form: NotYet) -> Card:
    """Say why not yet."""
    crisis = asked_to_end(request, value)
    if crisis.ending_by == request.person.id:
        raise UserError("You are the one who asked. To go on with the crisis, take your question back.")
    asker = str(crisis.ending_by)
    crisis = _go_on(request, crisis, "refused", form.why)
    write(request, crisis, f"says not to stand down yet: {form.why}", by=request.person.id, kind="decided")
    told = Card(
        f"{crisis.ref} goes on: {request.person.name} says not yet",
        Text(form.why),
        Buttons(Button.say("Ask again", f"crisis standdown ; crisis {crisis.ref}")),
    )
    tell(request, crisis, f"dm:{asker}", told, priority="page")
    thanks = Text(f"{request.name(asker)} is told why, and can ask again.")
    return stamped(crisis, Card(f"{crisis.ref} goes on", thanks))


@action("crisis.standdown-back", needs="crisis.standdown")
def take_back(request: Request, value: str) -> Card:
    """Take back what you asked for."""
    crisis = asked_to_end(request, value)
    if crisis.ending_by != request.person.id:
        raise UserError(f"{request.name(crisis.ending_by)} asked for it, and can take it back. You can say: not yet.")
    crisis = _go_on(request, crisis, "withdrawn")
    write(request, crisis, "takes back the question to stand down", by=request.person.id)
    return stamped(crisis, Card(f"{crisis.ref} goes on", Text("Nobody is asked to stand it down any more.")))


@waits("crisis endings", order=9)
def to_agree(context: Context, person: Person) -> Waiting:
    """The crises that somebody else wants to end, for who may agree; they cannot wait for a day, so they have none."""
    if not may(person.all_roles, "crisis.standdown"):
        return Waiting("", [])
    asked = [one for one in context.store.crises.open() if one.ending_by not in (None, person.id)]
    return Waiting("", [_task(context, one) for one in asked])


def _task(context: Context, crisis: Crisis) -> Task:
    number = context.store.crisis_endings.next(crisis.ref)
    line = f"{crisis.ref} {crisis.what}: {context.name(crisis.ending_by)} asks to stand down: {crisis.reason}"
    return Task(end_ref(crisis, number), marked(context, crisis.ref, line), end_buttons(crisis, number))


@timer(REMIND, counts_seconds=True)
def remind(context: Context, subject: str, step: int) -> None:
    """Tell whoever asked, once, that nobody has agreed in a day."""
    crisis = context.store.crises.take(subject)
    if crisis is None or not crisis.is_open or crisis.ending_by is None:
        return
    if step == context.store.crisis_endings.next(crisis.ref):
        context.note(crisis.ref, unended=True)
        tell(context, crisis, f"dm:{crisis.ending_by}", _asked(context, crisis))


def _go_on(request: Request, crisis: Crisis, answer: str, why: str | None = None) -> Crisis:
    """The question is answered, and the crisis is as it was before."""
    answer_question(request, crisis, answer, request.person.id, why)
    request.note(crisis.ref, ending=answer)
    asked = others_who_may(request, str(crisis.ending_by))
    crisis = request.store.crises.change(crisis, ending_by=None, ending_at=None, reason=None)
    refresh_homes(request, asked)
    return crisis


def _asked(context: Context, crisis: Crisis) -> Card:
    """For whoever asked: who can agree, and since when they are asked."""
    since = crisis.ending_at or context.now
    number = context.store.crisis_endings.next(crisis.ref)
    waits = f" You asked {hours_since(since, context.now)} ago." if context.now - since >= MINUTE else ""
    return Card(
        f"{crisis.ref}: a second person must agree",
        Text(f"Why it is over: {crisis.reason}"),
        Text(f"Asked: {names(context, others_who_may(context, str(crisis.ending_by)))}.{waits}"),
        Buttons(Button("Take it back", "crisis.standdown-back", f"{crisis.ref} {number}")),
        Note("It ends only when one of them agrees; until then everything goes on."),
    )

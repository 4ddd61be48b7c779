"""Crisis end question: who is asked whether a crisis is over, and how it was answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from handlers.crisis.afterwards.still_open import open_words
from handlers.crisis.board import details
from handlers.crisis.choice import which_crisis
from handlers.crisis.events import CHANGED
from handlers.crisis.levels import crisis_status
from handlers.crisis.record import as_drill, names, stamped, tell, what_and_where, write
from handlers.crisis.to_many import tell_all
from handlers.kit.context import Context, Request
from handlers.kit.contributions import todo
from handlers.kit.errors import UserError
from handlers.kit.events import on
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Button, Buttons, Card, Note, Text
from handlers.kit.persons import Persons
from handlers.kit.policy import RULES
from handlers.kit.registry import timer
from handlers.kit.settled import settled
from handlers.kit.time.calendar import hours_since
from handlers.kit.values import Carried
from handlers.kit.waiting import Task, Waiting
from storage.crisis.endings import Ending
from storage.crisis.records import Crisis

REMIND, REMIND_AFTER = "crisis.standdown-waits", timedelta(hours=24)  # one reminder; no crisis ends by itself
ANSWERS = {"agreed": "agreed", "refused": "said not yet", "withdrawn": "took it back"}
MINUTE = timedelta(minutes=1)  # shorter times are not shown


@dataclass(frozen=True)
class EndingOf(Carried):
    """The question whether to stand a crisis down, by its number within that crisis."""

    crisis: str
    number: int


def others_who_may(context: Context, person: str) -> list[str]:
    """List everybody else who may stand a crisis down."""
    holders = [person.id for role in RULES["crisis.standdown"] for person in context.city.with_role(role)]
    return sorted(set(context.duties.not_gone(holders)) - {person})


def end_ref(crisis: Crisis, number: int) -> str:
    """The reference of a question whether to stand down."""
    return f"{crisis.ref} standdown {number}"


def ask_to_end(context: Context, crisis: Crisis, by: str, reason: str) -> Crisis:
    """Ask everybody else with the right whether the crisis is over; nothing changes until one of them agrees."""
    asked = others_who_may(context, by)
    if not asked:
        raise UserError("It takes a second person, and nobody else may stand a crisis down. Ask IT to name somebody.")
    crisis = context.store.crisis.records.change(crisis, ending_by=by, ending_at=context.now, reason=reason)
    context.audit(crisis.ref, ending=True)
    number = context.store.crisis.endings.next(crisis.ref)
    card, draws = waiting_question(context, crisis, number), f"crisis.end {crisis.ref} {number}"
    tell_all(context, crisis, asked, card, ref=end_ref(crisis, number), priority="page", draws=draws)
    context.schedule(REMIND, crisis.ref, context.now + REMIND_AFTER, step=number)
    write(context, crisis, f"asks to stand down; a second person must agree: {reason}", by=by)
    refresh_homes(context, asked)
    return crisis


def waiting_question(context: Context, crisis: Crisis, number: int) -> Card:
    """The question, as people are asked it."""
    return stamped(
        crisis,
        Card(
            f"{crisis.ref}: {context.name(crisis.ending_by)} asks to stand down",
            what_and_where(crisis),
            Text(f"Why: {crisis.reason}"),
            *open_words(context, crisis),
            Buttons(*end_buttons(crisis, number)),
            Note("Everything goes on until you or somebody else agrees."),
            details(context, crisis),
            status=crisis_status(crisis),
        ),
    )


@on(CHANGED)
def show_question(context: Context, crisis: Crisis) -> None:
    """Bring the question that waits up to date wherever it is posted."""
    if crisis.ending_by and crisis.is_open:
        number = context.store.crisis.endings.next(crisis.ref)
        context.refresh(end_ref(crisis, number), waiting_question(context, crisis, number))


def end_buttons(crisis: Crisis, number: int) -> tuple[Button, Button]:
    """The two answers to the question."""
    value = EndingOf(crisis.ref, number)
    agree = Button("Agree: stand down", "crisis.standdown-agree", value, style="danger")
    return agree, Button("Not yet", "crisis.standdown-refuse", value)


def answer_question(context: Context, crisis: Crisis, answer: str, by: str, why: str | None = None) -> Ending:
    """Show the answer on the question, wherever it is posted."""
    ending = context.store.crisis.endings.add(crisis.ref, answer, by=by, at=context.now, why=why)
    context.cancel(REMIND, crisis.ref)
    settled(context, end_ref(crisis, ending.number), f"{context.name(by)} {ANSWERS[answer]}")
    said = Card(f"{crisis.ref}: {answered(context, ending)}", Text(crisis.what), *((Text(why),) if why else ()))
    context.refresh(end_ref(crisis, ending.number), stamped(crisis, said))
    return ending


def answered(context: Context, ending: Ending) -> str:
    """Say who answered, how and when."""
    when = context.calendar.spoken(ending.answered_at)
    return f"{context.name(ending.answered_by)} {ANSWERS[ending.answer]}, {when}"


def asked_to_end(request: Request, value: EndingOf) -> Crisis:
    """Find the crisis while this question waits; else raise UserError with who answered it, and when."""
    crisis = which_crisis(request, value.crisis)
    ending = request.store.crisis.endings.find(crisis.ref, value.number)
    if ending:
        what = "" if crisis.is_open else f" {crisis.ref} is over."
        raise UserError(f"This is answered already: {answered(request, ending)}.{what} Nothing was changed.")
    return crisis


@todo("crisis endings", order=9)
def to_agree(context: Context, persons: Persons) -> Mapping[str, Waiting]:
    """Crises that somebody else wants to end, for those who may agree; urgent, so they have no due day."""
    decide = persons.who_may("crisis.standdown")
    asked = [crisis for crisis in context.store.crisis.records.open() if crisis.ending_by] if decide else []
    numbers = context.store.crisis.endings.next_each([crisis.ref for crisis in asked])
    tasks = [(crisis, _task(context, crisis, numbers[crisis.ref])) for crisis in asked]
    return {
        person.id: Waiting("", [task for crisis, task in tasks if crisis.ending_by != person.id]) for person in decide
    }


def _task(context: Context, crisis: Crisis, number: int) -> Task:
    line = f"{crisis.ref} {crisis.what}: {context.name(crisis.ending_by)} asks to stand down: {crisis.reason}"
    buttons, bad = end_buttons(crisis, number), crisis_status(crisis)
    return Task(end_ref(crisis, number), as_drill(crisis, line), buttons, status=bad, decides=True)


@timer(REMIND, counts_seconds=True)
def remind(context: Context, subject: str, step: int) -> None:
    """Tell the person who asked, once, that nobody has agreed in a day."""
    crisis = context.store.crisis.records.take(subject)
    if crisis is None or not crisis.is_open or crisis.ending_by is None:
        return
    if step == context.store.crisis.endings.next(crisis.ref):
        context.audit(crisis.ref, unended=True)
        tell(context, crisis, f"dm:{crisis.ending_by}", asker_card(context, crisis))


def asker_card(context: Context, crisis: Crisis) -> Card:
    """Tell the person who asked who can agree, and since when they are asked."""
    since = crisis.ending_at or context.now
    number = context.store.crisis.endings.next(crisis.ref)
    waits = f" You asked {hours_since(since, context.now)} ago." if context.now - since >= MINUTE else ""
    return Card(
        f"{crisis.ref}: a second person must agree",
        Text(f"Why it is over: {crisis.reason}"),
        Text(f"Asked: {names(context, others_who_may(context, str(crisis.ending_by)))}.{waits}"),
        *open_words(context, crisis),
        Buttons(Button("Take it back", "crisis.standdown-back", EndingOf(crisis.ref, number))),
        Note("It ends only when one of them agrees; until then everything goes on."),
    )

"""Crisis end: a second person agrees that it is over; the question, and what follows from the answer."""

from datetime import timedelta

from handlers.kit.catalogue import catalogue
from handlers.kit.context import Context, Request
from handlers.kit.crisis import OVER, after_buttons, crisis_facts, stamped, tell, write
from handlers.kit.crisis_choice import which_crisis
from handlers.kit.crisis_confirmation import UNCONFIRMED, announcement, refresh_questions, waits_ref
from handlers.kit.errors import UserError
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Button, Buttons, Card, Note, Text
from handlers.kit.morning import dealt_with
from handlers.kit.policy import RULES
from handlers.kit.risk_changes import due_for_review
from handlers.kit.values import number_of
from storage.crises import Crisis
from storage.crisis_endings import Ending

REMIND, REMIND_AFTER = "crisis.standdown-waits", timedelta(hours=24)  # once; nothing ends by itself
ANSWERS = {"agreed": "agreed", "refused": "said not yet", "withdrawn": "took it back"}


def others_who_may(context: Context, person: str) -> list[str]:
    """Everybody else who may stand a crisis down."""
    holders = [one.id for role in RULES["crisis.standdown"] for one in context.city.with_role(role)]
    return sorted(set(context.duties.not_gone(holders)) - {person})


def end_ref(crisis: Crisis, number: int) -> str:
    """What a question whether to stand down is about."""
    return f"{crisis.ref} standdown {number}"


def ask_to_end(context: Context, crisis: Crisis, by: str, reason: str) -> Crisis:
    """Somebody wants it to be over: every other one with the right is asked, and nothing changes before one agrees."""
    asked = others_who_may(context, by)
    if not asked:
        raise UserError("It takes a second person, and nobody else may stand a crisis down. Ask IT to name somebody.")
    crisis = context.store.crises.change(crisis, ending_by=by, ending_at=context.now, reason=reason)
    context.note(crisis.ref, ending=True)
    number = context.store.crisis_endings.next(crisis.ref)
    for person in asked:
        card = waiting_question(context, crisis, number)
        draws = f"crisis.end {crisis.ref} {number}"
        tell(context, crisis, f"dm:{person}", card, about=end_ref(crisis, number), priority="page", draws=draws)
    context.later(REMIND, crisis.ref, context.now + REMIND_AFTER, step=number)
    write(context, crisis, f"asks to stand down; a second person must agree: {reason}", by=by)
    refresh_homes(context, asked)
    return crisis


def waiting_question(context: Context, crisis: Crisis, number: int) -> Card:
    """The question as it is asked."""
    return stamped(
        crisis,
        Card(
            f"{crisis.ref}: {context.name(crisis.ending_by)} asks to stand down",
            Text(crisis.what),
            crisis_facts(context, crisis),
            Buttons(*end_buttons(crisis, number)),
            Note("Everything goes on until you or somebody else agrees."),
        ),
    )


def end_buttons(crisis: Crisis, number: int) -> tuple[Button, Button]:
    """The two answers to the question."""
    value = f"{crisis.ref} {number}"
    agree = Button("Agree: stand down", "crisis.standdown-agree", value, style="danger")
    return agree, Button("Not yet", "crisis.standdown-refuse", value)


def answer_question(context: Context, crisis: Crisis, answer: str, by: str, why: str | None = None) -> Ending:
    """The question has its answer, and says so wherever it hangs."""
    ending = context.store.crisis_endings.add(crisis.ref, answer, by=by, at=context.now, why=why)
    context.no_longer(REMIND, crisis.ref)
    dealt_with(context, end_ref(crisis, ending.number), f"{context.name(by)} {ANSWERS[answer]}")
    said = Card(f"{crisis.ref}: {answered(context, ending)}", Text(crisis.what), *((Text(why),) if why else ()))
    context.refresh(end_ref(crisis, ending.number), stamped(crisis, said))
    return ending


def answered(context: Context, ending: Ending) -> str:
    """Who answered, how and when."""
    when = context.city.calendar.spoken(ending.answered_at)
    return f"{context.name(ending.answered_by)} {ANSWERS[ending.answer]}, {when}"


def asked_to_end(request: Request, value: str) -> Crisis:
    """The crisis, while this question waits; else raises UserError with who answered it, and when."""
    ref, _, number = value.partition(" ")
    crisis = which_crisis(request, ref)
    ending = request.store.crisis_endings.find(crisis.ref, number_of(number))
    if ending:
        what = "" if crisis.is_open else f" {crisis.ref} is over."
        raise UserError(f"This is answered already: {answered(request, ending)}.{what} Nothing was changed.")
    return crisis


def end(request: Request, crisis: Crisis) -> Card:
    """A second one agrees: the crisis is over, and every feature does its part."""
    by = request.person.id
    answer_question(request, crisis, "agreed", by)
    crisis = request.store.crises.change(crisis, state="over", closed_by=by, closed_at=request.now)
    request.note(crisis.ref, state=crisis.state)
    request.no_longer(UNCONFIRMED, crisis.ref)
    for waited in (crisis.ref, waits_ref(crisis)):
        dealt_with(request, waited, f"stood down by {request.person.name}")
    catalogue.happened(OVER, request, crisis)
    for one in request.store.links.of(crisis.ref):
        due_for_review(request, one.ref, f"{crisis.ref} is over")
    refresh_questions(request, crisis)
    request.refresh(f"{crisis.ref} announcement", announcement(request, crisis))
    write(request, crisis, f"agrees to stand down: {crisis.reason}", by=by, kind="decided")
    asker = request.name(crisis.ending_by)
    note = Note("Everybody who was paged is being told, except those who cannot come.")
    words = (Text(crisis.reason or ""), Text(f"{asker} asked for it, and you have agreed."), note)
    told = Card(f"{crisis.ref}: {request.person.name} agreed, it is over", Text(crisis.reason or ""))
    tell(request, crisis, f"dm:{crisis.ending_by}", told.with_words(after_buttons(crisis)), priority="page")
    return stamped(crisis, Card(f"{crisis.ref} is over", *words, after_buttons(crisis)))

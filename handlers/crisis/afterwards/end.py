"""Crisis end: two people agree to stand a crisis down, and give the reason."""

import re

from handlers.crisis.afterwards.carried import actions_already, already_line
from handlers.crisis.afterwards.end_question import (
    EndingOf,
    answer_question,
    ask_to_end,
    asked_to_end,
    asker_card,
    others_who_may,
    waiting_question,
)
from handlers.crisis.afterwards.still_open import (
    BEGUN,
    CHOICES,
    choose_all,
    forget_choices,
    hand_on,
    handed_on_line,
    note_open,
)
from handlers.crisis.board import after_buttons
from handlers.crisis.calling.confirmation import UNCONFIRMED, announcement, refresh_questions, waits_ref
from handlers.crisis.choice import several, which_crisis
from handlers.crisis.here import meant_here
from handlers.crisis.record import WHICH, stamped, tell, write
from handlers.kit.context import Request
from handlers.kit.errors import UserError
from handlers.kit.events import CRISIS_OVER, emit
from handlers.kit.forms import Form, Reference, ask
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Button, Buttons, Card, Fold, Items, Note, Text
from handlers.kit.registry import action, command
from handlers.kit.settled import settled
from storage.crisis.records import Crisis

_AGREES = re.compile(r"(yes,? )?(i )?(agree|agreed|yes)[.!]?", re.IGNORECASE)  # an answer to the question, not a reason


class StandDown(Form):
    reason: str = ask("Why is it over?", max_length=500, long=True)
    plan: str = ask(
        "Which open steps of the plan go on as actions?",
        default=BEGUN,
        options=CHOICES,
        hint="If empty, those in parts of the plan that have begun. You can choose single ones before it ends.",
    )
    crisis: Reference | None = ask("Which crisis?", default=None, max_length=20, hint=WHICH)


class NotYet(Form):
    why: str = ask("What is still open?", max_length=500, long=True)


def end(request: Request, crisis: Crisis) -> Card:
    """End the crisis because a second person agrees: what goes on becomes actions, and every feature does its part."""
    by = request.person.id
    answer_question(request, crisis, "agreed", by)
    kept, gone_on = actions_already(request, crisis), hand_on(request, crisis)
    note_open(request, crisis)
    crisis = request.store.crisis.records.change(crisis, state="over", closed_by=by, closed_at=request.now)
    request.audit(crisis.ref, state=crisis.state, goes_on=len(gone_on))
    request.cancel(UNCONFIRMED, crisis.ref)
    for waited in (crisis.ref, waits_ref(crisis)):
        settled(request, waited, f"stood down by {request.person.name}")
    emit(CRISIS_OVER, request, crisis)
    refresh_questions(request, crisis)
    request.refresh(f"{crisis.ref} announcement", announcement(request, crisis))
    write(request, crisis, f"agrees to stand down: {crisis.reason}", by=by, kind="decided")
    asker = request.name(crisis.ending_by)
    note = Note("Everybody who took part or was paged is told in one message.")
    lines = [handed_on_line(request, added) for added in gone_on]
    already = (Text(f"{already_line(kept.values())}."),) if kept else ()
    show = Button.say("Show them", f"action list about {crisis.ref}")
    new = (Fold(f"What goes on as actions: {len(lines)}", Items(*lines), button=show),) if lines else ()
    words = (Text(crisis.reason or ""), Text(f"{asker} asked for it, and you have agreed."), *new, *already, note)
    return stamped(crisis, Card(f"{crisis.ref} is over", *words, after_buttons(crisis)))


@command(
    "crisis standdown",
    sends="Ask to stand down",
    asks=StandDown,
    needs="crisis.standdown",
    prefill=meant_here,
    example="/crisis standdown Water is back on",
)
def stand_down(request: Request, form: StandDown) -> Card:
    """Ask to stand down."""
    if asked := several(request, "crisis standdown", form, is_open=True):
        return asked
    crisis = which_crisis(request, form.crisis, is_open=True)
    if crisis.ending_by is None:
        choose_all(request, crisis, form.plan)
        return stamped(crisis, asker_card(request, ask_to_end(request, crisis, request.person.id, form.reason)))
    if crisis.ending_by == request.person.id:
        first = Note("The reason you gave first stands. To give another reason, take your request back and ask again.")
        asked_before = asker_card(request, crisis)
        return stamped(crisis, asked_before.with_words(first) if form.reason != crisis.reason else asked_before)
    if not _AGREES.fullmatch(form.reason.strip()):
        request.audit(crisis.ref, ending="as well")
        write(request, crisis, f"asks to stand down as well: {form.reason}", by=request.person.id, kind="said")
    return waiting_question(request, crisis, request.store.crisis.endings.next(crisis.ref))  # agreeing takes the button


@action("crisis.standdown-agree", needs="crisis.standdown", carries=EndingOf)
def agree(request: Request, value: EndingOf) -> Card:
    """Agree that a crisis is over."""
    crisis = asked_to_end(request, value)
    if crisis.ending_by == request.person.id:
        raise UserError(f"It takes a second person to stand {crisis.ref} down, and you are the one who asked.")
    return end(request, crisis)


@action("crisis.standdown-refuse", needs="crisis.standdown", asks=NotYet, carries=EndingOf)
def refuse(request: Request, value: EndingOf, form: NotYet) -> Card:
    """Say why not yet."""
    crisis = asked_to_end(request, value)
    if crisis.ending_by == request.person.id:
        raise UserError("You are the one who asked. To go on with the crisis, take your request back.")
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


@action("crisis.standdown-back", needs="crisis.standdown", carries=EndingOf)
def take_back(request: Request, value: EndingOf) -> Card:
    """Take back what you asked for."""
    crisis = asked_to_end(request, value)
    if crisis.ending_by != request.person.id:
        asker = request.name(crisis.ending_by)
        raise UserError(f"Only {asker}, who asked, can take it back. You can answer “Not yet”.")
    crisis = _go_on(request, crisis, "withdrawn")
    write(request, crisis, "takes back the request to stand down", by=request.person.id)
    taken_back = Text("Your request is taken back. Nobody has to agree anymore.")
    return stamped(crisis, Card(f"{crisis.ref} goes on", taken_back))


def _go_on(request: Request, crisis: Crisis, answer: str, why: str | None = None) -> Crisis:
    """Let the crisis go on as before, because the question is settled."""
    forget_choices(request, crisis)
    answer_question(request, crisis, answer, request.person.id, why)
    request.audit(crisis.ref, ending=answer)
    asked = others_who_may(request, str(crisis.ending_by))
    crisis = request.store.crisis.records.change(crisis, ending_by=None, ending_at=None, reason=None)
    refresh_homes(request, asked)
    return crisis

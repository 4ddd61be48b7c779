"""Delegate: a line of the morning check becomes somebody's action, in one sentence."""

from collections.abc import Mapping
from datetime import timedelta

from handlers.actions.changes import add_action
from handlers.actions.on_records import ACTION
from handlers.actions.record import action_card
from handlers.kit.context import Context, Request
from handlers.kit.contributions import morning_buttons
from handlers.kit.events import ADDING_ACTION, WantedAction, emit
from handlers.kit.forms import Date, Form, PersonId, ask
from handlers.kit.here import not_past, not_there, still_here
from handlers.kit.links import linkable
from handlers.kit.messages import Button, Card
from handlers.kit.registry import action
from handlers.kit.settled import passed_on
from handlers.kit.trace import traced

USUAL = timedelta(days=7)  # until when, if nobody says


class Delegated(Form):
    owner: PersonId = ask("Who does it?")
    due: Date = ask("By when?", hint="friday, in 2 weeks or 2026-12-01")
    what: str = ask("What needs to be done? One sentence", max_length=300)


@morning_buttons("delegate")
def offer(context: Context, ref: str) -> list[Button]:
    """Give what a line is about to somebody, unless it is an action: that is assigned."""
    return [] if ref.startswith(ACTION) else [Button("Delegate", "action.delegate", ref)]


def _usual(request: Request, _value: str) -> Mapping[str, str]:
    day = request.today + USUAL
    return {"due": request.calendar.open_day(day).isoformat()}


@action("action.delegate", needs="action.add", asks=Delegated, prefill=_usual, sends="Delegate it")
def delegate(request: Request, value: str, form: Delegated) -> Card:
    """Delegate it."""
    still_here(request, "owner", form.owner)
    not_past(request, "due", form.due)
    about = linkable(request, "what", value)
    wanted = WantedAction(form.what, form.owner, form.due, about.ref)
    emit(ADDING_ACTION, request, wanted)
    given = add_action(request, wanted, request.person.id)
    passed_on(
        request,
        about.ref,
        f"{request.name(form.owner)} as {given.ref}, due {request.spoken_day(form.due)}",
    )
    away = not_there(request, form.owner)
    card = action_card(request, given, f"{request.name(form.owner)} is asked: {given.ref}", *away)
    return traced(request, card, f"{given.ref} added")

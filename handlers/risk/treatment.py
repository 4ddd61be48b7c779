"""Risk treatment: what is decided to do about a risk, and the actions against it."""

from collections.abc import Mapping
from dataclasses import replace

from handlers.kit.context import Context, Request
from handlers.kit.contributions import record_buttons
from handlers.kit.events import ACTION_CHANGED, ADDING_ACTION, REOPENING_ACTION, WantedAction, on, want_action
from handlers.kit.forms import Date, Form, Level, PersonId, Reference, ask
from handlers.kit.here import not_past, not_there, still_here
from handlers.kit.messages import Button, Buttons, Card, Note, Text
from handlers.kit.registry import command
from handlers.kit.trace import traced
from handlers.risk.changes import instead_of_accepting, save
from handlers.risk.choice import changeable, found_risk, taken_risk
from handlers.risk.forms import BAD_AFTER, LIKELY_AFTER, REF, check_residual
from handlers.risk.record import (
    TREATMENTS,
    risk_card,
    risk_line,
    show_button,
)
from handlers.risk.words import suggestion_words
from storage.actions.events import How
from storage.actions.records import Action

RISK = "R-"
ACTED: Mapping[How, str] = {
    "added": "action",
    "done": "done",
    "dropped": "dropped",
    "undone": "undone",
}  # a change of an action, as the history calls it


class Treat(Form):
    risk: Reference = ask("Which risk?", max_length=12, hint=REF)
    treatment: str = ask("What is done about it?", options=TREATMENTS)
    plan: str | None = ask("How?", default=None, max_length=2000, long=True)
    residual_likelihood: Level | None = LIKELY_AFTER
    residual_impact: Level | None = BAD_AFTER


class NewAction(Form):
    risk: Reference = ask("Which risk?", max_length=12, hint=REF)
    what: str = ask("What needs to be done?", max_length=300)
    owner: PersonId = ask("Who does it?")
    due: Date = ask("By when?", hint="friday, in 2 weeks or 2026-12-01")


@command(
    "risk treat",
    sends="Decide it",
    asks=Treat,
    needs="risk.add",
    example="/risk treat R-1; treatment transfer; plan Flood insurance; residual likelihood 2; residual impact 3",
)
def treat_risk(request: Request, form: Treat) -> Card:
    """Decide a treatment."""
    before = changeable(request, form.risk)
    given = {name: value for name, value in form.values().items() if name != "risk" and value is not None}
    check_residual(replace(before, **given))
    given |= instead_of_accepting(request, before, form.treatment)
    risk = save(request, before, "treated", by=request.person.id, text=form.treatment, **given)
    headline = f"Treatment of {risk.ref} decided"
    card = risk_card(request, risk, headline=headline).with_words(
        *suggestion_words(request, risk),
        Buttons(
            Button.say("Add an action", f"risk action {risk.ref}", style="primary"),
            show_button(risk),
        ),
    )
    return traced(request, card, f"{risk.ref}, treatment decided ({form.treatment})")


@command(
    "risk action",
    sends="Add the action",
    asks=NewAction,
    needs="risk.add",
    example="/risk action R-1; what Buy a pump; owner @sam; due friday",
)
def add_action(request: Request, form: NewAction) -> Card:
    """Add an action."""
    before = changeable(request, form.risk)
    still_here(request, "owner", form.owner)
    not_past(request, "due", form.due)
    action = want_action(request, WantedAction(form.what, form.owner, form.due, before.ref))
    risk = found_risk(request.store.risk.records.find(before.ref), before.ref)
    text, treatment = action_words(request, action), risk.treatment or "mitigate"
    card = Card(
        f"Added {action.ref}",
        Text(text),
        Text(risk_line(request, risk)),
        *not_there(request, form.owner),
        Note("When it is done, score the risk again with Decide treatment."),
        Buttons(
            Button.say("Add another", f"risk action {risk.ref}"),
            Button.say("Decide treatment", f"risk treat {risk.ref}; treatment {treatment}"),
            show_button(risk),
        ),
    )
    return traced(request, card, f"{action.ref} on {risk.ref} added")


@on(ADDING_ACTION)
def check_who_adds(request: Request, wanted: WantedAction) -> None:
    """An action against a risk is asked for by those who may change it, while it is open."""
    if wanted.about and wanted.about.startswith(RISK):
        changeable(request, wanted.about)


@on(REOPENING_ACTION)
def check_risk_is_open(request: Request, action: Action) -> None:
    """What was to be done against a risk that is over is not to be done again before the risk is open."""
    if action.about and action.about.startswith(RISK):
        taken_risk(request, action.about)


@on(ACTION_CHANGED)
def note_change(context: Context, action: Action, how: How, by: str) -> None:
    """Write in the history of a risk what became of an action against it."""
    risk = context.store.risk.records.take(action.about) if action.about and action.about.startswith(RISK) else None
    if risk is None or risk.state != "open" or how not in ACTED:
        return
    begun = {"treatment": risk.treatment or "mitigate"} if how == "added" else {}
    save(context, risk, ACTED[how], by=by, text=action_words(context, action), **begun)


@record_buttons("what is left of the risk", "A-")
def say_what_is_left(context: Context, ref: str) -> list[Button]:
    """Say what is left of a risk when an action against it is done."""
    action = context.store.actions.records.find(ref)
    if action is None or action.state != "done" or not (action.about or "").startswith(RISK):
        return []
    return [
        Button.say("Score after treatment", f"risk treat {action.about}"),
        Button("Review", "risk.review", action.about or ""),
    ]


def action_words(context: Context, action: Action) -> str:
    """An action in the history of its risk."""
    due = f", due {context.calendar.spoken_date(action.due_on)}" if action.due_on else ""
    why = f": {action.reason}" if action.reason else ""
    return f"{action.ref} {action.what} ({context.name(action.owner)}{due}){why}"

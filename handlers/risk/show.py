"""Risk in full: the card, the actions, the links and the history of a risk."""

from typing import Literal

from handlers.kit.context import Request
from handlers.kit.errors import FieldErrors
from handlers.kit.forms import Form, Reference, ask
from handlers.kit.links import linkable
from handlers.kit.messages import Button, Buttons, Card, Fold, Items, Text, Word
from handlers.kit.policy import may
from handlers.kit.records import record_buttons
from handlers.kit.registry import action, command
from handlers.kit.trace import traced
from handlers.risk.changes import save
from handlers.risk.choice import changeable, found_risk, may_change
from handlers.risk.forms import REF, OneRisk
from handlers.risk.record import long_texts, risk_card, risk_line, show_button, take_button
from handlers.risk.words import acceptance_words, below, event_line, score_table
from storage.risk.records import Risk


class LinkRisk(Form):
    risk: Reference = ask("Which risk?", max_length=12, hint=REF)
    origin: str = ask("What did it come from?", max_length=60, hint="F-1, R-2 or CR-2026-01")


@command("risk show", asks=OneRisk, needs="risk.read", reads_only=True, example="/risk show R-1")
def show_risk(request: Request, form: OneRisk) -> Card:
    """Show one risk."""
    risk = found_risk(request.store.risk.records.find(form.risk), form.risk)
    asked = acceptance_words(request, risk, request.person)
    decides = any(isinstance(word, Buttons) for word in asked)
    card = risk_card(request, risk)
    body = (*asked, *card.body, *_buttons(request, risk, first=not decides), *below(request, risk))
    return card.model_copy(update={"body": body})


def _buttons(request: Request, risk: Risk, *, first: bool) -> list[Word]:
    """The buttons for this person, what usually comes next ``first``: somebody takes it, or reviews it. What is done
    less often is folded."""
    if risk.state == "closed" and may(request.person.all_roles, "risk.close"):
        return [Buttons(Button.say("Reopen", f"risk reopen {risk.ref}"))]
    if risk.state != "open" or not may_change(request, risk):
        return []
    usual, others = _ways_on(request, risk, "primary" if first else "plain")
    return [Buttons(*usual), Fold("More", Buttons(*others), button=Button("More", "risk.more", risk.ref))]


def _ways_on(request: Request, risk: Risk, style: Literal["primary", "plain"]) -> tuple[list[Button], list[Button]]:
    """What is usually done about an open risk, and all else that can be."""
    review = Button("Review", "risk.review", risk.ref, style=style if risk.owner else "plain")
    treat, assign = (
        Button.say("Decide treatment", f"risk treat {risk.ref}"),
        Button.say("Assign", f"risk assign {risk.ref}"),
    )
    change = Button("Change", "risk.change", risk.ref)
    usual = [review, treat, change] if risk.owner else [take_button(risk, style), review, assign]
    closes = (
        [Button.say("Close the risk", f"risk close {risk.ref}")] if may(request.person.all_roles, "risk.close") else []
    )
    return usual, [
        *((assign,) if risk.owner else (treat, change)),
        *record_buttons(request, risk.ref),
        Button.say("Ask to accept", f"risk accept {risk.ref}"),
        Button.say("Link", f"risk link {risk.ref}"),
        *closes,
    ]


@action("risk.more", needs="risk.read", reads_only=True)
def show_more(request: Request, value: str) -> Card:
    """Show what else can be done about a risk."""
    risk = found_risk(request.store.risk.records.find(value), value)
    folds = (word for word in _buttons(request, risk, first=False) if isinstance(word, Fold))
    words = next((fold.body for fold in folds), (Text("There is nothing else that you can do about it."),))
    return Card(f"More for {risk.ref}", *words)


@command("risk history", sends="Show", asks=OneRisk, needs="risk.read", reads_only=True, example="/risk history R-1")
def show_history(request: Request, form: OneRisk) -> Card:
    """Show a risk's history."""
    risk = found_risk(request.store.risk.records.find(form.risk), form.risk)
    events = request.store.risk.history.of(risk)
    if not events:
        nothing = Text(f"{risk_line(request, risk)}. Nothing has changed since it was logged.")
        return Card(f"History of {risk.ref}", nothing, *long_texts(risk))
    return Card(
        f"History of {risk.ref}",
        Text(risk_line(request, risk)),
        *long_texts(risk),
        *score_table(request, events),
        Items(*(event_line(request, event) for event in reversed(events))),
        Buttons(show_button(risk, f"Show {risk.ref}")),
    )


@command("risk link", asks=LinkRisk, needs="risk.add", example="/risk link R-1; origin CR-2026-01")
def link_risk(request: Request, form: LinkRisk) -> Card:
    """Link a risk's origin."""
    risk = changeable(request, form.risk)
    origin = linkable(request, "origin", form.origin)
    if origin.ref == risk.ref:
        raise FieldErrors({"origin": f"{risk.ref} does not come from itself. Name another reference, such as F-1."})
    if request.store.links.add(origin.ref, risk.ref, by=request.person.id, at=request.now):
        save(request, risk, "linked", by=request.person.id, text=origin.ref)
        card = Card(f"Linked {risk.ref} with {origin.ref}")
        card = traced(request, card, f"{risk.ref} linked")
    else:
        card = Card(f"{risk.ref} and {origin.ref} are linked already")
    return card.with_words(
        Text(origin.line),
        Text(risk_line(request, risk)),
        Buttons(show_button(risk, f"Show {risk.ref}")),
    )

"""Risk in full: the card, the actions, the links and the history of a risk."""

from handlers.kit.context import Request
from handlers.kit.errors import FieldErrors
from handlers.kit.forms import Form, Reference, ask
from handlers.kit.links import linkable
from handlers.kit.messages import Button, Buttons, Card, Items, Text
from handlers.kit.policy import may
from handlers.kit.records import record_buttons
from handlers.kit.registry import command
from handlers.risk.changes import save
from handlers.risk.choice import changeable, found_risk, may_change
from handlers.risk.forms import REF, OneRisk
from handlers.risk.record import risk_card, risk_line
from handlers.risk.words import below, event_line, score_table
from storage.risk.records import Risk


class LinkRisk(Form):
    risk: Reference = ask("Which risk?", max_length=12, hint=REF)
    origin: str = ask("What did it come from?", max_length=60, hint="F-1, R-2 or CR-2026-01")


@command("risk show", asks=OneRisk, needs="risk.read", reads_only=True, example="/risk show R-1")
def show_risk(request: Request, form: OneRisk) -> Card:
    """Show one risk."""
    risk = found_risk(request.store.risk.records.find(form.risk), form.risk)
    return risk_card(request, risk).with_words(*below(request, risk, request.person), *_buttons(request, risk))


def _buttons(request: Request, risk: Risk) -> list[Buttons]:
    """The buttons for this person, those used most often first."""
    closes = may(request.person.all_roles, "risk.close")
    if risk.state == "closed" and closes:
        return [Buttons(Button.say("Reopen", f"risk reopen {risk.ref}"))]
    if risk.state != "open" or not may_change(request, risk):
        return []
    return [
        Buttons(
            Button("Review", "risk.review", risk.ref, style="primary"),
            Button("Change", "risk.change", risk.ref),
            *record_buttons(request, risk.ref),
            Button.say("Decide treatment", f"risk treat {risk.ref}"),
            Button.say("Assign", f"risk assign {risk.ref}"),
            Button.say("Accept as it is", f"risk accept {risk.ref}"),
            Button.say("Link", f"risk link {risk.ref}"),
            *((Button.say("Close", f"risk close {risk.ref}"),) if closes else ()),
        )
    ]


@command("risk history", sends="Show", asks=OneRisk, needs="risk.read", reads_only=True, example="/risk history R-1")
def show_history(request: Request, form: OneRisk) -> Card:
    """Show a risk's history."""
    risk = found_risk(request.store.risk.records.find(form.risk), form.risk)
    events = request.store.risk.history.of(risk)
    if not events:
        return Card(
            f"History of {risk.ref}", Text(f"{risk_line(request, risk)}. Nothing has changed since it was logged.")
        )
    return Card(
        f"History of {risk.ref}",
        Text(risk_line(request, risk)),
        *score_table(request, events),
        Items(*(event_line(request, event) for event in reversed(events))),
        Buttons(Button.say(f"Show {risk.ref}", f"risk show {risk.ref}")),
    )


@command("risk link", asks=LinkRisk, needs="risk.add", example="/risk link R-1; origin CR-2026-01")
def link_risk(request: Request, form: LinkRisk) -> Card:
    """Link a risk."""
    risk = changeable(request, form.risk)
    origin = linkable(request, "origin", form.origin)
    if origin.ref == risk.ref:
        raise FieldErrors({"origin": f"{risk.ref} does not come from itself. Name another reference, such as F-1."})
    if request.store.links.add(origin.ref, risk.ref, by=request.person.id, at=request.now):
        save(request, risk, "linked", by=request.person.id, text=origin.ref)
        headline = f"Linked {risk.ref} with {origin.ref}"
    else:
        headline = f"{risk.ref} and {origin.ref} are linked already"
    return Card(
        headline,
        Text(origin.line),
        Text(risk_line(request, risk)),
        Buttons(Button.say(f"Show {risk.ref}", f"risk show {risk.ref}")),
    )

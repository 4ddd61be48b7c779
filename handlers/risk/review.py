"""Risk review: is the risk still true, is its score right, does the treatment help."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handlers.kit.context import Context, Request
from handlers.kit.events import CRISIS_OVER, on
from handlers.kit.forms import Date, Form, Level, OpenForm, Options, ask
from handlers.kit.messages import Button, Buttons, Card, Note, capitalized
from handlers.kit.policy import may
from handlers.kit.records import record_words
from handlers.kit.registry import action, command
from handlers.kit.settled import settled
from handlers.kit.trace import traced
from handlers.risk.changes import instead_of_accepting, save
from handlers.risk.choice import changeable
from handlers.risk.forms import (
    BAD,
    BAD_AFTER,
    LIKELY,
    LIKELY_AFTER,
    SURE,
    OneRisk,
    as_typed,
    check_residual,
    check_review,
)
from handlers.risk.record import (
    TREATMENTS,
    impact_range,
    impacts,
    level_of,
    likelihood_range,
    likelihoods,
    next_review,
    often_reviewed,
    risk_card,
    show_button,
)
from handlers.risk.words import suggestion_words
from storage.crisis.records import Crisis
from storage.risk.records import Risk

STILL_TRUE = "Is it still true?"
STILL: Options = (
    ("yes", "yes, it is still true"),
    ("changed", "it has changed, see the new score"),
    ("no", "no, it can be closed"),
)


class ReviewFields(Form):
    still: str | None = ask(STILL_TRUE, default=None, options=STILL)
    likelihood: Level | None = ask(LIKELY, default=None, scale=likelihoods, hint=likelihood_range)
    impact: Level | None = ask(BAD, default=None, scale=impacts, hint=impact_range)
    treatment: str | None = ask("What is done about it?", default=None, options=TREATMENTS)
    residual_likelihood: Level | None = LIKELY_AFTER
    residual_impact: Level | None = BAD_AFTER
    confidence: str | None = SURE
    note: str | None = ask("What did you find?", default=None, max_length=2000, long=True)
    review_on: Date | None = ask("Look at it again on", default=None, hint="Left empty: as its level requires")


class Review(ReviewFields):
    still: str = ask(STILL_TRUE, options=STILL)
    likelihood: Level = ask(LIKELY, scale=likelihoods, hint=likelihood_range)
    impact: Level = ask(BAD, scale=impacts, hint=impact_range)


class TypedReview(ReviewFields, OneRisk):
    """A review typed in a line: what the line does not name was found unchanged."""


@command(
    "risk review",
    asks=TypedReview,
    sends="Save the review",
    needs="risk.add",
    example="/risk review R-1; still yes; likelihood 3; note The new pump runs",
)
def review_risk(request: Request, form: TypedReview) -> Card | OpenForm:
    """Review a risk."""
    risk = changeable(request, form.risk)
    given = {name: value for name, value in form.values().items() if name != "risk" and value is not None}
    return _review(request, risk, given) if given else OpenForm("risk.review", _as_it_stands(risk), risk.ref)


def _as_it_stands(risk: Risk) -> Mapping[str, str]:
    """The form of a review, filled in but for the question itself and the next day."""
    asked = ("likelihood", "impact", "residual_likelihood", "residual_impact", "confidence")
    return {**{name: as_typed(risk)[name] for name in asked}, "treatment": risk.treatment or ""}


def _prefilled(request: Request, value: str) -> Mapping[str, str]:
    return _as_it_stands(changeable(request, value))


@action("risk.review", asks=Review, prefill=_prefilled, needs="risk.add", sends="Save the review")
def review_in_form(request: Request, value: str, form: Review) -> Card:
    """Review this risk."""
    return _review(request, changeable(request, value), form.values())


def _review(request: Request, before: Risk, given: Mapping[str, Any]) -> Card:
    changes = {name: value for name, value in given.items() if name not in ("still", "note", "review_on")}
    after = replace(before, **changes)
    check_residual(after)
    check_review(request, given.get("review_on"))
    if after.treatment != before.treatment:
        changes |= instead_of_accepting(request, before, after.treatment)
    still, note = given.get("still") or "yes", given.get("note")
    text = f"{dict(STILL)[still]}{f'. {note}' if note else ''}"
    due = next_review(request.city, after.standing, request.today, given.get("review_on"))
    by = request.person.id
    risk = save(request, before, "reviewed", by=by, text=text, review_on=due, reviewed_on=request.today, **changes)
    settled(request, risk.ref, f"reviewed by {request.person.name}")
    card = risk_card(request, risk, headline=f"Reviewed {risk.ref}").with_words(
        *record_words(request, risk.ref), *(_to_close(request, risk) if still == "no" else _what_next(request, risk))
    )
    return traced(request, card, f"{risk.ref} reviewed")


def _to_close(request: Request, risk: Risk) -> list[Note | Buttons]:
    if may(request.person.all_roles, "risk.close"):
        close = Button.say("Close the risk", f"risk close {risk.ref}", style="primary")
        return [Note("It is still in the register. Close it with the reason."), Buttons(close)]
    return [Note("It is still in the register. Ask a department head to close it.")]


def _what_next(request: Request, risk: Risk) -> list[Any]:
    buttons = [
        Button.say("Add an action", f"risk action {risk.ref}"),
        Button.say("Decide treatment", f"risk treat {risk.ref}"),
        show_button(risk),
    ]
    untreated = suggestion_words(request, risk) if risk.treatment is None else []
    often = often_reviewed(level_of(request, risk))
    return [*untreated, Note(f"{capitalized(often)}."), Buttons(*buttons)]


@on(CRISIS_OVER)
def review_today(context: Context, crisis: Crisis) -> None:
    """Have the open risks reviewed today that are linked with the crisis."""
    for link in context.store.links.of(crisis.ref):
        risk = context.store.risk.records.take(link.ref) if link.ref.startswith("R-") else None
        if risk and risk.state == "open":
            due = min(risk.review_on or context.today, context.today)
            save(context, risk, "due", text=f"{crisis.ref} is over", review_on=due)

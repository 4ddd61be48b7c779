"""Risks: what could go wrong, how bad, who looks after it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handlers.kit.choose import keep_draft, use_form
from handlers.kit.city.people import Person
from handlers.kit.context import Context, Request
from handlers.kit.contributions import drawn
from handlers.kit.drawing import BRING_UP_TO_DATE, JUST_AFTER
from handlers.kit.errors import NotNeeded, UserError
from handlers.kit.events import ADDING_RISK, RISK_CLOSED, RISK_REOPENED, emit
from handlers.kit.forms import Form, OpenForm, Reference, ask
from handlers.kit.here import still_here
from handlers.kit.links import linkable
from handlers.kit.messages import Button, Buttons, Card, Note
from handlers.kit.registry import action, command, reference
from handlers.kit.same import AddTo, is_it_the_same
from handlers.kit.settled import opened_again, settled
from handlers.kit.trace import traced
from handlers.kit.undo import WITHIN, check_fresh, mend_words
from handlers.risk.changes import SCORES, announce, end_acceptance, log_risk, owner_card, save, tell_owner
from handlers.risk.choice import changeable, found_risk, still_open, taken_risk
from handlers.risk.forms import (
    REF,
    ChangedRisk,
    NewRisk,
    UpdatedRisk,
    as_typed,
    check_residual,
    check_review,
    kept_details,
)
from handlers.risk.record import level_of, next_review, often_reviewed, posted_card, risk_card, risk_line, show_button
from handlers.risk.similar import alike, open_titles
from handlers.risk.undone import undo_closing
from storage.risk.records import Risk

ADDED = "What you wrote goes into its history, and its owner is told."
GONE = 'This was logged already, or it is more than a week old. Write "risk list" to see what is there.'
REGISTER = "risks"  # the turn in which similar risks are looked for, and a new one is logged


class CloseRisk(Form):
    risk: Reference = ask("Which risk?", max_length=12, hint=REF)
    reason: str = ask("Why can it be closed?", max_length=500, long=True)


class ReopenRisk(Form):
    risk: Reference = ask("Which risk?", max_length=12, hint=REF)
    reason: str = ask("Why is it open again?", max_length=500, long=True)


@command(
    "risk add",
    asks=NewRisk,
    needs="risk.add",
    from_message="Log as risk",
    example="/risk add Server room floods; likelihood 4; impact 5; owner @sam; review friday",
)
def add_risk(request: Request, form: NewRisk) -> Card:
    """Log a risk."""
    request.store.turns.take(REGISTER)
    check_review(request, form.review_on)
    emit(ADDING_RISK, request)
    if known := alike(form.title, open_titles(request)):
        found = [(ref, f"{ref} {title}") for ref, title in known]
        return is_it_the_same("risk", form.title, found, keep_draft(request, "risk add", form), ADDED)
    return _add(request, form)


@action("risk.add-anyway", needs="risk.add")
def add_anyway(request: Request, value: str) -> Card:
    """Log a risk though similar ones are open."""
    request.store.turns.take(REGISTER)
    return _add(request, use_form(request, NewRisk, value, GONE))


@action("risk.add-to", needs="risk.add", carries=AddTo)
def add_to_open(request: Request, value: AddTo) -> Card:
    """Add what somebody wrote to a risk that is open."""
    form = use_form(request, NewRisk, value.draft, GONE)
    before = taken_risk(request, value.ref)
    said = "; ".join(filter(None, (form.title, form.details)))
    risk = save(request, before, "noted", by=request.person.id, text=said)
    if risk.owner and risk.owner != request.person.id:
        request.tell(risk.owner, f"{request.person.name} adds to {risk.ref}: {form.title}", risk.ref, show_button(risk))
    card = risk_card(request, risk, headline=f"Added to {risk.ref}").with_words(Buttons(show_button(risk)))
    return traced(request, card, f"{risk.ref} added to")


def _add(request: Request, form: NewRisk) -> Card:
    still_here(request, "owner", form.owner)
    origin = [linkable(request, "came_from", form.came_from).ref] if form.came_from else []
    given = {name: value for name, value in form.values().items() if name != "came_from"}
    given["department"] = form.department or _department(request, form.owner)
    given["review_on"] = next_review(request.city, (form.likelihood, form.impact), request.today, form.review_on)
    risk = log_risk(request, origin, **given, source=request.source)
    _tell_owner(request, risk)
    if request.city.risks.announces(*risk.standing):
        announce(request, risk)
    request.schedule(BRING_UP_TO_DATE, risk.ref, risk.created_at + WITHIN + JUST_AFTER)
    logged = _mendable(request, risk, f"Logged {risk.ref}", _sooner(request, risk, form))
    return traced(request, logged, f"{risk.ref} logged")


def _department(request: Request, owner: str | None) -> str | None:
    """The department of a risk if none is given: its owner's, else that of the person who logs it."""
    known = request.city.people.get(owner or "")
    return (known.department if known else None) or request.person.department


def _tell_owner(request: Request, risk: Risk) -> None:
    if risk.owner and risk.owner != request.person.id:
        draws = f"risk.owner {risk.ref} {risk.owner} {request.person.id}"
        request.post(f"dm:{risk.owner}", owner_card(request, risk, request.person.id), draws=draws)


@drawn("risk.owner")
def yours_again(context: Context, ref: str, owner: str, by: str = "") -> Card:
    """The message to the owner of a risk, while they own it."""
    risk = still_open(context, ref)
    if (risk.owner or "-") != owner:
        raise NotNeeded(f"{context.name(risk.owner)} looks after {ref} now")
    return owner_card(context, risk, by)


@drawn("risk.announced")
def announced_again(context: Context, ref: str) -> Card:
    """The announcement of a risk, while it is open and bad enough to be announced."""
    risk = still_open(context, ref)
    if not context.city.risks.announces(*risk.standing):
        raise NotNeeded(f"{ref} is only {level_of(context, risk).name} now")
    return posted_card(context, risk)


def _sooner(request: Request, risk: Risk, form: NewRisk | ChangedRisk) -> str:
    """Say that the review is earlier than wanted, if the wanted day is later than the level allows."""
    if form.review_on is None or risk.review_on == form.review_on:
        return ""
    wanted = request.spoken_day(form.review_on)
    return f"You wrote {wanted}, but {often_reviewed(level_of(request, risk))}."


@command(
    "risk update",
    sends="Change the risk",
    asks=UpdatedRisk,
    needs="risk.add",
    example="/risk update R-1; likelihood 3; owner @olga",
)
def update_risk(request: Request, form: UpdatedRisk) -> Card | OpenForm:
    """Change a risk."""
    before = changeable(request, form.risk)
    given = {name: value for name, value in form.values().items() if name != "risk" and value is not None}
    return _change(request, before, given) if given else OpenForm("risk.update", as_typed(before), before.ref)


def _prefilled(request: Request, value: str) -> Mapping[str, str]:
    """The form filled in from a risk; raises before it opens to somebody who may not change the risk."""
    return as_typed(changeable(request, value))


@action("risk.update", asks=ChangedRisk, prefill=_prefilled, needs="risk.add", sends="Change the risk")
@action("risk.change", asks=ChangedRisk, prefill=_prefilled, needs="risk.add", sends="Change the risk")
def change_risk(request: Request, value: str, form: ChangedRisk) -> Card:
    """Change this risk."""
    before = changeable(request, value)
    given = {**form.values(), "details": kept_details(before, form.details)}
    return _change(request, before, given)


def _change(request: Request, before: Risk, given: Mapping[str, Any]) -> Card:
    changes = {name: value for name, value in given.items() if value != getattr(before, name)}
    if not changes:
        return _mendable(request, before, f"{before.ref} is as it was")
    after = replace(before, **changes)
    check_residual(after)
    check_review(request, after.review_on, before.review_on)
    if "owner" in changes:
        still_here(request, "owner", after.owner)
    if "review_on" in changes:
        last = before.reviewed_on or request.calendar.today(before.created_at)
        latest = max(request.today, next_review(request.city, after.standing, last))
        changes["review_on"] = min(after.review_on or latest, latest)
    what = "scored" if any(name in SCORES for name in changes) else "changed"
    risk = save(request, before, what, by=request.person.id, **changes)
    tell_owner(request, before, risk, request.person.id)
    return traced(request, _mendable(request, risk, f"Changed {risk.ref}"), f"{risk.ref} changed")


@command(
    "risk close",
    sends="Close the risk",
    asks=CloseRisk,
    needs="risk.close",
    example="/risk close R-1; reason The gate was repaired",
)
def close_risk(request: Request, form: CloseRisk) -> Card:
    """Close a risk."""
    before = taken_risk(request, form.risk)
    decided = end_acceptance(request, before, "ended")
    by = request.person.id
    closed: dict[str, Any] = {"state": "closed", "closed_by": by, "closed_at": request.now, "accepted_until": None}
    risk = save(request, before, "closed", by=by, text=form.reason, reason=form.reason, **closed)
    settled(request, risk.ref, f"closed by {request.person.name}")
    emit(RISK_CLOSED, request, risk)
    words = () if decided else undo_closing(request, before, risk)
    card = risk_card(request, risk, headline=f"Closed {risk.ref}")
    card = card.with_words(Buttons(Button.say("Reopen", f"risk reopen {risk.ref}")), *words)
    return traced(request, card, f"{risk.ref} closed")


@command(
    "risk reopen",
    sends="Reopen the risk",
    asks=ReopenRisk,
    needs="risk.close",
    example="/risk reopen R-1; reason It leaks again",
)
def reopen_risk(request: Request, form: ReopenRisk) -> Card:
    """Reopen a closed risk."""
    before = found_risk(request.store.risk.records.take(form.risk), form.risk)
    if before.state == "open":
        raise UserError(f'{before.ref} is open. To work on it: "risk show {before.ref}".')
    if before.state == "withdrawn":
        raise UserError(f"{before.ref} was withdrawn, because it was logged by mistake. Log it again: risk add.")
    again: dict[str, Any] = {"state": "open", "reason": None, "closed_by": None, "closed_at": None, "treatment": None}
    by = request.person.id
    risk = save(request, before, "reopened", by=by, text=form.reason, review_on=request.today, **again)
    opened_again(request, risk.ref, show_button(risk, "Show"))
    emit(RISK_REOPENED, request, risk)
    card = _mendable(request, risk, f"Reopened {risk.ref}", "Its review is due today: is the score still true?")
    return traced(request, card, f"{risk.ref} reopened")


@action("risk.withdraw", needs="risk.add")
def withdraw_risk(request: Request, value: str) -> Card:
    """Withdraw a risk that was logged by mistake."""
    risk = found_risk(request.store.risk.records.take(value), value)
    if risk.state == "withdrawn":
        return risk_card(request, risk, headline=f"{risk.ref} is withdrawn already")
    taken_risk(request, value)
    if risk.created_by != request.person.id:
        raise UserError(f"Only {request.name(risk.created_by)}, who logged {risk.ref}, can withdraw it.")
    check_fresh(request, risk.ref, risk.created_at, "Change it, or ask somebody to close it with a reason.")
    end_acceptance(request, risk, "ended")
    by, at = request.person.id, request.now
    risk = save(request, risk, "withdrawn", by=by, state="withdrawn", closed_by=by, closed_at=at, accepted_until=None)
    settled(request, risk.ref, "withdrawn")
    emit(RISK_CLOSED, request, risk)
    return traced(request, risk_card(request, risk, headline=f"Withdrew {risk.ref}"), f"{risk.ref} withdrawn")


def _keepers(context: Context, ref: str) -> set[str]:
    risk = context.store.risk.records.find(ref)
    return {risk.owner} if risk and risk.owner else set()


@reference("R-", show="risk show", keepers=_keepers)
def seen_risk(context: Context, _person: Person, ref: str) -> str | None:
    """Show a risk by its reference; everybody may see every risk."""
    risk = context.store.risk.records.find(ref)
    return risk_line(context, risk) if risk else None


def _mendable(request: Request, risk: Risk, headline: str, told: str = "") -> Card:
    """The answer to a change, which is brought up to date where it stays as a message."""
    request.answer_draws = f"risk.logged {risk.ref} {request.person.id} {headline}"
    return _mendable_card(request, risk, request.person.id, headline, told)


@drawn("risk.logged")
def logged_again(context: Context, ref: str, person: str, *headline: str) -> Card:
    """The answer to who logged or changed a risk, with what can still be done about it."""
    risk = found_risk(context.store.risk.records.find(ref), ref)
    return _mendable_card(context, risk, person, " ".join(headline))


def _mendable_card(context: Context, risk: Risk, person: str, headline: str, told: str = "") -> Card:
    """A risk with the buttons to correct it soon after, while it is open."""
    ask_first = f"Withdraw {risk.ref}? It stays on record, marked as withdrawn."
    show = show_button(risk)
    fix = mend_words(context, "risk", risk, person, ask_first, show)
    return risk_card(context, risk, headline=headline).with_words(*((Note(told),) if told else ()), *fix)

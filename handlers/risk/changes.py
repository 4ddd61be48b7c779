"""Risk changes: one function for every change of a risk, so that all are recorded and announced the same way."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from handlers.kit.context import SYSTEM, Context, Request
from handlers.kit.contributions import drawn
from handlers.kit.errors import NotNeeded
from handlers.kit.events import RISK_ADDED, emit
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Buttons, Card, Text
from handlers.kit.settled import passed_on, settled
from handlers.risk.choice import still_open
from handlers.risk.question import refresh_question
from handlers.risk.record import is_higher, level_of, next_review, posted_card, risk_card, show_button
from handlers.risk.rights import DECIDED, actions_done, independence
from storage.risk.acceptances import Acceptance
from storage.risk.records import Risk

OVER_AT = time(7)  # on the day after the last day, before the morning check
SCORES = ("likelihood", "impact", "residual_likelihood", "residual_impact")


def save(
    context: Context, before: Risk, what: str, *, by: str = SYSTEM, text: str | None = None, **values: Any
) -> Risk:
    """Change a risk: add it to the history and the audit, update its cards, and announce it when it has become bad
    enough for that.
    A higher level brings the next review forward, and ends an acceptance that was given for a lower one.

    The score after treatment is a target until all actions are done and somebody independent confirms it, by a
    review or directly.
    """
    independent = what in DECIDED and not independence(context, before).why_not(context.city.people.get(by))
    changed = replace(before, **values)
    if changed.residual != before.residual or (independent and what == "reviewed"):
        values["residual_confirmed"] = independent and changed.residual is not None and actions_done(context, before)
        changed = replace(before, **values)
    if changed.standing != before.standing and "review_on" not in values:
        values["review_on"] = _nearer_review(context, before, changed)
    if before.accepted_until and is_higher(level_of(context, changed).id, level_of(context, before).id):
        why = f"it is {level_of(context, changed).name} now, more than when it was accepted"
        end_acceptance(context, before, "ended", by=by, why=why)
        values["accepted_until"] = None
    risk = context.store.risk.records.change(before, **values)
    context.store.risk.history.add(before, risk, what, by=by, at=context.now, text=text, independent=independent)
    context.audit(risk.ref, what=what, score=risk.score, owner=risk.owner, state=risk.state)
    _show(context, before, risk)
    refresh_question(context, risk)
    refresh_homes(context, [before.owner, risk.owner])
    return risk


def _nearer_review(context: Context, before: Risk, changed: Risk) -> date:
    """The next review of a risk whose score has changed: never later than it was planned."""
    last = before.reviewed_on or context.calendar.today(before.created_at)
    due = max(context.today, next_review(context.city, changed.standing, last))
    return min(before.review_on or due, due)


def _show(context: Context, before: Risk, risk: Risk) -> None:
    """Announce a risk that has become bad enough for that; else bring its posted cards up to date."""
    announces = context.city.risks.announces
    risen = announces(*risk.standing) and not announces(*before.standing)
    if risen and not context.store.chat.posts.of(risk.ref):
        announce(context, risk)
    else:
        context.refresh(risk.ref, posted_card(context, risk))


def log_risk(request: Request, came_from: Iterable[str], **values: Any) -> Risk:
    """Store a new risk with where it came from, and let other features act on it; they may refuse it (UserError)."""
    risk = request.store.risk.records.add(**values, by=request.person.id, at=request.now)
    request.audit_new(risk.ref, score=risk.score, owner=risk.owner)
    emit(RISK_ADDED, request, risk)
    for ref in came_from:
        request.store.links.add(ref, risk.ref, by=request.person.id, at=request.now)
    refresh_homes(request, [risk.owner])
    return risk


def announce(context: Context, risk: Risk) -> None:
    """Tell everybody of a risk."""
    context.post("risks", posted_card(context, risk), ref=risk.ref, draws=f"risk.announced {risk.ref}")


def owner_card(context: Context, risk: Risk, by: str = "") -> Card:
    """The card for the owner of a new risk; ``by`` has logged it for them."""
    headline = (
        f"{context.name(by)} has logged {risk.ref}: you look after it" if by else f"You look after {risk.ref} now"
    )
    return risk_card(context, risk, headline=headline).with_words(Buttons(show_button(risk)))


def tell_owner(context: Context, before: Risk, risk: Risk, by: str, *, at_once: bool = True) -> None:
    """Tell who looks after a risk now, and in their digest who did; the morning check says it too. What a sheet says
    is not told at once: it waits for the digest of the new owner as well, as there may be much of it."""
    if risk.owner == before.owner:
        return
    draws, show = f"risk.owner {risk.ref} {risk.owner or '-'}", show_button(risk, "Show")
    if before.owner and before.owner != by and not context.duties.is_gone(before.owner):
        line = f"{context.name(risk.owner)} looks after {risk.ref} now, and you do not anymore: {risk.title}"
        context.tell(before.owner, line, risk.ref, show, draws=draws)
    if risk.owner is None:
        return
    passed_on(context, risk.ref, context.name(risk.owner))
    if risk.owner == by:
        return
    if at_once:
        ref = f"owner {risk.ref} {risk.owner}"
        context.post(f"dm:{risk.owner}", owner_card(context, risk), ref=ref, draws=draws)
    else:
        context.tell(risk.owner, f"You look after {risk.ref} now: {risk.title}", risk.ref, show, draws=draws)


def end_acceptance(context: Context, risk: Risk, state: str, *, by: str = SYSTEM, why: str = "") -> bool:
    """End a risk's acceptances, asked or given, as ``expired`` or ``ended``; nobody has to decide any more. Gives
    whether there was one.

    With ``why`` the end of one that held stands in the history, and those who agreed to it read it in their digest.
    """
    live = [
        acceptance
        for acceptance in context.store.risk.acceptances.of(risk.number)
        if acceptance.state in ("asked", "approved")
    ]
    for acceptance in live:
        context.cancel("risk.acceptance-over", acceptance.ref)
        context.store.risk.acceptances.change(
            acceptance, state=state if acceptance.state == "approved" else "ended", ended_at=context.now
        )
        settled(context, acceptance.ref, "no longer needed")
        if why and acceptance.state == "approved":
            _say_it_ended(context, risk, acceptance, by, why)
        over = Card(f"No decision is needed on {risk.ref} anymore", Text(risk.title))
        context.refresh(acceptance.ref, over.with_words(Buttons(show_button(risk, f"Show {risk.ref}"))))
        refresh_homes(context, [acceptance.approver])
    return bool(live)


def instead_of_accepting(request: Request, risk: Risk, treatment: str | None) -> dict[str, Any]:
    """End the acceptance of a risk about which something else is decided; gives what changes in its row."""
    if risk.accepted_until is None:
        return {}
    why = f"it is decided to {treatment}" if treatment else "what is done about it has changed"
    end_acceptance(request, risk, "ended", by=request.person.id, why=why)
    return {"accepted_until": None}


def _say_it_ended(context: Context, risk: Risk, acceptance: Acceptance, by: str, why: str) -> None:
    """Write it down, and tell those who agreed to it, who asked for it and who looks after the risk."""
    context.store.risk.history.add(risk, risk, "ended", by=by, at=context.now, text=why)
    line = f"{risk.ref} {risk.title} is not accepted anymore: {why}. Changed by {context.name(by)}."
    concerned = {acceptance.decided_by, acceptance.second_by, acceptance.asked_by, risk.owner} - {None, by}
    for person in sorted(filter(None, concerned)):
        show = show_button(risk, "Show")
        context.tell(person, line, risk.ref, show, draws=f"risk.acceptance-ended {risk.ref}")


@drawn("risk.acceptance-ended")
def ended_again(context: Context, ref: str) -> Card:
    """The news that a risk is not accepted any more, until it is accepted again."""
    risk = still_open(context, ref)
    if risk.accepted_until is not None:
        raise NotNeeded(f"{ref} is accepted again")
    return posted_card(context, risk)


def over_at(context: Context, until: date) -> datetime:
    """The moment at which an acceptance until this day ends."""
    return context.calendar.instant(until + timedelta(days=1), OVER_AT)

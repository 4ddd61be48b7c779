"""Risk decision: accepting a risk as it is or declining that, and confirming the score after treatment."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from handlers.kit.city.people import Person
from handlers.kit.context import Context, Request
from handlers.kit.contributions import drawn, todo
from handlers.kit.errors import NotNeeded, UserError
from handlers.kit.forms import Form, OpenForm, Reference, ask
from handlers.kit.home import refresh_homes
from handlers.kit.lists import counted
from handlers.kit.messages import Button, Buttons, Card, Note, Text
from handlers.kit.persons import Persons
from handlers.kit.registry import action, command
from handlers.kit.settled import settled
from handlers.kit.trace import traced
from handlers.kit.waiting import Task, Waiting
from handlers.risk.changes import over_at, save
from handlers.risk.choice import found_risk, taken_risk
from handlers.risk.forms import REF, OneRisk
from handlers.risk.question import acceptance_of, asked_with, question_card
from handlers.risk.record import risk_card, risk_line, risk_status, show_button
from handlers.risk.rights import (
    Independence,
    ShownRisk,
    actions_done,
    as_shown,
    cannot_decide,
    changed_since,
    independence,
    independences,
    who_may,
    why_not_decide,
)
from storage.risk.acceptances import Acceptance
from storage.risk.records import Risk


class Approve(Form):
    risk: Reference = ask("Which risk?", max_length=12, hint=REF)
    why: str | None = ask("Why?", default=None, max_length=1000, long=True, hint="Needed where two people decide")


class Reason(Form):
    why: str = ask("Why can it stay as it is?", max_length=1000, long=True)


class Decline(Form):
    risk: Reference = ask("Which risk?", max_length=12, hint=REF)
    why: str = ask("Why not?", max_length=1000, long=True)


@command("risk approve", sends="Accept it", asks=Approve, needs="risk.decide", example="/risk approve R-1")
def approve(request: Request, form: Approve) -> Card | OpenForm:
    """Accept a risk as it is."""
    risk, asked = _to_decide(request, form.risk)
    seen = asked_with(request.store.risk.history.of(risk), asked)
    return _approve(request, risk, asked, seen, form.why)


@action("risk.approve", needs="risk.decide", carries=ShownRisk)
def approve_as_shown(request: Request, value: ShownRisk) -> Card | OpenForm:
    """Accept a risk as it was shown."""
    return _approve(request, *_to_decide(request, value.risk), value.seen, None)


@action("risk.approve-because", asks=Reason, needs="risk.decide", carries=ShownRisk, sends="Accept it")
def approve_because(request: Request, value: ShownRisk, form: Reason) -> Card | OpenForm:
    """Say why you agree."""
    return _approve(request, *_to_decide(request, value.risk), value.seen, form.why)


def _approve(request: Request, risk: Risk, asked: Acceptance, seen: int, why: str | None) -> Card | OpenForm:
    if changed_since(request, risk, seen):  # agreement counts only for what the person saw
        headline = f"{risk.ref} has changed since you saw it. Please look again"
        return question_card(request, risk, asked, request.person.id, headline)
    _check_until(request, risk, asked)
    if not cannot_decide(independence(request, risk), request.person, asked.asked_by):
        return _accept(request, risk, request.store.risk.acceptances.change(asked, **_first(request, why)))
    if not why:
        return OpenForm("risk.approve-because", about=as_shown(request, risk))
    return _agree(request, risk, asked, why)


def _first(request: Request, why: str | None) -> dict[str, Any]:
    return {"decided_by": request.person.id, "decided_at": request.now, "note": why}


def _agree(request: Request, risk: Risk, asked: Acceptance, why: str) -> Card:
    """Record that one of two people agrees; when both have, the risk is accepted."""
    me = request.person
    as_second = asked.second_by is None and independence(request, risk).is_second(me) and asked.decided_by != me.id
    if as_second and (me.id != asked.approver or asked.decided_by is not None):
        values: dict[str, Any] = {"second_by": me.id, "second_at": request.now, "second_note": why}
    else:
        values = _first(request, why)
    asked = request.store.risk.acceptances.change(asked, **values)
    if asked.decided_by and asked.second_by:
        return _accept(request, risk, asked)
    risk = save(request, risk, "agreed", by=me.id, text=why)
    refresh_homes(request, [asked.approver, asked.second])
    other = request.name(asked.approver if asked.decided_by is None else asked.second)
    card = risk_card(request, risk, headline=f"You agree. {risk.ref} waits for {other}").with_words(
        Note(f"It is accepted when {other} agrees too."), Buttons(show_button(risk))
    )
    return traced(request, card, f"{risk.ref} agreed to as the first of two")


def _check_until(request: Request, risk: Risk, asked: Acceptance) -> None:
    if asked.until <= request.today:
        day = request.spoken_day(asked.until)
        raise UserError(f"The end date that was asked for, {day}, has come. Please have somebody ask again.")
    level = independence(request, risk).level_for(request.person.id)
    if asked.until > (latest := request.today + timedelta(days=level.accept_days)):
        raise UserError(
            f"{risk.ref} is {level.name.lower()} now, and such a risk is accepted for at most "
            f"{counted(level.accept_days, 'day')}: until {request.spoken_day(latest)}. "
            "Decline it; an earlier day can be asked for."
        )


def _accept(request: Request, risk: Risk, asked: Acceptance) -> Card:
    for earlier in request.store.risk.acceptances.of(risk.number):
        if earlier.state == "approved":
            request.cancel("risk.acceptance-over", earlier.ref)
            request.store.risk.acceptances.change(earlier, state="ended", ended_at=request.now)
    level = independence(request, risk).level_for(request.person.id)
    accepted = request.store.risk.acceptances.change(asked, state="approved", level=level.id)
    until, by = request.calendar.spoken_date(accepted.until), request.person.id
    why = accepted.second_note if accepted.second_by == by else accepted.note
    said = f"until {until}: {why}" if why else f"until {until}"
    risk = save(request, risk, "accepted", by=by, text=said, accepted_until=accepted.until)
    request.schedule("risk.acceptance-over", accepted.ref, over_at(request, accepted.until))
    _tell(request, risk, accepted)
    headline = f"{risk.ref} is accepted until {request.spoken_day(accepted.until)}"
    _settled(request, risk, accepted, f"accepted by {request.person.name}", headline)
    card = risk_card(request, risk, headline=headline).with_words(
        Note("After that day it opens again, and everybody concerned is told."),
        Buttons(show_button(risk)),
    )
    return traced(request, card, f"{risk.ref} accepted until {request.spoken_day(accepted.until)}")


@command(
    "risk decline",
    sends="Do not accept it",
    asks=Decline,
    needs="risk.decide",
    example="/risk decline R-1; why Fix the gate first",
)
def decline(request: Request, form: Decline) -> Card:
    """Decline to accept a risk."""
    risk, asked = _to_decide(request, form.risk)
    decided = {"decided_by": request.person.id, "decided_at": request.now, "note": form.why}
    declined = request.store.risk.acceptances.change(asked, state="declined", **decided)
    risk = save(request, risk, "declined", by=request.person.id, text=form.why)
    headline = f"{request.person.name} does not accept {risk.ref}"
    _tell(request, risk, declined)
    _settled(request, risk, declined, f"declined by {request.person.name}", headline)
    card = Card(
        f"{risk.ref} is not accepted",
        Text(f"Why: {form.why}"),
        Text(f"{request.name(asked.asked_by)} is told."),
        Buttons(show_button(risk)),
    )
    return traced(request, card, f"{risk.ref} not accepted")


@command("risk confirm", sends="Confirm", asks=OneRisk, needs="risk.decide", example="/risk confirm R-1")
def confirm_risk(request: Request, form: OneRisk) -> Card:
    """Confirm the treatment."""
    before = taken_risk(request, form.risk)
    if before.residual is None:
        raise UserError(f'{before.ref} has no score after treatment yet. Write "risk treat {before.ref}" first.')
    if before.residual_confirmed:
        raise UserError(f"The score after treatment of {before.ref} is confirmed already. Nothing was changed.")
    if not actions_done(request, before):
        raise UserError(f"Actions against {before.ref} are still open. Have them done first: risk show {before.ref}")
    record = independence(request, before)
    if why := record.why_not(request.person):
        raise UserError(f"{why.replace('accept', 'confirm')} {who_may(record)}")
    risk = save(request, before, "confirmed", by=request.person.id, residual_confirmed=True)
    card = risk_card(request, risk, headline=f"{risk.ref}: score after treatment confirmed")
    card = card.with_words(Buttons(show_button(risk)))
    return traced(request, card, f"{risk.ref}: score after treatment confirmed")


@todo("treatments to confirm", order=23)
def to_confirm(context: Context, persons: Persons) -> Mapping[str, Waiting]:
    """Risks with all actions done whose target these people, as independent ones, can confirm; worst first."""
    accept = persons.with_role(*{role for level in context.city.risks.level for role in level.accept})
    records = independences(context, context.store.risk.search.to_confirm()) if accept else []
    return {person.id: _unconfirmed(context, person, records) for person in accept} if records else {}


def _unconfirmed(context: Context, person: Person, records: Sequence[Independence]) -> Waiting:
    risks = [record.risk for record in records if not record.why_not(person)]
    tasks = [
        Task(
            f"confirm {risk.ref}",
            f"{risk_line(context, risk)}: its actions are done. Did the treatment help as planned?",
            (Button.say("Confirm", f"risk confirm {risk.ref}"), show_button(risk, "Show")),
            owner=person.id,
            status=risk_status(context, risk),
        )
        for risk in risks
    ]
    return Waiting(f"Treatments to confirm: {len(risks)}", tasks, "risk list")


def _to_decide(request: Request, ref: str) -> tuple[Risk, Acceptance]:
    """The risk and the question about it; raises UserError for somebody who may not decide, alone or as one of two."""
    risk = taken_risk(request, ref)
    asked = request.store.risk.acceptances.asked_for(risk.number)
    if asked is None:
        until = f"It is accepted until {request.spoken_day(risk.accepted_until)}. " if risk.accepted_until else ""
        raise UserError(f"Nobody has asked to accept {risk.ref}. {until}Nothing was changed.")
    record = independence(request, risk)
    if why := why_not_decide(record, request.person, asked):
        raise UserError(f"{why} {who_may(record)}")
    return risk, asked


def _tell(request: Request, risk: Risk, decided: Acceptance) -> None:
    if decided.asked_by != request.person.id:
        card, draws = _decided_card(request, risk, decided), f"risk.decided {risk.ref} {decided.id}"
        request.post(f"dm:{decided.asked_by}", card, draws=draws)


@drawn("risk.decided")
def decided_again(context: Context, ref: str, number: str) -> Card:
    """The message about the decision for the person who asked, while the decision holds."""
    risk = found_risk(context.store.risk.records.find(ref), ref)
    decided = acceptance_of(context, risk, number)
    if decided.state not in ("approved", "declined"):
        raise NotNeeded(f"the acceptance of {ref} has ended")
    return _decided_card(context, risk, decided)


def _decided_card(context: Context, risk: Risk, decided: Acceptance) -> Card:
    """The card that says how it was decided, and who decided (of two, the last)."""
    came_last = decided.second_at and decided.decided_at and decided.second_at > decided.decided_at
    name = context.name(decided.second_by if came_last else decided.decided_by)
    show = Buttons(show_button(risk))
    if decided.state == "approved":
        return risk_card(context, risk, headline=f"{name} has accepted {risk.ref}").with_words(show)
    declined = risk_card(context, risk, headline=f"{name} does not accept {risk.ref}")
    return declined.with_words(Text(f"Why: {decided.note}"), show)


def _settled(request: Request, risk: Risk, decided: Acceptance, how: str, headline: str) -> None:
    """Settle the question: nobody has to decide any more."""
    show = Buttons(show_button(risk, f"Show {risk.ref}"))
    request.refresh(decided.ref, Card(headline, Text(risk.title), show))
    settled(request, decided.ref, how)
    refresh_homes(request, [decided.approver, decided.second])

"""Risk acceptance: asking to accept a risk as it is for a time, and what follows when that time is over."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from handlers.kit.city.people import Person
from handlers.kit.city.risks import RiskLevel
from handlers.kit.context import Context, Request
from handlers.kit.contributions import drawn, todo
from handlers.kit.errors import FieldErrors, NotNeeded, UserError
from handlers.kit.forms import Date, Form, PersonId, Reference, ask
from handlers.kit.home import refresh_homes
from handlers.kit.lists import agreeing, counted, listed
from handlers.kit.messages import Button, Buttons, Card, Facts, Note, Text
from handlers.kit.moved import falls_to
from handlers.kit.persons import Persons
from handlers.kit.registry import command, timer
from handlers.kit.trace import traced
from handlers.kit.waiting import Task, Waiting
from handlers.risk.changes import end_acceptance, save
from handlers.risk.choice import changeable, still_open
from handlers.risk.forms import REF
from handlers.risk.question import acceptance_of, asked_with, question_card
from handlers.risk.record import is_accepted, risk_card, risk_line, risk_status, show_button
from handlers.risk.rights import (
    Independence,
    ShownRisk,
    cannot_decide,
    changed_after,
    independence,
    who_may,
    why_not_decide,
)
from handlers.risk.words import asked_line, decide_buttons, did
from storage.risk.acceptances import Acceptance
from storage.risk.history import Event
from storage.risk.records import Risk

TWO = "Nobody may decide this alone, so two people decide, and both say why."
SOON = timedelta(days=3)  # the time for somebody who was asked to decide


class Accept(Form):
    risk: Reference = ask("Which risk?", max_length=12, hint=REF)
    until: Date = ask("Until when is it accepted?", hint="2027-03-31 or 1 Mar")
    why: str = ask("Why can it stay as it is?", max_length=1000, long=True)
    approver: PersonId | None = ask("Who should agree?", default=None, hint="Left empty: those who have the right")


@command(
    "risk accept",
    sends="Ask",
    asks=Accept,
    needs="risk.add",
    example="/risk accept R-1; until 2027-02-01; why The gate is replaced in January; approver @maria",
)
def accept_risk(request: Request, form: Accept) -> Card:
    """Ask to accept a risk."""
    risk = changeable(request, form.risk)
    if waiting := request.store.risk.acceptances.asked_for(risk.number):
        return _waits_already(request, risk, waiting)
    record = independence(request, risk)
    approver, second = _asked(request, record, form.approver)
    level = record.level_for(approver.id)
    _check_until(request, level, form.until)
    risk = save(
        request,
        risk,
        "asked",
        by=request.person.id,
        text=f"until {request.calendar.spoken_date(form.until)}: {form.why}",
    )
    asked = request.store.risk.acceptances.add(
        risk.number,
        level=level.id,
        why=form.why,
        until=form.until,
        approver=approver.id,
        asked_by=request.person.id,
        asked_at=request.now,
        second=second.id if second else None,
    )
    those = [approver, *([second] if second else [])]
    for person in those:
        question = question_card(request, risk, asked, person.id)
        draws = f"risk.ask {risk.ref} {asked.id} {person.id}"
        request.post(f"dm:{person.id}", question, ref=asked.ref, priority="prompt", draws=draws)
    refresh_homes(request, [person.id for person in those])
    names = [person.name for person in those]
    agrees = agreeing(names, "agrees", "agree")
    card = Card(
        f"{agreeing(names, 'is', 'are')} asked to accept {risk.ref}",
        *([Text(TWO)] if second else []),
        Text(risk_line(request, risk)),
        Facts(("Until", request.spoken_day(form.until)), ("Why", form.why)),
        Note(f"Until {agrees}, {risk.ref} stays as it is in the register."),
        Buttons(show_button(risk)),
    )
    return traced(request, card, f"{listed(names)} asked to accept {risk.ref}")


@drawn("risk.ask")
def asked_again(context: Context, ref: str, number: str, person: str) -> Card:
    """The question whether to accept a risk, until somebody has decided."""
    risk = still_open(context, ref)
    asked = acceptance_of(context, risk, number)
    if asked.state != "asked" or person in (asked.decided_by, asked.second_by):
        raise NotNeeded(f"the decision about {ref} has been made")
    return question_card(context, risk, asked, person)


def _waits_already(request: Request, risk: Risk, waiting: Acceptance) -> Card:
    card = Card(f"{risk.ref} waits for a decision already", Text(asked_line(request, waiting, request.person.id)))
    if not why_not_decide(independence(request, risk), request.person, waiting):
        return card.with_words(Buttons(*decide_buttons(request, risk)))
    return card.with_words(Note(f"Ask {request.name(waiting.approver)} to decide. Nothing was changed."))


def _check_until(request: Request, level: RiskLevel, until: date) -> None:
    latest = request.today + timedelta(days=level.accept_days)
    if until <= request.today:
        raise FieldErrors(
            {"until": f"{request.spoken_day(until)} is not in the future. Choose a day from tomorrow on."}
        )
    if until > latest:
        kind = f"A risk that is {level.name.lower()} is accepted for at most {counted(level.accept_days, 'day')}"
        raise FieldErrors({"until": f"{kind}: until {request.spoken_day(latest)}."})


def _asked(request: Request, record: Independence, wanted: str | None) -> tuple[Person, Person | None]:
    """Who is asked to decide: the person named, else the department's head or the first person who may and is there;
    two people if nobody may decide alone. Raises UserError if nobody is found."""
    if wanted is not None:
        return _named(request, record, wanted), None
    people = [person for person in request.city.people.values() if not request.duties.is_gone(person.id)]
    alone = [person for person in people if not cannot_decide(record, person, request.person.id)]
    return (_preferred(request, record.risk, alone), None) if alone else _pair(request, record, people)


def _named(request: Request, record: Independence, wanted: str) -> Person:
    """The person who was named; raises FieldErrors when they may not decide, or are not here."""
    person = request.city.people.get(wanted)
    if why := cannot_decide(record, person, request.person.id):
        raise FieldErrors({"approver": f"{why} {who_may(record)}"})
    assert person is not None
    if request.duties.is_gone(wanted):
        raise FieldErrors({"approver": f"{person.name} {request.duties.reason(wanted)}. {who_may(record)}"})
    return person


def _pair(request: Request, record: Independence, people: list[Person]) -> tuple[Person, Person]:
    """Two people who decide together: one with the right, and a department head who is not involved."""
    right = [person for person in people if record.has_right(person)]
    heads = [person for person in people if record.is_second(person) and person.id != request.person.id]
    pairs = [(first, second) for first in right for second in heads if first.id != second.id]
    if not pairs:
        level = record.level_for(request.person.id).name.lower()
        raise UserError(
            f"Nobody else may accept {record.risk.ref}: its level is {level}. {who_may(record)} "
            "Have somebody else ask, or ask for a review by somebody who has neither owned nor scored it."
        )
    first = _preferred(request, record.risk, right)
    return first, _preferred(request, record.risk, [head for head in heads if head.id != first.id])


def _preferred(request: Request, risk: Risk, those: list[Person]) -> Person:
    """The first of these people who is there; the head of the risk's department comes before others."""
    department = request.city.departments.get(risk.department or "")
    ordered = sorted(those, key=lambda person: not department or person.id != department.head)
    return next((person for person in ordered if request.duties.why_not(person.id) is None), ordered[0])


@timer("risk.acceptance-over")
def acceptance_over(context: Context, subject: str, step: int) -> None:
    """Open a risk again whose acceptance has run out, and tell everybody concerned."""
    accepted = context.store.risk.acceptances.take(int(subject.split()[1]))
    risk = context.store.risk.records.take(f"R-{accepted.risk}") if accepted else None
    if accepted is None or risk is None or accepted.state != "approved" or risk.state != "open":
        return
    end_acceptance(context, risk, "expired")
    until = context.calendar.spoken_date(accepted.until)
    risk = save(context, risk, "expired", text=f"it held until {until}", accepted_until=None, review_on=context.today)
    card, draws = _over_card(context, risk, accepted), f"risk.expired {risk.ref} {accepted.id}"
    context.post("risks", card, priority="prompt", draws=draws)
    concerned = [person for person in (risk.owner, accepted.asked_by, accepted.decided_by) if person]
    asked = [context.duties.of(person, department=risk.department) for person in concerned]
    for duty in {duty.person: duty for duty in sorted(asked, key=lambda asked: asked.instead_of is None)}.values():
        context.post(f"dm:{duty.person}", card, priority="prompt", draws=draws, instead_of=duty.instead_of)


@drawn("risk.expired")
def over_again(context: Context, ref: str, number: str) -> Card:
    """The message that a risk is open again because its acceptance is over, until it is accepted again."""
    risk = still_open(context, ref)
    if is_accepted(context, risk):
        raise NotNeeded(f"{ref} is accepted again")
    return _over_card(context, risk, acceptance_of(context, risk, number))


def _over_card(context: Context, risk: Risk, accepted: Acceptance) -> Card:
    headline = f"{risk.ref} is open again: its acceptance ended on {context.spoken_day(accepted.until)}"
    return risk_card(context, risk, headline=headline).with_words(
        Note("Its review is due today. Treat it, or ask for it to be accepted again."),
        Buttons(
            Button("Review", "risk.review", risk.ref, style="primary"),
            Button.say("Decide treatment", f"risk treat {risk.ref}"),
            Button.say("Ask to accept", f"risk accept {risk.ref}"),
        ),
    )


@todo("risks to accept", order=15)
def to_decide(context: Context, persons: Persons) -> Mapping[str, Waiting]:
    """Risks that people are asked to accept, oldest first."""
    asked, moved = (
        context.store.risk.acceptances.to_decide(persons),
        falls_to(context, "decisions about risks", persons),
    )
    theirs = {
        person: list(dict.fromkeys([*asked.get(person, ()), *(held.record.asked for held in moved.get(person, ()))]))
        for person in {**asked, **moved}
    }
    numbers = {acceptance.risk for own in theirs.values() for acceptance in own}
    risks = {risk.number: risk for risk in context.store.risk.records.those(numbers)}
    history = context.store.risk.history.of_many(numbers)
    return {
        person: Waiting(
            f"Risks you are asked to accept: {len(own)}",
            [_task(context, asked, person, risks[asked.risk], history[asked.risk]) for asked in own],
            "risk list",
        )
        for person, own in theirs.items()
    }


def _task(context: Context, asked: Acceptance, person: str, risk: Risk, events: Sequence[Event]) -> Task:
    """The question, with the risk, its score and what has changed since it was asked."""
    changes = changed_after(events, asked_with(events, asked))
    since = "; ".join(dict.fromkeys(f"{context.name(event.person)} {did(context, event)}" for event in changes))
    changed = f" Changed since: {since}." if since else ""
    return Task(
        asked.ref,
        f"{risk.ref} {risk.title} (score {risk.score}): {asked_line(context, asked, person)}{changed}",
        (
            Button("Accept it", "risk.approve", ShownRisk(risk.ref, events[-1].id), style="primary"),
            Button.say("Do not accept", f"risk decline {risk.ref}"),
            show_button(risk, f"Show {risk.ref}"),
        ),
        due=context.calendar.today(asked.asked_at) + SOON,
        owner=person,
        status=risk_status(context, risk),
        decides=True,
    )

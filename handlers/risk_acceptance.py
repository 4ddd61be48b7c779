"""Risk acceptance: a risk is left as it is, when somebody else with the right for its level agrees, for a time."""

from datetime import date, datetime, timedelta

from handlers.kit.calendar import spoken_date
from handlers.kit.context import Context, Request
from handlers.kit.errors import FieldErrors, UserError
from handlers.kit.facts import Person
from handlers.kit.forms import Date, Form, PersonId, Reference, ask
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Button, Buttons, Card, Facts, Note, Text
from handlers.kit.morning import Line, Section, dealt_with, section
from handlers.kit.registry import command, timer, waits
from handlers.kit.risk import ACCEPTED, is_accepted, level_of, risk_card, risk_line
from handlers.kit.risk_changes import changeable, end_acceptance, over_at, save, taken_risk
from handlers.kit.risk_forms import REF, OneRisk
from handlers.kit.risk_words import asked_line, decide_buttons
from handlers.kit.waiting import Task, Waiting
from storage.acceptances import Acceptance
from storage.risks import Risk

SOON = timedelta(days=3)  # in which somebody who was asked decides


class Accept(Form):
    risk: Reference = ask("Which risk?", max_length=12, hint=REF)
    until: Date = ask("Until when is it accepted?", hint="2027-03-31 or 1 Mar")
    why: str = ask("Why can it stay as it is?", max_length=1000, long=True)
    approver: PersonId | None = ask("Who is to agree?", default=None, hint="Left empty: whoever has the right")


class Decline(Form):
    risk: Reference = ask("Which risk?", max_length=12, hint=REF)
    why: str = ask("Why not?", max_length=1000, long=True)


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
    if waiting := request.store.acceptances.asked_for(risk.number):
        return _waits_already(request, risk, waiting)
    _check_until(request, risk, form.until)
    approver = _approver(request, risk, form.approver)
    asked = request.store.acceptances.add(
        risk.number, level=level_of(request, risk).id, why=form.why, until=form.until, approver=approver,
        asked_by=request.person.id, asked_at=request.now,
    )  # fmt: skip
    risk = save(request, risk, "asked", by=request.person.id, text=f"until {spoken_date(form.until)}: {form.why}")
    request.post(f"dm:{approver}", _question(request, risk, asked), about=asked.ref, priority="prompt")
    refresh_homes(request, [approver])
    name = request.name(approver)
    return Card(
        f"{name} is asked to accept {risk.ref}",
        Text(risk_line(request, risk)),
        Facts(("Until", spoken_date(form.until)), ("Why", form.why)),
        Note(f"Until {name} agrees, {risk.ref} stays as it is in the register."),
        Buttons(Button.say("Show all", f"risk show {risk.ref}")),
    )


def _waits_already(request: Request, risk: Risk, waiting: Acceptance) -> Card:
    card = Card(f"{risk.ref} waits for a decision already", Text(asked_line(request, waiting)))
    if _why_not(request, risk, request.person, waiting.asked_by):
        return card.with_words(Note(f"Ask {request.name(waiting.approver)} to decide. Nothing was changed."))
    return card.with_words(_decide(risk))


def _check_until(request: Request, risk: Risk, until: date) -> None:
    level = level_of(request, risk)
    latest = request.today + timedelta(days=level.accept_days)
    if until <= request.today:
        raise FieldErrors({"until": f"{until} is not in the future. Choose a day from tomorrow on."})
    if until > latest:
        kind = f"A risk that is {level.name.lower()} is accepted for at most {level.accept_days} days"
        raise FieldErrors({"until": f"{kind}: until {latest}."})


def _approver(request: Request, risk: Risk, wanted: str | None) -> str:
    """Who is asked: who was named, else the head of the risk's department or the first who may and is there."""
    if wanted is not None:
        person = request.city.people.get(wanted)
        if why := _why_not(request, risk, person, request.person.id):
            raise FieldErrors({"approver": f"{why} {_who_may(request, risk)}"})
        return wanted
    can = [one.id for one in request.city.people.values() if not _why_not(request, risk, one, request.person.id)]
    department = request.city.departments.get(risk.department or "")
    can.sort(key=lambda one: not department or one != department.head)
    if not can:
        level = level_of(request, risk).name.lower()
        way = "Have somebody else ask, or give it to another owner."
        raise UserError(f"Nobody else may accept {risk.ref}: its level is {level}. {_who_may(request, risk)} {way}")
    return next((one for one in can if request.away(one) is None), can[0])


def _why_not(request: Request, risk: Risk, person: Person | None, asked_by: str) -> str:
    """Why somebody may not accept this risk; nothing when they may."""
    if person is None or person.all_roles.isdisjoint(level_of(request, risk).accept):
        return f"{person.name if person else 'This person'} may not accept a risk of this level."
    if person.id == asked_by:
        return "Nobody accepts what they have asked for themselves."
    return "Nobody accepts a risk that they look after themselves." if person.id == risk.owner else ""


def _who_may(request: Request, risk: Risk) -> str:
    roles = level_of(request, risk).accept
    names = [one.name for one in request.city.people.values() if not one.all_roles.isdisjoint(roles)]
    return f"It is for: {', '.join(role.replace('_', ' ') for role in roles)} ({', '.join(names[:3])})."


def _question(context: Context, risk: Risk, asked: Acceptance) -> Card:
    """What the one who is asked reads."""
    headline = f"{context.name(asked.asked_by)} asks you to accept {risk.ref} as it is"
    card = risk_card(context, risk, headline=headline)
    return card.with_words(Text(f"Until {spoken_date(asked.until)}. Why: {asked.why}"), _decide(risk))


def _decide(risk: Risk) -> Buttons:
    return Buttons(*decide_buttons(risk), Button.say(f"Show {risk.ref}", f"risk show {risk.ref}"))


@command("risk approve", asks=OneRisk, needs="risk.decide", example="/risk approve R-1")
def approve(request: Request, form: OneRisk) -> Card:
    """Accept a risk as it is."""
    risk, asked = _to_decide(request, form.risk)
    if asked.until <= request.today:
        raise UserError(
            f"The day until which it was asked for, {spoken_date(asked.until)}, has come. Have it asked anew."
        )
    level = level_of(request, risk)
    if asked.until > (latest := request.today + timedelta(days=level.accept_days)):
        raise UserError(
            f"{risk.ref} is {level.name.lower()} now, and such a risk is accepted for at most {level.accept_days} days:"
            f" until {latest}. Do not accept it, and have it asked for a nearer day."
        )
    for earlier in request.store.acceptances.of(risk.number):
        if earlier.state == "approved":
            request.no_longer("risk.acceptance-over", earlier.ref)
            request.store.acceptances.change(earlier, state="ended", ended_at=request.now)
    decided = {"decided_by": request.person.id, "decided_at": request.now, "level": level.id}
    accepted = request.store.acceptances.change(asked, state="approved", **decided)
    until = spoken_date(accepted.until)
    by = request.person.id
    risk = save(
        request, risk, "accepted", by=by, text=f"until {until}", treatment=ACCEPTED, accepted_until=accepted.until
    )
    request.later("risk.acceptance-over", accepted.ref, over_at(request, accepted.until))
    _tell(request, accepted, risk_card(request, risk, headline=f"{request.person.name} has accepted {risk.ref}"))
    headline = f"{risk.ref} is accepted until {until}"
    _settled(request, risk, accepted, f"accepted by {request.person.name}", headline)
    card = risk_card(request, risk, headline=headline)
    return card.with_words(
        Note("When that day is over, it is open again, and everybody concerned is told."),
        Buttons(Button.say("Show all", f"risk show {risk.ref}")),
    )


@command("risk decline", asks=Decline, needs="risk.decide", example="/risk decline R-1; why Mend the gate first")
def decline(request: Request, form: Decline) -> Card:
    """Do not accept a risk."""
    risk, asked = _to_decide(request, form.risk)
    decided = {"decided_by": request.person.id, "decided_at": request.now, "note": form.why}
    declined = request.store.acceptances.change(asked, state="declined", **decided)
    risk = save(request, risk, "declined", by=request.person.id, text=form.why)
    headline = f"{request.person.name} does not accept {risk.ref}"
    _tell(request, declined, risk_card(request, risk, headline=headline).with_words(Text(f"Why: {form.why}")))
    _settled(request, risk, declined, f"declined by {request.person.name}", headline)
    return Card(
        f"{risk.ref} is not accepted",
        Text(f"Why: {form.why}"),
        Text(f"{request.name(asked.asked_by)} is told."),
        Buttons(Button.say("Show all", f"risk show {risk.ref}")),
    )


def _to_decide(request: Request, ref: str) -> tuple[Risk, Acceptance]:
    """The risk and what is asked for it; raises UserError for somebody who may not decide."""
    risk = taken_risk(request, ref)
    asked = request.store.acceptances.asked_for(risk.number)
    if asked is None:
        until = f"It is accepted until {spoken_date(risk.accepted_until)}. " if risk.accepted_until else ""
        raise UserError(f"Nobody asks for {risk.ref} to be accepted. {until}Nothing was changed.")
    if why := _why_not(request, risk, request.person, asked.asked_by):
        raise UserError(f"{why} {_who_may(request, risk)}")
    return risk, asked


def _tell(request: Request, decided: Acceptance, card: Card) -> None:
    if decided.asked_by != request.person.id:
        show = Button.say("Show all", f"risk show R-{decided.risk}")
        request.post(f"dm:{decided.asked_by}", card.with_words(Buttons(show)))


def _settled(request: Request, risk: Risk, decided: Acceptance, how: str, headline: str) -> None:
    """Nothing waits for anybody any more."""
    show = Buttons(Button.say(f"Show {risk.ref}", f"risk show {risk.ref}"))
    request.refresh(decided.ref, Card(headline, Text(risk.title), show))
    dealt_with(request, decided.ref, how)
    refresh_homes(request, [decided.approver])


@timer("risk.acceptance-over")
def acceptance_over(context: Context, subject: str, step: int) -> None:
    """Open a risk again whose acceptance has run out, and tell everybody concerned."""
    accepted = context.store.acceptances.take(int(subject.split()[1]))
    risk = context.store.risks.take(f"R-{accepted.risk}") if accepted else None
    if accepted is None or risk is None or accepted.state != "approved" or risk.state != "open":
        return
    end_acceptance(context, risk, "expired")
    until = spoken_date(accepted.until)
    risk = save(
        context, risk, "expired", text=f"it held until {until}", treatment=None, accepted_until=None,
        review_on=context.today,
    )  # fmt: skip
    headline = f"{risk.ref} is open again: its acceptance ended on {until}"
    card = risk_card(context, risk, headline=headline).with_words(
        Note("It is to be looked at today. Treat it, or ask for it to be accepted again."),
        Buttons(
            Button("Review", "risk.review", risk.ref, style="primary"),
            Button.say("Decide treatment", f"risk treat {risk.ref}"),
            Button.say("Accept as it is", f"risk accept {risk.ref}"),
        ),
    )
    context.post("risks", card, priority="prompt")
    for person in dict.fromkeys([risk.owner, accepted.asked_by, accepted.decided_by]):
        if person in context.city.people:
            context.post(f"dm:{person}", card, priority="prompt")


@waits("risks to accept", order=15)
def to_decide(context: Context, person: Person) -> Waiting:
    """The risks that somebody is asked to accept, oldest first."""
    tasks = [
        Task(
            one.ref,
            f"R-{one.risk}: {asked_line(context, one)}",
            (
                Button.say("Accept it", f"risk approve R-{one.risk}"),
                Button.say("Do not accept", f"risk decline R-{one.risk}"),
                Button.say(f"Show R-{one.risk}", f"risk show R-{one.risk}"),
            ),
            due=context.city.calendar.today(one.asked_at) + SOON,
            owner=one.approver,
        )
        for one in context.store.acceptances.to_decide(person.id)
    ]
    return Waiting(f"Risks you are asked to accept: {len(tasks)}", tasks, "risk list")


def expired_acceptances(context: Context, since: datetime) -> tuple[Section, ...]:
    """Risks that are open again since a moment, because their acceptance has run out."""
    lines = []
    for one in context.store.acceptances.run_out(since, context.today):
        risk = context.store.risks.find(f"R-{one.risk}")
        if risk is not None and risk.state == "open" and not is_accepted(context, risk):
            show = Button.say("Show", f"risk show {risk.ref}")
            lines.append(
                Line(text=f"{risk_line(context, risk)}, accepted until {one.until}", ref=risk.ref, buttons=(show,))
            )
    return section("Accepted no longer, open again", lines, "risk list")

"""Risk holdings: people's risks and decisions, and how to give them to somebody else."""

from collections.abc import Collection
from dataclasses import dataclass

from handlers.kit.context import Context, Request
from handlers.kit.contributions import held
from handlers.kit.held import Held
from handlers.kit.home import refresh_homes
from handlers.risk.changes import save
from handlers.risk.question import refresh_question
from handlers.risk.record import risk_line
from handlers.risk.rights import Independence, cannot_decide, independences
from handlers.risk.words import asked_line
from storage.risk.acceptances import Acceptance


def _owners(context: Context) -> Collection[str]:
    return context.store.risk.records.owners()


def _give_risk(request: Request, one: Held, to: str) -> None:
    risk = request.store.risk.records.take(one.ref)
    if risk is not None:
        save(request, risk, "assigned", by=request.person.id, text=f"to {request.name(to)}", owner=to)


@held("risks", holders=_owners, move=_give_risk, order=10)
def risks_of(context: Context, persons: Collection[str]) -> list[Held]:
    """The open risks that people look after."""
    found = context.store.risk.records.owned_by_any(persons)
    return [Held(risk.ref, risk_line(context, risk), str(risk.owner), risk.department, risk) for risk in found]


def _approvers(context: Context) -> Collection[str]:
    return {person for acceptance in context.store.risk.acceptances.asked() for person in acceptance.waits_for}


@dataclass(frozen=True)
class Decision:
    """What somebody is asked to decide, and who is independent of its risk (None when there is no such risk)."""

    asked: Acceptance
    judges: Independence | None


def _may_not(context: Context, one: Held, to: str) -> str:
    """Why somebody may not decide in another's place, empty when they may; where two decide, they stay two people."""
    asked, judges, person = one.record.asked, one.record.judges, context.city.people.get(to)
    if judges is None or person is None:
        return f"{context.name(to)} may not accept a risk."
    if asked.second is None:
        return cannot_decide(judges, person, asked.asked_by)
    as_second = one.holder == asked.second
    fits = judges.is_second(person) if as_second else judges.has_right(person)
    return "" if fits and to not in (asked.approver, asked.second) else f"{person.name} may not decide about it."


def _give_decision(request: Request, one: Held, to: str) -> None:
    asked = request.store.risk.acceptances.take(one.record.asked.id)
    if asked is None or asked.state != "asked":
        return
    field = "approver" if one.holder == asked.approver and not asked.decided_by else "second"
    request.store.risk.acceptances.change(asked, **{field: to})
    request.audit(one.ref, approver=to)
    refresh_homes(request, [one.holder, to])
    if risk := request.store.risk.records.find(f"R-{asked.risk}"):
        refresh_question(request, risk)


@held("decisions about risks", holders=_approvers, move=_give_decision, stays=_may_not, order=12)
def decisions_of(context: Context, persons: Collection[str]) -> list[Held]:
    """The risks that people are asked to accept; a new decider must have the right themselves."""
    theirs = [
        (person, acceptance)
        for acceptance in context.store.risk.acceptances.asked()
        for person in acceptance.waits_for
        if person in persons
    ]
    risks = context.store.risk.records.those({acceptance.risk for _, acceptance in theirs})
    judges = {record.risk.number: record for record in independences(context, risks)}
    return [
        Held(
            acceptance.ref,
            f"R-{acceptance.risk}: {asked_line(context, acceptance)}",
            person,
            None,
            Decision(acceptance, judges.get(acceptance.risk)),
        )
        for person, acceptance in theirs
    ]

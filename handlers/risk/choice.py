"""Risk choice: which risk somebody means, whether it is open, and whether they may change it."""

from handlers.kit.context import Context, Request
from handlers.kit.errors import NotNeeded, UserError
from handlers.kit.policy import may
from handlers.risk.record import state_of
from storage.risk.records import Risk


def found_risk(risk: Risk | None, ref: str) -> Risk:
    """Find the risk; raises UserError when there is none that this person may see."""
    if risk is None:
        raise UserError(f'There is no risk "{ref}". Write "risk list" to see the open ones.')
    return risk


def taken_risk(request: Request, ref: str) -> Risk:
    """Take an open risk for a change; raises UserError when there is none, or it is closed."""
    risk = found_risk(request.store.risk.records.take(ref), ref)
    if risk.state != "open":
        way = f' To work on it again: "risk reopen {risk.ref}".' if risk.state == "closed" else ""
        raise UserError(f"{risk.ref} is {state_of(request, risk)}. Nothing was changed.{way}")
    return risk


def changeable(request: Request, ref: str) -> Risk:
    """Take an open risk for somebody who may change it; raises UserError for anybody else, naming whom to ask."""
    risk = taken_risk(request, ref)
    check_may_change(request, risk)
    return risk


def check_may_change(request: Request, risk: Risk) -> None:
    """Raise UserError for somebody who may not change a risk, naming whom to ask."""
    if not may_change(request, risk):
        holders = " or ".join(dict.fromkeys(request.name(person) for person in (risk.created_by, risk.owner) if person))
        raise UserError(f"You cannot change {risk.ref} yourself. Please ask {holders}, or a department head.")


def may_change(request: Request, risk: Risk) -> bool:
    """Whether somebody may change a risk: they logged it, look after it, or may close risks."""
    return request.person.id in (risk.created_by, risk.owner) or may(request.person.all_roles, "risk.close")


def still_open(context: Context, ref: str) -> Risk:
    """Find an open risk, for a message about it that is drawn again. Raises NotNeeded when it is not open any more."""
    risk = context.store.risk.records.find(ref)
    if risk is None or risk.state != "open":
        raise NotNeeded(f"{ref} is {risk.state if risk else 'gone'} now")
    return risk

"""Wanted risks: a risk comes out of another record, by a button on its card or because a feature asks for it."""

from handlers.kit.context import Context, Request
from handlers.kit.contributions import record_buttons
from handlers.kit.events import RISK_WANTED, WantedRisk, on
from handlers.kit.messages import Button
from handlers.risk.changes import announce, log_risk
from handlers.risk.record import next_review


@record_buttons("log a risk", "F-", "CR-")
def log_a_risk(context: Context, ref: str) -> list[Button]:
    """Log a risk that comes out of a record."""
    return [Button.say("Log a risk", f"risk add ; came from {ref}")]


@on(RISK_WANTED)
def log_wanted(request: Request, wanted: WantedRisk) -> None:
    """Log the risk and link it with what it comes out of."""
    risk = log_risk(
        request,
        wanted.came_from,
        title=wanted.title,
        likelihood=wanted.likelihood,
        impact=wanted.impact,
        owner=wanted.owner,
        department=wanted.department,
        review_on=next_review(request.city, (wanted.likelihood, wanted.impact), request.today),
    )
    if request.city.risks.announces(*risk.standing):
        announce(request, risk)

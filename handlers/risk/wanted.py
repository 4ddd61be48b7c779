"""Risk wanted: another feature asks for a risk, and it is logged for the person who asked."""

from handlers.kit.context import Request
from handlers.kit.events import RISK_WANTED, WantedRisk, on
from handlers.risk.changes import announce, log_risk
from handlers.risk.record import next_review


@on(RISK_WANTED)
def log_wanted(request: Request, wanted: WantedRisk) -> None:
    """Log the risk and link it with what it comes out of."""
    risk = log_risk(
        request, wanted.came_from, title=wanted.title, likelihood=wanted.likelihood, impact=wanted.impact,
        owner=wanted.owner, department=wanted.department,
        review_on=next_review(request.city, (wanted.likelihood, wanted.impact), request.today),
    )  # fmt: skip
    if risk.score >= request.city.risks.announce_from:
        announce(request, risk)

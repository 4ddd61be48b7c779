"""Risk wanted: another feature asks for a risk, and it is logged for whoever asked."""

from handlers.kit.context import Request
from handlers.kit.events import RISK_ADDED, RISK_WANTED, WantedRisk, emit, on
from handlers.kit.home import refresh_homes
from handlers.risk.changes import announce
from handlers.risk.record import next_review


@on(RISK_WANTED)
def log_wanted(request: Request, wanted: WantedRisk) -> None:
    """Log the risk and link it with what it comes out of."""
    risk = request.store.risk.records.add(
        title=wanted.title, likelihood=wanted.likelihood, impact=wanted.impact, owner=wanted.owner,
        review_on=next_review(request.city, (wanted.likelihood, wanted.impact), request.today),
        department=wanted.department, by=request.person.id, at=request.now,
    )  # fmt: skip
    request.audit(risk.ref, score=risk.score, owner=risk.owner)
    emit(RISK_ADDED, request, risk)
    for ref in wanted.came_from:
        request.store.links.add(ref, risk.ref, by=request.person.id, at=request.now)
    refresh_homes(request, [risk.owner])
    if risk.score >= request.city.risks.announce_from:
        announce(request, risk)

"""Feedback proposals: a proposed risk is logged with one tap, or declined."""

from string import capwords

from handlers.kit.context import Context, Request
from handlers.kit.contributions import drawn
from handlers.kit.errors import NotNeeded, UserError
from handlers.kit.feedback import category_name, department_id
from handlers.kit.feedback_proposal import proposal_card, proposal_ref
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Button, Buttons, Card, Text
from handlers.kit.registry import action
from handlers.kit.risk import next_review
from handlers.kit.risk_changes import announce
from storage.proposals import Proposal

LIKELIHOOD, IMPACT = 4, 3  # it keeps happening, and nobody has said yet how bad it is
TITLE = 120  # characters of a risk's title


@action("feedback.accept", needs="risk.add")
def accept(request: Request, value: str) -> Card:
    """Log the risk that was proposed."""
    proposal = _waiting(request, value)
    items = [f"F-{number}" for number in proposal.items]
    item = request.store.feedback.find(items[0])
    assert item is not None, "feedback is never taken out"
    title = f"{category_name(request.city, item)}, {capwords(proposal.area)}: {len(items)} reports from residents"
    risk = request.store.risks.add(
        title=title[:TITLE], likelihood=LIKELIHOOD, impact=IMPACT, owner=request.person.id,
        review_on=next_review(request.city, (LIKELIHOOD, IMPACT), request.today),
        department=department_id(request.city, item), by=request.person.id, at=request.now,
    )  # fmt: skip
    if risk.score >= request.city.risks.announce_from:
        announce(request, risk)
    refresh_homes(request, [risk.owner])
    for ref in items:
        request.store.links.add(ref, risk.ref, by=request.person.id, at=request.now)
    request.note(risk.ref, score=risk.score, owner=risk.owner, proposal=proposal.id)
    proposal = request.store.proposals.answer(proposal, "accepted", request.person.id, risk.ref)
    request.refresh(proposal_ref(proposal), proposal_card(request, proposal))
    return Card(
        f"Logged {risk.ref}",
        Text(risk.title),
        Text(f"It is yours, with a score of {risk.score}: please say how likely and how bad it is."),
        Buttons(
            Button("Change", "risk.change", risk.ref),
            Button("Withdraw", "risk.withdraw", risk.ref, confirm=f"Withdraw {risk.ref}? It stays, marked."),
            Button.say("Show", f"risk show {risk.ref}"),
        ),
    )


@action("feedback.decline", needs="risk.add")
def decline(request: Request, value: str) -> None:
    """Say that there is no risk in it."""
    proposal = _waiting(request, value)
    proposal = request.store.proposals.answer(proposal, "declined", request.person.id)
    request.note(proposal_ref(proposal), declined=True)
    request.refresh(proposal_ref(proposal), proposal_card(request, proposal))


@drawn("feedback.proposal")
def proposed_again(context: Context, number: str) -> Card:
    """What a head reads of a risk that is proposed, until it is answered."""
    proposal = context.store.proposals.find(int(number))
    if proposal is None or proposal.state != "waiting":
        raise NotNeeded(f"it was {proposal.state if proposal else 'taken back'} since")
    return proposal_card(context, proposal)


def _waiting(context: Context, value: str) -> Proposal:
    """The proposal, while nobody has answered it; raises UserError."""
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0
    proposal = context.store.proposals.take(number)
    if proposal is None:
        raise UserError("There is no such proposal. Nothing was changed.")
    if proposal.state == "accepted":
        raise UserError(f"{context.name(proposal.answered_by)} has logged {proposal.risk} out of it already.")
    if proposal.state != "waiting":
        raise UserError(f"{context.name(proposal.answered_by)} has declined it already. To log it: risk add.")
    return proposal

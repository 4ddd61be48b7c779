"""Feedback proposals: when residents keep reporting the same, a risk is proposed; one tap logs or declines it."""

from dataclasses import dataclass
from datetime import timedelta
from string import capwords

from handlers.feedback.card import category_name, item_line
from handlers.feedback.department import department_id, head_of
from handlers.kit.context import Context, Request
from handlers.kit.contributions import drawn
from handlers.kit.errors import NotNeeded, UserError
from handlers.kit.events import RISK_ADDED, RISK_WANTED, WantedRisk, emit, on
from handlers.kit.lists import counted
from handlers.kit.messages import Button, Buttons, Card, Items, Note, Row, Text, Word
from handlers.kit.registry import action
from handlers.kit.trace import traced
from handlers.kit.values import Carried, read
from storage.feedback.items import Item
from storage.feedback.proposals import Proposal
from storage.risk.records import LONGEST_TITLE, Risk

PROPOSAL = "proposal"
SHOWN = 10  # items named in a proposal; the others are only counted
LIKELIHOOD, IMPACT = 4, 3  # it keeps happening; nobody has judged yet how bad it is


@dataclass(frozen=True)
class ProposalOf(Carried):
    """A proposed risk, by the number of the proposal."""

    proposal: int


def propose_risk(context: Context, item: Item) -> None:
    """Propose a risk to the department's head when there are enough items of this category in this area.

    The same is not proposed twice within the same number of days.
    """
    rule, head = context.city.feedback.proposal, head_of(context, item)
    if item.area is None or head is None:
        return
    context.store.turns.take(f"proposal {item.category} {item.area}")
    since = context.now - timedelta(days=rule.days)
    before = context.store.feedback.proposals.newest(item.category, item.area)
    if before and before.at > since:
        return
    alike = [
        other
        for other in context.store.feedback.records.alike(item.category, item.area, since)
        if not other.duplicate_of
    ]
    if len(alike) < rule.items:
        return
    numbers = [item.number for item in alike]
    proposal = context.store.feedback.proposals.add(item.category, item.area, numbers, context.now)
    context.audit(item.ref, proposal=proposal.id, items=len(numbers), to=head)
    context.post(
        f"dm:{head}",
        proposal_card(context, proposal),
        ref=proposal_ref(proposal),
        priority="prompt",
        draws=f"feedback.proposal {proposal.id}",
    )


def proposal_card(context: Context, proposal: Proposal) -> Card:
    """The card of a proposal for the head, with the answer once there is one."""
    items = [item for number in proposal.items if (item := context.store.feedback.records.find(f"F-{number}"))]
    about, days = category_name(context.city, items[0]), context.city.feedback.proposal.days
    log = Button("Log a risk", "feedback.accept", ProposalOf(proposal.id), style="primary")
    decline = Button("Not a risk", "feedback.decline", ProposalOf(proposal.id))
    by = context.name(proposal.answered_by)
    endings: dict[str, list[Word]] = {
        "waiting": [Buttons(log, decline), Note("Nothing is logged before you say so.")],
        "accepted": [Row(f"{by} logged {proposal.risk} from it.", Button.say("Show", f"risk show {proposal.risk}"))],
        "declined": [Text(f"{by} does not see a risk in it.")],
    }
    more = (Note(f"And {len(items) - SHOWN} more."),) if len(items) > SHOWN else ()
    return Card(
        f"Is there a risk behind {counted(len(items), 'piece')} of feedback?",
        Text(f"{about}, {capwords(proposal.area)}: {len(items)} within {counted(days, 'day')}."),
        Items(*(item_line(context, item) for item in items[:SHOWN])),
        *more,
        *endings[proposal.state],
    )


def proposal_ref(proposal: Proposal) -> str:
    """The reference of a proposal's card."""
    return f"{PROPOSAL} {proposal.id}"


@action("feedback.accept", needs="risk.add", carries=ProposalOf)
def accept(request: Request, value: ProposalOf) -> Card:
    """Log the risk that was proposed."""
    proposal = _waiting(request, value)
    items = [f"F-{number}" for number in proposal.items]
    item = request.store.feedback.records.find(items[0])
    assert item is not None, "feedback is never taken out"
    reports = counted(len(items), "report")
    title = f"{category_name(request.city, item)}, {capwords(proposal.area)}: {reports} from residents"
    request.source = proposal_ref(proposal)
    wanted = WantedRisk(
        title[:LONGEST_TITLE], LIKELIHOOD, IMPACT, request.person.id, department_id(request.city, item), tuple(items)
    )
    emit(RISK_WANTED, request, wanted)
    answered = request.store.feedback.proposals.find(proposal.id)
    risk = request.store.risk.records.find(answered.risk or "") if answered else None
    assert risk is not None, "who logs it says so in the same transaction"
    card = Card(
        f"Logged {risk.ref}",
        Text(risk.title),
        Text(f"It is yours, with a score of {risk.score}: please say how likely and how bad it is."),
        Buttons(
            Button("Change", "risk.change", risk.ref),
            Button(
                "Withdraw",
                "risk.withdraw",
                risk.ref,
                confirm=f"Withdraw {risk.ref}? It stays on record, marked as withdrawn.",
            ),
            Button.say("Show", f"risk show {risk.ref}"),
        ),
    )
    return traced(request, card, f"{risk.ref} logged")


@on(RISK_ADDED)
def answer_with_risk(request: Request, risk: Risk) -> None:
    """A proposal says which risk was made of it."""
    kind, _, number = (request.source or "").partition(" ")
    if kind != PROPOSAL:
        return
    proposal = _waiting(request, read(ProposalOf, number))
    request.audit(risk.ref, proposal=proposal.id)
    proposal = request.store.feedback.proposals.answer(proposal, "accepted", request.person.id, risk.ref)
    request.refresh(proposal_ref(proposal), proposal_card(request, proposal))


@action("feedback.decline", needs="risk.add", carries=ProposalOf)
def decline(request: Request, value: ProposalOf) -> None:
    """Say that there is no risk in it."""
    proposal = _waiting(request, value)
    proposal = request.store.feedback.proposals.answer(proposal, "declined", request.person.id)
    request.audit(proposal_ref(proposal), declined=True)
    request.refresh(proposal_ref(proposal), proposal_card(request, proposal))


@drawn("feedback.proposal")
def proposed_again(context: Context, number: str) -> Card:
    """The message to a head about a proposed risk, until it is answered."""
    proposal = context.store.feedback.proposals.find(int(number))
    if proposal is None or proposal.state != "waiting":
        raise NotNeeded(f"it was {proposal.state if proposal else 'taken back'} already")
    return proposal_card(context, proposal)


def _waiting(context: Context, value: ProposalOf) -> Proposal:
    """Find the proposal while nobody has answered it; else raise UserError."""
    proposal = context.store.feedback.proposals.take(value.proposal)
    if proposal is None:
        raise UserError("There is no such proposal. Nothing was changed.")
    if proposal.state == "accepted":
        raise UserError(f"{context.name(proposal.answered_by)} has logged {proposal.risk} from it already.")
    if proposal.state != "waiting":
        raise UserError(f"{context.name(proposal.answered_by)} has declined it already. To log it: risk add.")
    return proposal

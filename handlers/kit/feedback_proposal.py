"""Feedback proposal: when residents tell the city of the same thing again and again, a risk is proposed to the head."""

from datetime import timedelta
from string import capwords

from handlers.kit.context import Context
from handlers.kit.feedback import category_name, head_of, item_line
from handlers.kit.messages import Button, Buttons, Card, Items, Note, Row, Text, Word
from storage.feedback import Item
from storage.proposals import Proposal

SHOWN = 10  # items named in a proposal; the rest is counted


def propose_risk(context: Context, item: Item) -> None:
    """Propose a risk to the department's head when this item makes it enough of its category in its area.

    Nothing is proposed twice within the same days.
    """
    rule, head = context.city.feedback.proposal, head_of(context, item)
    if item.area is None or head is None:
        return
    since = context.now - timedelta(days=rule.days)
    before = context.store.proposals.newest(item.category, item.area)
    if before and before.at > since:
        return
    alike = [one for one in context.store.feedback.alike(item.category, item.area, since) if not one.duplicate_of]
    if len(alike) < rule.items:
        return
    numbers = [one.number for one in alike]
    proposal = context.store.proposals.add(item.category, item.area, numbers, context.now)
    context.note(item.ref, proposal=proposal.id, items=len(numbers), to=head)
    context.post(
        f"dm:{head}", proposal_card(context, proposal), about=proposal_ref(proposal), priority="prompt",
        draws=f"feedback.proposal {proposal.id}",
    )  # fmt: skip


def proposal_card(context: Context, proposal: Proposal) -> Card:
    """A proposal as the head sees it, with its answer once there is one."""
    items = [one for number in proposal.items if (one := context.store.feedback.find(f"F-{number}"))]
    about, days = category_name(context.city, items[0]), context.city.feedback.proposal.days
    log = Button("Log a risk", "feedback.accept", str(proposal.id), style="primary")
    decline = Button("Not a risk", "feedback.decline", str(proposal.id))
    by = context.name(proposal.answered_by)
    endings: dict[str, list[Word]] = {
        "waiting": [Buttons(log, decline), Note("Nothing is logged before you say so.")],
        "accepted": [Row(f"{by} logged {proposal.risk} out of it.", Button.say("Show", f"risk show {proposal.risk}"))],
        "declined": [Text(f"{by} does not see a risk in it.")],
    }
    more = (Note(f"And {len(items) - SHOWN} more."),) if len(items) > SHOWN else ()
    return Card(
        f"Is there a risk behind {len(items)} pieces of feedback?",
        Text(f"{about}, {capwords(proposal.area)}: {len(items)} within {days} days."),
        Items(*(item_line(context, one) for one in items[:SHOWN])),
        *more,
        *endings[proposal.state],
    )


def proposal_ref(proposal: Proposal) -> str:
    """What the card of a proposal is about."""
    return f"proposal {proposal.id}"

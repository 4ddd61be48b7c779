"""Crisis statements: how staff and residents read a statement, the drafts that wait, and who approves them."""

from dataclasses import dataclass
from datetime import datetime

from handlers.crisis.record import stamped
from handlers.kit.context import Context
from handlers.kit.messages import Button, Buttons, Card, Facts, Note, Text
from handlers.kit.values import Carried
from storage.crisis.records import Crisis
from storage.crisis.reports import Report

STATEMENT = "statement"
ASKED = ("city_manager", "crisis_team")  # who is asked to approve; department heads may approve too


@dataclass(frozen=True)
class StatementOf(Carried):
    """A statement, by its number."""

    statement: int


def drafts(context: Context, crisis: Crisis) -> list[Report]:
    """The statements that nobody has decided about."""
    return [report for report in context.store.crisis.reports.of(crisis.ref, STATEMENT) if report.state == "draft"]


def is_outdated(context: Context, draft: Report) -> bool:
    """Whether the update that a draft promises is already past, so that the draft cannot be approved any more."""
    return draft.next_update_at is not None and draft.next_update_at <= context.now


def is_outlived(crisis: Crisis, draft: Report) -> bool:
    """Whether a crisis has ended since a draft was written, so that it may not hold any more."""
    return crisis.closed_at is not None and draft.written_at < crisis.closed_at


def over_since(context: Context, crisis: Crisis) -> str:
    """Ask whether what was written before the end of a crisis still holds."""
    return f"{crisis.ref} ended {spoken(context, crisis.closed_at)}: does this still hold?"


def approvers(context: Context, draft: Report) -> list[str]:
    """Who is asked to approve a draft; never its author."""
    asked = [person.id for role in ASKED for person in context.city.with_role(role) if person.id != draft.written_by]
    return context.duties.not_gone(asked)


def show_draft(draft: Report) -> Button:
    return Button("Show the draft", "crisis.statement-show", StatementOf(draft.id))


def plain_statement(context: Context, crisis: Crisis, one: Report) -> str:
    """The text of the statement as residents read it."""
    parts, promise = one.parts, one.next_update_at
    return "\n".join(
        [
            *(["DRILL, not for the public"] if crisis.drill else []),
            f"{context.city.name}: {parts['what']}",
            f"Who is affected: {parts['who']}",
            f"Since: {parts['since']}",
            f"What to do: {parts['do']}",
            f"Next update: {spoken(context, promise)}" if promise else "No further update is planned.",
        ]
    )


def spoken(context: Context, moment: datetime | None) -> str:
    return context.calendar.spoken(moment) if moment else "not said"


def statement_ref(one: Report) -> str:
    return f"{one.crisis} statement {one.id}"


def decide_buttons(one: Report) -> tuple[Button, Button]:
    return approve_button(one), back_button(one)


def approve_button(one: Report, label: str = "Approve") -> Button:
    return Button(label, "crisis.statement-approve", StatementOf(one.id), style="primary")


def back_button(one: Report) -> Button:
    return Button("Send back", "crisis.statement-back", StatementOf(one.id))


def rewrite_button(one: Report) -> Button:
    return Button("Write it again", "crisis.statement-anew", StatementOf(one.id), style="primary")


def statement_card(context: Context, crisis: Crisis, one: Report, *, title: str = "") -> Card:
    """The card of a statement: its text as residents would read it, and its state."""
    parts, by = one.parts, f"Drafted by {context.name(one.written_by)}, {spoken(context, one.written_at)}."
    decided = f"{context.name(one.decided_by)}, {spoken(context, one.decided_at)}"
    newer = f"{context.name(one.decided_by)} wrote the newer one, {spoken(context, one.decided_at)}."
    states = {
        "draft": (title or "please approve a statement", Note(by), Buttons(*decide_buttons(one))),
        "approved": (
            "statement approved",
            Note(f"{by} Approved by {decided}. {_afterwards(crisis)}"),
            None,
        ),
        "sent back": ("statement sent back", Note(f"{by} Sent back by {decided}: {one.why}"), None),
        "replaced": ("a newer draft took its place", Note(f"{by} {newer}"), None),
    }
    heading, note, buttons = states[one.state]
    body = Facts(
        ("Who is affected", parts["who"]),
        ("Since", parts["since"]),
        ("What to do", parts["do"]),
        ("Next update", spoken(context, promise) if (promise := one.next_update_at) else "none, this is the last one"),
    )
    show = (buttons,) if buttons and not title else ()
    first = (Text(over_since(context, crisis)),) if one.state == "draft" and is_outlived(crisis, one) else ()
    if one.state == "approved":  # plain text, to be copied
        return stamped(crisis, Card(f"{crisis.ref}: {heading}", Text(plain_statement(context, crisis, one)), note))
    return stamped(crisis, Card(f"{crisis.ref}: {heading}", *first, Text(parts["what"]), body, note, *show))


def _afterwards(crisis: Crisis) -> str:
    """What may be done with an approved statement."""
    if crisis.drill:
        return "It was written in a drill: keep it within the team, and do not publish it."
    return "You may publish it as it stands here."

"""Actions on records: the card of a risk, a crisis or anything else shows what is done about it, and takes more."""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

from handlers.actions.changes import add_action, keep_action, open_again, reopen, settle
from handlers.actions.record import action_line, is_late, settled_words
from handlers.kit.context import SYSTEM, Context, Request
from handlers.kit.contributions import crisis_board_section, crisis_report_section, record_buttons, record_section
from handlers.kit.events import (
    ACTION_KNOWN,
    ACTION_WANTED,
    RISK_AS_BEFORE,
    RISK_CLOSED,
    RISK_REOPENED,
    KnownAction,
    WantedAction,
    on,
)
from handlers.kit.messages import Button, Check, Checks, Heading, Row, Text, Word
from storage.actions.records import Action
from storage.crisis.records import Crisis
from storage.risk.records import Risk

if TYPE_CHECKING:
    from handlers.kit.document import Document

ACTION, CRISIS = "A-", "CR-"  # nothing is to be done about what is to be done
SHOWN, ON_BOARD = 10, 3  # actions on the card of what they are about, and of a crisis; the list of actions has all


@record_section("the actions", order=10)
def actions_about(context: Context, ref: str) -> list[Word]:
    """What is done about a record, what is late or due first, each with a button while it is open. That of a crisis
    is on its board."""
    return [] if ref.startswith(CRISIS) else _about(context, ref, SHOWN, Text)


def _about(context: Context, ref: str, most: int, begins: Callable[[str], Word]) -> list[Word]:
    states = context.store.actions.records.states_about(ref)
    if not states:
        return []
    first = context.store.actions.records.first_about(ref, most)
    more = states.total() - len(first)
    rest = [Row(f"And {more} more", Button.say("All of them", f"action list about {ref}"))] if more else []
    return [begins(_count(states)), Checks(*(_check(context, action) for action in first)), *rest]


def _check(context: Context, action: Action) -> Check:
    done = Button.say("Done", f"action done {action.ref}") if action.state == "open" else None
    return Check(label=action_line(context, action, about=False), done=action.state == "done", button=done)


def _count(states: Counter[str]) -> str:
    return f"Actions: {states['done']} of {states['done'] + states['open']} done"


@record_buttons("add an action", order=10)
def add_an_action(context: Context, ref: str) -> list[Button]:
    """Ask for something to be done about a record."""
    return [] if ref.startswith(ACTION) else [Button.say("Add action", f"action add ; about {ref}")]


@on(ACTION_WANTED)
def add_wanted(request: Request, wanted: WantedAction) -> None:
    """Keep an action that another feature asks for."""
    add_action(request, wanted, request.person.id)


@on(ACTION_KNOWN)
def keep_known(context: Context, known: KnownAction) -> None:
    """Keep an action that comes with the record it is about."""
    keep_action(context, **asdict(known))


@on(RISK_CLOSED)
def drop_with_risk(context: Context, risk: Risk) -> None:
    """Drop what was to be done against a risk that is over."""
    for action in context.store.actions.records.about(risk.ref):
        if action.state == "open":
            settle(context, action, "dropped", risk.closed_by or SYSTEM, _why(risk), dropped_with=risk.ref)


@on(RISK_REOPENED)
def reopen_with_risk(context: Context, risk: Risk) -> None:
    """Take up again what was dropped because its risk was closed."""
    for action in _dropped_with(context, risk):
        reopen(context, action, SYSTEM, f"{risk.ref} is open again")


@on(RISK_AS_BEFORE)
def keep_with_risk(context: Context, risk: Risk) -> None:
    """Have it that what was to be done against a risk was never dropped, as the closing was taken back."""
    for action in _dropped_with(context, risk):
        open_again(context, action, SYSTEM)


def _dropped_with(context: Context, risk: Risk) -> list[Action]:
    return [action for action in context.store.actions.records.about(risk.ref) if action.dropped_with == risk.ref]


def _why(risk: Risk) -> str:
    return f"{risk.ref} is {risk.state}"


@crisis_board_section("actions", order=60)
def on_the_board(context: Context, crisis: Crisis) -> list[Word]:
    """What is done about a crisis, what is late or due first, each with a button while it is open."""
    return _about(context, crisis.ref, ON_BOARD, Heading)


@crisis_report_section("follow-ups", order=80)
def in_the_report(context: Context, crisis: Crisis, document: "Document") -> None:
    """What is to be done because of a crisis, by whom, until when, and what is done."""
    document.heading("Follow-up actions")
    rows = [
        (action.ref, action.what, context.name(action.owner), str(action.due_on or ""), _state(context, action))
        for action in context.store.actions.records.about_any(context.store.crisis.records.chain(crisis))
    ]
    if not rows:
        document.text("None was agreed on yet.")
        return
    document.table(("Ref.", "What", "Who", "Due", "State"), rows, (2.2, 5, 2.5, 1.8, 3.5))


def _state(context: Context, action: Action) -> str:
    if action.state == "open":
        return "LATE" if is_late(context, action) else "open"
    return settled_words(context, action)

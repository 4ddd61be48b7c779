"""Risk question: the card for somebody who is asked to accept a risk, and what has changed since they were asked."""

from collections.abc import Sequence

from handlers.kit.context import Context
from handlers.kit.messages import Buttons, Card, Facts, Heading, Items, Word
from handlers.risk.record import level_of, risk_card, show_button
from handlers.risk.rights import changed_after, independence
from handlers.risk.words import decide_buttons, event_line
from storage.risk.acceptances import Acceptance
from storage.risk.history import Event
from storage.risk.records import Risk


def question_card(context: Context, risk: Risk, asked: Acceptance, person: str, headline: str = "") -> Card:
    """The risk, the reason, until when, and what has changed since the question, with the buttons to decide."""
    title = headline or f"{context.name(asked.asked_by)} asks you to accept {risk.ref} as it is"
    return risk_card(context, risk, headline=title).with_words(
        Facts(*_facts(context, risk, asked, person)),
        *_changes(context, risk, asked),
        Buttons(*decide_buttons(context, risk), show_button(risk, f"Show {risk.ref}")),
    )


def acceptance_of(context: Context, risk: Risk, number: str) -> Acceptance:
    """An acceptance of a risk, by its id."""
    return next(
        acceptance for acceptance in context.store.risk.acceptances.of(risk.number) if acceptance.id == int(number)
    )


def refresh_question(context: Context, risk: Risk) -> None:
    """Bring the question about a risk up to date wherever it is posted."""
    asked = context.store.risk.acceptances.asked_for(risk.number)
    if asked is not None:
        context.refresh(asked.ref, question_card(context, risk, asked, asked.approver))


def _facts(context: Context, risk: Risk, asked: Acceptance, person: str) -> list[tuple[str, str]]:
    counted, now = independence(context, risk).level_for(person), level_of(context, risk)
    facts = [("Accept until", context.spoken_day(asked.until)), ("Why", asked.why)]
    if counted.id != now.id:
        facts.append(("Level that counts", f"{counted.name}, the highest since an independent review"))
    if asked.second:
        facts.append(("Who decides", f"two people: {context.name(asked.approver)} and {context.name(asked.second)}"))
    for by, why in ((asked.decided_by, asked.note), (asked.second_by, asked.second_note)):
        if by and why:
            facts.append((f"{context.name(by)} agrees", why))
    return facts


def _changes(context: Context, risk: Risk, asked: Acceptance) -> list[Word]:
    events = context.store.risk.history.of(risk)
    changes = changed_after(events, asked_with(events, asked))
    if not changes:
        return []
    lines = [f"{event_line(context, change)}{_scored(change)}" for change in changes]
    return [Heading("Changed since it was asked"), Items(*lines)]


def _scored(event: Event) -> str:
    """The score after an event, if the event changed it."""
    return f" to {event.likelihood} x {event.impact}" if event.what == "scored" else ""


def asked_with(events: Sequence[Event], asked: Acceptance) -> int:
    """The event of a risk in which somebody asked to accept it."""
    return max((event.id for event in events if event.what == "asked" and event.at <= asked.asked_at), default=0)

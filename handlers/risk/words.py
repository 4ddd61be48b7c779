"""Risk words: what is shown below the card of a risk: actions, acceptance, links, history."""

from handlers.kit.city.people import Person
from handlers.kit.context import Context
from handlers.kit.messages import Button, Buttons, Fold, Heading, Items, Row, Table, Text, Word
from handlers.kit.records import record_words
from handlers.risk.record import long_texts
from handlers.risk.rights import as_shown, independence, why_not_decide
from storage.risk.acceptances import Acceptance
from storage.risk.history import Event
from storage.risk.records import Risk

GIVEN = "assigned"  # its text says to whom in words, as the event does itself
NEWEST = 5  # events shown under a risk; its history has all
HAPPENED = {
    "logged": "logged it",
    "changed": "changed it",
    "scored": "changed the score",
    "reviewed": "reviewed it",
    "confirmed": "confirmed the score after treatment",
    GIVEN: "gave it to somebody",
    "treated": "decided what to do",
    "action": "added an action",
    "done": "finished an action",
    "dropped": "dropped an action",
    "asked": "asked to accept it",
    "accepted": "accepted it",
    "agreed": "agreed to accept it, as one of two",
    "declined": "declined to accept it",
    "ended": "ended the acceptance",
    "expired": "noted that the acceptance has run out",
    "due": "made a review due",
    "noted": "added to it",
    "linked": "linked it",
    "closed": "closed it",
    "reopened": "reopened it",
    "withdrawn": "withdrew it",
    "undone": "undid something",
}


def acceptance_words(context: Context, risk: Risk, person: Person) -> list[Word]:
    """Who accepted the risk and why, or who is asked to, with the buttons for somebody who may decide."""
    words: list[Word] = []
    for acceptance in context.store.risk.acceptances.of(risk.number):
        if acceptance.state == "approved":
            by = " and ".join(
                context.name(person) for person in (acceptance.decided_by, acceptance.second_by) if person
            )
            words.append(Text(f"Accepted by {by} until {context.spoken_day(acceptance.until)}: {acceptance.why}"))
        elif acceptance.state == "asked":
            words.append(Text(asked_line(context, acceptance, person.id)))
            if not why_not_decide(independence(context, risk), person, acceptance):
                words.append(Buttons(*decide_buttons(context, risk)))
    return words


def decide_buttons(context: Context, risk: Risk) -> tuple[Button, Button]:
    """The buttons for somebody who is asked to accept a risk; agreement counts for the risk as it is shown here."""
    return (
        Button("Accept it", "risk.approve", as_shown(context, risk), style="primary"),
        Button.say("Do not accept", f"risk decline {risk.ref}"),
    )


def asked_line(context: Context, one: Acceptance, reader: str = "") -> str:
    """Who asks whom to accept a risk, until when and why; ``reader`` is "you"."""
    who = "You ask" if one.asked_by == reader else f"{context.name(one.asked_by)} asks"
    those = (person for person in (one.approver, one.second) if person)
    asked = " and ".join("you" if person == reader else context.name(person) for person in those)
    return f"{who} {asked} to accept it as it is until {context.spoken_day(one.until)}: {one.why}"


def suggestion_words(context: Context, risk: Risk) -> list[Word]:
    """Suggest what usually helps against risks of this category, while there is no action."""
    category = context.city.risks.categories.get(risk.category or "")
    if risk.state != "open" or category is None or not category.mitigations:
        return []
    if context.store.actions.records.states_about(risk.ref):
        return []
    rows = [
        Row(mitigation, Button.say("Make it an action", f"risk action {risk.ref}; what {_whole(mitigation)}"))
        for mitigation in category.mitigations
    ]
    return [Text(f"What usually helps ({category.name}):"), *rows]


def _whole(text: str) -> str:
    """A text made safe for a typed line, where a semicolon would end the value."""
    return text.replace(";", ",") if '"' in text else f'"{text}"'


def history_words(context: Context, risk: Risk) -> list[Word]:
    """The newest events of a risk, and whole what its card has cut, folded."""
    events, texts = context.store.risk.history.of(risk), long_texts(risk)
    if not events and not texts:
        return []
    title = f"What happened: {len(events)}" if events else "The whole text"
    every = Button.say(title, f"risk history {risk.ref}")
    lines = Items(*(event_line(context, event) for event in reversed(events[-NEWEST:])))
    rest = [Buttons(Button.say("All that happened", f"risk history {risk.ref}"))] if len(events) > NEWEST else []
    return [Fold(title, *texts, *((lines,) if events else ()), *rest, button=every)]


def did(context: Context, event: Event) -> str:
    """What somebody did, in words after their name."""
    if event.what == GIVEN and event.owner:
        return "took it" if event.owner == event.person else f"gave it to {context.name(event.owner)}"
    return HAPPENED.get(event.what, event.what)


def event_line(context: Context, event: Event) -> str:
    """An event in one line."""
    said = f": {event.text}" if event.text and event.what != GIVEN else ""
    when = context.spoken(event.at)
    return f"{when}: {context.name(event.person)} {did(context, event)}{said}"


def score_table(context: Context, events: list[Event]) -> list[Word]:
    """Every score that a risk had, and since when."""
    rows: list[tuple[str, ...]] = []
    last: tuple[int | None, ...] = ()
    for event in events:
        if event.scores == last or event.likelihood is None or event.impact is None:
            continue
        last = event.scores
        rows.append(
            (
                context.spoken_day(context.calendar.today(event.at)),
                _score(context, event.likelihood, event.impact),
                _score(context, event.residual_likelihood, event.residual_impact),
            )
        )
    return [Table(columns=("From", "Score", "After treatment"), rows=tuple(rows))] if rows else []


def _score(context: Context, likelihood: int | None, impact: int | None) -> str:
    if likelihood is None or impact is None:
        return "not said"
    return f"{likelihood} x {impact} = {likelihood * impact}, {context.city.risks.level_of(likelihood, impact).name}"


def below(context: Context, risk: Risk) -> list[Word]:
    """What is done about a risk, what it is linked with, and what happened to it."""
    done = [*suggestion_words(context, risk), *record_words(context, risk.ref)]
    return [*([Heading("What is done about it")] if done else []), *done, *history_words(context, risk)]

"""Morning check: one message at 07:30, so that the city manager knows what the night has left."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.crisis import crisis_line, silent_line
from handlers.feedback import item_line
from handlers.kit.context import Context, Sending
from handlers.kit.messages import Button, Card, Items, Note, Row, Text, Word
from handlers.kit.reach import unreachable, unreachable_line
from handlers.kit.registry import routine
from handlers.risk import risk_line
from handlers.undelivered import undelivered_line
from storage.risks import Risk

SHOWN = 10  # lines of a section; the rest is counted
FIRST_LOOK_BACK = timedelta(days=1)  # when no morning check was ever sent


@routine(
    "morning-check", at="07:30", on="working days", to="city_manager", late_until="12:00", notice=True, repeat=True
)
def morning_check(context: Sending) -> Card:
    """Tell the city manager what came in, what is open and high, who is silent and what did not arrive."""
    since = context.store.occurrences.last_sent("morning-check", context.now) or context.now - FIRST_LOOK_BACK
    calendar = context.city.calendar
    return Card(
        f"Good morning. {context.city.name}, {calendar.spoken(context.now)}",
        *_new(context, since),
        *_open(context),
        *_silent(context),
        *_not_arrived(context),
        *_section("Cannot be reached", [Text(unreachable_line(*one)) for one in unreachable(context)], "city people"),
        Note(f"New means since {calendar.spoken(since)}. Counted at {calendar.clock(context.now)}."),
    )


def _new(context: Context, since: datetime) -> list[Word]:
    crises = [Text(crisis_line(context, crisis)) for crisis in context.store.crises.since(since)]
    risks = [Text(risk_line(context, risk)) for risk in sorted(context.store.risks.since(since), key=_worst)]
    items = [Text(item_line(context, item)) for item in context.store.feedback.since(since)]
    if not (crises or risks or items):
        return [Text("Nothing new overnight.")]
    return [
        *_section("New crises", crises),
        *_section("New risks", risks, "risk list"),
        *_section("New feedback", items, "feedback list"),
    ]


def _worst(risk: Risk) -> tuple[int, int]:
    return -risk.score, risk.number


def _open(context: Context) -> list[Word]:
    active = [
        Row(crisis_line(context, crisis), Button.say("Show", f"crisis status {crisis.ref}"))
        for crisis in context.store.crises.active()
    ]
    high = [
        Row(risk_line(context, risk), Button.say("Show", f"risk show {risk.ref}"))
        for risk in context.store.risks.high(context.city.risks.announce_from)
    ]
    return [*_section("Active crises", active, "crisis status"), *_section("Open and high", high, "risk list")]


def _silent(context: Context) -> list[Word]:
    return _section(
        "Paged and not answered", [Text(silent_line(context, page)) for page in context.store.crises.silent()]
    )


def _not_arrived(context: Context) -> list[Word]:
    lost = [Text(undelivered_line(row)) for row in context.store.outbox.lost()]
    broken = [Text(f"{name} of {day}: {error}") for name, day, error in context.store.occurrences.failed()]
    broken += [Text(f"{kind} for {subject}: {error}") for kind, subject, error in context.store.timers.failed()]
    return [*_section("Could not be delivered", lost, "city undelivered"), *_section("Broke, tell IT", broken)]


def _section(title: str, lines: Sequence[Text | Row], rest: str = "") -> list[Word]:
    """A heading with the count and the first lines; nothing when there are none."""
    if not lines:
        return []
    shown = lines[:SHOWN]
    rows = [line for line in shown if isinstance(line, Row)]
    texts = [line for line in shown if isinstance(line, Text)]
    words: list[Word] = [Text(f"{title}: {len(lines)}"), *rows, *([Items(*texts)] if texts else [])]
    if len(lines) > SHOWN:
        words.append(Note(f"And {len(lines) - SHOWN} more." + (f' Write "{rest}" to see all.' if rest else "")))
    return words

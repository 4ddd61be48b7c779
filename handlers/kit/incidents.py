"""Incidents: messages that were lost together are one card: pages for every admin, the others for the ops place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from handlers.kit.context import Context
from handlers.kit.messages import Button, Buttons, Card, Items, Note, Text
from handlers.kit.undelivered import undelivered_line
from handlers.kit.values import Carried
from storage.chat.outbox import OutboxRow

TOGETHER = timedelta(minutes=15)  # what is lost within this time of the one before is of the same incident
SHOWN = 5  # messages that are named on the card; the list has all
INCIDENT = "incident "


@dataclass(frozen=True)
class IncidentOf(Carried):
    """Messages that were lost together, by the number of their incident."""

    incident: int


@dataclass(frozen=True)
class MessageOf(Carried):
    """A message that was lost, by its row of the outbox."""

    row: int


def tell_undecided(context: Context, rows: Sequence[OutboxRow]) -> None:
    """Ask people what to do with messages that were lost, a card for each incident.

    Pages reach every admin at once, and the crisis place. Of the others, the ops place is asked; where that itself is
    in trouble, the admins. Messages about an incident begin no other.
    """
    news = [row for row in rows if not (row.about or "").startswith(INCIDENT)]
    for _, group in groupby(sorted(news, key=_kind), key=_kind):
        together = list(group)
        number, is_new = context.store.chat.undelivered.join(together, context.now - TOGETHER)
        if is_new:
            _ask(context, number, together)
        else:
            refresh_incident(context, number)


def _kind(row: OutboxRow) -> tuple[str, bool]:
    return row.platform, row.is_page


def _ask(context: Context, number: int, rows: Sequence[OutboxRow]) -> None:
    if rows[0].is_page:
        ask_admins(context, number, priority="page")
        _post(context, "crisis", number, priority="page")
    elif any(row.place == "ops" for row in rows):
        ask_admins(context, number, priority="prompt")
    else:
        _post(context, "ops", number, priority="prompt")


def ask_admins(context: Context, number: int, *, priority: str) -> None:
    """Put the question to every admin in person, once; where the city has none, to the city manager."""
    asked = {post.place for post in context.store.chat.posts.of(incident_ref(number))}
    admins = context.city.with_role("admin") or context.city.with_role("city_manager")
    for place in (f"dm:{admin.id}" for admin in admins):
        if place not in asked:
            _post(context, place, number, priority=priority)


def _post(context: Context, place: str, number: int, *, priority: str) -> None:
    context.post(
        place,
        incident_card(context, number),
        ref=incident_ref(number),
        priority=priority,
        repeat=True,
        draws=f"undelivered {number}",
    )


def refresh_incident(context: Context, number: int) -> None:
    """Bring the card of an incident up to date wherever it is."""
    context.refresh(incident_ref(number), incident_card(context, number))


def incident_card(context: Context, number: int) -> Card:
    """The card with what is still to be decided about an incident; it says so when nothing is."""
    rows = context.store.chat.undelivered.of_incident(number)
    if not rows:
        return Card("All of these messages have been decided", Note("To see what is undelivered: city undelivered"))
    lines = [undelivered_line(context, row) for row in rows[:SHOWN]]
    more = (Note(f"And {len(rows) - SHOWN} more. All of them: city undelivered"),) if len(rows) > SHOWN else ()
    if len(rows) == 1:
        return Card(_title(rows), Text(lines[0]), Buttons(*row_buttons(rows[0])))
    return Card(
        _title(rows),
        Items(*lines),
        *more,
        Buttons(
            Button("Send all again", "outbox.send-all-again", IncidentOf(number), style="primary"),
            Button("Leave all", "outbox.leave-all", IncidentOf(number)),
        ),
        Note("Each is brought up to date before it is sent. Those that nobody needs anymore are not sent."),
    )


def _title(rows: Sequence[OutboxRow]) -> str:
    many = len(rows) > 1
    if rows[0].is_page:
        return f"{len(rows)} pages did not arrive" if many else "A page did not arrive"
    return f"Did these {len(rows)} messages arrive?" if many else "Did this message arrive?"


def row_buttons(row: OutboxRow) -> tuple[Button, Button]:
    """What can be decided about one message."""
    again = Button("Send again", "outbox.send-again", MessageOf(row.id), style="primary")
    return again, Button("Leave it", "outbox.leave", MessageOf(row.id))


def incident_ref(number: int) -> str:
    """What the card of an incident is about."""
    return f"{INCIDENT}{number}"

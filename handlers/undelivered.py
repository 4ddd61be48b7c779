"""Undelivered: messages that did not arrive, or may not have arrived; a person decides about them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from handlers.kit.context import Context, Request, Sending
from handlers.kit.contributions import drawn, morning_section, on_undelivered, todo
from handlers.kit.errors import NotNeeded, UserError
from handlers.kit.home import refresh_homes
from handlers.kit.incidents import (
    INCIDENT,
    IncidentOf,
    MessageOf,
    ask_admins,
    incident_card,
    incident_ref,
    refresh_incident,
    row_buttons,
)
from handlers.kit.inline import Status
from handlers.kit.lists import counted
from handlers.kit.messages import Card, Note, Text
from handlers.kit.morning import SHOWN as MORNING_LINES
from handlers.kit.morning import Line, Section, section
from handlers.kit.persons import Persons
from handlers.kit.policy import RULES
from handlers.kit.registry import action, command
from handlers.kit.settled import settled_each
from handlers.kit.tasks import task_words
from handlers.kit.undelivered import LEFT, SENT, UNDELIVERED, leave, outbox_ref, send_again, undelivered_line
from handlers.kit.waiting import SHOWN, Task, Waiting, for_each
from storage.chat.outbox import LOST_STATES, OutboxRow

LISTED = 5  # messages with buttons of their own; more would be too much for a card
DECIDED = {SENT: "send it again", LEFT: "leave it as it is"}


@command("city undelivered", needs="delivery.decide", reads_only=True)
def list_undelivered(request: Request) -> Card:
    """Show the messages that could not be delivered."""
    count = request.store.chat.undelivered.count()
    if not count:
        return Card(
            "Nothing is undelivered",
            Text("Every message has arrived or is on its way."),
            status=Status("good", "all arrived"),
        )
    shown = request.store.chat.undelivered.first(LISTED)
    words = [word for row in shown for word in task_words(_task(request, row), request.today)]
    more = (Note(f"And {count - LISTED} more. Decide about these first."),) if count > LISTED else ()
    return Card(f"Undelivered messages: {count}", *words, *more, status=Status("warning", f"{count} to decide"))


@action("outbox.send-again", needs="delivery.decide", carries=MessageOf)
def send_one_again(request: Request, value: MessageOf) -> Card:
    """Send an undelivered message again."""
    row = _found(request, value)
    again = send_again(request, [row])
    if not again.decided:
        return _decided_before(request, row)
    return _decided(request, [row], again.sentence())


@action("outbox.leave", needs="delivery.decide", carries=MessageOf)
def leave_one(request: Request, value: MessageOf) -> Card:
    """Leave an undelivered message as it is."""
    row = _found(request, value)
    if not leave(request, [row]):
        return _decided_before(request, row)
    return _decided(request, [row], "It stays as it is. It will not be sent again.")


@action("outbox.send-all-again", needs="delivery.decide", carries=IncidentOf)
def send_all_again(request: Request, value: IncidentOf) -> Card:
    """Send all messages of an incident again."""
    rows = request.store.chat.undelivered.of_incident(value.incident)
    again = send_again(request, rows)
    return _decided(request, rows, again.sentence()) if again.decided else _nothing_to_decide()


@action("outbox.leave-all", needs="delivery.decide", carries=IncidentOf)
def leave_all(request: Request, value: IncidentOf) -> Card:
    """Leave all messages of an incident as they are."""
    rows = request.store.chat.undelivered.of_incident(value.incident)
    count = leave(request, rows)
    if not count:
        return _nothing_to_decide()
    said = counted(count, "message stays as it is and is", "messages stay as they are and are")
    return _decided(request, rows, f"{said} not sent again.")


@drawn("undelivered")
def question_again(context: Context, number: str) -> Card:
    """The card of an incident, while something of it is to be decided."""
    if not context.store.chat.undelivered.of_incident(int(number)):
        raise NotNeeded("everything about these messages is decided")
    return incident_card(context, int(number))


@on_undelivered(INCIDENT)
def ask_in_person(context: Context, row: OutboxRow, _why: str) -> None:
    """Ask the admins in person when the ops place does not take the question itself."""
    known = context.store.chat.outbox.find(row.id)
    if row.place == "ops" and known and known.state in LOST_STATES:
        ask_admins(context, int((row.about or "").removeprefix(INCIDENT)), priority="prompt")


@todo(UNDELIVERED, order=14)
def to_decide(context: Context, persons: Persons) -> Mapping[str, Waiting]:
    """The messages that did not arrive, for those who decide about them; each day until they have."""
    if not (decide := persons.who_may("delivery.decide")):
        return {}
    tasks = [_task(context, row) for row in context.store.chat.undelivered.first(SHOWN)]
    count = context.store.chat.undelivered.count() if tasks else 0
    title = f"Messages that did not arrive: {count}"
    return for_each(decide, Waiting(title, tasks, "city undelivered", count=count))


def _task(context: Context, row: OutboxRow) -> Task:
    """One message as a decision; a page that did not arrive is worse than any other."""
    status = Status("critical", "page") if row.is_page else Status("warning", "message")
    tomorrow = context.today + timedelta(days=1)
    line, ways = undelivered_line(context, row), row_buttons(row)
    return Task(outbox_ref(row), line, ways, due=tomorrow, daily=True, status=status, decides=True)


def _found(request: Request, value: MessageOf) -> OutboxRow:
    row = request.store.chat.outbox.find(value.row)
    if row is None:
        raise UserError("There is no such message anymore. Nothing was changed.")
    return row


def _decided(request: Request, rows: Sequence[OutboxRow], sentence: str) -> Card:
    """Say what was decided, on the cards where it was asked too."""
    by = f"Decided by {request.person.name}."
    lines = [Text(undelivered_line(request, row)) for row in rows[:LISTED]]
    more = (Note(f"And {len(rows) - LISTED} more."),) if len(rows) > LISTED else ()
    card = Card("Decided", *lines, *more, Text(f"{sentence} {by}"))
    settled_each(request, list(map(outbox_ref, rows)), f"decided by {request.person.name}")
    for number in dict.fromkeys(row.incident for row in rows if row.incident):
        if request.store.chat.undelivered.of_incident(number):
            refresh_incident(request, number)
        else:
            request.refresh(incident_ref(number), card)
    refresh_homes(request, [person.id for role in RULES["delivery.decide"] for person in request.city.with_role(role)])
    return card


def _decided_before(request: Request, row: OutboxRow) -> Card:
    """Who has decided before, when and what, for somebody who comes second."""
    decided = request.store.audit.last(outbox_ref(row))
    if decided is None:
        return _nothing_to_decide()
    when, what = request.spoken(decided.at), decided.facts.get("decision")
    said = DECIDED.get(str(what), "send it again, but nobody needed it anymore")
    return Card("Already decided", Text(f"{request.name(decided.person)} decided to {said}, {when}."))


def _nothing_to_decide() -> Card:
    return Card("Already decided", Text("Somebody has decided about this before you. Nothing was changed."))


@morning_section("what was not delivered", order=90)
def lost_messages(context: Sending, _since: datetime) -> tuple[Section, ...]:
    """What did not arrive: the longest waiting, and how much there is in all."""
    rows = context.store.chat.undelivered.first(MORNING_LINES)
    lines = [Line(text=undelivered_line(context, row), ref=outbox_ref(row)) for row in rows]
    total = context.store.chat.undelivered.count()
    lost = Status("warning", f"{total} not delivered")
    return section("Could not be delivered", lines, "city undelivered", total=total, status=lost)

"""Undelivered: messages that did not arrive, or of which nobody can know; a person decides."""

from handlers.kit.context import Context, Request
from handlers.kit.messages import Button, Buttons, Card, Note, Text
from handlers.kit.morning import dealt_with
from handlers.kit.registry import action, command
from storage.outbox import OutboxRow

WAYS = {"mail": "by e-mail", "pager": "by the pager", "shelf": "on this machine's disk"}


@command("city undelivered", needs="delivery.decide", reads_only=True)
def list_undelivered(request: Request) -> Card:
    """Show the messages that could not be delivered."""
    rows = request.store.outbox.lost()
    if not rows:
        return Card("Nothing is undelivered", Text("Every message has arrived or is on its way."))
    shown = rows[:5]
    words = [word for row in shown for word in (Text(undelivered_line(request, row)), _buttons(row))]
    more = (Note(f"And {len(rows) - len(shown)} more. Decide about these first."),) if len(rows) > len(shown) else ()
    return Card(f"Undelivered messages: {len(rows)}", *words, *more)


@action("outbox.send-again", needs="delivery.decide")
def send_again(request: Request, value: str) -> Card:
    """Send an undelivered message again."""
    return _decided(request, value, "pending", "It is on its way again.")


@action("outbox.leave", needs="delivery.decide")
def leave(request: Request, value: str) -> Card:
    """Leave an undelivered message as it is."""
    return _decided(request, value, "replaced", "It stays as it is. It will not be sent again.")


def undelivered_line(context: Context, row: OutboxRow) -> str:
    """One message that is lost: what, where to, how, why."""
    title = (Card.model_validate_json(row.card).title if row.card else "") or row.kind.replace("_", " ")
    doubt = "may not have arrived" if row.state == "needs_human" else "was not delivered"
    return f'"{title}" to {_spoken_place(context, row.place)} ({_way(row)}) {doubt}: {row.error or "no reason given"}'


def _spoken_place(context: Context, place: str) -> str:
    """A place as people say it: a person by their name, a channel, also one still to be made, with its sign."""
    person = place.removeprefix("dm:")
    return f"#{place.removeprefix('make ')}" if person == place else context.name(person)


def _way(row: OutboxRow) -> str:
    return WAYS.get(row.platform, row.platform)


def tell_undecided(context: Context, row: OutboxRow) -> None:
    """Ask in the operations place what to do with a message whose outcome nobody can know."""
    card = Card("Did this message arrive?", Text(undelivered_line(context, row)), _buttons(row))
    context.post("ops", card, about=_about(row), repeat=True)


def _buttons(row: OutboxRow) -> Buttons:
    return Buttons(
        Button("Send again", "outbox.send-again", str(row.id), style="primary"),
        Button("Leave it", "outbox.leave", str(row.id)),
    )


def _decided(request: Request, value: str, state: str, sentence: str) -> Card:
    row = request.store.outbox.find(int(value))
    if row is None or not request.store.outbox.decide(row, state, request.now):
        return Card("Already decided", Text("Somebody has decided about this message before you."))
    request.note(f"outbox {row.id}", decision=state)
    card = Card("Decided", Text(undelivered_line(request, row)), Text(f"{sentence} Decided by {request.person.name}."))
    request.refresh(_about(row), card)
    dealt_with(request, _about(row), f"decided by {request.person.name}")
    return card


def _about(row: OutboxRow) -> str:
    return f"outbox {row.id}"

"""Undelivered: what did not arrive, as people read it, and what comes of sending it again as its record stands now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from handlers.kit.context import Context
from handlers.kit.drawing import drawn_now, not_sent
from handlers.kit.errors import NotNeeded
from handlers.kit.lists import counted
from handlers.kit.messages import Card
from storage.chat.outbox import LETTER, OutboxRow

WAYS = {
    "mail": "by e-mail",
    LETTER: "by e-mail to a resident",
    "pager": "by the pager",
    "shelf": "on this machine's disk",
}
UNDELIVERED = "undelivered messages"  # what waits for those who decide about them
MOST_DRAWN = 100  # messages drawn at once when many go again; the others are checked as each goes
SENT, LEFT, NEEDLESS = "pending", "replaced", "not needed"  # what is decided about a message


@dataclass
class Again:
    """What came of sending messages again: how many are on their way, and why others are not needed any more."""

    sent: int = 0
    needless: list[str] = field(default_factory=list)

    @property
    def decided(self) -> int:
        """How many were decided now; not those that somebody had decided about before."""
        return self.sent + len(self.needless)

    def sentence(self) -> str:
        """What came of it, for the person who asked."""
        whys = "; ".join(dict.fromkeys(self.needless))
        if not self.sent:
            return f"Nothing was sent: {whys}."
        on_its_way = "It is" if self.sent == 1 else counted(self.sent, "message is", "messages are")
        left = f" Not needed anymore: {len(self.needless)} ({whys})." if self.needless else ""
        return f"{on_its_way} on the way again, brought up to date.{left}"


def send_again(context: Context, rows: Sequence[OutboxRow]) -> Again:
    """Send what was lost again, except what nobody needs any more; each decision is kept in the audit."""
    again = Again()
    for number, row in enumerate(rows):
        why = _why_not(context, row) if number < MOST_DRAWN else None
        state = LEFT if why else SENT
        if not context.store.chat.undelivered.decide(row, state, context.now, why and f"not needed: {why}"):
            continue
        context.audit(outbox_ref(row), decision=NEEDLESS if why else SENT)
        if why:
            again.needless.append(why)
        else:
            again.sent += 1
    return again


def leave(context: Context, rows: Iterable[OutboxRow]) -> int:
    """Give up what was lost; returns how many nobody had decided about before."""
    left = [row for row in rows if context.store.chat.undelivered.decide(row, LEFT, context.now)]
    for row in left:
        context.audit(outbox_ref(row), decision=LEFT)
    return len(left)


def needless(context: Context) -> list[tuple[OutboxRow, str]]:
    """What of that which was lost longest ago nobody needs any more, each with why."""
    lost = context.store.chat.undelivered.first(MOST_DRAWN)
    return [(row, why) for row in lost if row.draws and (why := _why_not(context, row))]


def drop(context: Context, row: OutboxRow, why: str) -> None:
    """Give up a lost message that nobody needs any more."""
    if context.store.chat.undelivered.decide(row, LEFT, context.now, f"not needed: {why}"):
        context.audit(outbox_ref(row), decision=NEEDLESS)
        not_sent(context, row)


def _why_not(context: Context, row: OutboxRow) -> str | None:
    """Why a message is not needed any more; None while it is."""
    if row.card is None:
        return None
    try:
        drawn_now(context, row)
    except NotNeeded as why:
        return str(why)
    except ValueError:  # a card that cannot be read; delivery says so when it tries
        return None
    return None


def undelivered_line(context: Context, row: OutboxRow) -> str:
    """One message that is lost: what, where to, how, why."""
    title = _title(row) or row.kind.replace("_", " ")
    doubt = "may not have arrived" if row.state == "needs_human" else "was not delivered"
    return f'"{title}" to {_spoken_place(context, row.place)} ({way(row)}) {doubt}: {row.error or "no reason given"}'


def _title(row: OutboxRow) -> str:
    """The title of its card; empty where there is no card, or none that can be read."""
    try:
        return Card.model_validate_json(row.card).title if row.card else ""
    except ValueError:
        return ""


def _spoken_place(context: Context, place: str) -> str:
    """A place as people say it: a person by their name, a channel, also one still to be made, with its sign."""
    person = place.removeprefix("dm:")
    return f"#{place.removeprefix('make ')}" if person == place else context.name(person)


def way(row: OutboxRow) -> str:
    """The way out by which a message was to go."""
    return WAYS.get(row.platform, row.platform)


def outbox_ref(row: OutboxRow) -> str:
    """What a question about one message is about."""
    return f"outbox {row.id}"

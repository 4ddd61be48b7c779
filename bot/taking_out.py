"""Taking out: what leaves the bot in a file has its row in the audit first; the file is made on a reader after that."""

from bot.inbound import Outcome
from bot.turn import Turn
from handlers.kit.errors import RowFirst
from handlers.kit.policy import TAKES_OUT
from storage.database import Store


def takes_out(turn: Turn) -> bool:
    """Say whether a turn may take data out of the bot."""
    target = turn.target[0]
    return target is not None and target.needs in TAKES_OUT


def leave_row(turn: Turn, first: RowFirst, store: Store) -> None:
    """Write the row about what is taken out, and that its person has read the message whose button they pressed."""
    request = turn.seen(store)
    request.note(first.subject, **first.facts)
    request.leave_trace(request.person.id, turn.named)


def take_out(turn: Turn, store: Store) -> Outcome:
    """Make what is taken out, when its row is committed; this only reads."""
    request = turn.request(store)
    request.has_row = True
    return turn.outcome(request)

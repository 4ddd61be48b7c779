"""Taking out: what leaves the bot in a file has its row in the audit first; the file is made on a reader after that."""

from bot.execution import Execution
from bot.inbound import Outcome
from handlers.kit.errors import RowFirst
from handlers.kit.policy import TAKES_OUT
from storage.database import Store


def takes_out(execution: Execution) -> bool:
    """Say whether an execution may take data out of the bot."""
    target = execution.meant.target
    return target is not None and target.needs in TAKES_OUT


def leave_row(execution: Execution, first: RowFirst, store: Store) -> None:
    """Write the row about what is taken out, and that its person has read the message whose button they pressed."""
    request = execution.seen(store, execution.heard(store))
    request.audit(first.subject, **first.facts)
    request.write_audit(request.person.id, execution.named)


def take_out(execution: Execution, store: Store) -> Outcome:
    """Make what is taken out, when its row is committed; this only reads."""
    request = execution.request(store, execution.heard(store))
    request.has_row = True
    return execution.outcome(request)

"""Taking out: what leaves the bot in a file has its row in the audit first; the file is made on a reader after that.

So is everything else that takes long to make, such as a picture.
"""

from bot.execution import Execution
from bot.inbound import Outcome
from handlers.kit.errors import ReaderFirst, RowFirst
from handlers.kit.policy import TAKES_OUT
from storage.database import Store


def takes_out(execution: Execution) -> bool:
    """Say whether an execution may take data out of the bot."""
    target = execution.meant.target
    return target is not None and target.needs in TAKES_OUT


def only_shows(execution: Execution) -> bool:
    """Say whether an execution changes nothing, but may have to be run again on a reader; so may a typed label."""
    target = execution.meant.target
    return target is None or target.reads_only


def leave_row(execution: Execution, first: ReaderFirst, store: Store) -> None:
    """Write the row about what is taken out, and that its person has read the message whose button they pressed."""
    request = execution.seen(store, execution.heard(store))
    if isinstance(first, RowFirst):
        request.audit(first.subject, **first.facts)
        request.write_audit(request.person.id, execution.named)


def take_out(execution: Execution, store: Store) -> Outcome:
    """Make what is taken out, when its row is committed, or what takes long; this only reads."""
    request = execution.request(store, execution.heard(store))
    request.has_row = True
    return execution.outcome(request)

"""Undo: what somebody has just done is taken back for ten minutes, where nobody has acted on it yet.

A feature says with :func:`undoable` what it takes to take an act back, and declares under ``@undoes`` how. How long
that works is the same for all, and so is what the button does: who may press it, and what becomes of the messages that
went out for the act.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from handlers.kit.context import Context, Request
from handlers.kit.errors import UserError
from handlers.kit.messages import Button, Buttons, Note, Word

if TYPE_CHECKING:
    from storage.feedback.items import Item
    from storage.risk.records import Risk

MINUTES = 10  # enough time to notice a mistake, and too short for much to be built on it
WITHIN = timedelta(minutes=MINUTES)
TAKEN_BACK = "Undone: "  # how everything begins that says so


def is_fresh(context: Context, at: datetime) -> bool:
    """Whether what was done at a moment can still be taken back."""
    return context.now - at <= WITHIN


def for_minutes(verb: str) -> Note:
    """The line under a button that takes something back."""
    return Note(f"You can {verb} it for {MINUTES} minutes.")


def mend_words(
    context: Context, feature: str, record: "Risk | Item", person: str, ask_first: str, show: Button
) -> tuple[Word, ...]:
    """The buttons to correct a record soon after, while it is open: *Change*, for who logged it *Withdraw*, which asks
    first, and ``show``; the actions are those of the feature."""
    still = record.state == "open"
    fresh = still and record.created_by == person and is_fresh(context, record.created_at)
    change = [Button("Change", f"{feature}.change", record.ref)] if still else []
    withdraw = [Button("Withdraw", f"{feature}.withdraw", record.ref, confirm=ask_first)] if fresh else []
    return Buttons(*change, *withdraw, show), *((for_minutes("withdraw"),) if fresh else ())


def check_fresh(context: Context, what: str, at: datetime, instead: str) -> None:
    """Raise UserError for what is older than that, with what can be done ``instead``."""
    if not is_fresh(context, at):
        raise UserError(f"{what} is more than {MINUTES} minutes old. {instead}")


def undoable(request: Request, kind: str, subject: str, /, *also: str, **before: Any) -> tuple[Word, ...]:
    """Let this act be taken back, and give the words for its answer: the button and until when it works.

    ``subject`` is what the audit says it was about, ``also`` what else it bears on; ``before`` is given to the function
    under ``@undoes(kind)`` as it stands here: texts, numbers, ids and None.
    """
    undo = request.store.undos.add(kind, [subject, *also], request.person.id, request.now, before)
    request.undos.append(undo)
    return Buttons(Button("Undo", "undo", str(undo))), for_minutes("undo")


def check_left(record: object, left: Mapping[str, Any], said: str) -> None:
    """Raise UserError for a record whose fields ``left`` are not as somebody left them; ``said`` is how it is now."""
    if any(getattr(record, name) != value for name, value in left.items()):
        raise UserError(f"{said}. Nothing was changed.")

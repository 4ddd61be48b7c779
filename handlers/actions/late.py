"""Late actions: what should be done by now, among all that is late."""

from handlers.actions.record import action_row
from handlers.kit.context import Context
from handlers.kit.contributions import late
from handlers.kit.messages import Button, Row
from storage.actions.records import Wanted


@late("actions", way="action list late", order=20)
def late_actions(context: Context, most: int) -> list[Row]:
    """Actions that should be done by now, the longest late first."""
    found = context.store.actions.records.page(Wanted(before=context.today), 0, most)
    return [action_row(context, action, Button.say("Show", f"action show {action.ref}")) for action in found]

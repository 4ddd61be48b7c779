"""Drawing: what a row of the outbox says at the moment it is sent, so that nothing old is posted as new."""

from dataclasses import replace

from bot.losses import give_up
from handlers.kit.context import Context
from handlers.kit.drawing import drawn_now, is_stale, not_sent
from handlers.kit.errors import NotNeeded
from storage.chat.outbox import OutboxRow


def as_it_stands(context: Context, row: OutboxRow) -> OutboxRow | None:
    """A row that was just claimed, with the card that it is sent with now; None when nobody needs it any more, which is
    kept with it."""
    if row.state == "unknown" or not (row.card or row.draws) or not (row.card is None or is_stale(context, row)):
        return row  # an unknown one is only looked for
    try:
        drawn = drawn_now(context, row)
    except NotNeeded as why:
        if context.store.chat.outbox.settle(row, "replaced", context.now, error=f"not needed: {why}"):
            give_up(context, row)
            not_sent(context, row)
        return None
    if drawn.missed:
        not_sent(context, row)
    card = drawn.card.model_dump_json()
    if row.kind == "update" and row.draws and context.store.chat.drawings.says(row.post, card):
        context.store.chat.outbox.settle(row, "replaced", context.now, error="it says so already")
        return None
    if row.draws and card != row.card:
        context.store.chat.drawings.redraw(row, card)
    return replace(row, card=card)

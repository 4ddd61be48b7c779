"""Digest: one message a day to everybody who has something, in place of a message for each thing."""

from datetime import timedelta

from handlers.digest import digest_card
from handlers.kit.context import Sending
from handlers.kit.registry import routine
from handlers.kit.seats import EVERYBODY

KEEP_TOLD = timedelta(days=7)  # as long as the cards of the outbox


@routine("digest", at="08:30", on="working days", to=EVERYBODY, late_until="16:00")
def digest(context: Sending) -> None:
    """Tell everybody who has something what is new for them and what is due; not who is away."""
    for person in context.everybody():
        if context.away(person.id):
            continue
        context.store.notes.tell(person.id, context.day)
        card = digest_card(context, person, context.day)
        if card is not None:
            context.post(f"dm:{person.id}", card, priority="digest", repeat=True)
    context.store.notes.forget(context.day - KEEP_TOLD)
    context.store.snoozes.forget(context.day)

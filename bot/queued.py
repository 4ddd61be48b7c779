"""Queued: answers that the outbox brings, when the gesture cannot carry them or nobody waits for them any more."""

from datetime import datetime
from hashlib import sha256

from bot.inbound import Answered, Inbound
from handlers.kit.speaking import DESK
from storage.chat.outbox import NewRow
from storage.database import Store


def keep_refusal(inbound: Inbound, answered: Answered, now: datetime, store: Store) -> None:
    """Queue the answer to a request that was taken back, once however often the request is delivered."""
    if inbound.once:
        if store.chat.inbox.answered(inbound.once)[0]:
            return
        store.chat.inbox.keep(inbound.once, answered.card.model_dump_json() if answered.card else None, now)
    queue_answer(inbound, answered, now, store)


def queue_apart(inbound: Inbound, answered: Answered, now: datetime, store: Store) -> None:
    """Queue an answer that the gesture's response has no place for, once however often the gesture is delivered."""
    if inbound.once:
        key = f"apart {sha256(inbound.once.encode()).hexdigest()}"
        if store.chat.inbox.answered(key)[0]:
            return
        store.chat.inbox.keep(key, None, now)
    queue_answer(inbound, answered, now, store)


def queue_answer(inbound: Inbound, answered: Answered, now: datetime, store: Store) -> None:
    """Put an answer into the outbox, addressed to where the request came from."""
    card = answered.card
    if card is None or inbound.reply is None:
        return
    place, draws = f"to:{inbound.channel or inbound.account}", answered.draws
    row = NewRow(
        platform=inbound.platform,
        place=place,
        kind="answer",
        priority="answer",
        repeat=True,
        at=now,
        card=card.model_dump_json(),
        payload={**inbound.reply, "replaces": answered.replaces},
        person=_who(inbound, store),
        post=store.chat.posts.follow(draws, inbound.platform, place) if draws else None,
        draws=draws,
    )
    store.chat.outbox.add(row)


def _who(inbound: Inbound, store: Store) -> str | None:
    """The person who asked, as far as they are known."""
    if inbound.platform in (DESK, "say"):
        return inbound.account
    owner = store.chat.people.owner_of(inbound.platform, inbound.account)
    return owner.id if owner else None

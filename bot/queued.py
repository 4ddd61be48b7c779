"""Queued: answers that the outbox brings, when the gesture cannot carry them or nobody waits for them any more."""

from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from bot.inbound import Answered, Inbound
from handlers.kit.messages import Buttons, Card, Text
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
    number = store.chat.outbox.add(row)
    if card.trace and card.audience == "asker":
        _traced(row, card, number, store)


def _traced(answer: NewRow, card: Card, number: int, store: Store) -> None:
    """Leave the line for the others where they have read what was asked, in a row of its own where the answer does not
    bring it; an act that can be taken back knows where it was told."""
    payload = answer.payload or {}
    if payload.get("ts") and not str(payload.get("channel") or "").startswith("D"):
        where = {"channel": payload["channel"], "thread_ts": payload.get("thread_ts") or payload["ts"], "trace": True}
        line = Card("", Text(f"{card.trace}."), audience="room")
        traced = replace(answer, card=line.model_dump_json(), payload=where, person=None, post=None, draws=None)
        number = store.chat.outbox.add(traced)
    elif not payload.get("conversation") or payload.get("private") or payload.get("told"):
        return  # nobody else has read it
    pressed = [button for word in card.body if isinstance(word, Buttons) for button in word.buttons]
    for undo in (button.value for button in pressed if button.action == "undo"):
        store.undos.traced(int(undo), number)


def _who(inbound: Inbound, store: Store) -> str | None:
    """The person who asked, as far as they are known."""
    if inbound.platform in (DESK, "say"):
        return inbound.account
    owner = store.chat.people.owner_of(inbound.platform, inbound.account)
    return owner.id if owner else None

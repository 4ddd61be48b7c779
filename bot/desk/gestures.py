"""Gestures: what one person does on the page, and which messages come of it."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from bot.desk.channels import own_channel
from bot.desk.hub import News
from bot.inbound import Answered, FromMessage, Inbound, Pressed, Submitted, Typed
from handlers.kit.city.people import Person
from handlers.kit.messages import Card, Text
from handlers.kit.speaking import DESK
from storage.chat.desk import DeskMessage
from storage.database import Store


@dataclass(frozen=True)
class Gesture:
    """Something one person does on the page. ``message`` is the one whose button was pressed, as far as it is kept."""

    person: Person
    channel: str
    key: str
    what: Typed | Pressed | Submitted | FromMessage
    message: int | None

    @property
    def private(self) -> bool:
        return self.channel == own_channel(self.person.id)

    @property
    def inbound(self) -> Inbound:
        return Inbound(
            platform=DESK,
            account=self.person.id,
            what=self.what,
            key=f"{self.person.id} {self.key}",
            channel=self.channel,
            private=self.private,
            reply={"channel": self.channel, "person": self.person.id},
            message=None if self.message is None else str(self.message),
        )

    def key_of(self, part: str) -> str:
        """The key under which a part of this is kept: the same gesture, or the same form, sent twice is kept once."""
        once = self.what.nonce if isinstance(self.what, Submitted) else self.key
        return blake2b(f"{self.person.id} {once} {part}".encode(), digest_size=16).hexdigest()

    @property
    def line(self) -> Card | None:
        """What was typed, as a message."""
        return Card("", Text(self.what.text)) if isinstance(self.what, Typed) else None


def is_kept(gesture: Gesture, answered: Answered) -> bool:
    """Whether an answer stays as a message: all in a person's own conversation, and what is for the whole room."""
    return answered.card is not None and (gesture.private or answered.card.audience == "room")


def keep(gesture: Gesture, answered: Answered, now: datetime, store: Store) -> list[News]:
    """Keep what was typed and its answer, or put the answer in the place of the card whose button was pressed."""
    assert answered.card is not None, "an answer without a card is not kept"
    card, channel = answered.card.model_dump_json(), gesture.channel
    if answered.replaces and gesture.message is not None:
        there = store.chat.desk.find(gesture.message)
        if there and there.channel == channel and there.said_by is None:
            store.chat.desk.edit(there.id, card, now)
            return [_news(store, there.id, edited=True)]
    kept = []
    if gesture.line:
        text, by = gesture.line.model_dump_json(), gesture.person.id
        kept.append(store.chat.desk.put(gesture.key_of("line"), channel, text, now, said_by=by))
    kept.append(store.chat.desk.put(gesture.key_of("answer"), channel, card, now))
    if answered.draws:
        post = store.chat.posts.follow(answered.draws, DESK, channel)
        store.chat.posts.posted(post, channel, str(kept[-1]))
    return [_news(store, message, edited=False) for message in kept]


def passing_by(gesture: Gesture, answered: Answered, now: datetime) -> list[DeskMessage]:
    """What is shown in this window alone and kept nowhere; in the place of a kept message it has that one's id."""
    if answered.card is None:
        return []
    if answered.replaces:
        return [_passing(gesture, answered.card, now, message=gesture.message or 0)]
    typed = [_passing(gesture, gesture.line, now, said_by=gesture.person.id)] if gesture.line else []
    return [*typed, _passing(gesture, answered.card, now)]


def _passing(
    gesture: Gesture, card: Card, now: datetime, *, message: int = 0, said_by: str | None = None
) -> DeskMessage:
    return DeskMessage(message, gesture.channel, said_by, card.model_dump_json(), False, now, None)


def _news(store: Store, message: int, *, edited: bool) -> News:
    there = store.chat.desk.find(message)
    assert there is not None, "it was put or edited in this transaction"
    return News(there, edited)

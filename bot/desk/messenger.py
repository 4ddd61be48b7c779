"""Messenger: what the desk lets the bot do: post messages, change them, and make channels."""

from functools import partial

from bot.desk.hub import Hub, News, ReadAgain
from bot.post import Gone, Outgoing, Refused, Result, Sent
from bot.runtime import Runtime
from handlers.kit.messages import Card
from handlers.kit.speaking import DESK
from storage.database import Store


class DeskMessenger:
    """Nothing here can fail half-way: a message is posted when the transaction has been committed."""

    pace = 0.0

    def __init__(self, runtime: Runtime, hub: Hub) -> None:
        self.runtime, self.hub = runtime, hub

    async def post(self, row: Outgoing) -> Result:
        if row.channel is None:
            return Refused("a message for the desk needs a channel")
        return await self._hang(row, row.channel)

    async def update(self, row: Outgoing) -> Result:
        if row.card is None or row.remote_id is None or not row.remote_id.isdigit():
            return Refused("there is no such message on the desk")
        news = await self.runtime.write(partial(self._edit, int(row.remote_id), row.card))
        if news is None:
            return Refused("there is no such message on the desk")
        self.hub.tell(news)
        return Sent(news.message.channel, row.remote_id)

    async def act(self, row: Outgoing) -> Result:
        match row.kind:
            case "make_place":
                place = str(row.payload["place"])
                await self.runtime.write(partial(self._bind, place))
                self.hub.tell(ReadAgain())
                return Sent(place)
            case "pin" | "invite":  # a channel of the desk has nowhere to pin, and everybody reads it
                return Sent(row.channel or "", row.remote_id)
            case "answer":
                return await self._hang(row, self._channel_of_answer(row))
            case _:
                return Refused(f"the desk does not know how to do {row.kind}")

    async def look_back(self, row: Outgoing) -> Result:
        message = await self.runtime.read(lambda store: store.chat.desk.hanging(row.key))
        return Gone() if message is None or row.channel is None else Sent(row.channel, str(message))

    async def _hang(self, row: Outgoing, channel: str) -> Result:
        if row.card is None:
            return Refused("a message for the desk needs a card")
        news = await self.runtime.write(partial(self._put, row, channel, row.card))
        self.hub.tell(news)
        return Sent(channel, str(news.message.id))

    def _put(self, row: Outgoing, channel: str, card: Card, store: Store) -> News:
        now = self.runtime.clock.now()
        message = store.chat.desk.put(row.key, channel, card.model_dump_json(), now, sent_again=row.again)
        return _news(store, message, edited=False)

    def _edit(self, message: int, card: Card, store: Store) -> News | None:
        there = store.chat.desk.edit(message, card.model_dump_json(), self.runtime.clock.now())
        return _news(store, message, edited=True) if there else None

    def _bind(self, place: str, store: Store) -> None:
        store.chat.places.bind(place, DESK, place, self.runtime.clock.now())

    def _channel_of_answer(self, row: Outgoing) -> str:
        """An answer that comes late goes to the person alone, unless it was meant for the room."""
        if row.card is not None and row.card.audience == "room":
            return str(row.payload["channel"])
        return f"dm:{row.payload['person']}"


def _news(store: Store, message: int, *, edited: bool) -> News:
    there = store.chat.desk.find(message)
    assert there is not None, "it was put or edited in this transaction"
    return News(there, edited)

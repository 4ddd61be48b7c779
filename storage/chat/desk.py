"""Desk: the messages on the desk, the platform that the bot brings along."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Integer, String, Table, Text, bindparam, func, insert, select, update

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared

desk_messages = Table(
    "desk_messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(32), nullable=False, unique=True),
    Column("channel", String(400), nullable=False, index=True),
    Column("said_by", String(60)),
    Column("card", Text, nullable=False),
    Column("sent_again", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("edited_at", Instant),
)


@dataclass(frozen=True)
class DeskMessage:
    """One message; ``said_by`` is the person who typed it, or None when it is the bot's."""

    id: int
    channel: str
    said_by: str | None
    card: str
    sent_again: bool
    at: datetime
    edited_at: datetime | None


_PUT = Prepared(insert(desk_messages).returning(desk_messages.c.id))
_BY_KEY = Prepared(select(desk_messages.c.id).where(desk_messages.c.key == bindparam("key_")))
_COLUMNS = (
    desk_messages.c.id,
    desk_messages.c.channel,
    desk_messages.c.said_by,
    desk_messages.c.card,
    desk_messages.c.sent_again,
    desk_messages.c.at,
    desk_messages.c.edited_at,
)
_LATEST = Prepared(
    select(*_COLUMNS)
    .where(desk_messages.c.channel == bindparam("channel_"))
    .order_by(desk_messages.c.id.desc())
    .limit(bindparam("limit_"))
)
_SINCE = Prepared(
    select(*_COLUMNS)
    .where(desk_messages.c.id > bindparam("after"))
    .order_by(desk_messages.c.id)
    .limit(bindparam("limit_"))
)
_NEWEST = Prepared(select(func.max(desk_messages.c.id)))
_ONE = Prepared(select(*_COLUMNS).where(desk_messages.c.id == bindparam("id_")))
_EDIT = Prepared(
    update(desk_messages)
    .where(desk_messages.c.id == bindparam("id_"))
    .values(card=bindparam("card_"), edited_at=bindparam("at_"))
)


class Desk(Questions):
    def put(
        self,
        key: str,
        channel: str,
        card: str,
        at: datetime,
        *,
        sent_again: bool = False,
        said_by: str | None = None,
    ) -> int:
        """Post a message and give its id; the same key is posted once."""
        if (there := self.hanging(key)) is not None:
            return there
        row = {
            "key": key, "channel": channel, "said_by": said_by, "card": card,
            "sent_again": int(sent_again), "at": at,
        }  # fmt: skip
        return int(self.ask(_PUT, row).scalar())

    def hanging(self, key: str) -> int | None:
        """The id of the message that was put under a key, if one was."""
        there = self.ask(_BY_KEY, {"key_": key}).scalar()
        return None if there is None else int(there)

    def newest(self) -> int:
        """The id of the newest message of all channels; 0 when there is none."""
        return int(self.ask(_NEWEST).scalar() or 0)

    def since(self, after: int, limit: int) -> list[DeskMessage]:
        """The messages of all channels that came after one, oldest first."""
        rows = self.ask(_SINCE, {"after": after, "limit_": limit}).all()
        return [DeskMessage(*row) for row in rows]

    def edit(self, message: int, card: str, at: datetime) -> bool:
        """Put another card in the place of a message; False when there is no such message."""
        return self.ask(_EDIT, {"id_": message, "card_": card, "at_": at}).changed == 1

    def find(self, message: int) -> DeskMessage | None:
        row = self.ask(_ONE, {"id_": message}).first()
        return DeskMessage(*row) if row else None

    def latest(self, channel: str, limit: int) -> list[DeskMessage]:
        """The newest messages of a channel, oldest of them first."""
        rows = self.ask(_LATEST, {"channel_": channel, "limit_": limit}).all()
        return [DeskMessage(*row) for row in reversed(rows)]

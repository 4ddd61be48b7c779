"""Places: which channel of which platform a place is."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Column, String, Table, bindparam, delete, insert, select

from storage.base import Instant, Questions, metadata

places = Table(
    "places",
    metadata,
    Column("place", String(80), primary_key=True),
    Column("platform", String(12), primary_key=True),
    Column("channel", String(400), nullable=False, index=True),
    Column("bound_at", Instant, nullable=False),
)

_WHERE = select(places.c.channel).where(
    places.c.place == bindparam("place_"), places.c.platform == bindparam("platform_")
)
_NAMED = select(places.c.place).where(
    places.c.platform == bindparam("platform_"), places.c.channel == bindparam("channel_")
)
_ALL = select(places.c.place, places.c.channel).where(places.c.platform == bindparam("platform_"))
_UNBIND = delete(places).where(places.c.place == bindparam("place_"), places.c.platform == bindparam("platform_"))
_BIND = insert(places)


class Places(Questions):
    def bind(self, place: str, platform: str, channel: str, at: datetime) -> None:
        """Bind a place to a channel, in the stead of the one it had; what waits for it goes at once."""
        self.wake()
        self.connection.execute(_UNBIND, {"place_": place, "platform_": platform})
        self.connection.execute(_BIND, {"place": place, "platform": platform, "channel": channel, "bound_at": at})

    def channel(self, place: str, platform: str) -> str | None:
        return self.connection.execute(_WHERE, {"place_": place, "platform_": platform}).scalar()

    def named(self, platform: str, channel: str) -> str | None:
        """The place that a channel is, if it is one."""
        return self.connection.execute(_NAMED, {"platform_": platform, "channel_": channel}).scalars().first()

    def bound(self, platform: str) -> Mapping[str, str]:
        """Place -> channel, on one platform."""
        return dict(self.connection.execute(_ALL, {"platform_": platform}).all())

"""Places: which channel of which platform a place is."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Column, String, Table, bindparam, delete, insert, select

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared

places = Table(
    "places",
    metadata,
    Column("place", String(80), primary_key=True),
    Column("platform", String(12), primary_key=True),
    Column("channel", String(400), nullable=False, index=True),
    Column("bound_at", Instant, nullable=False),
)

_WHERE = Prepared(
    select(places.c.channel).where(places.c.place == bindparam("place_"), places.c.platform == bindparam("platform_"))
)
_NAMED = Prepared(
    select(places.c.place).where(places.c.platform == bindparam("platform_"), places.c.channel == bindparam("channel_"))
)
_ALL = Prepared(select(places.c.place, places.c.channel).where(places.c.platform == bindparam("platform_")))
_UNBIND = Prepared(
    delete(places).where(places.c.place == bindparam("place_"), places.c.platform == bindparam("platform_"))
)
_BIND = Prepared(insert(places))


class Places(Questions):
    def bind(self, place: str, platform: str, channel: str, at: datetime) -> None:
        """Bind a place to a channel, in place of the one it had; what waits for it goes at once."""
        self.wake()
        self.ask(_UNBIND, {"place_": place, "platform_": platform})
        self.ask(_BIND, {"place": place, "platform": platform, "channel": channel, "bound_at": at})

    def channel(self, place: str, platform: str) -> str | None:
        channel: str | None = self.ask(_WHERE, {"place_": place, "platform_": platform}).scalar()
        return channel

    def named(self, platform: str, channel: str) -> str | None:
        """The place that a channel is, if it is one."""
        place: str | None = self.ask(_NAMED, {"platform_": platform, "channel_": channel}).scalar()
        return place

    def bound(self, platform: str) -> Mapping[str, str]:
        """Place -> channel, on one platform."""
        return dict(self.ask(_ALL, {"platform_": platform}).all())

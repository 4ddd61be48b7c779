"""Places: which channel of which platform a place is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, String, Table, bindparam, delete, insert, select, update

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared

places = Table(
    "places",
    metadata,
    Column("place", String(80), primary_key=True),
    Column("platform", String(12), primary_key=True),
    Column("channel", String(400), nullable=False, index=True),
    Column("bound_at", Instant, nullable=False),
    Column("name", String(200)),
    Column("link", String(1000)),
    Column("team", String(400)),
    Column("closed", String(20)),
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
_KNOWN = Prepared(
    select(places.c.place, places.c.name, places.c.link, places.c.closed).where(
        places.c.platform == bindparam("platform_")
    )
)
_HERE = (places.c.platform == bindparam("platform_"), places.c.channel == bindparam("channel_"))
_RENAME = Prepared(update(places).where(*_HERE).values(name=bindparam("name_")))
_CLOSE = Prepared(update(places).where(*_HERE).values(closed=bindparam("closed_")))
_IN_TEAM = Prepared(
    select(places.c.channel)
    .distinct()
    .where(places.c.platform == bindparam("platform_"), places.c.team == bindparam("team_"))
)
_STANDS = Prepared(select(places.c.place, places.c.closed).where(*_HERE).order_by(places.c.place))


@dataclass(frozen=True)
class Channel:
    """What is known of a place's channel: its name and address, and why nothing can be said there: "archived", "gone",
    "not a member", or None where all is well as far as anybody knows."""

    name: str | None = None
    link: str | None = None
    closed: str | None = None


class Places(Questions):
    def bind(
        self,
        place: str,
        platform: str,
        channel: str,
        at: datetime,
        *,
        name: str | None = None,
        link: str | None = None,
        team: str | None = None,
    ) -> None:
        """Bind a place to a channel, in place of the one it had; what waits for it goes at once."""
        self.wake()
        self.ask(_UNBIND, {"place_": place, "platform_": platform})
        known = {"name": name and name[:200], "link": link, "team": team, "closed": None}
        self.ask(_BIND, {"place": place, "platform": platform, "channel": channel, "bound_at": at, **known})

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

    def known(self, platform: str) -> Mapping[str, Channel]:
        """Place -> what is known of its channel, on one platform."""
        rows = self.ask(_KNOWN, {"platform_": platform})
        return {row.place: Channel(row.name, row.link, row.closed) for row in rows}

    def rename(self, platform: str, channel: str, name: str) -> None:
        self.ask(_RENAME, {"platform_": platform, "channel_": channel, "name_": name[:200]})

    def close(self, platform: str, channel: str, closed: str | None) -> list[str]:
        """Keep why nothing can be said in a channel, or None that it can; gives the places for which that is news."""
        rows = self.ask(_STANDS, {"platform_": platform, "channel_": channel}).all()
        news = [row.place for row in rows if row.closed != closed]
        if news:
            self.ask(_CLOSE, {"platform_": platform, "channel_": channel, "closed_": closed})
        return news

    def in_team(self, platform: str, team: str) -> list[str]:
        """The channels of a team that are places."""
        return [row.channel for row in self.ask(_IN_TEAM, {"platform_": platform, "team_": team})]

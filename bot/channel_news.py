"""Channel news: what a platform says of a channel that is a place: another name, closed for the bot, or open again."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.runtime import Runtime
from handlers.kit.context import SYSTEM, Context
from handlers.kit.reconnect import send_what_holds
from storage.database import Store

ARCHIVED, GONE, NOT_A_MEMBER = "archived", "gone", "not a member"


@dataclass(frozen=True)
class ChannelNews:
    """One piece of news about a channel, or about all channels of a team. ``closed`` is why nothing can be said there
    (None: it can), where ``name`` is not the news."""

    channel: str = ""
    team: str = ""
    closed: str | None = None
    name: str | None = None


async def learn(runtime: Runtime, platform: str, news: ChannelNews) -> None:
    """Keep it, for the places that it is about."""

    def keep(store: Store) -> None:
        keep_news(runtime.context(store), platform, news)

    await runtime.write(keep)


def keep_news(context: Context, platform: str, news: ChannelNews) -> None:
    """Keep what is said; a place that is open again gets what still holds of what was lost there."""
    places = context.store.chat.places
    channels: Sequence[str] = places.in_team(platform, news.team) if news.team else [news.channel]
    for channel in channels:
        if news.name:
            places.rename(platform, channel, news.name)
            continue
        for place in places.close(platform, channel, news.closed):
            context.audit(place, platform=platform, channel=news.closed or "open")
            if news.closed is None:
                send_what_holds(context, platform, place)
    if context.noted:
        context.write_audit(SYSTEM, "place")

"""Team news: what became of a channel or a team, and that the bot came into one or was taken out."""

from collections.abc import Mapping

from bot.channel_news import ARCHIVED, GONE, ChannelNews
from bot.teams.address import channel_of
from bot.teams.payloads import Activity, is_private, text_at

_OF_A_CHANNEL: Mapping[str, str | None] = {"channelDeleted": GONE, "channelRestored": None}
_OF_A_TEAM: Mapping[str, str | None] = {
    "teamDeleted": GONE, "teamHardDeleted": GONE, "teamArchived": ARCHIVED, "teamUnarchived": None,
    "teamRestored": None,
}  # fmt: skip


def channel_news(activity: Activity) -> ChannelNews | None:
    """What became of a channel or a team; None for any other news of a team."""
    event, team = text_at(activity, "channelData", "eventType"), text_at(activity, "channelData", "team", "id")
    channel = text_at(activity, "channelData", "channel", "id")
    name = text_at(activity, "channelData", "channel", "name")
    if event == "channelRenamed" and channel and name:
        return ChannelNews(channel, name=name)
    if event in _OF_A_CHANNEL and channel:
        return ChannelNews(channel, closed=_OF_A_CHANNEL[event])
    return ChannelNews(team=team, closed=_OF_A_TEAM[event]) if event in _OF_A_TEAM and team else None


def membership_news(activity: Activity, closed: str | None) -> ChannelNews | None:
    """That the bot came into a team or a group chat, or was taken out of it; None for a personal chat."""
    if is_private(activity):
        return None
    team = text_at(activity, "channelData", "team", "id")
    return ChannelNews("" if team else channel_of(text_at(activity, "conversation", "id")), team, closed)

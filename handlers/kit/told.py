"""Told: whether a place will hear of something, and where, before anybody is told so."""

from handlers.kit.context import Request
from handlers.kit.inline import Channel
from handlers.kit.messages import Text
from handlers.kit.speaking import DESK
from storage.chat.places import Channel as Connected

CLOSED = {
    "archived": "its channel is archived",
    "gone": "its channel is gone",
    "not a member": "the bot is not in its channel",
}


def told_in(request: Request, who: str, place: str, *, done: str = "told", then: str = "") -> Text:
    """Somebody is told in a place, with a link to its channel; or why not yet, and what to do. ``done`` is what happens
    to them there, and ``then`` a sentence that follows."""
    channels = _channels(request, place)
    open_ones = [channel for channel in channels if not channel.closed]
    if not open_ones:
        why = CLOSED[channels[0].closed or "gone"] if channels else "no channel is connected for it"
        fix = f"To fix this, an admin types in that channel or another one: city connect {place}."
        return Text(f"{who} is {done} later: #{place} cannot be written to, because {why}. {fix}{then}")
    first = open_ones[0]
    return Text(f"{who} is {done} in ", Channel(place, f"#{first.name or place}", url=first.link), f".{then}")


def _channels(request: Request, place: str) -> list[Connected]:
    """The channels of a place, that of the reader's own platform first."""
    platforms = sorted(request.platforms, key=lambda platform: platform != request.platform)
    known = (
        Connected() if platform == DESK else request.store.chat.places.known(platform).get(place)
        for platform in platforms
    )
    return [channel for channel in known if channel is not None]

"""Channels: what a person finds on the desk: their own conversation and the places that are open to them."""

from collections.abc import Iterable
from dataclasses import dataclass

from handlers.kit.city.model import City
from handlers.kit.city.people import Person

CRISIS = "crisis"  # the place whose people also see the channels that the bot makes


@dataclass(frozen=True)
class Channel:
    """A channel as people read it; ``id`` is a place of the city or ``dm:<person>``."""

    id: str
    name: str
    purpose: str

    @property
    def private(self) -> bool:
        return self.id.startswith("dm:")

    @property
    def title(self) -> str:
        """The name as people write it, with # before a place."""
        return self.name if self.private else f"#{self.name}"


def own_channel(person: str) -> str:
    """The id of somebody's own conversation with the bot."""
    return f"dm:{person}"


def may_see(city: City, person: Person, channel: str) -> bool:
    """Whether somebody reads a channel."""
    if channel.startswith("dm:"):
        return channel == own_channel(person.id)
    place = city.places.get(channel) or city.places[CRISIS]
    return not person.all_roles.isdisjoint(place.open_to)


def channels_of(city: City, person: Person, bound: Iterable[str]) -> list[Channel]:
    """All that somebody sees, their own conversation first; ``bound`` are the places bound on the desk."""
    places = [Channel(place.id, place.name, place.purpose) for place in city.places.values()]
    made = [
        Channel(room, spoken(room), f"Room for {room.partition(':')[2]}") for room in bound if room not in city.places
    ]
    own = Channel(own_channel(person.id), "cityops", "Your own conversation with the bot")
    return [own, *(channel for channel in (*places, *made) if may_see(city, person, channel.id))]


def spoken(place: str) -> str:
    """The name of a channel that the bot made, in the way channels are named: crisis-cr-2026-01."""
    return place.replace(":", "-").lower()

"""Places: the channels of the city, by places.toml."""

from handlers.kit.city.fact import Fact, Id
from handlers.kit.city.people import Role


class Place(Fact):
    """Where a message goes: a channel, bound to each platform by its id there.

    ``open_to`` are the roles who see it on the desk; in Slack and Teams the channel's own members do.
    """

    DIFFER = ("id", "name", "slack", "teams")

    id: Id
    name: str
    purpose: str = ""
    open_to: tuple[Role, ...] = ("staff",)
    slack: str | None = None
    teams: str | None = None


class Places(Fact):
    place: tuple[Place, ...]

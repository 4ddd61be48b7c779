"""Door: what the process asks of every way in."""

from typing import Protocol

from aiohttp import web

from bot.post import Messenger


class Door(Protocol):
    """One platform: its routes, its messenger, and what runs in the background while it is open."""

    platform: str

    @property
    def messenger(self) -> Messenger:
        """What delivery sends through."""

    @property
    def ready(self) -> bool:
        """Whether the platform can be reached with what is configured."""

    def routes(self) -> list[web.RouteDef]:
        """The HTTP routes that this door answers."""

    async def knock(self) -> None:
        """Ask the platform for anything, only to hear what time it is there; never an exception."""

    async def start(self) -> None:
        """Open: connect what has to be connected."""

    async def stop(self) -> None:
        """Close: end what was begun."""

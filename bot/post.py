"""Post: what delivery hands to a door's messenger, and what can come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from handlers.kit.messages import Card


@dataclass(frozen=True)
class Outgoing:
    """One thing to do at a platform.

    ``channel`` is where (the platform's id), or None when it has to be found first; ``account`` is the person's
    account of a direct message, as far as it is known, ``email`` and ``others`` their addresses to look it up by.
    ``remote_id`` is the message to update. ``again`` says that it may have been sent before, ``as_text`` that the
    platform does not take the card: it goes as complete plain text. ``handles`` are accounts by person.
    """

    key: str
    kind: str
    card: Card | None
    payload: Mapping[str, Any]
    channel: str | None
    remote_id: str | None = None
    account: str | None = None
    email: str | None = None
    others: tuple[str, ...] = ()
    again: bool = False
    as_text: bool = False
    since: float = 0.0
    handles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sent:
    """It is there. ``account`` is the person's account when it had to be looked up."""

    channel: str
    remote_id: str | None = None
    account: str | None = None


@dataclass(frozen=True)
class Wait:
    """It is definitely not there, because nothing is taken now: asked to go slower, not connected, not let in.

    It may be tried again after this many seconds (None: as delivery sees fit). Of a look: it could not look now.
    ``until_mended`` says that nothing goes before somebody has mended it, so that a page takes another way at once;
    ``person`` is what stands in the way of a page to somebody, as in :class:`Refused`.
    """

    why: str
    seconds: float | None = None
    until_mended: bool = False
    person: str | None = None


@dataclass(frozen=True)
class Failed:
    """It went wrong, and trying it again does no harm: it is definitely not there, or may be done twice."""

    why: str


@dataclass(frozen=True)
class Refused:
    """It is definitely not there and never will be.

    ``person`` says of somebody to whom nothing can be written what is in the way and what they must do: a clause that
    follows their name. ``off`` says that the account it was for is switched off, ``closed`` why nothing can be said in
    the channel it was for (see bot/channel_news.py), ``unfit`` that it is the message itself that is not taken: another
    one may arrive.
    """

    why: str
    person: str | None = None
    off: bool = False
    closed: str | None = None
    unfit: bool = False


@dataclass(frozen=True)
class Silence:
    """Nobody can say whether it is there. Of a look: nobody ever will, there is no history."""

    why: str


@dataclass(frozen=True)
class Gone:
    """A look at the history shows that it is not there. Of an update: the message it was to change is not there."""


Result = Sent | Wait | Failed | Refused | Silence | Gone


class Messenger(Protocol):
    """What a platform lets a bot do; every method gives a Result and raises nothing for what the platform answers."""

    pace: float  # seconds between two posts into one conversation

    async def post(self, row: Outgoing) -> Result:
        """Post a card; the row's key goes along where the platform keeps it."""

    async def update(self, row: Outgoing) -> Result:
        """Put the card in the place of the one at (channel, remote_id)."""

    async def act(self, row: Outgoing) -> Result:
        """Do what ``row.kind`` names: make_place, answer ..."""

    async def look_back(self, row: Outgoing) -> Result:
        """Whether something whose outcome is unknown is there: Sent or Gone; Wait when it could not look now, Silence
        when that can never be known here."""

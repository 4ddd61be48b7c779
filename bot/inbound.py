"""Inbound: what a door heard and what it is to answer, in words that no platform owns."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from handlers.kit.forms import FormPage
from handlers.kit.messages import Card
from handlers.kit.pieces import REF
from handlers.kit.signs import storable
from storage.chat.people import State


@dataclass(frozen=True)
class Typed:
    """Words somebody wrote, with or without a slash in front.

    ``files`` are the names of what was sent along; ``source`` is a link to the message, where there is one.
    ``message`` names the message for good, where the platform says of changes.
    """

    text: str
    files: tuple[str, ...] = ()
    source: str | None = None
    message: str | None = None


@dataclass(frozen=True)
class Pressed:
    """A button, by the name of its action."""

    action: str
    value: str


@dataclass(frozen=True)
class FromMessage:
    """A message somebody wants to make something of: the command, the message's text, and a link back to it.

    ``key`` names the message for good (``slack:C123/1700.1``); ``author`` is who wrote it, as forms write people.
    """

    command: str
    text: str
    source: str | None = None
    key: str | None = None
    author: str | None = None


@dataclass(frozen=True)
class Submitted:
    """A filled-in form: ``target`` and ``nonce`` as its page had them, ``values`` as typed, by field."""

    target: str
    nonce: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Changed:
    """What became of a message that somebody wrote: its new words, or None when it was deleted.

    ``delivery`` is the platform's own id of this notice.
    """

    platform: str
    key: str
    text: str | None
    delivery: str


Gesture = Typed | Pressed | Submitted | FromMessage


def in_storable_words(what: Gesture) -> Gesture:
    """The same without what no database takes: U+0000, and half an emoji where somebody's text was cut."""
    match what:
        case Typed():
            return replace(what, text=storable(what.text), files=tuple(map(storable, what.files)))
        case Pressed(action, value):
            return Pressed(action, storable(value))
        case FromMessage():
            return replace(what, text=storable(what.text), author=what.author and storable(what.author))
        case Submitted(target, nonce, values):
            return Submitted(storable(target), storable(nonce), {name: storable(text) for name, text in values.items()})


@dataclass(frozen=True)
class Inbound:
    """One gesture of one person.

    ``key`` is the platform's own id of the delivery: the same key has the same effect and the same answer. ``channel``
    is the platform's id of where it was said, ``thread`` the same with its thread where that is a place of its own;
    ``private`` says that nobody else reads there. ``opens_forms`` says that the door can show a form in response.
    ``inline`` says that the gesture's own response carries the answer; ``reply`` is where the outbox brings it when it
    does not, or when it comes too late (None: the door waits for it). ``message`` is the platform's id of the message
    whose button was pressed, and ``shown_at`` when it was posted, as far as the platform says so. ``passing`` says
    that one person alone sees it, that it is about one record, and that it can be changed only by the answer;
    ``spends`` that the message asked which button is pressed, and has done its work.
    """

    platform: str
    account: str
    what: Gesture
    key: str | None = None
    channel: str | None = None
    thread: str | None = None
    private: bool = True
    opens_forms: bool = True
    inline: bool = True
    reply: Mapping[str, Any] | None = None
    message: str | None = None
    shown_at: datetime | None = None
    passing: bool = False
    spends: bool = False

    @property
    def once(self) -> str | None:
        """Under which name this gesture is remembered; one form is one record, whatever delivery brings it."""
        if isinstance(self.what, Submitted):
            return f"form {self.account} {self.what.nonce}"
        return f"{self.platform} {self.key}" if self.key else None

    @property
    def about(self) -> str | None:
        """The reference that a button carries, for the log; what else it carries, or somebody typed, is none."""
        return self.what.value if isinstance(self.what, Pressed) and REF.fullmatch(self.what.value) else None


def not_understood(message: str) -> str:
    """Under which name it is remembered that nothing was understood of a message."""
    return f"not understood {message}"[:280]


@dataclass(frozen=True)
class Profile:
    """What a platform says of an account: whose it is by their e-mail addresses, none when it does not give them, and
    its ``state``, None for what is nobody's (a bot, an id that the platform does not know).

    ``refused`` is the sentence for somebody who may not use the bot; ``direct`` is how they are written to first, when
    the platform has told it along with the rest; ``alias`` is another id of the same account.
    """

    account: str
    name: str
    emails: tuple[str, ...] = ()
    refused: str | None = None
    direct: str | None = None
    state: State | None = "active"
    alias: str | None = None


@dataclass(frozen=True)
class Answered:
    """The answer, after the commit. ``card`` is None when there is nothing to say (a card changes in its place).

    ``queued`` says that the outbox brings it. ``replaces`` puts it in the place of the card whose button was pressed.
    ``handles`` are the accounts of the people mentioned, by person; ``draws`` is how it is drawn again when its record
    changes, where it stays as a message.
    """

    card: Card | None
    ok: bool = True
    queued: bool = False
    replaces: bool = False
    handles: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    draws: str | None = None


@dataclass(frozen=True)
class Asking:
    """A form to show; with ``errors`` in its page when it is shown again."""

    page: FormPage
    handles: Mapping[str, str] = field(default_factory=dict)


Outcome = Answered | Asking

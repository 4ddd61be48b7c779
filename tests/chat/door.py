"""Door: what a scenario needs of every door."""

from abc import ABC, abstractmethod

from tests.chat.bot import Bot
from tests.chat.seen import Seen, SeenForm, Unsaid

Told = Seen | SeenForm | None


class Speaker(ABC):
    """One person at one door.

    Methods such as ``says`` and ``presses`` demand the message or form that must follow; ``typed`` and ``pressed``
    give whatever came.
    """

    def __init__(self, bot: Bot, person: str) -> None:
        self.bot, self.person = bot, person

    @abstractmethod
    async def typed(self, line: str, place: str | None = None) -> Seen | SeenForm:
        """Type a command, in a direct conversation or in a place; gives what comes of it."""

    @abstractmethod
    async def pressed(self, label: str, message: Seen) -> Told:
        """Press a button of a message; gives what comes of it, which is nothing where the card changes in its place."""

    @abstractmethod
    async def chosen(self, entry: str, message: Seen) -> Told:
        """Choose an entry in the menu of a message, no matter who wrote the message; gives what comes of it."""

    @abstractmethod
    async def filled(self, form: SeenForm, **values: str) -> Seen | SeenForm:
        """Fill in fields of the open form and send it; gives what comes of it."""

    async def says(self, line: str, place: str | None = None) -> Seen:
        """Type a command that is answered."""
        return _message(line, await self.typed(line, place))

    async def presses(self, label: str, message: Seen) -> Seen:
        """Press a button that opens no form; where nothing is said to it, there is nothing to read."""
        return _message(label, await self.pressed(label, message))

    async def chooses(self, entry: str, message: Seen) -> SeenForm:
        """Choose an entry that opens a form."""
        return _form(entry, await self.chosen(entry, message))

    async def fills(self, form: SeenForm, **values: str) -> Seen:
        """Fill in fields of the open form and send it; the form must be taken."""
        return _message(form.title, await self.filled(form, **values))

    async def opens(self, what: str, at: str | Seen | None = None) -> SeenForm:
        """Open a form: by a command, in a place or not, or by the button of a message."""
        return _form(what, await (self.pressed(what, at) if isinstance(at, Seen) else self.typed(what, at)))

    async def is_asked_again(self, form: SeenForm, **values: str) -> SeenForm:
        """Fill in fields of the open form and send it; the form must come back."""
        return _form(form.title, await self.filled(form, **values))

    async def unfolds(self, title: str, message: Seen) -> Seen:
        """Open what stands behind a title of a message; where the door has it in the message itself, that is it."""
        return message

    @abstractmethod
    async def files(self, message: Seen, place: str | None = None) -> dict[str, bytes]:
        """The pictures and files that came with a message, from wherever this door gives them, by name."""

    @abstractmethod
    async def delivered_again(self) -> None:
        """What this person did last reaches the bot once more, as platforms repeat what they believe lost."""

    @abstractmethod
    async def direct(self) -> list[Seen]:
        """What the bot has written to this person by itself, oldest first."""

    async def finds(self, words: str) -> Seen:
        """The newest message the bot has written to this person with these words in its title."""
        return [card for card in await self.direct() if words in card.title][-1]


class Chat(ABC):
    """Everybody at one door, around one bot."""

    name: str
    bot: Bot

    @abstractmethod
    def person(self, name: str) -> Speaker:
        """Somebody of Riverton, at this door."""

    @abstractmethod
    async def place(self, name: str) -> list[Seen]:
        """The messages in the channel, or room that was made (``crisis:CR-2026-01``), of this name, oldest first."""


def _message(gesture: str, told: Told) -> Seen:
    assert not isinstance(told, SeenForm), f"{gesture!r} opened a form: {told}"
    return told or Unsaid(gesture)


def _form(gesture: str, told: Told) -> SeenForm:
    assert isinstance(told, SeenForm), f"{gesture!r} opened no form: {told}"
    return told

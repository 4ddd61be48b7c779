"""Door: what a scenario needs of every door."""

from abc import ABC, abstractmethod

from tests.chat.bot import Bot
from tests.chat.seen import Seen, SeenForm


class Speaker(ABC):
    """One person at one door."""

    def __init__(self, bot: Bot, person: str) -> None:
        self.bot, self.person = bot, person

    @abstractmethod
    async def says(self, line: str, place: str | None = None) -> Seen | SeenForm:
        """Type a command, in a direct conversation or in a place, and give what comes of it."""

    @abstractmethod
    async def presses(self, label: str, message: Seen) -> Seen | SeenForm | None:
        """Press a button of a message; None when nothing is said (the card changes in its place)."""

    @abstractmethod
    async def chooses(self, entry: str, message: Seen) -> Seen | SeenForm | None:
        """Choose an entry in the menu of a message, whoever wrote it."""

    @abstractmethod
    async def fills(self, form: SeenForm, **values: str) -> Seen | SeenForm:
        """Fill in fields of the open form and send it."""

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
        """What hangs in the channel of this name, or in a room that was made (``crisis:CR-2026-01``), oldest first."""

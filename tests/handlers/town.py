"""Town: everybody of Riverton on a terminal, for tests that need no door."""

from typing import Any

from bot.inbound import Answered, Asking, Inbound, Pressed, Submitted, Typed
from handlers.kit.catalogue import catalogue
from handlers.kit.messages import Buttons, Card
from handlers.kit.plain import plain
from handlers.kit.waiting import due_by, waiting_for
from storage.risk.records import Risk
from tests.chat.bot import Bot

DAM = "risk add Dam gate stuck; likelihood 4; impact 5; owner @sam; department public works"


class Town:
    """Everybody of Riverton on a terminal, and a clock."""

    def __init__(self, bot: Bot) -> None:
        self.bot, self.runtime = bot, bot.application.runtime

    async def says(self, person: str, line: str) -> str:
        """The answer to a line, as text; a form gives its target, its values and its errors."""
        outcome = await self.runtime.handle(Inbound("say", person, Typed(line)))
        if isinstance(outcome, Asking):
            return f"FORM {outcome.page.target} {dict(outcome.page.values)} {' '.join(outcome.page.errors.values())}"
        assert isinstance(outcome, Answered)
        assert outcome.card
        return plain(outcome.card)

    async def fills(self, person: str, target: str, nonce: str, **values: str) -> Card | None:
        outcome = await self.runtime.handle(Inbound("say", person, Submitted(target, nonce, values)))
        assert isinstance(outcome, Answered), outcome
        return outcome.card

    async def risk(self, ref: str = "R-1") -> Risk:
        found = await self.bot.read(lambda store: store.risk.records.find(ref))
        assert isinstance(found, Risk)
        return found

    async def due(self, person: str) -> list[str]:
        """The lines of what is due for somebody today."""

        def work(store: Any) -> list[str]:
            context = self.runtime.context(store)
            waiting = waiting_for(context, context.city.people[person], catalogue.todos)
            return [task.line for task in due_by(context.today, waiting) if task.ref.startswith(("R-", "acceptance"))]

        return list(await self.bot.read(work))

    async def presses(self, person: str, label: str, card: Card) -> Card | None:
        """Press a button of a card; a form that opens is given as a card with the form's target as title."""
        [button] = [b for word in card.body if isinstance(word, Buttons) for b in word.buttons if b.label == label]
        outcome = await self.runtime.handle(Inbound("say", person, Pressed(button.action, button.value)))
        return outcome.card if isinstance(outcome, Answered) else Card(outcome.page.target)

    async def card(self, person: str, line: str) -> Card:
        """The answer to a line, as a card."""
        outcome = await self.runtime.handle(Inbound("say", person, Typed(line)))
        assert isinstance(outcome, Answered)
        assert outcome.card
        return outcome.card

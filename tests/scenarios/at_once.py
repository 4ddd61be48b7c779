"""At once: two bots on one PostgreSQL, and what two people do there at the same instant."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from uuid import uuid4

from pydantic import SecretStr

from bot.assembly import build_runtime
from bot.inbound import Answered, Asking, Gesture, Inbound, Outcome, Pressed, Submitted, Typed
from handlers.kit.messages import Button, Buttons, Row
from handlers.kit.plain import plain
from storage.chat.people import Met
from storage.database import Store
from tests.chat.bot import MONDAY, settings_for, without_limits
from tests.chat.clock import SetClock

Step = tuple[str, Gesture | str]  # who, and what they do; words are typed


class TwoBots:
    """Two bots without doors on one database, with one clock."""

    def __init__(self, folder: Path, url: str) -> None:
        keys = {"slack_bot_token": SecretStr("xoxb-test"), "slack_signing_secret": SecretStr("signing-secret")}
        settings = without_limits(settings_for(folder, database_url=url, contact_key=SecretStr("A" * 43 + "="), **keys))
        self.clock = SetClock(MONDAY)
        self.bots = [build_runtime(settings, self.clock) for _ in range(2)]
        self._numbers = count(1)
        self._turn = count()

    def meet(self, store: Store) -> None:
        for person in self.bots[0].city().people.values():
            met = Met(person.id, person.name, person.email)
            store.chat.people.meet(met, "slack", f"U{person.id}", self.clock.now())

    async def does(self, person: str, what: Gesture | str, bot: int = 0) -> Outcome:
        gesture = Typed(what) if isinstance(what, str) else what
        key = f"key {next(self._numbers)}"
        return await self.bots[bot].handle(Inbound("slack", f"U{person}", gesture, key=key))

    async def says(self, person: str, what: Gesture | str) -> str:
        return words(await self.does(person, what))

    async def at_once(self, one: Step, other: Step) -> list[str]:
        """What both read, in this order; the bots are the first to begin in turn."""
        first = next(self._turn) % 2
        ways = [self.does(*one, bot=0), self.does(*other, bot=1)]
        done = await asyncio.gather(*(ways if first == 0 else reversed(ways)))
        return [words(outcome) for outcome in (done if first == 0 else reversed(done))]


@asynccontextmanager
async def two_bots(folder: Path, url: str) -> AsyncIterator[TwoBots]:
    both = TwoBots(folder, url)
    await both.bots[0].write(both.meet)
    yield both
    assert (await both.bots[0].read(lambda store: store.audit.first_bad_row()))[1] is None
    for bot in both.bots:
        bot.database.close()


def words(outcome: Outcome) -> str:
    """All that somebody reads."""
    if isinstance(outcome, Asking):
        return f"{outcome.page.title} {dict(outcome.page.errors)}"
    assert isinstance(outcome, Answered)
    return plain(outcome.card) if outcome.card else ""


def pressed(outcome: Outcome, action: str) -> Pressed:
    """Press the button of this action on what somebody reads."""
    assert isinstance(outcome, Answered)
    body = outcome.card.body if outcome.card else ()
    buttons: list[Button] = [button for word in body if isinstance(word, Buttons) for button in word.buttons]
    buttons += [word.button for word in body if isinstance(word, Row) and word.button]
    return next(Pressed(button.action, button.value) for button in buttons if button.action == action)


def form(target: str, **values: str) -> Submitted:
    return Submitted(target, uuid4().hex, values)

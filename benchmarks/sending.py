"""Sending: a bot that runs in a city with a fake Slack, and many messages that it has to send there."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from benchmarks.city import Inhabitant, found, introduce, move_in
from benchmarks.proof import check_audit
from benchmarks.slack_requests import SECRET
from bot.application import Application
from bot.interpreter import prepare_to_serve
from handlers.kit.messages import Button, Buttons, Card, Note, Text
from storage.chat.outbox import outbox
from storage.database import Store
from tests.wires.slack import Call, FakeSlack, Message

REF, TITLE = "bench ", "How was the week?"
_STATES = select(outbox.c.state, func.count()).where(outbox.c.about.like(f"{REF}%")).group_by(outbox.c.state)
QUIET, LOOK = 1.5, 0.25  # seconds without a call after which a bot has started; seconds between two looks
LONGEST = 900.0  # seconds
NO_CALL = Call("", {}, None)


def card(number: int) -> Card:
    """A prompt such as those of a routine."""
    return Card(
        TITLE,
        Text(f"Please say in a minute how it went, and what you need ({number})."),
        Buttons(Button.say("Answer", "help", style="primary")),
        Note("It is open until Friday."),
    )


class Calls(list[Call]):
    """How many requests of the bot there were."""

    def append(self, call: Call) -> None:
        super().append(NO_CALL)


class Remote(FakeSlack):
    """A Slack that remembers of a message what its people read, and no more: a real one remembers elsewhere, and here
    the garbage collector would go through all of it while the bot stands still."""

    def __init__(self) -> None:
        super().__init__(signing_secret=SECRET)
        self.calls = Calls()

    def put(self, channel: str, user: str, **said: Any) -> Message:
        message = super().put(channel, user, **said)
        message.text, message.blocks = message.shown, []
        return message


@dataclass
class Fanout:
    """A bot in a large city, and the Slack that it sends to."""

    application: Application
    slack: FakeSlack
    those: Sequence[Inhabitant]
    url: str

    async def queue(self, to: Sequence[Inhabitant], each: int) -> None:
        """Queue so many messages to each of these people in one transaction, of which nothing goes before it ends."""

        def post(store: Store) -> None:
            context = self.application.runtime.context(store)
            for number in range(each):
                for person in to:
                    ref = f"{REF}{number} {person.id}"
                    context.post(f"dm:{person.id}", card(number), ref=ref, priority="prompt", repeat=True)

        await self.application.runtime.write(post)

    async def sent(self, count: int) -> float:
        """Seconds until so many more messages are there."""
        begun, before = time.perf_counter(), len(self.slack.posts)
        await self.slack.until(lambda: len(self.slack.posts) >= before + count, seconds=LONGEST)
        return time.perf_counter() - begun

    async def settled(self, count: int) -> None:
        """Wait until the bot knows that all have gone; AssertionError when one went twice or is lost."""
        for _ in range(int(LONGEST / LOOK)):
            states = await self.application.runtime.read(_states)
            if states["sent"] >= count:
                break
            await asyncio.sleep(LOOK)
        assert states == {"sent": count}, states
        posted = Counter((post.channel, post.text) for post in self.slack.posts if TITLE in post.text)
        assert len(posted) == count, f"{len(posted)} of {count} messages are there"
        assert max(posted.values()) == 1, "a message went twice"
        await check_audit(self.application.runtime)


def _states(store: Store) -> Counter[str]:
    return Counter(dict(store.connection.execute(_STATES).all()))


@asynccontextmanager
async def slack_of(folder: Path, those: list[Inhabitant], *, team: int = 0) -> AsyncIterator[Fanout]:
    """A bot in a city of these people that has started and knows everybody; ``team`` are on the crisis team."""
    slack = Remote()
    move_in(slack, those)
    await slack.start()
    settings = found(folder, those, team=team).model_copy(update={"slack_api_url": slack.api_url})
    introduce(folder / "cityops.db", those)
    application = Application(settings)
    prepare_to_serve()
    try:
        url = f"http://127.0.0.1:{await application.start()}"
        calls = -1
        while len(slack.calls) > calls:
            calls = len(slack.calls)
            await asyncio.sleep(QUIET)
        yield Fanout(application, slack, those, url)
    finally:
        await application.stop()
        await slack.stop()
    assert not slack.refusals, slack.refusals[:3]

"""Many replicas: two bots on one PostgreSQL write to many people at the same moment, and everybody reads it once."""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from pydantic import SecretStr

from handlers.kit.messages import Card
from storage.chat.people import Met
from storage.database import Store
from tests.chat.bot import MONDAY, Bot, settings_for, without_limits
from tests.chat.clock import SetClock
from tests.wires.slack import FakeSlack

MANY = int(os.environ.get("MANY", "60"))  # people beside those of Riverton
TITLE, DIGEST = "How was the week?", "Your day: Tue Nov 24"


@pytest.fixture
def clock() -> SetClock:
    return SetClock(MONDAY)


@pytest.fixture
async def slack(clock: SetClock) -> AsyncIterator[FakeSlack]:
    fake = FakeSlack(now=lambda: clock.now().timestamp())
    fake.pace = False
    await fake.start()
    yield fake
    await fake.stop()


def _move_in(accounts: dict[str, str], store: Store) -> None:
    """Everybody is known, and has something that is due on Tuesday."""
    for person, account in accounts.items():
        store.chat.people.meet(Met(person, person, f"{person}@riverton.example.org"), "slack", account, MONDAY)
        store.actions.records.add(
            what="Measure it",
            about=None,
            owner=person,
            due_on=(MONDAY + timedelta(days=1)).date(),
            by="olga",
            at=MONDAY,
        )


def _ask(bot: Bot, persons: list[str], store: Store) -> None:
    context = bot.application.runtime.context(store)
    for person in persons:
        context.post(f"dm:{person}", Card(TITLE), ref=f"week {person}", priority="prompt", repeat=True)


@pytest.mark.doors
async def test_a_question_to_everybody_and_the_digests_of_two_bots_arrive_once_each(
    tmp_path: Path, postgresql_url: str, slack: FakeSlack, clock: SetClock
) -> None:
    keys = {"slack_bot_token": SecretStr(slack.bot_token), "slack_signing_secret": SecretStr("signing-secret")}
    settings = settings_for(tmp_path, database_url=postgresql_url, slack_api_url=slack.api_url, desk="off", **keys)
    bots = [Bot(without_limits(settings), clock=clock) for _ in range(2)]
    for bot in bots:
        await bot.start()
    accounts = {
        f"slack-clerk{number}": slack.add_user(f"clerk{number}", f"slack-clerk{number}@riverton.example.org")
        for number in range(MANY)
    }
    await bots[0].application.runtime.write(partial(_move_in, accounts))
    await bots[0].application.runtime.write(partial(_ask, bots[0], list(accounts)))
    await asyncio.gather(*(bot.settle() for bot in bots))
    clock.set(datetime(2026, 11, 24, 13, 30, 1, tzinfo=UTC))  # 8:30 AM in Riverton, when digests go
    await asyncio.gather(*(bot.settle() for bot in bots))
    for title in (TITLE, DIGEST):
        read = Counter(post.channel for post in slack.posts if title in post.text)
        assert len(read) >= MANY, title
        assert max(read.values()) == 1, title
    assert (await bots[0].read(lambda store: store.audit.first_bad_row()))[1] is None
    for bot in bots:
        await bot.stop()

"""Measured: how much the bot asks of people is in /metrics, without their names, at every door."""

import pytest
from aiohttp import ClientSession

from tests.chat.door import Chat
from tests.scenarios.ended import stand_down


async def _metrics(chat: Chat) -> str:
    async with ClientSession() as web, web.get(f"{chat.bot.url}/metrics") as response:
        assert response.status == 200
        return await response.text()


@pytest.mark.doors
async def test_messages_for_each_person_are_measured_by_kind_and_nobody_is_named(chat: Chat) -> None:
    assert 'cityops_messages_per_person_24h{kind="page",quantile="1"} 0.0' in await _metrics(chat)
    await chat.person("olga").says("/crisis activate Water main burst; level 2")
    await chat.person("maria").says("/city away from today to friday deputy @tom")
    await chat.bot.pass_time(minutes=5)  # who has not answered is paged again, and asked again to confirm it
    told = await _metrics(chat)
    lines = [line for line in told.splitlines() if line.startswith("cityops_messages_per_person_24h")]
    for kind, share, count in (("page", "1", 4), ("prompt", "0.5", 0), ("prompt", "1", 1), ("digest", "1", 0)):
        assert f'cityops_messages_per_person_24h{{kind="{kind}",quantile="{share}"}} {count:.1f}' in lines
    for name in (
        *(await chat.bot.read(lambda store: [person.name for person in store.chat.people.everybody()])),
        "tom",
        "olga",
    ):
        assert name not in told
    await stand_down(chat)
    await chat.bot.pass_time(hours=24, minutes=1)
    assert 'cityops_messages_per_person_24h{kind="page",quantile="1"} 0.0' in await _metrics(chat)

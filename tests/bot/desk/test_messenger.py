"""The desk's messenger: what it does when delivery asks it to."""

import asyncio
from typing import Any

import pytest

from bot.desk.app import DeskDoor
from bot.desk.hub import WAITING, Closed, Hub, News, ReadAgain
from bot.post import Gone, Messenger, Outgoing, Refused, Sent
from handlers.kit.messages import Card, Text
from storage.chat.desk import DeskMessage
from tests.chat.bot import MONDAY
from tests.chat.desk import DeskChat, messages


@pytest.fixture
async def messenger(desk_chat: DeskChat) -> Messenger:
    [door] = desk_chat.bot.application.doors
    assert isinstance(door, DeskDoor)
    return door.messenger


HELLO = Card("Hello", Text("there"))


def row(kind: str = "post", card: Card | None = HELLO, **more: Any) -> Outgoing:
    own: dict[str, Any] = {"key": "k1", "payload": {}, "channel": "ops", **more}
    return Outgoing(kind=kind, card=card, **own)


async def titles(chat: DeskChat, channel: str, person: str = "tom") -> list[str]:
    return [message.title for message in await messages(chat.web, chat.bot, person, channel)]


async def test_a_post_hangs_once_however_often_it_is_sent(messenger: Messenger, desk_chat: DeskChat) -> None:
    first = await messenger.post(row())
    assert first == await messenger.post(row(again=True))
    assert await titles(desk_chat, "ops") == ["Hello"]


async def test_an_update_takes_the_place_of_a_post(messenger: Messenger, desk_chat: DeskChat) -> None:
    sent = await messenger.post(row())
    assert isinstance(sent, Sent)
    assert await messenger.update(row("update", Card("Bye"), remote_id=sent.remote_id)) == sent
    assert await titles(desk_chat, "ops") == ["Bye"]


@pytest.mark.parametrize("remote_id", ["99", "x", None])
async def test_what_does_not_hang_cannot_be_updated(messenger: Messenger, remote_id: str | None) -> None:
    assert isinstance(await messenger.update(row("update", remote_id=remote_id)), Refused)


async def test_a_late_answer_goes_to_the_person_unless_it_is_for_the_room(
    messenger: Messenger, desk_chat: DeskChat
) -> None:
    payload = {"channel": "ops", "person": "tom", "replaces": False}
    await messenger.act(row("answer", Card("For Tom"), payload=payload, channel=None))
    await messenger.act(row("answer", Card("For all", audience="room"), payload=payload, channel=None, key="k2"))
    assert await titles(desk_chat, "dm:tom") == ["For Tom"]
    assert await titles(desk_chat, "ops") == ["For all"]


async def test_a_made_place_is_a_channel_for_those_who_see_the_crisis_place(
    messenger: Messenger, desk_chat: DeskChat
) -> None:
    payload = {"place": "crisis:CR-2026-01", "name": "crisis", "fallback": "crisis", "invite": []}
    assert await messenger.act(row("make_place", None, payload=payload)) == Sent("crisis:CR-2026-01")
    await messenger.post(row(channel="crisis:CR-2026-01"))
    assert await titles(desk_chat, "crisis:CR-2026-01") == ["Hello"]
    for person, count in (("tom", 1), ("sam", 0)):
        async with desk_chat.web.get(f"{desk_chat.bot.url}/?as={person}") as response:
            assert (await response.text()).count("#crisis-cr-2026-01") == count


@pytest.mark.parametrize("kind", ["pin", "invite"])
async def test_what_a_channel_of_the_desk_has_no_need_of_is_settled(messenger: Messenger, kind: str) -> None:
    assert await messenger.act(row(kind, channel="ops")) == Sent("ops")


async def test_a_look_back_knows_whether_a_post_hangs(messenger: Messenger) -> None:
    assert await messenger.look_back(row()) == Gone()
    assert await messenger.post(row()) == await messenger.look_back(row())


async def test_an_act_the_desk_does_not_know_is_refused(messenger: Messenger) -> None:
    assert isinstance(await messenger.act(row("paint")), Refused)


async def test_a_window_that_is_far_behind_is_told_to_read_again() -> None:
    hub = Hub()
    news = News(DeskMessage(1, "ops", None, "{}", False, MONDAY, None), edited=False)
    with hub.listening() as slow:
        for _ in range(WAITING + 1):
            hub.tell(news)
        assert [slow.get_nowait() for _ in range(slow.qsize())] == [ReadAgain()]
        hub.tell(news)
        hub.tell(Closed())
        assert await asyncio.wait_for(slow.get(), 1) == Closed()
    assert hub.listeners == set()

"""Rooms: a toy feature that makes a room for a matter at every door, and hears what becomes of messages in it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import handlers
from handlers.kit.catalogue import catalogue
from handlers.kit.registry import load
from tests.chat.door import Chat
from tests.chat.seen import Seen
from tests.chat.slack import SlackChat
from tests.chat.teams import TeamsChat

ROOM = "crisis:T-1"
TOY = '''"""Toy: a room, and what is kept of the messages in it."""

from handlers.kit.context import Context, Request
from handlers.kit.forms import Form, ask
from handlers.kit.messages import Card, Text
from handlers.kit.contributions import on_message_changed
from handlers.kit.registry import command

ROOM = "crisis:T-1"


class Kept(Form):
    text: str = ask("What was said?", long=True)


@command("toy open", needs="help")
def open_room(request: Request) -> Card:
    """Open a room."""
    request.make_place(ROOM, name="toy T-1", topic="All about pumps", fallback="crisis", invite=("tom", "maria"))
    request.post(ROOM, Card("All about pumps"), ref="toy")
    request.post(ROOM, Card("Who is there?"))
    request.pin("toy", ROOM)
    request.audit("toy")
    return Card("Opened")


@command("toy change", needs="help")
def change_first(request: Request) -> Card:
    """Change what the room began with."""
    request.refresh("toy", Card("All about pumps and weirs"))
    return Card("Changed")


@command("toy keep", asks=Kept, needs="help", from_message="Keep in the room")
def keep(request: Request, form: Kept) -> Card:
    """Keep a message."""
    request.post(ROOM, Card("Kept", Text(form.text)), ref=f"kept {request.message_key}")
    request.audit("toy", key=request.message_key)
    return Card("Kept", Text(f"under {request.message_key}"))


@on_message_changed("toy")
def hear(context: Context, key: str, text: str | None) -> None:
    """Show what a message that was kept says now."""
    if context.store.chat.posts.known([f"kept {key}"]):
        became = "It was deleted." if text is None else f"It says now: {text}"
        context.refresh(f"kept {key}", Card("Kept", Text(became)))
        context.audit("toy", deleted=text is None)
'''


@pytest.fixture(autouse=True)
def toy(tmp_path: Path) -> Iterator[None]:
    """The file of the toy, found like every other feature."""
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "toy.py").write_text(TOY)
    handlers.__path__.append(str(folder))
    load(handlers)
    yield
    handlers.__path__.remove(str(folder))
    for name in ("toy open", "toy change", "toy keep"):
        del catalogue.commands[name]
    del sys.modules["handlers.toy"], catalogue.on_message_changed["toy"]


@pytest.mark.parity("Have a room for one matter")
async def test_a_room_is_made_and_filled_and_its_first_card_changes_in_its_place(chat: Chat) -> None:
    tom = chat.person("tom")
    await tom.says("/city toy open")
    assert [card.title for card in await chat.place(ROOM)] == ["All about pumps", "Who is there?"]
    assert await chat.place("crisis") == [] or chat.name == "teams"
    await tom.says("/city toy change")
    assert [card.title for card in await chat.place(ROOM)] == ["All about pumps and weirs", "Who is there?"]


async def test_in_slack_it_is_a_channel_with_people_topic_and_pin(either_slack_chat: SlackChat) -> None:
    await either_slack_chat.person("tom").says("/city toy open")
    [first, _] = await either_slack_chat.place(ROOM)
    slack = either_slack_chat.slack
    channel = slack.channel("toy-t-1")
    assert channel.topic == "All about pumps"
    assert channel.pins == [first.raw.ts]
    assert {slack.user("tom").id, slack.user("maria").id} < set(channel.members)


async def test_in_teams_it_is_a_thread_in_the_standing_channel(teams_chat: TeamsChat) -> None:
    await teams_chat.person("tom").says("/city toy open")
    first, second = [message.raw for message in await teams_chat.place("crisis")]
    assert (first.thread, second.thread) == (None, first.id)


async def test_with_the_standing_channel_nowhere_the_cards_wait_for_it_in_teams(teams_chat: TeamsChat) -> None:
    bot, tom = teams_chat.bot, teams_chat.person("tom")
    nowhere = ""  # as it is before somebody connects the channel
    await bot.application.runtime.write(
        lambda store: store.chat.places.bind("crisis", "teams", nowhere, bot.clock.now())
    )
    await tom.says("/city toy open")
    assert await teams_chat.place("crisis") == []
    await teams_chat.connects("crisis", channel="ops")
    await bot.pass_time(minutes=2)
    assert [card.title for card in await teams_chat.place("ops")][1:] == ["All about pumps", "Who is there?"]


@pytest.mark.parity("Keep a message that is posted in a room")
async def test_what_the_bot_has_said_in_a_room_is_kept_under_its_name_for_good(chat: Chat) -> None:
    tom = chat.person("tom")
    await tom.says("/city toy open")
    [first, _] = await chat.place(ROOM)
    form = await tom.chooses("Keep in the room", first)
    answer = await tom.fills(form)
    assert f"under {chat.name}:" in answer.text
    assert (await _last(chat)).title == "Kept"


@pytest.mark.parity("Have later changes of a kept message noted")
async def test_a_message_that_is_changed_and_deleted_is_followed(platform_chat: SlackChat | TeamsChat) -> None:
    tom, maria = platform_chat.person("tom"), platform_chat.person("maria")
    await tom.says("/city toy open")
    message = await maria.tells("Pumps run", place=ROOM)
    form = await tom.chooses("Keep in the room", message)
    await tom.fills(form)
    assert (await _last(platform_chat)).text.endswith("Pumps run")
    await maria.changes(message, "Pumps stand, ask @tom")
    assert (await _last(platform_chat)).text.endswith("It says now: Pumps stand, ask @Tom Okafor")
    await maria.delivered_again()
    await maria.changes(message, None)
    assert (await _last(platform_chat)).text.endswith("It was deleted.")


async def _last(chat: Chat) -> Seen:
    return (await chat.place(ROOM))[-1]

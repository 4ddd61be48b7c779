"""Changed and deleted messages in Teams: what a feature hears of them."""

import pytest

from handlers.kit.catalogue import catalogue
from handlers.kit.context import Context
from tests.bot.teams.conftest import House
from tests.wires.teams import FakeTeams, Message

Heard = list[tuple[str, str | None]]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """What the only feature that listens for changes has heard; it keeps something of every message."""
    heard: Heard = []

    def hear(context: Context, key: str, text: str | None) -> None:
        context.audit("toy", message=key)
        heard.append((key, text))

    monkeypatch.setattr(catalogue, "on_message_changed", {"toy": hear})
    return heard


async def told(house: House, text: str) -> Message:
    """What Sam has said to the bot in a channel."""
    reply = await house.person("sam").message(text, conversation="risks")
    assert reply.message is not None
    return reply.message


def key_of(message: Message) -> str:
    return f"teams:{message.conversation}/{message.id}"


async def test_a_feature_hears_the_new_words_the_end_and_the_return_of_a_message(
    house: House, teams: FakeTeams, heard: Heard
) -> None:
    message, sam = await told(house, "help"), house.person("sam")
    await sam.edit(message, "help <me> & you")
    await sam.delete(message)
    await sam.undelete(message)
    key = key_of(message)
    assert heard == [(key, "help <me> & you"), (key, None), (key, "help <me> & you")]
    assert teams.refusals == []


async def test_told_again_it_is_heard_once(house: House, teams: FakeTeams, heard: Heard) -> None:
    message, sam = await told(house, "help"), house.person("sam")
    reply = await sam.edit(message, "help me")
    assert reply is not None
    assert (await teams.redeliver(reply)).status in (200, 201)
    house.clock.pass_by(1)
    await sam.edit(message, "help")
    assert [text for _, text in heard] == ["help me", "help"]


async def test_who_is_named_stands_by_name_whether_the_bot_has_met_them_or_not(house: House, heard: Heard) -> None:
    message = await told(house, "help")
    await house.person("sam").edit(message, "help @olga")
    assert heard[-1] == (key_of(message), "help @Olga Brandt")


async def test_a_message_of_which_the_bot_was_not_told_changes_without_it(house: House, heard: Heard) -> None:
    sam = house.person("sam")
    message = sam.say("Pumps run", conversation="risks")
    assert await sam.edit(message, "Pumps stand") is None
    assert await sam.delete(message) is None
    assert heard == []


async def test_an_activity_that_names_no_message_is_let_be(house: House, teams: FakeTeams, heard: Heard) -> None:
    teams.install_for("sam")
    sam = house.person("sam")
    for kind in ("messageUpdate", "messageDelete"):
        assert (await sam.other(kind, id="", channelData={"eventType": "editMessage"})).status in (200, 403)
    assert (await sam.other("messageUpdate", text="x")).status == 200
    assert heard == []

"""The Teams messenger: what each answer and failure of the Connector means for a row of the outbox."""

from dataclasses import replace
from typing import Any

import pytest

from bot.post import Failed, Gone, Outgoing, Refused, Sent, Silence, Wait
from bot.teams.address import Address
from bot.teams.client import Client
from bot.teams.messenger import TeamsMessenger
from handlers.kit.inline import Mention
from handlers.kit.messages import Button, Buttons, Card, Text
from tests.bot.house import Clock
from tests.bot.teams.conftest import messenger_of
from tests.wires.teams import APP_ID, APP_PASSWORD, FakeTeams

CARD = Card("R-1 Dam gate stuck", Text("Score 20"))


def row(teams: FakeTeams, **more: Any) -> Outgoing:
    known: dict[str, Any] = {
        "key": "k1", "kind": "post", "card": CARD, "payload": {}, "channel": teams.conversation("risks").id,
    }  # fmt: skip
    return Outgoing(**{**known, **more})


def direct(teams: FakeTeams, name: str = "sam", **more: Any) -> Outgoing:
    user = teams.user(name)
    return row(teams, channel=str(Address("", teams.service_url, user.id)), account=user.aad, **more)


def answer(teams: FakeTeams, **payload: Any) -> Outgoing:
    asked = {
        "service_url": teams.service_url, "conversation": teams.conversation("risks").id, "private": False,
        "account": teams.user("sam").aad, "member": teams.user("sam").id, "message": "", **payload,
    }  # fmt: skip
    return row(teams, kind="answer", channel=None, payload=asked)


async def test_a_post_hangs_in_its_channel(teams: FakeTeams, messenger: TeamsMessenger) -> None:
    sent = await messenger.post(row(teams))
    [post] = teams.messages("risks")
    assert sent == Sent(teams.conversation("risks").id, post.id)
    assert post.summary == "R-1 Dam gate stuck"


async def test_a_personal_chat_is_made_when_it_is_first_needed(teams: FakeTeams, messenger: TeamsMessenger) -> None:
    sent = await messenger.post(direct(teams))
    assert isinstance(sent, Sent)
    address = Address(teams.personal("sam").id, teams.service_url, teams.user("sam").id)
    assert sent.channel == str(address)
    assert isinstance(await messenger.post(row(teams, channel=sent.channel)), Sent)
    assert [call.operation for call in teams.calls] == ["create", "send", "send"]


@pytest.mark.parametrize("operation", ["create", "send"])
async def test_what_teams_has_too_much_of_is_definitely_not_there(
    teams: FakeTeams, messenger: TeamsMessenger, operation: str
) -> None:
    teams.fail(operation, how="429")
    assert isinstance(await messenger.post(direct(teams)), Wait)
    assert teams.posts == []


async def test_too_many_posts_wait_as_long_as_teams_says(teams: FakeTeams, messenger: TeamsMessenger) -> None:
    teams.fail("send", how="429", retry_after=17)
    assert await messenger.post(row(teams)) == Wait("Teams asks to go slower", 17)


@pytest.mark.parametrize(
    "how", ["408", "412", "500", "502", "503", "504", "412_after", "500_after", "503_after", "drop", "lost_reply"]
)
async def test_what_nobody_can_know_is_silence_and_cannot_be_looked_up(
    teams: FakeTeams, messenger: TeamsMessenger, how: str
) -> None:
    teams.fail("send", how=how)
    assert isinstance(await messenger.post(row(teams)), Silence)
    assert isinstance(await messenger.look_back(row(teams)), Silence)


async def test_people_are_told_by_a_new_message_in_a_channel_and_by_nothing_else(
    teams: FakeTeams, messenger: TeamsMessenger
) -> None:
    handles, card = {"olga": teams.user("olga").aad}, Card("R-1", Text("Owner: ", Mention("olga", "Olga Brandt")))
    posted = await messenger.post(row(teams, card=card, handles=handles))
    assert isinstance(posted, Sent)
    chat = teams.install_for("sam").id
    await messenger.act(replace(answer(teams, conversation=chat, private=True), card=card, handles=handles))
    in_channel, private = teams.posts
    assert in_channel.card is not None
    assert private.card is not None
    assert in_channel.card["body"][-1]["text"] == "Owner: <at>Olga Brandt</at>"
    assert "entities" not in private.card["msteams"]
    await messenger.update(row(teams, card=card, handles=handles, remote_id=posted.remote_id))
    [changed] = teams.messages("risks")
    assert changed.edits
    assert changed.card is not None
    assert "entities" not in changed.card["msteams"]
    assert changed.shown == "R-1\nOwner: Olga Brandt"


async def test_a_post_without_an_answer_is_given_up_before_its_lease_ends(teams: FakeTeams, clock: Clock) -> None:
    client = Client(clock, teams.token_url, APP_ID, APP_PASSWORD, seconds=0.2)
    teams.fail("send", how="hang")
    assert isinstance(await messenger_of(client, teams).post(row(teams)), Silence)
    await client.close()


@pytest.mark.parametrize("how", ["412", "500", "503", "drop", "lost_reply"])
async def test_making_a_personal_chat_and_updating_are_simply_tried_again(
    teams: FakeTeams, messenger: TeamsMessenger, how: str
) -> None:
    teams.fail("create", how=how)
    assert isinstance(await messenger.post(direct(teams)), Failed)
    sent = await messenger.post(row(teams))
    assert isinstance(sent, Sent)
    teams.fail("update", how=how, times=1 if how.isdigit() else 2)  # aiohttp itself repeats a PUT that was cut off
    changed = row(teams, kind="update", remote_id=sent.remote_id, card=Card("R-1 closed"))
    assert isinstance(await messenger.update(changed), Failed)
    assert await messenger.look_back(changed) == Gone()
    assert await messenger.update(changed) == sent
    assert teams.messages("risks")[0].shown == "R-1 closed"


@pytest.mark.parametrize(
    "code",
    ["BotNotInConversationRoster", "ConversationBlockedByUser", "MessageWritesBlocked", "NotEnoughPermissions",
      "ForbiddenOperationException", "ConversationNotFound"],
)  # fmt: skip
async def test_a_refusal_says_what_somebody_has_to_do(teams: FakeTeams, messenger: TeamsMessenger, code: str) -> None:
    teams.fail("send", how=code)
    refused = await messenger.post(row(teams))
    assert isinstance(refused, Refused)
    assert ": " in refused.why
    assert refused.why.endswith(f"({code})")
    assert "person" not in refused.why  # it is a place that was written to


async def test_somebody_nobody_knows_and_somebody_who_left_are_refused(
    teams: FakeTeams, messenger: TeamsMessenger
) -> None:
    unmet = await messenger.post(row(teams, channel=None, email="rosa@riverton.example.org"))
    assert isinstance(unmet, Refused)
    assert "write hello" in unmet.why
    teams.removed.add(teams.user("sam").id)
    assert isinstance(await messenger.post(direct(teams)), Refused)


async def test_a_deleted_message_is_known_to_be_gone(teams: FakeTeams, messenger: TeamsMessenger) -> None:
    assert await messenger.update(row(teams, kind="update", remote_id="1")) == Gone()


async def test_what_teams_does_not_take_as_a_card_goes_as_all_of_its_words(
    teams: FakeTeams, messenger: TeamsMessenger
) -> None:
    long = Card("R-1 Dam gate stuck", Text("water " * 2_000))
    sent = await messenger.post(row(teams, card=long, as_text=True))
    assert isinstance(sent, Sent)
    [post] = teams.posts
    assert (post.card, post.text.count("water")) == (None, 2_000)
    await messenger.update(row(teams, kind="update", remote_id=sent.remote_id, card=Card("Closed"), as_text=True))
    assert (post.card, post.text) == (None, "Closed")


async def test_a_card_that_teams_does_not_take_becomes_words(teams: FakeTeams, messenger: TeamsMessenger) -> None:
    teams.fail("send", how="BadArgument")
    assert isinstance(await messenger.post(row(teams)), Sent)
    assert (teams.posts[0].text, teams.posts[0].card) == ("R-1 Dam gate stuck\n\nScore 20", None)


async def test_an_answer_stands_in_the_thread_when_it_is_for_all(teams: FakeTeams, messenger: TeamsMessenger) -> None:
    said = teams.put(teams.conversation("risks").id, teams.user("sam").id, text="hello")
    card = CARD.model_copy(update={"audience": "room"})
    there = f"{said.conversation};messageid={said.id}"
    assert isinstance(await messenger.act(replace(answer(teams, conversation=there), card=card)), Sent)
    assert teams.messages("risks")[-1].thread == said.id


async def test_a_thread_reads_what_everybody_may_know_of_an_answer_for_one(
    teams: FakeTeams, messenger: TeamsMessenger
) -> None:
    card = CARD.with_trace("R-1 logged by <at>All</at>")
    assert isinstance(await messenger.act(replace(answer(teams), card=card)), Sent)
    told = teams.messages("risks")[-1]
    assert told.shown == "R-1 logged by <at>All</at>. Open the answer"
    assert told.card is not None
    assert "entities" not in told.card["msteams"]


async def test_a_thread_that_cannot_be_told_of_its_answer_does_not_bring_it_twice(
    teams: FakeTeams, messenger: TeamsMessenger
) -> None:
    risks = teams.conversation("risks").id
    teams.fail("send", how="500", when=lambda args: args["conversation"] == risks)
    assert isinstance(await messenger.act(answer(teams)), Sent)
    assert len(teams.direct_messages("sam")) == 1


async def test_a_card_that_cannot_be_replaced_is_answered_below(teams: FakeTeams, messenger: TeamsMessenger) -> None:
    chat = teams.install_for("sam").id
    gone = answer(teams, conversation=chat, private=True, message="1", replaces=True)
    assert isinstance(await messenger.act(gone), Sent)
    assert len(teams.direct_messages("sam")) == 1


async def test_a_room_is_a_thread_that_its_first_card_begins(teams: FakeTeams, messenger: TeamsMessenger) -> None:
    room = await messenger.act(row(teams, kind="make_place", card=None))
    assert isinstance(room, Sent)
    first = await messenger.post(replace(row(teams, card=Card("First")), channel=room.channel))
    assert isinstance(first, Sent)
    second = await messenger.post(replace(row(teams, card=Card("Second")), channel=first.channel))
    assert isinstance(second, Sent)
    begun, reply = teams.posts
    assert (begun.thread, reply.thread) == (None, begun.id)
    await messenger.update(replace(row(teams, card=Card("First, changed")), channel=first.channel, remote_id=begun.id))
    assert "First, changed" in str(begun.card)


async def test_a_room_begins_in_words_where_teams_does_not_take_its_card(
    teams: FakeTeams, messenger: TeamsMessenger
) -> None:
    room = await messenger.act(row(teams, kind="make_place", card=None))
    assert isinstance(room, Sent)
    teams.fail("create", how="BadArgument")
    first = await messenger.post(replace(row(teams, card=Card("First", Text("Water"))), channel=room.channel))
    assert isinstance(first, Sent)
    [begun] = teams.posts
    assert begun.card is None
    assert "Water" in begun.text


@pytest.mark.parametrize("how", ["lost_reply", "500", "412_after", "503_after"])
async def test_whether_a_room_has_begun_nobody_can_know_when_the_answer_is_lost(
    teams: FakeTeams, messenger: TeamsMessenger, how: str
) -> None:
    room = await messenger.act(row(teams, kind="make_place", card=None))
    assert isinstance(room, Sent)
    teams.fail("create", how=how)
    first = replace(row(teams), channel=room.channel)
    assert isinstance(await messenger.post(first), Silence)
    assert isinstance(await messenger.look_back(first), Silence)


@pytest.mark.parametrize("kind", ["pin", "invite"])
async def test_what_teams_lets_no_bot_do_in_a_room_is_settled(
    teams: FakeTeams, messenger: TeamsMessenger, kind: str
) -> None:
    assert isinstance(await messenger.act(row(teams, kind=kind, card=None, remote_id="1")), Sent)
    assert teams.calls == []


async def test_a_room_waits_for_the_standing_channel(teams: FakeTeams, messenger: TeamsMessenger) -> None:
    waits = await messenger.act(replace(row(teams, kind="make_place", card=None), channel=None))
    assert isinstance(waits, Wait)
    assert "connect the standing one" in waits.why


async def test_other_acts_are_refused(teams: FakeTeams, messenger: TeamsMessenger) -> None:
    assert isinstance(await messenger.act(row(teams, kind="juggle")), Refused)


async def test_nothing_of_all_this_breaks_a_rule_of_teams(teams: FakeTeams, messenger: TeamsMessenger) -> None:
    card = Card("R-1", Text("x" * 90_000), Buttons(Button("Open", "risk.show", "R-1", confirm="Sure?")))
    await messenger.post(row(teams, card=card, again=True))
    await messenger.act(replace(answer(teams), card=card))
    assert teams.refusals == []
    assert len(teams.posts) == 3

"""The fake Teams' menu of messages: its entries come from the app's manifest, and reach the bot as Teams sends them."""

from typing import Any

import pytest

from tests.wires.teams import APP_ID, FakeTeams, Refused, TeamsPerson
from tests.wires.test_teams_wire import Api, at
from tests.wires.test_teams_wire_people import ASK, Bot, bot, dialog, maria, teams

__all__ = ["bot", "maria", "teams"]  # fixtures that are made there

LOG: dict[str, Any] = {
    "id": "log_risk", "type": "action", "title": "Log as risk", "context": ["message"], "fetchTask": True
}  # fmt: skip
FIND: dict[str, Any] = {"id": "find", "type": "query", "title": "Find a risk", "context": ["compose"]}


def manifest(*commands: dict[str, Any], bot_id: str = APP_ID) -> dict[str, Any]:
    return {"composeExtensions": [{"botId": bot_id, "commands": list(commands)}]}


async def test_an_entry_of_the_menu_opens_a_dialog_that_comes_back(
    teams: FakeTeams, maria: TeamsPerson, bot: Bot
) -> None:
    teams.upload(manifest(LOG, FIND))
    said = teams.person("Sam", bot.url).say("The dam leaks & groans\nbadly", conversation="risks")
    bot.answer = dialog(ASK)
    await maria.message_action("Log as risk", said)
    value = bot.last["value"]
    assert (bot.last["name"], value["commandId"]) == ("composeExtension/fetchTask", "log_risk")
    assert value["messagePayload"]["body"]["content"] == "<div>The dam leaks &amp; groans<br>badly</div>"
    assert value["messagePayload"]["from"]["user"]["id"] == teams.user("Sam").aad
    assert value["messagePayload"]["linkToMessage"].endswith(f"/{said.conversation}/{said.id}")
    assert "replyToId" not in bot.last
    bot.answer = None
    reply = await maria.submit_dialog({"note": "dam"})
    assert (bot.last["name"], bot.last["value"]["data"]["note"]) == ("composeExtension/submitAction", "dam")
    assert bot.last["value"]["messagePayload"]["id"] == said.id
    assert (reply.status, maria.dialog) == (200, None)
    assert teams.refusals == []


async def test_each_word_of_a_name_is_a_mention_and_pictures_and_cards_stand_in_the_text(
    teams: FakeTeams, maria: TeamsPerson, bot: Bot
) -> None:
    teams.upload(manifest(LOG))
    teams.add_user("Olga Brandt", "olga@riverton.example.org")
    bot.answer = dialog(ASK)
    await maria.message_action("Log as risk", maria.say("Ask @Olga Brandt", conversation="risks"))
    payload = bot.last["value"]["messagePayload"]
    assert payload["body"]["content"] == '<div>Ask <at id="0">Olga</at>&nbsp;<at id="1">Brandt</at></div>'
    assert [mention["mentionText"] for mention in payload["mentions"]] == ["Olga", "Brandt"]
    assert {mention["mentioned"]["user"]["id"] for mention in payload["mentions"]} == {teams.user("Olga Brandt").aad}
    files = [{"contentType": "image/png"}, {"contentType": "application/vnd.microsoft.card.adaptive", "content": ASK}]
    there = teams.conversation("risks").id
    await maria.message_action("Log as risk", teams.put(there, maria.id, attachments=files, via="person"))
    payload = bot.last["value"]["messagePayload"]
    assert '<img alt="image"' in payload["body"]["content"]
    assert payload["body"]["content"].endswith('<attachment id="1"></attachment></div>')
    [attached] = payload["attachments"]
    assert attached["content"].startswith('{"type": "AdaptiveCard"')


async def test_only_those_who_have_the_app_find_its_entries_in_a_menu(
    teams: FakeTeams, maria: TeamsPerson, bot: Bot
) -> None:
    said = maria.say("Hello", conversation="risks")
    with pytest.raises(AssertionError, match="no entry 'Log as risk'"):
        await maria.message_action("Log as risk", said)
    teams.upload(manifest(LOG))
    said.deleted = True
    with pytest.raises(AssertionError, match="has no menu"):
        await maria.message_action("Log as risk", said)
    teams.add_user("Tom", "tom@riverton.example.org")
    chat = teams.add_group("Friends", ["Tom", "Sam"], installed=False)
    tom = teams.person("Tom", bot.url)
    with pytest.raises(AssertionError, match="does not have the app"):
        await tom.message_action("Log as risk", tom.say("Hello", conversation=chat))
    assert bot.heard == []


async def test_a_chat_of_two_looks_like_the_bots_own_and_is_closed_to_it(
    teams: FakeTeams, maria: TeamsPerson, bot: Bot
) -> None:
    teams.upload(manifest(LOG))
    chat = teams.add_chat("Maria", "Sam")
    bot.answer = dialog(ASK)
    await maria.message_action("Log as risk", maria.say("Hello", conversation=chat))
    assert bot.last["conversation"]["conversationType"] == "personal"
    assert bot.last["conversation"]["id"] == chat != teams.personal("Maria").id
    api = Api(teams)
    await api.login()
    assert await api("GET", at(chat, "members", maria.id)) == (403, "BotNotInConversationRoster")


@pytest.mark.parametrize("answer", [None, {"task": {"type": "message", "value": "No."}}, {"composeExtension": {}}])
async def test_what_opens_no_dialog_is_refused(
    teams: FakeTeams, maria: TeamsPerson, bot: Bot, answer: dict[str, Any] | None
) -> None:
    teams.upload(manifest(LOG))
    bot.answer = answer
    await maria.message_action("Log as risk", maria.say("Hello", conversation="risks"))
    assert maria.dialog is None
    assert [refusal.operation for refusal in teams.refusals] == ["task"]


@pytest.mark.parametrize(
    "broken",
    [
        manifest(),
        manifest(LOG, LOG),
        manifest(*({**LOG, "id": f"log {number}"} for number in range(11))),
        manifest({**LOG, "title": "x" * 33}),
        manifest({**LOG, "title": ""}),
        manifest({**LOG, "description": "x" * 129}),
        manifest({**LOG, "id": "x" * 65}),
        manifest({**LOG, "type": "query"}),
        manifest({**LOG, "context": ["everywhere"]}),
        manifest({**LOG, "fetchTask": False}),
        manifest(LOG, bot_id="00000000-0000-0000-0000-000000000000"),
        {"composeExtensions": [*manifest(LOG)["composeExtensions"], *manifest(FIND)["composeExtensions"]]},
    ],
)
def test_an_app_with_a_broken_menu_is_not_taken(broken: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        FakeTeams().upload(broken)

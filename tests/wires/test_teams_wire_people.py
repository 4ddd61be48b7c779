"""The fake Teams' people: what they do reaches the bot as Teams sends it, and its answers change their screens."""

from collections.abc import AsyncIterator
from typing import Any

import jwt
import pytest
from aiohttp import web

from tests.wires.teams import APP_ID, TENANT, FakeTeams, Message, TeamsPerson, card_problems

CARD = "application/vnd.microsoft.card.adaptive"
TEXT = "application/vnd.microsoft.activity.message"


class Bot:
    """A bot that keeps what it is sent and answers what the test says."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.headers: list[Any] = []
        self.answer: Any = None
        self.url = ""

    async def hear(self, request: web.Request) -> web.Response:
        self.heard.append(await request.json())
        self.headers.append(request.headers)
        if self.answer is None:
            return web.Response(status=200 if self.last["type"] == "invoke" else 201)
        return web.json_response(self.answer)

    @property
    def last(self) -> dict[str, Any]:
        return self.heard[-1]


@pytest.fixture
async def teams() -> AsyncIterator[FakeTeams]:
    teams = FakeTeams()
    teams.add_user("Maria", "maria@riverton.example.org", installed=True)
    teams.add_user("Sam", "sam@riverton.example.org")
    teams.add_team("City", ["Maria", "Sam"], channels=["risks"])
    teams.add_group("Night shift", ["Maria", "Sam"])
    await teams.start()
    yield teams
    await teams.stop()


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    bot = Bot()
    app = web.Application()
    app.router.add_post("/api/messages", bot.hear)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    bot.url = "http://{}:{}".format(*runner.addresses[0][:2])
    yield bot
    await runner.cleanup()


@pytest.fixture
def maria(teams: FakeTeams, bot: Bot) -> TeamsPerson:
    return teams.person("Maria", bot.url)


def words(text: str) -> dict[str, Any]:
    return {"type": "TextBlock", "text": text, "wrap": True}


def card(*body: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "AdaptiveCard", "version": "1.5", "body": list(body), **more}


def shown(teams: FakeTeams, content: dict[str, Any], place: str = "risks") -> Message:
    """A message of the bot with a card."""
    return teams.put(teams.conversation(place).id, teams.bot, attachments=[{"contentType": CARD, "content": content}])


def dialog(content: dict[str, Any]) -> dict[str, Any]:
    value = {"title": "New risk", "width": "medium", "card": {"contentType": CARD, "content": content}}
    return {"task": {"type": "continue", "value": value}}


NOTE = {"type": "Input.Text", "id": "note", "label": "Note", "isRequired": True, "errorMessage": "Say something."}
ASK = card(words("A risk"), NOTE, actions=[{"type": "Action.Submit", "title": "Log", "data": {"form": "risk"}}])
SUBMIT = {"type": "Action.Submit", "title": "Done", "data": {"ref": "R-1"}}
CLOSE = {"type": "Action.Execute", "title": "Done", "verb": "close", "data": {"ref": "R-1"}, "fallback": SUBMIT}


async def test_requests_are_signed(maria: TeamsPerson, bot: Bot, teams: FakeTeams) -> None:
    reply = await maria.message("status & <more>")
    assert (reply.status, bot.last["text"]) == (201, "status &amp; &lt;more&gt;")
    token = bot.headers[-1]["Authorization"].removeprefix("Bearer ")
    key = jwt.PyJWK(teams.login.jwks()["keys"][0]).key
    claims = jwt.decode(token, key, algorithms=["RS256"], audience=APP_ID)
    assert claims["serviceurl"] == bot.last["serviceUrl"] == teams.service_url
    assert bot.last["conversation"]["conversationType"] == "personal"
    assert bot.last["channelData"]["tenant"]["id"] == TENANT
    assert bot.last["from"]["aadObjectId"] == teams.user("Maria").aad
    forged = await teams.raw_post(bot.url, reply.delivery.body, teams.authorization("wrong_key"))
    assert forged.status == 201, "this bot does not look"


async def test_mentions(maria: TeamsPerson, bot: Bot, teams: FakeTeams) -> None:
    first = await maria.message("status for @Sam", conversation="risks", nbsp=True)
    assert bot.last["text"] == "<at>OpsBot</at>&nbsp;status for <at>Sam</at>"
    assert [mention["mentioned"]["name"] for mention in bot.last["entities"] if mention["type"] == "mention"] == [
        "OpsBot",
        "Sam",
    ]
    assert first.message is not None
    await maria.message("and now?", thread=first.message)
    assert bot.last["conversation"]["id"] == f"{teams.conversation('risks').id};messageid={first.message.id}"
    await maria.message("hello", conversation="Night shift")
    assert bot.last["conversation"]["conversationType"] == "groupChat"
    maria.say("not for the bot", conversation="risks")
    assert len(bot.heard) == 3
    assert len(teams.seen_by("Sam")) == 4


async def test_strangers_and_repeats(teams: FakeTeams, bot: Bot) -> None:
    teams.add_user("Eve", "eve@elsewhere.example", tenant="eeeeeeee-0000-4000-8000-000000000002", installed=True)
    reply = await teams.person("Eve", bot.url).message("hello")
    assert bot.last["channelData"]["tenant"]["id"].startswith("eeee")
    await teams.redeliver(reply)
    assert bot.heard[1] == bot.heard[0]
    await teams.redeliver(reply, new_id=True)
    assert bot.last["id"] != bot.heard[0]["id"]


async def test_execute_changes_one_screen(teams: FakeTeams, maria: TeamsPerson, bot: Bot) -> None:
    message = shown(teams, card(words("Open"), actions=[CLOSE]))
    bot.answer = {"statusCode": 200, "type": CARD, "value": card(words("Done by you"))}
    await maria.press(message, title="Done")
    value = bot.last["value"]
    assert (value["action"]["verb"], value["action"]["data"], value["trigger"]) == ("close", {"ref": "R-1"}, "manual")
    assert bot.last["replyToId"] == message.id
    assert (maria.sees[-1].shown, teams.seen_by("Sam")[-1].shown) == ("Done by you", "Open\nDone")
    bot.answer = {"statusCode": 200, "type": TEXT, "value": "Closed already."}
    reply = await teams.person("Sam", bot.url).press(message, data={"ref": "R-1"})
    assert reply.notice is not None
    assert reply.notice.text == "Closed already."
    teams.change(message, attachments=[{"contentType": CARD, "content": card(words("Closed"))}])
    assert maria.sees[-1].shown == "Closed"
    assert not teams.refusals
    bot.answer = {"statusCode": 200, "type": CARD, "value": "text"}
    await teams.person("Sam", bot.url).press(message.edits[0], title="Done")
    assert teams.refusals[-1].error == "BadArgument"


async def test_submit_is_a_message(teams: FakeTeams, maria: TeamsPerson, bot: Bot) -> None:
    message = shown(teams, card({**NOTE, "maxLength": 9}, actions=[CLOSE]))
    with pytest.raises(AssertionError, match="Say something"):
        await maria.press(message, title="Done")
    await maria.press(message, title="Done", inputs={"Note": "all clear"}, old_client=True)
    assert (bot.last["type"], bot.last["value"]) == ("message", {"ref": "R-1", "note": "all clear"})
    assert "text" not in bot.last
    await maria.press(message, title="Done", inputs={"note": "x" * 50}, old_client=True, forged=True)
    assert len(bot.last["value"]["note"]) == 50
    assert bot.last["conversation"]["id"].endswith(f";messageid={message.id}")


async def test_dialogs(teams: FakeTeams, maria: TeamsPerson, bot: Bot) -> None:
    fetch = {"type": "Action.Submit", "title": "New", "data": {"form": "risk", "msteams": {"type": "task/fetch"}}}
    message = shown(teams, card(words("Risks"), actions=[fetch]))
    bot.answer = dialog(ASK)
    await maria.press(message, title="New")
    assert (bot.last["name"], bot.last["value"]["data"]["form"]) == ("task/fetch", "risk")
    assert maria.dialog is not None
    assert maria.dialog.shown == "A risk\nNote\nLog"
    with pytest.raises(AssertionError, match="Say something"):
        await maria.submit_dialog({"note": ""})
    bot.answer = dialog(card(words("Too short"), *ASK["body"], actions=ASK["actions"]))
    await maria.submit_dialog({"note": "x"})
    assert (bot.last["name"], bot.last["value"]["data"]) == ("task/submit", {"form": "risk", "note": "x"})
    assert maria.dialog.shown.startswith("Too short")
    bot.answer = {"task": {"type": "message", "value": "Logged."}}
    await maria.submit_dialog({"note": "river"})
    assert maria.notices == ["Logged."]
    assert not teams.refusals
    bot.answer = dialog(card(words("Hi"), actions=[CLOSE]))
    await maria.press(message, title="New")
    assert not maria.dialog
    assert "Action.Submit only" in str(teams.refusals[-1].detail)
    bot.answer = {"task": {"type": "message", "value": "Not now."}}
    await maria.press(message, title="New")
    assert teams.refusals[-1].error == "EmptyDialog"
    assert maria.notices == ["Logged."]


async def test_coming_and_going(teams: FakeTeams, maria: TeamsPerson, bot: Bot) -> None:
    await teams.install_in_team("City", bot.url)
    assert [activity["type"] for activity in bot.heard] == ["conversationUpdate", "installationUpdate"]
    assert bot.heard[0]["membersAdded"] == [{"id": teams.bot}]
    assert bot.heard[0]["channelData"]["team"]["name"] == "City"
    await maria.uninstall()
    assert bot.heard[2]["action"] == "remove"
    assert not teams.known_to_bot(maria.id)
    with pytest.raises(AssertionError, match="removed"):
        await maria.message("hello?")
    await maria.install()
    message = shown(teams, card(words("Hi")))
    await maria.react(message)
    assert (bot.last["type"], bot.last["replyToId"]) == ("messageReaction", message.id)
    await maria.other("somethingNew")
    assert bot.last["type"] == "somethingNew"
    assert not teams.refusals


@pytest.mark.parametrize(
    "broken",
    [
        card(NOTE, NOTE),
        card(),
        card({"type": "TextBlock"}),
        card({"type": "Input.Text", "label": "Note"}),
        card(words("Hi"), actions=[{"type": "Action.Execute", "title": "Go"}]),
        card(words("Hi"), actions=[{"type": "Action.Submit", "title": str(number)} for number in range(7)]),
        card(words("Hi <at>Sam</at>")),
        card(words("Hi"), msteams={"entities": [{"type": "mention", "text": "<at>Sam</at>", "mentioned": {}}]}),
        {"type": "AdaptiveCard", "body": [words("Hi")]},
    ],
)
def test_broken_cards(broken: dict[str, Any]) -> None:
    assert card_problems(broken)

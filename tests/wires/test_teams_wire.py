"""The fake Teams' services: they refuse what Teams refuses, fail when a test wants it, and sign as Microsoft does."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import jwt
import pytest
from aiohttp import ClientError, ClientSession, ClientTimeout
from botframework.connector.auth import ChannelValidation, JwtTokenValidation, SimpleCredentialProvider

from tests.wires.teams import APP_ID, APP_PASSWORD, FORGERIES, TENANT, FakeTeams

START = 1_700_000_000.0
SCOPE = "https://api.botframework.com/.default"
CARD = "application/vnd.microsoft.card.adaptive"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> float:
        return self.time


class Api:
    """The connector as a bot with a token calls it."""

    def __init__(self, teams: FakeTeams) -> None:
        self.teams = teams
        self.token = ""
        self.headers: dict[str, str] = {}

    async def login(self, **other: str) -> tuple[int, Any]:
        form = {"grant_type": "client_credentials", "client_id": APP_ID, "client_secret": APP_PASSWORD, "scope": SCOPE}
        async with ClientSession() as web, web.post(self.teams.token_url, data=form | other) as response:
            body: Any = await response.json()
            self.token = body.get("access_token", self.token)
            return response.status, body

    async def __call__(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        url, headers = self.teams.service_url + path, {"Authorization": f"Bearer {self.token}"}
        limit = ClientTimeout(total=1)
        async with ClientSession() as web, web.request(method, url, json=body, headers=headers, timeout=limit) as got:
            self.headers = dict(got.headers)
            text = await got.text()
            answer: Any = json.loads(text) if text else {}
            return got.status, answer["error"]["code"] if got.status >= 400 else answer

    async def send(self, conversation: str, **activity: Any) -> tuple[int, Any]:
        return await self("POST", at(conversation, "activities"), {"type": "message", **activity})


def at(conversation: str, *rest: str) -> str:
    return "/".join(["v3/conversations", quote(conversation, safe=""), *rest])


def card(*body: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "AdaptiveCard", "version": "1.5", "body": list(body), **more}


def words(text: str) -> dict[str, Any]:
    return {"type": "TextBlock", "text": text, "wrap": True}


def attached(content: dict[str, Any]) -> dict[str, Any]:
    return {"summary": "A card", "attachments": [{"contentType": CARD, "content": content}]}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def teams(clock: Clock) -> AsyncIterator[FakeTeams]:
    teams = FakeTeams(now=clock)
    teams.add_user("Maria", "maria@riverton.example.org")
    teams.add_user("Sam", "sam@riverton.example.org")
    teams.add_user("Ghost", "ghost@riverton.example.org")
    teams.add_team("City", ["Maria", "Sam"], channels=["risks"])
    await teams.start()
    yield teams
    await teams.stop()


@pytest.fixture
async def api(teams: FakeTeams) -> Api:
    api = Api(teams)
    await api.login()
    return api


def one_to_one(teams: FakeTeams, name: str, **other: Any) -> dict[str, Any]:
    bot = {"id": teams.bot, "name": "OpsBot"}
    return {"isGroup": False, "bot": bot, "members": [{"id": teams.user(name).id}], "tenantId": TENANT, **other}


@pytest.mark.parametrize(
    ("other", "status", "error"),
    [
        ({"client_secret": "guess"}, 401, "invalid_client"),
        ({"client_id": "someone"}, 400, "unauthorized_client"),
        ({"scope": "https://graph.microsoft.com/.default"}, 400, "invalid_scope"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
async def test_token_is_refused(teams: FakeTeams, other: dict[str, str], status: int, error: str) -> None:
    got, body = await Api(teams).login(**other)
    assert (got, body["error"]) == (status, error)
    assert teams.refusals[-1].error == error


async def test_connector_wants_a_token_that_has_not_ended(teams: FakeTeams, api: Api) -> None:
    assert (await api.send(teams.team("City").id, text="Hello"))[0] == 201
    teams.login.expire_tokens()
    assert (await api.send(teams.team("City").id, text="Hello"))[0] == 401
    assert not teams.refusals, "a token may end between two calls"
    api.token = "made-up"
    assert await api.send(teams.team("City").id, text="Hello") == (401, "Unauthorized")
    assert teams.refusals[-1].error == "Unauthorized"
    assert teams.login.fetches["token"] == 1


async def verified(teams: FakeTeams, how: str) -> bool:
    """What botbuilder itself makes of a token; it fetches keys with a blocking client, hence the thread."""
    header = teams.authorization(how).get("Authorization", "")
    ChannelValidation.open_id_metadata_endpoint = teams.openid_url

    def check() -> bool:
        about = SimpleCredentialProvider(APP_ID, APP_PASSWORD)
        look = JwtTokenValidation.validate_auth_header(header, about, "", "msteams", teams.service_url)
        try:
            return bool(asyncio.run(look).is_authenticated)
        except Exception:  # botbuilder raises those, and worse
            return False

    return await asyncio.to_thread(check)


async def test_botbuilder_believes_the_tokens(teams: FakeTeams) -> None:
    assert await verified(teams, "good")


@pytest.mark.parametrize("how", FORGERIES)
async def test_botbuilder_does_not_believe_forgeries(teams: FakeTeams, how: str) -> None:
    assert not await verified(teams, how)


async def test_keys_rotate(teams: FakeTeams) -> None:
    token = teams.authorization()["Authorization"].removeprefix("Bearer ")
    async with ClientSession() as web:
        about = await (await web.get(teams.openid_url)).json()
        before = await (await web.get(about["jwks_uri"])).json()
        teams.rotate_keys()
        after = await (await web.get(about["jwks_uri"])).json()
    key = next(jwk for jwk in before["keys"] if jwk["kid"] == jwt.get_unverified_header(token)["kid"])
    assert key["endorsements"] == ["msteams"]
    claims = jwt.decode(token, jwt.PyJWK(key).key, algorithms=["RS256"], audience=APP_ID, issuer=about["issuer"])
    assert claims["serviceurl"] == teams.service_url
    assert not {jwk["kid"] for jwk in before["keys"]} & {jwk["kid"] for jwk in after["keys"]}
    assert teams.login.fetches == {"openid": 1, "keys": 2}


async def test_one_to_one_needs_the_bot_to_be_known(teams: FakeTeams, api: Api) -> None:
    status, made = await api("POST", "v3/conversations", one_to_one(teams, "Maria"))
    assert status == 201
    assert (await api("POST", "v3/conversations", one_to_one(teams, "Maria")))[1] == made
    assert (await api.send(made["id"], text="Good morning"))[0] == 201
    assert [message.shown for message in teams.direct_messages("Maria")] == ["Good morning"]
    assert not teams.seen_by("Sam")
    for body, expected in [
        (one_to_one(teams, "Ghost"), (403, "BotNotInConversationRoster")),
        (one_to_one(teams, "Maria", members=[{"id": "maria@riverton.example.org"}]), (400, "BadArgument")),
        (one_to_one(teams, "Maria", tenantId=None), (400, "BadArgument")),
        (one_to_one(teams, "Maria", tenantId="elsewhere"), (403, "NotEnoughPermissions")),
        (one_to_one(teams, "Maria", isGroup=True), (400, "BadArgument")),
    ]:
        assert await api("POST", "v3/conversations", body) == expected
    teams.block("Maria")
    assert await api.send(made["id"], text="Still there?") == (403, "ConversationBlockedByUser")


async def test_threads_of_a_channel(teams: FakeTeams, api: Api) -> None:
    teams.pace = False
    risks = teams.conversation("risks").id
    first = {"channelData": {"channel": {"id": risks}}, "activity": {"type": "message", "text": "A risk"}}
    status, made = await api("POST", "v3/conversations", first)
    assert (status, made["id"]) == (201, f"{risks};messageid={made['activityId']}")
    await api.send(made["id"], text="In the thread")
    await api("POST", at(risks, "activities", made["activityId"]), {"type": "message", "text": "As a reply"})
    await api.send(risks, text="Another thread")
    assert [message.text for message in teams.messages(made["id"])] == ["A risk", "In the thread", "As a reply"]
    assert len(teams.posts) == len(teams.messages("risks")) == 4
    assert await api.send(f"{risks};messageid=1", text="Where?") == (404, "ConversationNotFound")
    assert await api.send("19:nowhere@thread.tacv2", text="Where?") == (404, "ConversationNotFound")
    teams.team("City").archived = True
    assert await api.send(risks, text="Too late") == (403, "MessageWritesBlocked")
    teams.team("City").installed = False
    assert await api.send(risks, text="Too late") == (403, "BotNotInConversationRoster")
    teams.disabled = True
    assert await api.send(risks, text="Too late") == (403, "BotDisabledByAdmin")
    assert not teams.refusals, "all of that can happen to a correct bot"


async def test_updates_and_deletes(teams: FakeTeams, api: Api) -> None:
    risks = teams.conversation("risks").id
    sent = (await api.send(risks, text="One"))[1]["id"]
    assert await api("PUT", at(risks, "activities", sent), {"type": "message", "text": "Two"}) == (200, {"id": sent})
    message = teams.messages("risks")[0]
    assert (message.text, [edit.text for edit in message.edits]) == ("Two", ["One"])
    assert await api("DELETE", at(risks, "activities", sent)) == (200, {})
    assert not teams.messages("risks")
    again = await api("PUT", at(risks, "activities", sent), {"type": "message", "text": "Three"})
    assert again == (404, "ActivityNotFoundInConversation")
    theirs = teams.put(risks, teams.user("Sam").id, text="Mine").id
    assert await api("DELETE", at(risks, "activities", theirs)) == (403, "NotEnoughPermissions")


async def test_messages_teams_does_not_take(teams: FakeTeams, api: Api) -> None:
    risks = teams.conversation("risks").id
    assert await api.send(risks) == (400, "BadArgument")
    assert (await api.send(risks, text="x" * 49_900))[0] == 201
    assert await api.send(risks, text="x" * 50_000) == (413, "MessageSizeTooBig")
    assert await api.send(risks, **attached(card(words("Hi"), version="1.6"))) == (400, "BadArgument")
    assert await api.send(risks, **attached(card({"type": "Carousel"}))) == (400, "BadArgument")
    picture = {"type": "Image", "altText": "A chart", "url": "data:image/png;base64," + "A" * 200_000}
    assert (await api.send(risks, **attached(card(picture))))[0] == 201
    before = len(teams.posts)
    status, made = await api.send(risks, text="Both", **attached(card(words("at once"))))
    assert (status, len(teams.posts) - before, teams.refusals[-1].error) == (201, 2, "SplitInTwo")
    lost = await api("PUT", at(risks, "activities", made["id"]), {"type": "message", "text": "Which?"})
    assert lost == (404, "ActivityNotFoundInConversation")


async def test_rosters_come_in_pages(teams: FakeTeams, api: Api) -> None:
    crowd = [teams.add_user(f"Person {number}", f"p{number}@riverton.example.org") for number in range(60)]
    team = teams.add_team("Crowd", crowd)
    status, page = await api("GET", at(team, "pagedmembers?pageSize=50"))
    assert (status, len(page["members"])) == (200, 50)
    rest = (await api("GET", at(team, f"pagedmembers?continuationToken={page['continuationToken']}")))[1]
    assert (len(rest["members"]), "continuationToken" in rest) == (10, False)
    found = (await api("GET", at(team, "members", quote("p7@riverton.example.org"))))[1]
    assert found["aadObjectId"] == teams.user("Person 7").aad
    assert await api("GET", at(team, "members", "29:nobody")) == (404, "MemberNotFoundInConversation")
    home = quote(teams.team("City").id, safe="")
    assert (await api("GET", f"v3/teams/{home}"))[1]["name"] == "City"
    names = [channel["name"] for channel in (await api("GET", f"v3/teams/{home}/conversations"))[1]["conversations"]]
    assert names == [None, "risks"]


async def test_pace(teams: FakeTeams, api: Api, clock: Clock) -> None:
    risks, general = teams.conversation("risks").id, teams.team("City").id
    assert [(await api.send(risks, text="x"))[0] for _ in range(8)] == [201] * 7 + [429]
    assert api.headers["Retry-After"] == "1"
    assert (await api.send(general, text="x"))[0] == 201
    clock.time += 1
    assert [(await api.send(risks, text="x"))[0] for _ in range(2)] == [201, 429]
    teams.pace = False
    assert (await api.send(risks, text="x"))[0] == 201
    assert not teams.refusals


@pytest.mark.parametrize(("how", "shown"), [("drop", 0), ("lost_reply", 1), ("BadArgument", 0)])
async def test_faults_cut_or_refuse(teams: FakeTeams, api: Api, how: str, shown: int) -> None:
    teams.fail("post", how=how)
    risks = teams.conversation("risks").id
    if how == "BadArgument":
        assert await api.send(risks, text="x") == (400, "BadArgument")
    else:
        with pytest.raises(ClientError):
            await api.send(risks, text="x")
    assert len(teams.messages("risks")) == shown
    assert (await api.send(risks, text="y"))[0] == 201


@pytest.mark.parametrize(("how", "status", "shown"), [("412", 412, 0), ("503", 503, 0), ("500_after", 500, 1)])
async def test_faults_with_a_status(teams: FakeTeams, api: Api, how: str, status: int, shown: int) -> None:
    teams.fail("send", how=how)
    assert (await api.send(teams.conversation("risks").id, text="x"))[0] == status
    assert len(teams.messages("risks")) == shown


async def test_hanging_and_down(teams: FakeTeams, api: Api) -> None:
    risks = teams.conversation("risks").id
    teams.fail("send", how="hang")
    hanging = asyncio.create_task(api.send(risks, text="x"))
    await teams.until(lambda: teams.posts)
    teams.release()
    with pytest.raises(ClientError):
        await hanging
    teams.down = True
    with pytest.raises(ClientError):
        await api.login()

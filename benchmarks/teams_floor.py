"""Teams floor: the least that taking a message from Teams can cost: the check of its token, botbuilder's dispatch, and,
where it is to last, one sqlite3 transaction of as many rows."""

import json

import jwt
from aiohttp import web
from botbuilder.core import ActivityHandler, BotAdapter, TurnContext
from botbuilder.schema import Activity, ConversationReference, ResourceResponse

from benchmarks.rows import Rows
from benchmarks.slack_requests import Signed
from tests.wires.teams import APP_ID
from tests.wires.teams.login import ISSUER, rsa_key


class TeamsFloor:
    """PyJWT, botbuilder and sqlite3, without any code of ours; nothing is kept where ``rows`` is None."""

    def __init__(self, rows: Rows | None) -> None:
        self.adapter, self.handler = _Adapter(), _Handler(rows)
        self.keys = {f"kid-{number}": rsa_key(number).public_key() for number in range(1, 4)}  # as tests/wires signs

    def receive(self, request: Signed) -> Signed:
        return request

    async def answer(self, request: Signed) -> int:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        key = self.keys[jwt.get_unverified_header(token)["kid"]]
        jwt.decode(token, key, algorithms=["RS256"], audience=APP_ID, issuer=ISSUER)
        activity = Activity().deserialize(json.loads(request.body))
        await self.adapter.run_pipeline(TurnContext(self.adapter, activity), self.handler.on_turn)
        return web.Response().status


class _Handler(ActivityHandler):  # type: ignore[misc]  # botbuilder has no types
    def __init__(self, rows: Rows | None) -> None:
        self.rows = rows

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        if self.rows:
            self.rows.commit(turn_context.activity.id, turn_context.activity.text)


class _Adapter(BotAdapter):  # type: ignore[misc]  # botbuilder has no types
    """One that sends nothing."""

    async def send_activities(self, context: TurnContext, activities: list[Activity]) -> list[ResourceResponse]:
        raise NotImplementedError

    async def update_activity(self, context: TurnContext, activity: Activity) -> None:
        raise NotImplementedError

    async def delete_activity(self, context: TurnContext, reference: ConversationReference) -> None:
        raise NotImplementedError

"""Floor: the least that an answer to Slack can cost: bolt's dispatch with signature check, and, where it is to last,
one sqlite3 transaction of as many rows, in WAL mode with synchronous=FULL."""

from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest

from benchmarks.rows import Rows
from benchmarks.slack_requests import SECRET, Signed


class Floor:
    """bolt and sqlite3, without any code of ours; nothing is kept where ``rows`` is None."""

    def __init__(self, rows: Rows | None) -> None:
        self.rows = rows
        self.app = AsyncApp(signing_secret=SECRET, process_before_response=True, authorize=_authorize)
        self.app.command("/risk")(self._answer)

    async def _answer(self, ack, command) -> None:  # type: ignore[no-untyped-def]  # bolt passes by name
        if self.rows:
            self.rows.commit(command["trigger_id"], command["text"])
        await ack({"response_type": "ephemeral", "text": "Logged"})

    def receive(self, request: Signed) -> Signed:
        """The request as it is: bolt parses it."""
        return request

    async def answer(self, request: Signed) -> int:
        """Answer one request; gives the HTTP status."""
        parsed = AsyncBoltRequest(body=request.body.decode(), headers={**request.headers})
        return (await to_aiohttp_response(await self.app.async_dispatch(parsed))).status


async def _authorize() -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=None,
        team_id="T0CITY",
        bot_token="xoxb-test",
        bot_id="B1",
        bot_user_id="U1",
    )

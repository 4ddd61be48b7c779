"""Floor: the least that a durable answer to Slack can cost: bolt's dispatch with signature check, and one sqlite3
transaction of as many rows, in WAL mode with synchronous=FULL."""

import sqlite3
from pathlib import Path

from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest

from benchmarks.slack_requests import SECRET, Signed

ROWS = 4  # what one `/risk add` writes: the counter, the risk, the audit row, the inbox key


class Floor:
    """bolt and sqlite3, without any code of ours."""

    def __init__(self, folder: Path) -> None:
        self.database = sqlite3.connect(folder / "floor.db", isolation_level=None)
        for line in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "CREATE TABLE rows (at TEXT, what TEXT)"):
            self.database.execute(line)
        self.app = AsyncApp(signing_secret=SECRET, process_before_response=True, authorize=_authorize)
        self.app.command("/risk")(self._answer)

    async def _answer(self, ack, command) -> None:  # type: ignore[no-untyped-def]  # bolt passes by name
        self.database.execute("BEGIN IMMEDIATE")
        for _ in range(ROWS):
            self.database.execute("INSERT INTO rows VALUES (?, ?)", (command["trigger_id"], command["text"]))
        self.database.execute("COMMIT")
        await ack({"response_type": "ephemeral", "text": "Logged"})

    def receive(self, request: Signed) -> Signed:
        """The request as it is: bolt parses it."""
        return request

    async def answer(self, request: Signed) -> int:
        """Answer one request; gives the HTTP status."""
        parsed = AsyncBoltRequest(body=request.body.decode(), headers={**request.headers})
        return (await to_aiohttp_response(await self.app.async_dispatch(parsed))).status

    def close(self) -> None:
        self.database.close()


async def _authorize() -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=None,
        team_id="T0CITY",
        bot_token="xoxb-test",
        bot_id="B1",
        bot_user_id="U1",
    )

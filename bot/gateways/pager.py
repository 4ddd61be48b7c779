"""Pager: a JSON webhook for any gateway that sends text messages or calls telephones."""

from collections.abc import Mapping
from typing import Any

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout, ConnectionTimeoutError
from pydantic import SecretStr

from bot.post import Outgoing, Refused, Result, Sent, Silence, Wait
from bot.retry_after import asked_to_wait
from handlers.kit.plain import plain

CONNECT, SECONDS = 5, 10  # for reaching it, for the whole call; a row's try has 12
LONGEST = 300  # seconds that a page waits at most because the gateway asks for it
UNSURE = (408, 425)  # it may have begun with it
CRISIS = "CR-"


class Pager:
    """Posts one object for each page; ``key`` stays the same when a page is sent again, so that the gateway notices."""

    pace = 0.0

    def __init__(self, url: str, token: SecretStr | None) -> None:
        self.url, self.token = url, token

    async def post(self, row: Outgoing) -> Result:
        headers = {"Idempotency-Key": row.key}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token.get_secret_value()}"
        try:
            async with (
                ClientSession(timeout=ClientTimeout(SECONDS, sock_connect=CONNECT), trust_env=False) as web,
                web.post(self.url, json=_page(row), headers=headers, allow_redirects=False) as said,
            ):
                return _result(said.status, said.headers)
        except (ClientConnectorError, ConnectionTimeoutError):
            return Wait("the pager gateway cannot be reached")  # nothing was sent
        except (ClientError, TimeoutError) as problem:
            return Silence(f"the pager gateway: {type(problem).__name__}")

    async def update(self, row: Outgoing) -> Result:
        return Refused("a page that was sent cannot be changed")

    async def act(self, row: Outgoing) -> Result:
        return Refused(f"a pager cannot do this: {row.kind}")

    async def look_back(self, row: Outgoing) -> Result:
        return Silence("a pager shows no history")


def _page(row: Outgoing) -> dict[str, Any]:
    assert row.card is not None, "a page without a card"
    to = {"id": row.payload["person"], "name": row.payload["name"], "phone": row.payload["phone"], "email": row.email}
    ref = (row.payload["about"] or "").partition(" ")[0]
    return {
        "key": row.key,
        "to": to,
        "title": row.card.title,
        "text": plain(row.card),
        "crisis": ref if ref.startswith(CRISIS) else None,
        "sent_again": row.again,
    }


def _result(status: int, headers: Mapping[str, str]) -> Result:
    if 200 <= status < 300:
        return Sent("pager")
    if status == 429:
        return asked_to_wait("the pager gateway asks to wait", headers, LONGEST)
    if 300 <= status < 500 and status not in UNSURE:
        return Refused(f"the pager gateway answered {status}")
    return Silence(f"the pager gateway answered {status}")

"""Gate: lets in what Slack itself has signed for us, about our own workspace."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import Clock, SignatureVerifier

from bot.slack.elements import Json
from bot.slack.shapes import is_whole
from bot.speaker import refusal

log = logging.getLogger("cityops.slack")
TIMESTAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"
DIGITS = 12  # of a timestamp; the verifier breaks on huge ones
FRESH = 300  # seconds that a signature is good for
INVALID = {"error": "invalid request"}
EXTERNAL: Json = {"response_type": "ephemeral", "replace_original": False, "text": refusal("slack", "external") or ""}


@dataclass(frozen=True)
class Identity:
    """Who the bot is in Slack, as auth.test says; ``workspace`` is the address under which messages are found."""

    team: str
    enterprise: str | None
    user: str
    bot: str | None
    workspace: str = ""


def text_of(body: bytes) -> str | None:
    """The body as text; None when it is not UTF-8, which Slack never sends."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def is_ssl_check(text: str) -> bool:
    """Whether Slack only looks at the certificate: such a request may be unsigned, and nothing is done."""
    return "ssl_check=1" in text.split("&")


class Stopped(Clock):
    """The time at which a request came; the library would ask the machine's clock, which may be wrong."""

    def __init__(self, stamp: float) -> None:
        self.stamp = stamp

    def now(self) -> float:
        return self.stamp


def is_signed(secret: str, headers: Mapping[str, str], text: str, stamp: float) -> bool:
    """Whether Slack signed this within five minutes of ``stamp``, in seconds since 1970.

    The library's verifier raises on what no honest sender sends, so that is checked first.
    """
    timestamp, signature = _timestamp(headers), headers.get(SIGNATURE, "")
    if not (timestamp and signature.isascii()):
        return False
    return bool(secret) and SignatureVerifier(secret, Stopped(stamp)).is_valid(text, timestamp, signature)


def out_of_time(secret: str, headers: Mapping[str, str], text: str, stamp: float) -> float | None:
    """By how many seconds ``stamp`` is after the time of a request that Slack has signed, but at another time than the
    five minutes around it; None for what it has not signed."""
    made = int(_timestamp(headers) or 0)
    return stamp - made if abs(stamp - made) > FRESH and is_signed(secret, headers, text, made) else None


def is_recent(headers: Mapping[str, str], stamp: float) -> bool:
    """Whether a request claims to be Slack's, of the five minutes around ``stamp``; it may still be signed wrongly."""
    timestamp = _timestamp(headers)
    claims = bool(timestamp) and headers.get(SIGNATURE, "").startswith("v0=")
    return claims and abs(int(timestamp) - stamp) <= FRESH


def _timestamp(headers: Mapping[str, str]) -> str:
    """When a request says that it was made, in seconds since 1970; empty for what no honest sender says."""
    timestamp = headers.get(TIMESTAMP, "")
    return timestamp if timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= DIGITS else ""


class OnlyOurs(AsyncMiddleware):
    """Refuses what cannot be read or is not about our own workspace; a class, for bolt calls a function more slowly."""

    def __init__(
        self, ask: Callable[[], Awaitable[Identity | None]], hear: Callable[[], None], say: Callable[[str, Json], None]
    ) -> None:
        self.ask, self.hear, self.say = ask, hear, say

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse | None:
        self.hear()
        if not is_whole(req.body):
            log.warning("something that Slack never sends was refused", extra={"kind": str(req.body.get("type"))[:40]})
            return BoltResponse(status=400, body=INVALID, headers={"X-Slack-No-Retry": "1"})
        if req.body.get("type") == "url_verification":
            return await next()
        identity = await self.ask()
        if identity is None:
            return BoltResponse(status=503, body={"error": "Slack has not said yet who this bot is"})
        if not is_ours(req.body, identity):
            log.warning("something of another workspace was refused")
            return self._turned_away(req.body)
        return await next()

    def _turned_away(self, body: Mapping[str, Any]) -> BoltResponse:
        """Somebody of another workspace reads whom the bot is for, where Slack gives a way to; nothing is kept."""
        if body.get("command"):
            return BoltResponse(status=200, body=EXTERNAL)
        if body.get("response_url"):
            self.say(str(body["response_url"]), EXTERNAL)
            return BoltResponse(status=200)
        return BoltResponse(status=403, body={"error": "another workspace"}, headers={"X-Slack-No-Retry": "1"})


def is_ours(body: Mapping[str, Any], identity: Identity) -> bool:
    """Whether the workspace is ours; in an Enterprise Grid any of its workspaces is. Somebody from elsewhere in a
    channel of ours is looked up like everybody else, and refused by what Slack says of them."""
    if identity.enterprise and _enterprise(body) == identity.enterprise:
        return True
    return _ours(_team(body), identity)


def _ours(team: str | None, identity: Identity) -> bool:
    return team is None or team in (identity.team, identity.enterprise)


def _team(body: Mapping[str, Any]) -> str:
    team = body.get("team")
    return str(body.get("team_id") or (team.get("id") if isinstance(team, dict) else team) or "")


def _enterprise(body: Mapping[str, Any]) -> str | None:
    enterprise = body.get("enterprise")
    grid = enterprise.get("id") if isinstance(enterprise, dict) else enterprise
    known = grid or body.get("enterprise_id") or body.get("context_enterprise_id")
    return str(known) if known else None

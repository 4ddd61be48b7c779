"""Gate: lets in what Slack itself has signed for us, about our own workspace."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.signature import SignatureVerifier

TIMESTAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"
DIGITS = 12  # of a timestamp; the verifier breaks on huge ones
INVALID = {"error": "invalid request"}


@dataclass(frozen=True)
class Identity:
    """Who the bot is in Slack, as auth.test says."""

    team: str
    enterprise: str | None
    user: str
    bot: str | None


def text_of(body: bytes) -> str | None:
    """The body as text; None when it is not UTF-8, which Slack never sends."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def is_ssl_check(text: str) -> bool:
    """Whether Slack only looks at the certificate: such a request may be unsigned, and nothing is done."""
    return "ssl_check=1" in text.split("&")


def is_signed(secret: str, headers: Mapping[str, str], text: str) -> bool:
    """Whether Slack signed this within the last five minutes.

    The library's verifier raises on what no honest sender sends, so that is looked at first.
    """
    timestamp, signature = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= DIGITS and signature.isascii()):
        return False
    return bool(secret) and SignatureVerifier(secret).is_valid(text, timestamp, signature)


def is_ours(body: Mapping[str, Any], identity: Identity) -> bool:
    """Whether workspace and person belong to us; in an Enterprise Grid any of its workspaces does."""
    if identity.enterprise and _enterprise(body) == identity.enterprise:
        return not body.get("is_ext_shared_channel") or _ours(_person_team(body), identity)
    return _ours(_team(body), identity) and _ours(_person_team(body), identity)


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


def _person_team(body: Mapping[str, Any]) -> str | None:
    """The workspace of whoever acted, where Slack names it."""
    event, user = body.get("event") or {}, body.get("user") or {}
    team = event.get("user_team") or event.get("team") or (user.get("team_id") if isinstance(user, dict) else None)
    return str(team) if team else None

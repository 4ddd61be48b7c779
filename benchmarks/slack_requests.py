"""Slack requests: signed slash commands, made before the clock runs."""

import hashlib
import hmac
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlencode

SECRET = "signing-secret"  # of the fake workspace
_numbers = count(1)


@dataclass(frozen=True)
class Signed:
    body: bytes
    headers: dict[str, str]


def risk_add(user: str, how_many: int) -> list[Signed]:
    """This many different ``/risk add`` in one line, each complete, low enough not to be announced."""
    lines = (f"add Server room floods {number}; likelihood 2; impact 3" for number in _take(how_many))
    return [signed(user, "/risk", line) for line in lines]


def _take(how_many: int) -> Iterator[int]:
    return (next(_numbers) for _ in range(how_many))


def signed(user: str, command: str, text: str, trigger: str | None = None) -> Signed:
    """One slash command, as Slack signs it."""
    number, now = next(_numbers), str(int(time.time()))
    form = {
        "team_id": "T0CITY",
        "team_domain": "riverton",
        "channel_id": "D1",
        "channel_name": "directmessage",
        "user_id": user,
        "user_name": "sam",
        "command": command,
        "text": text,
        "api_app_id": "A1",
        "is_enterprise_install": "false",
        "response_url": "http://127.0.0.1:9/hooks/1",
        "trigger_id": trigger or f"{number}.{number}.abc",
    }
    body = urlencode(form).encode()
    signature = hmac.new(SECRET.encode(), b"v0:" + now.encode() + b":" + body, hashlib.sha256).hexdigest()
    headers = {
        "X-Slack-Request-Timestamp": now,
        "X-Slack-Signature": f"v0={signature}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return Signed(body, headers)

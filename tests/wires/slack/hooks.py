"""Hooks: the response_url of a command or a button, good for five posts in thirty minutes."""

import secrets
from dataclasses import dataclass

from .chat import respond
from .methods import Slack
from .workspace import Json, Message, Refused

USES = 5
SECONDS = 30 * 60


@dataclass
class Hook:
    """Where a response_url speaks, for whom, and about which message."""

    channel: str
    user: str
    original: Message | None
    issued: float
    uses: int = 0


def new_hook(slack: Slack, hooks: dict[str, Hook], channel: str, user: str, original: Message | None = None) -> str:
    """A fresh response_url."""
    name = secrets.token_hex(12)
    hooks[name] = Hook(channel, user, original, slack.now())
    return slack.api_url.replace("/api/", f"/actions/{name}")


def use(slack: Slack, hook: Hook | None, said: Json) -> tuple[int, Json]:
    """Speak through a response_url; gives the HTTP status and body."""
    try:
        if hook is None or slack.now() - hook.issued > SECONDS:
            raise Refused("expired_url")
        if hook.uses >= USES:
            raise Refused("used_url")
        hook.uses += 1
        respond(slack, said, hook.channel, hook.user, hook.original, via="response_url")
    except Refused as no:
        slack.refuse("response_url", no.error, no.extra or dict(said))
        return 404 if no.error.endswith("_url") else 400, {"ok": False, "error": no.error, **no.extra}
    return 200, {"ok": True}

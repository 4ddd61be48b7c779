"""Client: the connection to Slack's Web API, and what its answers mean for a message."""

import logging
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers import Answers
from bot.post import Failed, Refused, Result, Silence, Wait
from bot.retry_after import asked_to_wait
from bot.slack.elements import Json

log = logging.getLogger("cityops.slack")
Unknown = type[Silence] | type[Failed] | type[Wait]
REQUEST_SECONDS = 10  # shorter than the lease of an outbox row
CREDENTIALS_SECONDS = 60  # how often a refused token is tried again; an admin has to act
PAUSES = (0.5, 1.0, 2.0, 3.0)  # seconds between tries while Slack reads pictures: minutes would pass a row's lease
KEEP_ALIVE = 15  # seconds; Slack's servers drop idle connections, and a dropped one looks like a lost answer

CREDENTIALS = frozenset({
    "not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type",
    "team_access_not_granted", "org_login_required", "two_factor_setup_required", "ekm_access_denied",
})  # fmt: skip
INSTALL = "install the app again and copy the new token from OAuth & Permissions"
REFUSED = {
    "account_inactive": f"the app was removed from the workspace, or its account switched off: {INSTALL}",
    "invalid_auth": "no such token: copy it again from OAuth & Permissions",
    "token_revoked": f"the token was revoked: {INSTALL}",
    "token_expired": f"the token has expired: {INSTALL}, with token rotation off",
}
OUR_BUG = frozenset({
    "invalid_blocks", "invalid_blocks_format", "msg_too_long", "msg_blocks_too_long", "no_text", "invalid_arguments",
    "invalid_attachments", "invalid_metadata_format", "metadata_too_large",
})  # fmt: skip
UNSURE = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
REASONS = {
    "channel_not_found": "the channel is gone, or it is private and the bot is not in it: /invite @cityops there",
    "is_archived": "the channel is archived: unarchive it, or connect the place to another channel with /city connect",
    "user_not_found": "Slack does not know this person",
    "users_not_found": "nobody in Slack has this person's e-mail address; fix it in people.toml",
    "user_disabled": "this person's Slack account is switched off",
    "not_in_channel": "invite the bot to the channel: /invite @cityops",
    "user_not_in_channel": "the person is not in the channel",
    "missing_scope": "the Slack app lacks the scope {needed}: add it under OAuth & Permissions and install it again",
    "messages_tab_disabled": "switch on the messages tab under App Home of the Slack app",
    "restricted_action": "the workspace's settings forbid it: let the app post or create channels there",
    "file_uploads_disabled": "the workspace allows no uploads",
}
NO_ACCOUNT = "has no Slack account with their e-mail address; fix it in people.toml, or ask them to join Slack"
SWITCHED_OFF = "has a Slack account that is switched off; switch it on in Slack, or take them out of people.toml"
OF_A_PERSON = {  # the same refusals in a direct conversation, said of the person
    "user_not_found": NO_ACCOUNT,
    "users_not_found": NO_ACCOUNT,
    "user_disabled": SWITCHED_OFF,
    "is_archived": SWITCHED_OFF,
    "channel_not_found": "has no conversation with cityops in Slack anymore; look whether their account still exists",
    "messages_tab_disabled": "cannot be written to; switch on the messages tab under App Home of the Slack app",
    "cannot_dm_bot": "has the e-mail address of a bot in Slack; fix it in people.toml",
}
OF_A_CHANNEL = {"channel_not_found": "gone", "is_archived": "archived", "not_in_channel": "not a member"}
OFF = ("user_not_found", "user_disabled", "is_archived")  # of an account that was known, in a direct conversation


@dataclass(frozen=True)
class Status:
    """What came back from an address that is not a method."""

    status: int
    headers: Mapping[str, str]


class WebClient(AsyncWebClient):
    """Slack's methods; what comes back and is no JSON object, as a proxy may say it, counts as an empty answer."""

    async def _request(self, **asked: Any) -> Json:
        try:
            answer: Json = await super()._request(**asked)
        except aiohttp.ClientError:
            raise
        except (ValueError, RecursionError) as problem:
            raise SlackApiError(f"it cannot be read ({type(problem).__name__})", None) from problem  # type: ignore[no-untyped-call]
        return answer if isinstance(answer["data"], dict) else {**answer, "data": {}}


class Ended(Exception):
    """Nothing more can be done for now; carries the result, Slack's name for what went wrong, and the status of the
    answer: 0 for one that nobody can read, None where none came."""

    def __init__(self, result: Result, code: str = "", status: int | None = None) -> None:
        super().__init__(repr(result))
        self.result, self.code, self.status = result, code, status

    @property
    def for_good(self) -> bool:
        """Whether Slack will never do it."""
        return isinstance(self.result, Refused)


class Client:
    """One bot token at one Slack; begun in the running loop and ended with it."""

    def __init__(
        self, token: str, api_url: str, seconds: float = REQUEST_SECONDS, answers: Answers | None = None
    ) -> None:
        self.seconds, self.traces = seconds, [answers.trace] if answers else []
        self.pauses: tuple[float, ...] = PAUSES
        self.refused_token = False  # so that a refused token is logged once, not with every message
        self.client = WebClient(token, base_url=api_url, retry_handlers=[], timeout=REQUEST_SECONDS)
        host = urlsplit(api_url).hostname or ""
        if host in ("127.0.0.1", "localhost", "::1") or proxy_bypass(host):
            self.client.proxy = None  # slack_sdk would use HTTPS_PROXY even for loopback

    @property
    def session(self) -> aiohttp.ClientSession:
        """The connection pool, made when it is first needed."""
        if self.client.session is None or self.client.session.closed:
            self.client.session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(keepalive_timeout=KEEP_ALIVE),
                timeout=aiohttp.ClientTimeout(total=self.seconds),
                trust_env=False,
                trace_configs=self.traces,
            )
        return self.client.session

    @property
    def api(self) -> AsyncWebClient:
        """Slack's methods. Never tried again by themselves: the outbox alone repeats."""
        assert self.session, "made here"
        return self.client

    async def close(self) -> None:
        if self.client.session is not None:
            await self.client.session.close()

    async def send(self, url: str, body: Json | bytes) -> Status:
        """POST to an address that Slack gave us: a response_url, or where a file goes."""
        content: Json = {"json": body} if isinstance(body, dict) else {"data": body}
        async with self.session.post(url, proxy=self.client.proxy, **content) as response:
            await response.read()
            return Status(response.status, dict(response.headers))

    async def done(self, doing: Awaitable[Any], unknown: Unknown = Failed) -> Json:
        """The answer to a call; raises Ended with what its failure means.

        ``unknown`` is what it means that nobody can say whether Slack did it: Failed for what may be done twice, Wait
        for a look.
        """
        return (await self.answer(doing, unknown))[0]

    async def answer(self, doing: Awaitable[Any], unknown: Unknown = Failed) -> tuple[Json, Mapping[str, str]]:
        """The same with the answer's headers."""
        try:
            answer = await doing
        except SlackApiError as problem:
            raise Ended(self.meaning(problem, unknown), code_of(problem), status_of(problem)) from problem
        except Exception as problem:
            raise Ended(unreached(problem, unknown)) from problem
        self.refused_token = False
        return dict(answer.data), answer.headers

    def meaning(self, problem: SlackApiError, unknown: Unknown = Failed) -> Result:
        """What an answer that is not "ok" means for the message."""
        code, status = code_of(problem), status_of(problem)
        if status == 429 or code in ("ratelimited", "rate_limited"):
            return asked_to_wait("Slack asks to go slower", getattr(problem.response, "headers", {}))
        if code in CREDENTIALS:
            self._log_token(code)
            return Wait(f"Slack refuses the bot token ({code})", CREDENTIALS_SECONDS, until_mended=True)
        if status >= 500 or not code or code in UNSURE:
            return unknown(f"Slack answered {code or status or 'what cannot be read'}")
        return Refused(
            reason(code, problem),
            OF_A_PERSON.get(code),
            off=code in OFF,
            closed=OF_A_CHANNEL.get(code),
            unfit=code in OUR_BUG,
        )

    def _log_token(self, code: str) -> None:
        if not self.refused_token:
            log.error(
                "Slack refuses SLACK_BOT_TOKEN (%s): %s; messages wait until then",
                code,
                REFUSED.get(code, INSTALL),
            )
        self.refused_token = True


def unreached(problem: Exception, unknown: Unknown = Failed) -> Result:
    """What it means that no answer came."""
    if isinstance(problem, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return Wait("Slack cannot be reached")  # nothing was sent
    if isinstance(problem, aiohttp.ClientError | TimeoutError | OSError):
        return unknown(f"Slack did not answer ({type(problem).__name__})")
    raise problem


def is_about_a_file(ended: Ended) -> bool:
    """Whether Slack does not take a message because of a file in it, which may not be read yet."""
    said = getattr(getattr(ended.__cause__, "response", None), "data", None)
    return ended.code == "invalid_blocks" and "slack file" in str(said)


def code_of(problem: SlackApiError) -> str:
    """Slack's name for what went wrong; empty when the answer was not Slack's own."""
    data = getattr(problem.response, "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else ""


def status_of(problem: SlackApiError) -> int:
    response = problem.response
    return int(getattr(response, "status_code", None) or getattr(response, "status", 0) or 0)


def reason(code: str, problem: SlackApiError | None = None) -> str:
    """Why it cannot be done, and what an admin does about it."""
    data = getattr(problem.response, "data", {}) if problem else {}
    known = REASONS.get(code) or (REASONS["restricted_action"] if code.startswith("restricted_action") else "")
    return f"{known.format(needed=data.get('needed', '?'))} ({code})" if known else f"Slack refuses it: {code}"

"""Client: the connection to the Bot Connector, the bot's own token, and what answers mean for a message."""

import asyncio
import logging
from collections.abc import Mapping
from urllib.parse import quote, urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp

from bot.answers import Answers
from bot.clock import Clock
from bot.post import Failed, Refused, Result, Silence, Wait
from bot.retry_after import asked_to_wait
from bot.setting_rules import LOOPBACK
from bot.settings import Settings
from bot.teams.elements import Json

log = logging.getLogger("cityops.teams")
Unknown = type[Silence] | type[Failed]
REQUEST_SECONDS = 10  # shorter than the lease of an outbox row
KEEP_ALIVE = 15  # seconds; a connection the other side has dropped looks like a lost answer
CONNECTIONS = 50  # the app may ask 50 times a second in one tenant (rate limits of Teams)
EARLY = 300.0  # seconds before its end, a token is fetched again
TOKEN_URL = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"  # noqa: S105  # an address
SCOPE = "https://api.botframework.com/.default"
CREDENTIALS_SECONDS = 60  # how often refused credentials are tried again; an admin has to act
# Teams' own guidance calls these "try again", but it may have shown the message all the same (measured: 5 of 5).
UNSURE = (408, 412, 425)
OUR_BUG = (400, 413)

NOT_THERE = "the bot is not in this conversation: install cityops there in Teams, or ask an admin to"
REASONS = {
    "BotNotInConversationRoster": NOT_THERE,
    "ConversationBlockedByUser": "the bot is blocked there: unblock cityops in Teams, under its name",
    "MessageWritesBlocked": "nothing may be written there: restore the team or channel if it is archived, else install "
    "cityops there again, or connect the place to another channel with city connect",
    "NotEnoughPermissions": "the bot may not write here: an admin must allow cityops in the Teams admin center",
    "ForbiddenOperationException": "Teams forbids it there: install cityops in the team",
    "ConversationNotFound": "the conversation is gone: connect the place again, or install cityops again",
    "ActivityNotFoundInConversation": "the message was deleted",
}
SWITCHED_OFF = "BotDisabledByAdmin"
ALLOW = "an admin has switched cityops off in Teams: allow it in the Teams admin center"
OFF_FOR_THEM = "cannot be written to: an admin has switched cityops off in Teams; allow it in the Teams admin center"
OPEN = "open the firewall for it, or fix its address"
PROXY = "is it a proxy or a sign-in page that answers? Let the address pass there (HTTPS_PROXY names the proxy)"
CHECK = "check TEAMS_APP_ID, TEAMS_APP_PASSWORD and TEAMS_TENANT_ID"
# What Microsoft's token service refuses, by its number (Microsoft Entra authentication error codes).
REFUSALS = {
    7000215: "TEAMS_APP_PASSWORD is wrong: copy the Value of a client secret, not its ID, from Certificates & secrets",
    7000222: "TEAMS_APP_PASSWORD has expired: make a new client secret under Certificates & secrets, and set its Value",
    7000112: "the application is switched off in the tenant: switch it on under Enterprise applications",
    700016: "the tenant does not know TEAMS_APP_ID: check it and TEAMS_TENANT_ID in the bot's registration",
    90002: "there is no tenant TEAMS_TENANT_ID: copy the Directory (tenant) ID of the bot's registration",
    900023: "there is no tenant TEAMS_TENANT_ID: copy the Directory (tenant) ID of the bot's registration",
}
ADD_AGAIN = "does not have cityops in Teams anymore; ask them to add the app and open it once"
OF_A_PERSON = {  # the same refusals in a personal chat, said of the person
    "BotNotInConversationRoster": ADD_AGAIN,
    "ConversationBlockedByUser": "has blocked cityops in Teams; ask them to unblock it there, under its name",
    "MessageWritesBlocked": "has blocked or removed cityops in Teams; ask them to unblock it, or to add the app again",
    "NotEnoughPermissions": "may not be written to; an admin must allow cityops for them in the Teams admin center",
    "ForbiddenOperationException": "may not be written to in Teams; ask them to add cityops there and open it once",
    "ConversationNotFound": ADD_AGAIN,
}


OF_A_CHANNEL = {"BotNotInConversationRoster": "not a member", "ConversationNotFound": "gone"}


class Unreached(Exception):
    """A public address gave no answer that makes sense."""


class Ended(Exception):
    """Nothing more can be done for now; carries the result, and the Connector's name for what went wrong."""

    def __init__(self, result: Result, code: str = "", status: int = 0) -> None:
        super().__init__(repr(result))
        self.result, self.code, self.status = result, code, status

    @property
    def for_good(self) -> bool:
        """Whether the Connector will never do it."""
        return isinstance(self.result, Refused)


class Client:
    """One bot at the Bot Connector: one pool of connections and one token, used again for every turn."""

    def __init__(
        self,
        clock: Clock,
        token_url: str = "",
        app_id: str | None = None,
        password: str = "",
        seconds: float = REQUEST_SECONDS,
        answers: Answers | None = None,
    ) -> None:
        self.traces = [answers.trace] if answers else []
        self.clock, self.token_url, self.app_id, self.password, self.seconds = (
            clock,
            token_url,
            app_id,
            password,
            seconds,
        )
        self.refused = ""  # what Microsoft refuses the bot now; so that it is logged once, not with every message
        self._session: aiohttp.ClientSession | None = None
        self._token, self._ends_at = "", 0.0
        self._asking = asyncio.Lock()

    @property
    def session(self) -> aiohttp.ClientSession:
        """The pool, made when it is first needed."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=KEEP_ALIVE),
                timeout=aiohttp.ClientTimeout(total=self.seconds),
                trace_configs=self.traces,
            )
        return self._session

    @property
    def ready(self) -> bool:
        """Whether the bot has a token, where it needs one, and is not refused with it."""
        return self.app_id is None or (bool(self._token) and not self.refused)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def public(self, url: str) -> Json:
        """A public JSON object; raises Unreached."""
        try:
            async with self.session.get(url, proxy=proxy_for(url)) as response:
                found = await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, OSError) as problem:
            raise Unreached(f"{type(problem).__name__} at {url}; {OPEN}") from problem
        except (ValueError, RecursionError) as problem:
            raise Unreached(f"no JSON at {url}; {PROXY}") from problem
        if response.status != 200 or not isinstance(found, dict):
            raise Unreached(f"{response.status} at {url}; {OPEN}")
        return found

    async def token(self) -> str:
        """The bot's token, until shortly before it ends; raises Ended."""
        if self.app_id is None:
            return ""
        async with self._asking:
            if not self._token or self.clock.monotonic() >= self._ends_at:
                await self._fetch_token(self.app_id)
        return self._token

    async def _fetch_token(self, app_id: str) -> None:
        self._token = ""
        asked = {
            "grant_type": "client_credentials",
            "client_id": app_id,
            "client_secret": self.password,
            "scope": SCOPE,
        }
        try:
            async with self.session.post(self.token_url, data=asked, proxy=proxy_for(self.token_url)) as response:
                answer = await _json(response)
        except (aiohttp.ClientError, TimeoutError, OSError) as problem:
            raise Ended(Wait(f"Microsoft gives no token ({type(problem).__name__})")) from problem
        if answer.get("error") and response.status in (400, 401, 403):
            self._log_refusal("a token", refusal := refusal_of(answer))
            why = "Microsoft refuses TEAMS_APP_ID and its password"
            raise Ended(Wait(why, CREDENTIALS_SECONDS, until_mended=True), refusal, response.status)
        token, seconds = answer.get("access_token"), answer.get("expires_in")
        if response.status != 200 or not isinstance(token, str) or not str(seconds).isdigit():
            why = f"Microsoft gives no token ({response.status})"
            raise Ended(asked_to_wait(why, response.headers), status=response.status)
        self.refused = "" if self.refused == "a token" else self.refused
        self._token = token
        self._ends_at = self.clock.monotonic() + max(int(str(seconds)) - EARLY, 30.0)

    def _log_refusal(self, what: str, error: str) -> None:
        if self.refused != what:
            log.error(
                "Microsoft refuses this bot (%s); messages wait until then",
                error,
            )
        self.refused = what

    async def call(
        self,
        method: str,
        service_url: str,
        path: str,
        body: Json | None = None,
        unknown: Unknown = Failed,
        query: Mapping[str, str] | None = None,
    ) -> Json:
        """One request to the Connector at ``service_url``; raises Ended with what its failure means.

        ``unknown`` is what it means that nobody can say whether it was done: Failed for what may be done twice.
        """
        token = await self.token()
        url = f"{service_url.rstrip('/')}/v3/{path}"
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            async with self.session.request(
                method, url, json=body, params=query, headers=headers, proxy=proxy_for(url)
            ) as response:
                answer = await _json(response)
        except (aiohttp.ClientError, TimeoutError, OSError) as problem:
            raise Ended(unreached(problem, unknown)) from problem
        if response.status < 300:
            self.refused = ""
            return answer
        raise self._ended(response.status, answer, response.headers, unknown)

    def _ended(self, status: int, answer: Json, headers: Mapping[str, str], unknown: Unknown) -> Ended:
        """What an answer means that is not a yes."""
        error = answer.get("error")
        code = str(error.get("code") or "") if isinstance(error, dict) else ""
        if status == 401:
            self._token = ""
            self._log_refusal("its calls", f"{code or status}: {CHECK}")
            return Ended(Wait("the Bot Connector refuses the bot's token"), code, status)
        if status == 429:
            return Ended(asked_to_wait("Teams asks to go slower", headers), code, status)
        if status >= 500 or status in UNSURE:
            return Ended(unknown(f"Teams answered {status}"), code, status)
        if code == SWITCHED_OFF:
            self._log_refusal("its calls", f"{code}: {ALLOW}")
            why = f"{ALLOW} ({code})"
            return Ended(Wait(why, CREDENTIALS_SECONDS, until_mended=True, person=OFF_FOR_THEM), code, status)
        unfit = status in OUR_BUG
        closed = OF_A_CHANNEL.get(code)
        refused = Refused(reason(code, status), _of_a_person(code, status), closed=closed, unfit=unfit)
        return Ended(refused, code, status)


def client_of(settings: Settings, clock: Clock, answers: Answers | None = None) -> Client:
    """The connection with what is configured."""
    password = settings.teams_app_password
    token_url = settings.teams_token_url or TOKEN_URL.format(tenant=settings.teams_tenant_id or "")
    secret = password.get_secret_value() if password else ""
    return Client(clock, token_url, settings.teams_app_id or None, secret, answers=answers)


async def _json(response: aiohttp.ClientResponse) -> Json:
    try:
        found = await response.json(content_type=None)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def refusal_of(answer: Json) -> str:
    """What Microsoft's token service refuses, and the fix."""
    numbers = answer.get("error_codes")
    for number, fix in REFUSALS.items():
        if isinstance(numbers, list) and number in numbers:
            return f"AADSTS{number}: {fix}"
    return f"{answer['error']}: {CHECK}"


def unreached(problem: Exception, unknown: Unknown) -> Result:
    """What it means that no answer came."""
    if isinstance(problem, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return Wait("Teams cannot be reached")  # nothing was sent
    return unknown(f"Teams did not answer ({type(problem).__name__})")


def reason(code: str, status: int) -> str:
    """Why it cannot be done, and what the person or an admin does about it."""
    known = REASONS.get(code) or {403: NOT_THERE, 404: REASONS["ConversationNotFound"]}.get(status)
    return f"{known} ({code or status})" if known else f"Teams refuses it: {code or status}"


def _of_a_person(code: str, status: int) -> str | None:
    """What a refusal says of the person whose chat it was; None when it says nothing of them."""
    return OF_A_PERSON.get(code) or (ADD_AGAIN if not code and status in (403, 404) else None)


def is_loopback(url: str) -> bool:
    try:
        return urlsplit(url).hostname in LOOPBACK
    except ValueError:
        return False


def proxy_for(url: str) -> str | None:
    """The proxy of the environment; never for this machine."""
    host, scheme = urlsplit(url).hostname or "", urlsplit(url).scheme
    return None if host in LOOPBACK or proxy_bypass(host) else getproxies().get(scheme)


def part(text: str) -> str:
    """An id as one part of a path."""
    return quote(text, safe="")

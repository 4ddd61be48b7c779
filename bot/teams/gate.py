"""Gate: lets in what the Bot Connector has signed for this bot, about our own tenant."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import jwt
from aiohttp import web

from bot.complaints import Complaint
from bot.forwarded import is_forwarded
from bot.teams.client import PROXY, Client, Unreached, is_loopback
from bot.teams.payloads import text_at
from bot.trusted_clock import TrustedClock

log = logging.getLogger("cityops.teams")
ISSUER = "https://api.botframework.com"
SKEW = 300  # seconds by which clocks may differ (Bot Connector authentication, "Verify the token")
KEYS_LAST = 24 * 3600.0  # seconds after which keys that were withdrawn are forgotten (same source)
ASK_AGAIN = 5.0  # seconds between two looks for a key that nobody knows
NONSENSE = (
    jwt.PyJWTError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError
)  # fmt: skip  # what a token of somebody else may lead to


class Outside(Exception):
    """Somebody who is not let in: the HTTP status, and a word for the log.

    ``not_for_us`` says that Microsoft has signed it, but for another bot or about another tenant; ``external`` that it
    is for this bot, and that somebody of another tenant can read why they are not let in; ``ahead`` that it is refused
    for its time alone, with the seconds by which our time is after (or, below 0, before) that of the token.
    """

    def __init__(
        self, status: int, why: str, *, not_for_us: bool = False, external: bool = False, ahead: float | None = None
    ) -> None:
        super().__init__(why)
        self.status, self.not_for_us, self.external, self.ahead = status, not_for_us, external, ahead


class Keys:
    """The Bot Connector's signing keys, by their id, fetched when they are needed."""

    def __init__(self, client: Client, openid_url: str, clock: TrustedClock) -> None:
        self.client, self.openid_url, self.clock = client, openid_url, clock
        self.known: dict[str, tuple[Any, frozenset[str]]] = {}
        self._fetched_at: float | None = None
        self._asked_at: float | None = None
        self._asking = asyncio.Lock()
        self._complaint = Complaint(log.warning, "the Bot Connector's keys cannot be fetched: %s")

    async def find(self, key_id: str) -> tuple[Any, frozenset[str]] | None:
        """A key and the channels it may sign for; unknown ones are looked up, but not with every request."""
        if key_id not in self.known or self._old():
            async with self._asking:
                await self.refresh(key_id)
        return self.known.get(key_id)

    def _old(self) -> bool:
        return self._fetched_at is None or self.clock.monotonic() - self._fetched_at >= KEYS_LAST

    async def refresh(self, key_id: str = "") -> None:
        """Fetch the keys, unless another request has just done so."""
        now = self.clock.monotonic()
        just_asked = self._asked_at is not None and now - self._asked_at < ASK_AGAIN
        if just_asked or (key_id in self.known and not self._old()):
            return
        self._asked_at = now
        try:
            self.known = _readable(await published(self.client, self.openid_url))
        except Unreached as problem:
            self._complaint.say(str(problem))
            return
        self._fetched_at = now
        self._complaint.over()


async def published(client: Client, openid_url: str) -> list[Any]:
    """The keys that the Bot Connector signs with, as it publishes them; raises Unreached."""
    address = text_at(await client.public(openid_url), "jwks_uri")
    if not address:
        raise Unreached(f"no address of keys at {openid_url}; {PROXY}")
    found = (await client.public(address)).get("keys")
    if not isinstance(found, list):
        raise Unreached(f"no keys at {address}; {PROXY}")
    return found


def _readable(found: list[Any]) -> dict[str, tuple[Any, frozenset[str]]]:
    known = {}
    for entry in found:
        try:
            key = jwt.PyJWK(entry, "RS256").key
            known[str(entry["kid"])] = (key, frozenset(map(str, entry.get("endorsements") or ())))
        except (jwt.PyJWTError, KeyError, TypeError, ValueError, AttributeError):
            log.warning("a key of the Bot Connector cannot be read")
    return known


class Gate:
    """Whether a request is what it says. Without an app id only this machine's own client is let in."""

    def __init__(self, app_id: str | None, tenant: str | None, keys: Keys) -> None:
        self.app_id, self.tenant, self.keys = app_id, tenant, keys

    @property
    def ready(self) -> bool:
        return self.app_id is None or bool(self.keys.known)

    async def signed(self, request: web.Request) -> Mapping[str, Any] | None:
        """The claims of the request's token with its key's endorsements; None where no tokens are used.

        Raises Outside with 401, or with 503 while nothing can be checked.
        """
        if self.app_id is None:
            if is_forwarded(request):
                raise Outside(401, "forwarded")
            return None
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.isascii():
            raise Outside(401, "no token")
        try:
            return await self._claims(token.strip())
        except jwt.InvalidAudienceError:
            raise Outside(401, "a token for another bot", not_for_us=True) from None
        except NONSENSE as problem:
            raise Outside(401, type(problem).__name__) from None

    async def _claims(self, token: str) -> Mapping[str, Any]:
        head = jwt.get_unverified_header(token)
        if head.get("alg") != "RS256" or not isinstance(head.get("kid"), str):
            raise Outside(401, "not signed as the Bot Connector signs")
        found = await self.keys.find(head["kid"])
        if found is None:
            raise Outside(401 if self.keys.known else 503, "an unknown key")
        key, endorsements = found
        claims = jwt.decode(
            token,
            key,
            algorithms=["RS256"],
            audience=self.app_id,
            issuer=ISSUER,
            leeway=SKEW,
            options={"require": ["exp", "iss", "aud"], "verify_exp": False, "verify_nbf": False, "verify_iat": False},
        )
        check_times(claims, self.keys.clock.stamp())
        return {**claims, "endorsements": endorsements}

    def check(self, activity: Mapping[str, Any], claims: Mapping[str, Any] | None) -> None:
        """Whether the token was made for this activity, and the activity is about our tenant; raises Outside."""
        service_url = text_at(activity, "serviceUrl")
        if claims is None:
            if not is_loopback(service_url):
                raise Outside(401, "not this machine's own client")
            return
        if text_at(activity, "channelId") not in claims["endorsements"]:
            raise Outside(401, "a key of another channel")
        if not service_url or _plain(claims.get("serviceurl")) != _plain(service_url):
            raise Outside(401, "a token for another address")
        tenant = text_at(activity, "channelData", "tenant", "id") or text_at(activity, "conversation", "tenantId")
        if not self.tenant or tenant.lower() != self.tenant.lower():
            raise Outside(403, "another tenant", not_for_us=True, external=bool(self.tenant and tenant))


def check_times(claims: Mapping[str, Any], stamp: float) -> None:
    """Whether a token holds at a moment, in seconds since 1970; the library would ask the machine's clock, which may be
    wrong. Raises Outside."""
    if int(claims["exp"]) <= stamp - SKEW:
        raise Outside(401, "an expired token", ahead=stamp - int(claims["exp"]))
    begins = max((int(claims[name]) for name in ("nbf", "iat") if name in claims), default=0)
    if begins > stamp + SKEW:
        raise Outside(401, "a token that does not hold yet", ahead=stamp - begins)


def _plain(url: Any) -> str:
    return str(url or "").rstrip("/")

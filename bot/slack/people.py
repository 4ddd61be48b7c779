"""People: who the bot is in Slack, and who an account belongs to."""

import asyncio
import logging
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.inbound import Profile
from bot.slack.gate import Identity
from bot.slack.wire import Ended, Wire
from handlers.kit.errors import UserError

log = logging.getLogger("cityops.slack")
ASK_AGAIN = 5.0  # seconds; auth.test, while Slack does not answer it
ANSWER_SECONDS = 1.5  # Slack waits three seconds for us, and the request itself comes after this
LOOK_UP_FAILED = "I could not look you up in Slack just now. Please try again in a minute."
NOT_FOR_THEM = "I am here for the people who work for the city and are full members of its Slack."


class Registry:
    """Asks Slack once who we are, and about each person once."""

    def __init__(self, wire: Wire, clock: Clock) -> None:
        self.wire, self.clock = wire, clock
        self.identity: Identity | None = None
        self._ask_again_at: float | None = None
        self._asking = asyncio.Lock()

    @property
    def known(self) -> Identity:
        assert self.identity is not None, "nothing is let in before Slack has said who we are"
        return self.identity

    def anonymous_client(self) -> AsyncWebClient:
        """A client without a token, for bolt: it never calls Slack for us."""
        return AsyncWebClient(base_url=self.wire.client.base_url, retry_handlers=[])

    async def ask(self) -> Identity | None:
        """Who we are, asked again only now and then while Slack does not say."""
        if self.identity is None:
            async with self._asking:
                await self._ask_once()
        return self.identity

    async def _ask_once(self) -> None:
        now = self.clock.monotonic()
        if self.identity is not None or (self._ask_again_at is not None and now < self._ask_again_at):
            return
        self._ask_again_at = now + ASK_AGAIN
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                said = await self.wire.done(self.wire.api.auth_test())
        except (Ended, TimeoutError) as problem:
            log.warning("Slack does not say who this bot is", extra={"why": str(problem)})
            return
        self.identity = Identity(said["team_id"], said.get("enterprise_id"), said["user_id"], said.get("bot_id"))

    async def introduce(self, account: str) -> Profile:
        """Whose account this is; raises UserError when Slack does not say."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                user = (await self.wire.done(self.wire.api.users_info(user=account)))["user"]
        except (Ended, TimeoutError) as problem:
            log.warning("a person could not be looked up", extra={"why": str(problem)})
            raise UserError(LOOK_UP_FAILED) from None
        profile = user.get("profile") or {}
        name = user.get("real_name") or profile.get("real_name") or user.get("name") or account
        return Profile(account, str(name), profile.get("email"), self._refused(user))

    def _refused(self, user: dict[str, Any]) -> str | None:
        """The sentence for bots, guests, people who have left and people of other organisations."""
        if user.get("is_bot") or user.get("id") == "USLACKBOT":
            return "I do not take commands from bots."
        if user.get("deleted"):
            return "This account is switched off."
        if user.get("is_restricted") or user.get("is_ultra_restricted"):
            return f"{NOT_FOR_THEM} Guests cannot use me. Please ask the person who invited you."
        grid = (user.get("enterprise_user") or {}).get("enterprise_id")
        ours = user.get("team_id") == self.known.team or (grid is not None and grid == self.known.enterprise)
        if user.get("is_stranger") or not ours:
            return f"{NOT_FOR_THEM} Please ask your contact at the city."
        return None

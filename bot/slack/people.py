"""People: who the bot is in Slack, and who an account belongs to."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.complaints import Complaint
from bot.inbound import Profile
from bot.paging import wait_for_page
from bot.post import Failed, Wait
from bot.slack.client import CREDENTIALS, Client, Ended
from bot.slack.elements import Json
from bot.slack.gate import Identity
from bot.slack.manifest import lacking
from bot.slack.trouble import NO_ANSWER, trouble
from bot.speaker import refusal
from handlers.kit.errors import UserError
from storage.chat.people import State

log = logging.getLogger("cityops.slack")
ASK_AGAIN = 5.0  # seconds; auth.test, while Slack does not answer it
RATE_LIMITED = 429  # the HTTP status of an answer that asks us to wait
ANSWER_SECONDS = 1.5  # Slack waits three seconds for us, and the request itself comes after this
PAGE = 200  # members of one page of users.list, as Slack advises: 25 calls for 5,000 people
PACE = timedelta(seconds=3)  # between two pages: users.list is answered 20 times a minute
NOT_THERE = ("user_not_found", "user_not_visible")  # whom somebody mentions, as they stand in another workspace
LOOK_UP_FAILED = "I could not look you up in Slack just now. Please try again in a minute."


async def who_am_i(client: Client) -> tuple[Json, frozenset[str]]:
    """What auth.test says, and the scopes that the app was given, none where Slack names none; raises Ended."""
    said, headers = await client.answer(client.api.auth_test())
    if not said.get("team_id") or not said.get("user_id"):
        raise Ended(Failed("what answered is not Slack"), status=0)
    scopes = str(headers.get("x-oauth-scopes", ""))
    return said, frozenset(scope.strip() for scope in scopes.split(",")) - {""}


class Registry:
    """Asks Slack once who we are, and about each person once."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self.client, self.clock = client, clock
        self.identity: Identity | None = None
        self._ask_again_at: float | None = None
        self._complaint = Complaint(log.error, "Slack does not say who this bot is: %s")
        self._asking = asyncio.Lock()

    @property
    def known(self) -> Identity:
        assert self.identity is not None, "nothing is let in before Slack has said who we are"
        return self.identity

    def anonymous_client(self) -> AsyncWebClient:
        """A client without a token, for bolt: it never calls Slack for us."""
        return AsyncWebClient(base_url=self.client.client.base_url, retry_handlers=[])

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
                said, granted = await who_am_i(self.client)
        except Ended as ended:
            if ended.status == RATE_LIMITED and isinstance(ended.result, Wait):
                self._ask_again_at = now + max(ended.result.seconds or 0, ASK_AGAIN)
            if ended.code not in CREDENTIALS:  # the client has said that already
                self._complaint.say(trouble(ended))
            return
        except TimeoutError:
            self._complaint.say(NO_ANSWER)
            return
        self._complaint.over()
        self.identity = Identity(
            said["team_id"], said.get("enterprise_id"), said["user_id"], said.get("bot_id"), str(said.get("url") or "")
        )
        for line in lacking(granted):
            log.warning("Slack: %s", line)

    async def introduce(self, account: str) -> Profile:
        """Whose account this is; raises UserError when Slack does not say."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                user = (await self.client.done(self.client.api.users_info(user=account)))["user"]
        except (Ended, TimeoutError) as problem:
            if isinstance(problem, Ended) and problem.code in NOT_THERE:
                return Profile(account, account, refused=LOOK_UP_FAILED, state=None)
            log.warning("a person could not be looked up", extra={"why": str(problem)})
            raise UserError(LOOK_UP_FAILED) from None
        return self.profile(user)

    def profile(self, user: Json) -> Profile:
        """What Slack says of an account, in an answer, a list or an event alike."""
        account, profile = str(user.get("id")), user.get("profile") or {}
        name = user.get("real_name") or profile.get("real_name") or user.get("name") or account
        emails = (str(profile["email"]),) if profile.get("email") else ()
        state = self._state(user)
        refused = refusal("slack", state)
        return Profile(account, str(name), emails, refused, state=state)

    def _state(self, user: Json) -> State | None:
        """What kind of account it is; None for bots."""
        if user.get("is_bot") or user.get("id") == "USLACKBOT":
            return None
        if user.get("deleted"):
            return "deactivated"
        if user.get("is_restricted") or user.get("is_ultra_restricted"):
            return "guest"
        grid = (user.get("enterprise_user") or {}).get("enterprise_id")
        ours = user.get("team_id") == self.known.team or (grid is not None and grid == self.known.enterprise)
        return "external" if user.get("is_stranger") or not ours else "active"

    async def everybody(self) -> AsyncIterator[list[Profile]]:
        """Everybody in the workspace, page by page at the pace that Slack allows; raises Ended."""
        asked: Json = {"limit": PAGE}
        while True:
            page = await self._page(asked)
            yield [self.profile(user) for user in page.get("members") or ()]
            asked["cursor"] = (page.get("response_metadata") or {}).get("next_cursor")
            if not asked["cursor"]:
                return
            await self.clock.until(self.clock.now() + PACE)

    async def _page(self, asked: Json) -> Json:
        """One page, asked for again while Slack wants us to wait; raises Ended."""
        tried = 0
        while True:
            tried += 1
            try:
                return await self.client.done(self.client.api.users_list(**asked))
            except Ended as ended:
                if (wait := wait_for_page(ended.result, tried)) is None:
                    raise
            await self.clock.until(self.clock.now() + wait)

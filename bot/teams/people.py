"""People: who is speaking, and where they are reached."""

import asyncio
import logging
from datetime import datetime
from functools import partial

from bot.inbound import Profile
from bot.post import Refused
from bot.runtime import Runtime
from bot.teams.address import Address, channel_of
from bot.teams.client import ADD_AGAIN, Ended
from bot.teams.elements import Json
from bot.teams.payloads import Activity, account_of, address_of, dig, is_from_menu, is_private, team_of, text_at
from bot.teams.posting import Post
from bot.teams.rosters import Rosters, id_of, member_of, profile_of
from handlers.kit.errors import UserError
from storage.database import DatabaseUnavailable, Store

log = logging.getLogger("cityops.teams")
ANSWER_SECONDS = 3  # for looking somebody up; Teams waits at least ten for us
KEPT = 10_000  # addresses that are known to be stored
LOOK_UP_FAILED = "I could not look you up in Teams just now. Please try again in a minute."
NOT_TOLD = (
    "Teams does not tell me here who you are. Choose Apps in Teams, search for cityops, choose Add, and try again. "
    "If it is not listed, ask IT."
)
NOT_KNOWN_HERE = "Teams does not know this person here."


class People:
    """Looks each person up once, and stores where they are reached the moment it is seen."""

    def __init__(self, post: Post, runtime: Runtime) -> None:
        self.post, self.client, self.bearings, self.runtime = post, post.client, post.bearings, runtime
        self.rosters = Rosters(self.client, self.bearings, runtime)
        self._stored: dict[str, str] = {}

    async def seen(self, activity: Activity) -> None:
        """Keep where the sender is reached, when that is news."""
        self.bearings.service_url = text_at(activity, "serviceUrl") or self.bearings.service_url
        self.bearings.bot = text_at(activity, "recipient", "id") or self.bearings.bot
        self.bearings.tenant = self.bearings.tenant or text_at(activity, "channelData", "tenant", "id")
        if not is_private(activity) and not is_from_menu(activity):
            await self.rosters.keep(activity)
        account, address = account_of(dig(activity, "from")), address_of(activity)
        if not account or self._stored.get(account) == str(address):
            return
        await self._keep(account, address)

    async def _keep(self, account: str, address: Address, *, gone: bool = False) -> None:
        try:
            now = self.runtime.clock.now()
            await self.runtime.write(partial(_keep, account, address, now if gone else None))
        except DatabaseUnavailable:
            log.exception("where somebody is reached could not be kept")
            return
        self._stored.pop(account, None)
        if not gone:
            self._stored[account] = str(address)
        if len(self._stored) > KEPT:
            self._stored.pop(next(iter(self._stored)))

    async def left(self, activity: Activity) -> None:
        """Forget the personal chat of somebody who has removed the bot, which is made again when they come back, or the
        team that has."""
        if not is_private(activity):
            await self.rosters.drop(team_of(activity))
            return
        address = Address("", text_at(activity, "serviceUrl"), text_at(activity, "from", "id"))
        await self._keep(account_of(dig(activity, "from")), address, gone=True)

    async def recall(self) -> None:
        """After a start: where the Connector is, from the address of anybody who was met before."""
        found = await self.runtime.read(_any_address)
        self.bearings.service_url = self.bearings.service_url or found.service_url

    async def introduce(self, activity: Activity, account: str) -> Profile:
        """Whose account this is, of the sender or somebody they name; raises UserError when Teams does not say."""
        speaks = account == account_of(dig(activity, "from"))
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await (self._sender(activity, account) if speaks else self._named(activity, account))
        except (Ended, TimeoutError) as problem:
            for_good = isinstance(problem, Ended) and problem.for_good
            if for_good and not speaks:
                return Profile(account, account, refused=NOT_KNOWN_HERE, state=None)
            log.warning("a person could not be looked up", extra={"why": str(problem)})
            raise UserError(NOT_TOLD if for_good else LOOK_UP_FAILED) from None

    async def _sender(self, activity: Activity, account: str) -> Profile:
        """Who has sent this; raises Ended."""
        here, own = channel_of(text_at(activity, "conversation", "id")), address_of(activity)
        names = (account, own.member)
        try:
            member = await self._member(here, own, *names)
        except Ended as ended:
            if not ended.for_good or (here and here == own.conversation):
                raise
            own = await self.post.direct(own, None)  # the bot is not where this was said, only in their chat
            member = await self._member(own.conversation, own, *names)
        return profile_of(member, account, own, self.bearings.tenant)

    async def _named(self, activity: Activity, account: str) -> Profile:
        """Whom somebody names in a conversation; raises Ended."""
        here, own = channel_of(text_at(activity, "conversation", "id")), address_of(activity)
        member = await self._member(here, own, account)
        return profile_of(member, account, Address("", own.service_url, id_of(member)), self.bearings.tenant)

    async def _member(self, conversation: str, address: Address, *names: str) -> Json:
        """Somebody as a conversation lists them; raises Ended."""
        if not conversation:
            raise Ended(Refused("nobody said in which conversation"))
        return await member_of(self.client, conversation, address.service_url, *names)


def _keep(account: str, address: Address, gone: datetime | None, store: Store) -> None:
    """Store an address; what it leaves open stays as it was, unless the chat is gone (``gone``: since when)."""
    known = store.chat.accounts.find("teams", account)
    if known is None:
        return
    old = Address.read(known.direct)
    conversation = address.conversation or ("" if gone else old.conversation)
    new = str(Address(conversation, address.service_url or old.service_url, address.member or old.member))
    if new != known.direct:
        store.chat.people.set_direct("teams", account, new)
    if gone:
        store.chat.people.not_reached("teams", known.person, ADD_AGAIN, gone)
    elif conversation != old.conversation:
        store.chat.people.reached("teams", known.person)


def _any_address(store: Store) -> Address:
    addresses = (Address.read(account.direct) for account in store.chat.accounts.of("teams").values())
    return next((address for address in addresses if address.service_url), Address())

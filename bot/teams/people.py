"""People: who is speaking, where they are reached, and who else is in a team."""

import asyncio
import logging
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from bot.inbound import Profile
from bot.post import Refused
from bot.runtime import Runtime
from bot.teams.address import Address, channel_of
from bot.teams.heard import Activity, account_of, address_of, dig, is_private, text_at
from bot.teams.pieces import Json
from bot.teams.posting import Post
from bot.teams.wire import ADD_AGAIN, Ended, part
from handlers.kit.errors import UserError
from storage.database import DatabaseUnavailable, Store

log = logging.getLogger("cityops.teams")
ANSWER_SECONDS = 3  # for looking somebody up; Teams waits at least ten for us
ROSTER_SECONDS = 12  # for a whole roster; Teams delivers again what is not answered in 15
PAGE = 500  # members of one page; the most there are
AT_ONCE = 100  # people remembered in one transaction, so that nobody's request waits long behind them
KEPT = 10_000  # addresses that are known to be stored
NOT_LISTED = 404
LOOK_UP_FAILED = "I could not look you up in Teams just now. Please try again in a minute."
NOT_TOLD = (
    "Teams does not tell me here who you are. Choose Apps in Teams, search for cityops, choose Add, and try again. "
    "If it is not listed, ask IT."
)
NOT_FOR_THEM = "I am here for the people who work for the city and have an account of its own."


class People:
    """Looks each person up once, and stores where they are reached the moment it is seen."""

    def __init__(self, post: Post, runtime: Runtime) -> None:
        self.post, self.wire, self.bearings, self.runtime = post, post.wire, post.bearings, runtime
        self._stored: dict[str, str] = {}

    async def seen(self, activity: Activity) -> None:
        """Keep where the sender is reached, when that is news."""
        self.bearings.service_url = text_at(activity, "serviceUrl") or self.bearings.service_url
        self.bearings.bot = text_at(activity, "recipient", "id") or self.bearings.bot
        self.bearings.tenant = self.bearings.tenant or text_at(activity, "channelData", "tenant", "id")
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
        """Forget the personal chat of somebody who has removed the bot; it is made anew when they come back."""
        if is_private(activity):
            address = Address("", text_at(activity, "serviceUrl"), text_at(activity, "from", "id"))
            await self._keep(account_of(dig(activity, "from")), address, gone=True)

    async def recall(self) -> None:
        """After a start: where the Connector is, from the address of anybody who was met before."""
        found = await self.runtime.read(partial(_any_address, list(self.runtime.city().people)))
        self.bearings.service_url = self.bearings.service_url or found.service_url

    async def introduce(self, activity: Activity, account: str) -> Profile:
        """Whose account this is, of the sender or somebody they name; raises UserError when Teams does not say."""
        speaks, own = account == account_of(dig(activity, "from")), address_of(activity)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                here, names = channel_of(text_at(activity, "conversation", "id")), (account, own.member)
                try:
                    member = await self._member(here, own, *(names if speaks else (account,)))
                except Ended as ended:
                    if not (speaks and ended.for_good) or here == own.conversation:
                        raise
                    own = await self.post.direct(own, None)  # the bot is not where this was said, only in their chat
                    member = await self._member(own.conversation, own, *names)
        except (Ended, TimeoutError) as problem:
            for_good = isinstance(problem, Ended) and problem.for_good
            if for_good and not speaks:
                return Profile(account, account, None, refused="Teams does not know this person here.")
            log.warning("a person could not be looked up", extra={"why": str(problem)})
            raise UserError(NOT_TOLD if for_good else LOOK_UP_FAILED) from None
        return self._profile(member, account, own if speaks else Address("", own.service_url, _id(member)))

    async def _member(self, conversation: str, address: Address, name: str, *others: str) -> Json:
        """Somebody as a conversation lists them, under the first of their names that it knows; raises Ended.

        A personal chat may know nobody by their id in the tenant, only by the one that is made for this bot.
        """
        if not conversation:
            raise Ended(Refused("nobody said in which conversation"))
        path = f"conversations/{part(conversation)}/members/{part(name)}"
        try:
            return await self.wire.call("GET", address.service_url, path)
        except Ended as ended:
            left = [other for other in others if other and other != name]
            if ended.status != NOT_LISTED or not left:
                raise
        return await self._member(conversation, address, *left)

    async def read_roster(self, team: str, service_url: str) -> int:
        """Meet everybody in a team or a chat, page by page; how many. Who is missed is met when they speak."""
        met, query = 0, {"pageSize": str(PAGE)}
        try:
            async with asyncio.timeout(ROSTER_SECONDS):
                while True:
                    path = f"conversations/{part(team)}/pagedmembers"
                    page = await self.wire.call("GET", service_url, path, query=query)
                    met += await self._meet(page.get("members") or [], service_url)
                    if not (further := page.get("continuationToken")):
                        return met
                    query["continuationToken"] = str(further)
        except (Ended, TimeoutError, DatabaseUnavailable) as problem:
            log.warning("a roster could not be read to its end", extra={"why": str(problem), "met": met})
        return met

    async def _meet(self, members: list[Json], service_url: str) -> int:
        profiles = [
            self._profile(one, account_of(one), Address("", service_url, _id(one)))
            for one in members
            if account_of(one)
        ]
        welcome = [one for one in profiles if one.refused is None]
        for some in _portions(welcome):
            await self.runtime.meet("teams", *some)
        return len(welcome)

    def _profile(self, member: Json, account: str, address: Address) -> Profile:
        addresses = [one for one in (text_at(member, "email"), text_at(member, "userPrincipalName")) if one]
        known = [one for one in addresses if one.lower() in self.runtime.city().by_email]
        email = next(iter([*known, *addresses]), None)
        name = text_at(member, "name") or email or account
        return Profile(account, name[:200], email, self._refused(member), str(address))

    def _refused(self, member: Json) -> str | None:
        """The sentence for bots, guests and people of other organisations."""
        if _id(member).startswith("28:"):
            return "I do not take commands from bots."
        outside = "#ext#" in text_at(member, "userPrincipalName").lower()
        if outside or text_at(member, "userRole").lower() in ("guest", "anonymous"):
            return f"{NOT_FOR_THEM} Guests cannot use me. Please ask the person who invited you."
        tenant = text_at(member, "tenantId")
        if tenant and self.bearings.tenant and tenant.lower() != self.bearings.tenant.lower():
            return f"{NOT_FOR_THEM} Please ask your contact at the city."
        return None


def _id(member: Any) -> str:
    return text_at(member, "id")


def _portions(profiles: list[Profile]) -> Iterator[list[Profile]]:
    for start in range(0, len(profiles), AT_ONCE):
        yield profiles[start : start + AT_ONCE]


def _keep(account: str, address: Address, gone: datetime | None, store: Store) -> None:
    """Store an address; what it leaves open stays as it was, unless the chat is ``gone`` since a moment."""
    owner = store.people.owner_of("teams", account)
    reach = store.people.reach("teams", owner.id) if owner else None
    if owner is None or reach is None:
        return
    old = Address.read(reach[1])
    conversation = address.conversation or ("" if gone else old.conversation)
    new = str(Address(conversation, address.service_url or old.service_url, address.member or old.member))
    if new != reach[1]:
        store.people.set_direct("teams", reach[0], new)
    if gone:
        store.people.not_reached("teams", owner.id, ADD_AGAIN, gone)
    elif conversation != old.conversation:
        store.people.reached("teams", owner.id)


def _any_address(people: list[str], store: Store) -> Address:
    for person in store.people.accounts("teams", people):
        reach = store.people.reach("teams", person)
        if reach and (address := Address.read(reach[1])).service_url:
            return address
    return Address()

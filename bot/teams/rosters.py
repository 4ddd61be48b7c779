"""Rosters: who is in the teams and group chats where the bot is, and who is there no longer."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from bot.inbound import Profile
from bot.paging import wait_for_page
from bot.runtime import Runtime
from bot.speaker import refusal
from bot.teams.address import Address, channel_of
from bot.teams.client import Client, Ended, part
from bot.teams.elements import Json
from bot.teams.payloads import Activity, account_of, team_of, text_at
from bot.teams.posting import Bearings
from storage.chat.accounts import Account
from storage.chat.people import State
from storage.database import DatabaseUnavailable, Store

log = logging.getLogger("cityops.teams")
ROSTER_SECONDS = 12  # for a whole roster; Teams delivers again what is not answered in 15
PAGE = 500  # members of one page; the most there are
AT_ONCE = 100  # people remembered in one transaction, so that nobody's request waits long behind them
NOT_LISTED = 404


def profile_of(member: Json, account: str, address: Address, tenant: str) -> Profile:
    """What Teams says of somebody, in an answer and in a list alike; ``tenant`` is the city's own.

    The addresses of somebody from another tenant count for nothing: who runs it writes there what they like.
    """
    addresses = [email for email in (text_at(member, "email"), text_at(member, "userPrincipalName")) if email]
    name, state = text_at(member, "name") or next(iter(addresses), account), _state(member, tenant)
    addresses = [] if state == "external" else addresses
    refused = refusal("teams", state)
    alias = next((account_id for account_id in (account_of(member), id_of(member)) if account_id != account), None)
    return Profile(account, name[:200], tuple(addresses), refused, str(address), state, alias)


def _state(member: Json, tenant: str) -> State | None:
    """What kind of account it is; None for bots."""
    if id_of(member).startswith("28:"):
        return None
    outside = "#ext#" in text_at(member, "userPrincipalName").lower()
    if outside or text_at(member, "userRole").lower() in ("guest", "anonymous"):
        return "guest"
    theirs = text_at(member, "tenantId")
    return "external" if theirs and tenant and theirs.lower() != tenant.lower() else "active"


def id_of(member: Any) -> str:
    """The id of somebody that is made for this bot."""
    return text_at(member, "id")


async def member_of(client: Client, conversation: str, service_url: str, name: str, *others: str) -> Json:
    """Somebody as a conversation lists them, under the first of their names that it knows; raises Ended.

    A personal chat may know nobody by their id in the tenant, only by the one that is made for this bot.
    """
    path = f"conversations/{part(conversation)}/members/{part(name)}"
    try:
        return await client.call("GET", service_url, path)
    except Ended as ended:
        left = [other for other in others if other and other != name]
        if ended.status != NOT_LISTED or not left:
            raise
    return await member_of(client, conversation, service_url, *left)


class Rosters:
    """Remembers where the bot is, and lists who is there."""

    def __init__(self, client: Client, bearings: Bearings, runtime: Runtime) -> None:
        self.client, self.bearings, self.runtime = client, bearings, runtime
        self._kept: dict[str, str] = {}

    async def keep(self, activity: Activity) -> None:
        """Keep that the bot is in the team or group chat of an activity, when that is news."""
        team, service_url = team_of(activity), text_at(activity, "serviceUrl")
        if not team or not service_url or self._kept.get(team) == service_url:
            return
        now = self.runtime.clock.now()
        try:
            await self.runtime.write(lambda store: store.chat.rosters.keep("teams", team, service_url, now))
        except DatabaseUnavailable:
            log.exception("where the bot is could not be kept")
            return
        self._kept[team] = service_url

    async def drop(self, team: str) -> None:
        """Forget a team or group chat where the bot is no longer; its people have not left because of that."""
        self._kept.pop(team, None)
        await self.runtime.write(partial(_drop, team))

    async def read(self, team: str, service_url: str) -> int:
        """Meet everybody in a team or a chat, page by page; gives how many. Anybody missed is met when they speak."""
        met = 0
        try:
            async with asyncio.timeout(ROSTER_SECONDS):
                async for profiles in self._pages(team, service_url):
                    met += sum(profile.refused is None for profile in profiles)
                    for some in _portions(profiles):
                        await self.runtime.meet("teams", *some)
                    await self.runtime.write(partial(_listed, self.runtime.clock.now(), profiles))
        except (Ended, TimeoutError, DatabaseUnavailable) as problem:
            log.warning("a roster could not be read to its end", extra={"why": str(problem), "met": met})
        return met

    async def everybody(self) -> AsyncIterator[list[Profile]]:
        """Everybody in all of them, page by page; then those who were in one and are in none any more.

        Raises Ended when Teams does not say.
        """
        begun = self.runtime.clock.now()
        known = await self.runtime.read(partial(_known, self.bearings.service_url))
        for team, service_url in known.items():
            try:
                async for profiles in self._pages(team, service_url):
                    yield profiles
            except Ended as ended:
                if not ended.for_good:
                    raise
                await self.drop(team)
        missing = await self.runtime.read(lambda store: store.chat.accounts.missing("teams", begun)[:AT_ONCE])
        yield [profile for account in missing if (profile := await self._missing(account))]
        names = [account.account for account in missing]
        await self.runtime.write(lambda store: store.chat.accounts.not_listed("teams", names))

    async def _missing(self, account: Account) -> Profile | None:
        """What to say of somebody who is in no team any more: their own chat tells whether they still work here.

        Raises Ended when Teams does not say.
        """
        address, gone = Address.read(account.direct), refusal("teams", "deactivated")
        if address.conversation:
            try:
                await member_of(self.client, address.conversation, address.service_url, account.account, address.member)
            except Ended as ended:
                if not ended.for_good:
                    raise
            else:
                return None
        return Profile(account.account, "", refused=gone, state="deactivated", alias=address.member or None)

    async def _pages(self, conversation: str, service_url: str) -> AsyncIterator[list[Profile]]:
        """The members of a team or a chat, page by page; raises Ended."""
        query = {"pageSize": str(PAGE)}
        while True:
            page = await self._page(conversation, service_url, query)
            members = [member for member in page.get("members") or () if account_of(member)]
            yield [
                profile_of(member, account_of(member), Address("", service_url, id_of(member)), self.bearings.tenant)
                for member in members
            ]
            if not (further := page.get("continuationToken")):
                return
            query["continuationToken"] = str(further)

    async def _page(self, conversation: str, service_url: str, query: Mapping[str, str]) -> Json:
        """One page, asked for again while Teams wants us to wait; raises Ended."""
        path, tried = f"conversations/{part(conversation)}/pagedmembers", 0
        while True:
            tried += 1
            try:
                return await self.client.call("GET", service_url, path, query=query)
            except Ended as ended:
                if (wait := wait_for_page(ended.result, tried)) is None:
                    raise
            await self.runtime.clock.until(self.runtime.clock.now() + wait)


def _listed(now: datetime, profiles: list[Profile], store: Store) -> None:
    store.chat.accounts.listed("teams", [profile.account for profile in profiles], now)


def _drop(team: str, store: Store) -> None:
    store.chat.rosters.drop("teams", team)
    store.chat.accounts.forget_lists("teams")


def _known(service_url: str, store: Store) -> Mapping[str, str]:
    """The teams and chats to list, with where each is reached; the city's channels before any has been heard of."""
    channels = [Address.read(channel) for channel in store.chat.places.bound("teams").values()]
    places = {
        channel_of(address.conversation): address.service_url or service_url
        for address in channels
        if address.conversation
    }
    return store.chat.rosters.of("teams") or places


def _portions(profiles: list[Profile]) -> Iterator[list[Profile]]:
    for start in range(0, len(profiles), AT_ONCE):
        yield profiles[start : start + AT_ONCE]

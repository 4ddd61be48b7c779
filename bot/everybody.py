"""Everybody: checks all accounts again, once a day by the lists of the platforms, and when the city's files change.

Both compare beside the writer and write only what is new, a portion at a time.
"""

import logging
from collections.abc import AsyncIterator, Awaitable, Iterable, Iterator, Mapping
from datetime import timedelta
from functools import partial
from typing import Protocol, runtime_checkable

from bot.batches import Work, in_batches
from bot.inbound import Profile
from bot.joining import as_told
from bot.runtime import Runtime
from handlers.kit.city.model import City
from handlers.kit.context import SYSTEM
from handlers.kit.joining import settle
from storage.chat.accounts import Account
from storage.database import DatabaseUnavailable, Store
from storage.faults import in_words

log = logging.getLogger("cityops.accounts")
EVERY = timedelta(hours=24)
AGAIN = timedelta(hours=1)  # after a list that could not be read, or that a process has died over
LOOK = timedelta(minutes=10)
SETTLING = "whose accounts are"
AT_ONCE = 100  # accounts written in one transaction, so that nobody's request waits long behind them
SWEPT = timedelta(hours=2)  # how long another replica may still write under an id that was merged


@runtime_checkable
class Lists(Protocol):
    """A door whose platform can list everybody it has."""

    platform: str

    def everybody(self) -> AsyncIterator[list[Profile]]:
        """All accounts, page by page."""


class Everybody:
    """One paged list a day of each platform; never a call for each person."""

    def __init__(self, runtime: Runtime, doors: Iterable[object]) -> None:
        self.runtime = runtime
        self.doors = [door for door in doors if isinstance(door, Lists)]

    async def keep_looking(self) -> None:
        """Look until cancelled; a look that fails is in the log, and there is another one."""
        while self.doors:
            try:
                await self.look()
            except Exception:
                log.exception("the accounts could not be read; the next try is in 10 minutes")
            await self.runtime.clock.until(self.runtime.clock.now() + LOOK)

    async def look(self) -> None:
        """List the platforms whose turn it is; one that cannot be read is set aside and tried again in an hour."""
        for door in self.doors:
            if not await self.runtime.write(partial(self._take, door.platform)):
                continue
            try:
                listed, new = await list_again(self.runtime, door)
            except Exception as problem:
                log.warning("the accounts could not be listed", extra={"platform": door.platform, "why": str(problem)})
                await self.runtime.write(partial(_set_aside, self.runtime, _part(door.platform), problem))
                continue
            log.info("the accounts were listed", extra={"platform": door.platform, "listed": listed, "new": new})
            await self.runtime.write(partial(self._listed, door.platform))

    def _take(self, platform: str, store: Store) -> bool:
        """Whether a list is due, and this process the one to read it."""
        now, last = self.runtime.clock.now(), store.time.checkpoints.at(_mark(platform))
        if last is not None and now - last < EVERY:
            return False
        store.time.checkpoints.set(_mark(platform), now - EVERY + AGAIN)
        return True

    def _listed(self, platform: str, store: Store) -> None:
        store.time.checkpoints.set(_mark(platform), self.runtime.clock.now())
        store.faults.sound(_part(platform))


async def list_again(runtime: Runtime, door: Lists) -> tuple[int, int]:
    """Take over a platform's list; gives how many accounts stood in it, and of how many it said something new."""
    platform, counted, new = door.platform, 0, 0
    known = await runtime.read(lambda store: store.chat.accounts.of(platform))
    async for profiles in door.everybody():
        found = list(news(known, runtime.city(), platform, profiles))
        for start in range(0, len(found), AT_ONCE):
            await runtime.meet(platform, *found[start : start + AT_ONCE])
        names = [profile.account for profile in profiles if profile.state != "deactivated"]
        await runtime.write(partial(_stood_there, runtime, platform, names))
        counted, new = counted + len(profiles), new + len(found)
    return counted, new


def list_soon(runtime: Runtime, platform: str, store: Store) -> None:
    """Have the next look read a platform's list, although it was read within the day."""
    store.time.checkpoints.set(_mark(platform), runtime.clock.now() - EVERY)


def _stood_there(runtime: Runtime, platform: str, names: list[str], store: Store) -> None:
    store.chat.accounts.listed(platform, names, runtime.clock.now())


def _mark(platform: str) -> str:
    return f"accounts {platform}"


def _part(platform: str) -> str:
    return f"list of accounts {platform}"


def news(known: Mapping[str, Account], city: City, platform: str, profiles: Iterable[Profile]) -> Iterator[Profile]:
    """The profiles that say something new of an account, or should be joined to somebody in people.toml."""
    for profile in profiles:
        account = known.get(profile.account)
        if account is None:
            is_news = bool(city.whose(platform, profile.account, profile.emails))
        else:
            is_news = as_told(account, profile) != account or _is_anothers(city, account)
        if is_news:
            yield profile


async def look_again(runtime: Runtime) -> None:
    """Check again whose each account is, after a start and when the city's files have changed.

    An account that breaks is set aside and named, and the others are settled. Raises DatabaseUnavailable.
    """
    await _apart(runtime, _settle_all(runtime), "whose the accounts are could not be read")


async def _settle_all(runtime: Runtime) -> None:
    doubtful, whole = await runtime.read(partial(_doubtful, runtime.city())), True
    for account in doubtful:
        settling = runtime.write(partial(_settle, runtime, account))
        whole = await _apart(runtime, settling, "whose an account is could not be kept") and whole
    await in_batches(runtime, await runtime.read(partial(_tidying, runtime.city(), whole)))
    for old, new in await runtime.read(lambda store: store.chat.merging.since(runtime.clock.now() - SWEPT)):
        await runtime.write(partial(_sweep, old, new))


async def _apart(runtime: Runtime, work: Awaitable[None], why: str) -> bool:
    """Whether it could be done; what breaks is set aside."""
    try:
        await work
    except DatabaseUnavailable:
        raise
    except Exception as problem:
        log.exception(why)
        await runtime.write(partial(_set_aside, runtime, SETTLING, problem))
        return False
    return True


def _doubtful(city: City, store: Store) -> list[Account]:
    """The accounts that people.toml says are not whose they are, and those about which that was said before."""
    disputed = {(dispute.platform, dispute.account) for dispute in store.chat.disputes.all()}
    return [
        account
        for account in store.chat.accounts.all()
        if (account.platform, account.account) in disputed or _is_anothers(city, account)
    ]


def _is_anothers(city: City, account: Account) -> bool:
    named = city.whose(account.platform, account.account, account.addresses)
    return bool(named) and account.person not in [person.id for person in named]


def _settle(runtime: Runtime, account: Account, store: Store) -> None:
    """Settle what was found beside the writer, as it is now."""
    context = runtime.context(store)
    if now := store.chat.accounts.find(account.platform, account.account):
        settle(context, now)
    if context.noted:
        context.write_audit(SYSTEM, "accounts")


def _set_aside(runtime: Runtime, part: str, problem: Exception, store: Store) -> None:
    store.faults.note(part, in_words(problem), runtime.clock.now())


def _tidying(city: City, whole: bool, store: Store) -> list[Work]:
    """What is to be written afterwards: who stands in people.toml, and that settling works again."""
    listed = [person for person in store.chat.people.not_listed() if person in city.people]
    some = [listed[start : start + AT_ONCE] for start in range(0, len(listed), AT_ONCE)]
    sound: list[Work] = [lambda store: store.faults.sound(SETTLING)] if whole else []
    return [*sound, *(partial(_list, persons) for persons in some)]


def _list(persons: list[str], store: Store) -> None:
    store.chat.people.list_them(persons)


def _sweep(old: str, new: str, store: Store) -> None:
    """Move what was still written under a merged id to the record it belongs to, in a transaction of its own."""
    store.chat.merging.again(old, new)

"""Joining: what the platforms and the city's files say of accounts, brought to the records of people."""

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.inbound import Profile
from handlers.kit.context import SYSTEM, Context
from handlers.kit.joining import account_ref, settle
from handlers.kit.signs import closed, is_blank
from storage.chat.accounts import Account
from storage.chat.people import Met

NAME = 200  # characters that are kept of what somebody is called


def meet(context: Context, platform: str, profiles: Iterable[Profile]) -> None:
    """Keep what a platform says of accounts, and whose they are; an audit row for each that changes hands or state.

    Of an account that may not speak to the bot nothing is kept, unless it is somebody's who is known.
    """
    told = {profile.account: profile for profile in profiles}
    names = [*told, *(profile.alias for profile in told.values() if profile.alias)]
    known = context.store.chat.accounts.those(platform, names)
    for profile in told.values():
        if profile.state is None:
            continue
        if account := known.get(profile.account):
            _told(context, account, profile)
        else:
            _new(context, platform, profile)
        if (alias := known.get(profile.alias or "")) and alias.state != profile.state:
            context.store.chat.people.set_state(platform, alias.account, profile.state)
    if context.noted:
        context.write_audit(SYSTEM, "accounts")


def _new(context: Context, platform: str, profile: Profile) -> None:
    named = context.city.whose(platform, profile.account, profile.emails)
    if not named and profile.state != "active":
        return
    if len(named) == 1:
        person = Met(named[0].id, named[0].name, None, listed=True)
    else:
        person = _colleague(context, platform, profile)
    context.store.chat.people.add(person, context.now)
    account = as_told(Account(platform, profile.account, person.id, seen_at=context.now), profile)
    context.store.chat.accounts.add(replace(account, asked_at=context.now))
    if account.state == "active":
        context.store.chat.people.reached(platform, person.id)
    else:
        context.audit(account_ref(platform, account.account), state=account.state, person=person.id)
    if len(named) > 1:
        settle(context, account)


def _told(context: Context, account: Account, profile: Profile) -> None:
    told = as_told(account, profile)
    context.store.chat.accounts.told(told, context.now)
    if told.direct != account.direct:
        context.store.chat.people.set_direct(account.platform, account.account, told.direct or "")
    if told.state != account.state:
        context.audit(account_ref(account.platform, account.account), state=told.state, person=account.person)
        if told.state == "active":
            context.store.chat.people.reached(account.platform, account.person)
    settle(context, told)


def as_told(account: Account, profile: Profile) -> Account:
    """An account as its platform says it is; addresses that it does not give stay as they were."""
    email, other, *_ = [*dict.fromkeys(address.lower() for address in profile.emails), None, None]
    if email is None:
        email, other = account.email, account.other_email
    direct = account.direct or profile.direct
    return replace(account, state=profile.state or account.state, email=email, other_email=other, direct=direct)


def _colleague(context: Context, platform: str, profile: Profile) -> Met:
    """The record of somebody who is in no file: the one they have by one of their addresses already, or a new one."""
    met = context.store.chat.accounts.met_with([address.lower() for address in profile.emails])
    if met and met not in context.city.people:
        return Met(met, _name(profile), None)
    first = profile.emails[0] if profile.emails else None
    return Met(_new_id(context, platform, first or profile.account), _name(profile), first)


def _name(profile: Profile) -> str:
    """What somebody is called, as it can stand beside what others are called."""
    return profile.account if is_blank(profile.name) else closed(profile.name, NAME)


def _new_id(context: Context, platform: str, known_by: str) -> str:
    """An id that is nobody's and never was, from an address or an account."""
    local = re.sub(r"[^a-z0-9]+", "-", known_by.lower()).strip("-")
    wanted, number = f"{platform}-{local}"[:60], 1
    chosen = wanted
    while chosen in context.city.people or not context.store.chat.people.is_free(chosen):
        number += 1
        chosen = f"{wanted[:55]}-{number}"
    return chosen

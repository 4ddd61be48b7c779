"""Joining: whose an account is, by people.toml and what the platform says of it (docs/decisions/0019)."""

from handlers.kit.city.people import Person
from handlers.kit.context import Context
from handlers.kit.home import refresh_homes
from handlers.kit.speaking import spoken_platform
from storage.chat.accounts import Account
from storage.chat.disputes import Dispute
from storage.chat.people import Met


def settle(context: Context, account: Account) -> None:
    """Let an account belong to whom people.toml says, as far as that is safe; an admin decides about the rest.

    Only the record of a person met in chat is merged into one of people.toml. Where the account belongs to somebody
    who is or was in people.toml, its holder may have changed, or the file is wrong: admins are asked.
    """
    city, store = context.city, context.store
    named = city.whose(account.platform, account.account, account.addresses)
    owner = store.chat.people.met(account.person)
    if owner is None or any(person.id == owner.id for person in named):
        named = []
    claimed: list[Person] = []
    if len(named) == 1 and owner and not is_listed(context, owner):
        merge(context, owner.id, named[0])
    elif len(named) == 1 and (account.platform, account.account.lower()) in city.by_account:
        give(context, account, named[0])
    elif named:
        claimed = named
    elif owner and not is_listed(context, owner):
        _join_colleagues(context, account, owner)
    _claim(context, account, claimed)


def is_listed(context: Context, person: Met) -> bool:
    """Whether somebody is or was in people.toml; all others were met in chat."""
    return person.listed or person.id in context.city.people


def merge(context: Context, old: str, person: Person) -> None:
    """Merge the record of a person met in chat into another; one row of the audit links the two ids."""
    listed = person.id in context.city.people
    rows = context.store.chat.merging.merge(old, Met(person.id, person.name, None, listed=listed), context.now)
    for platform in context.store.chat.people.platforms(person.id):
        context.store.chat.people.reached(platform, person.id)
    context.look_again()
    context.audit(person.id, merged=old, rows=rows)
    refresh_homes(context, [person.id])


def give(context: Context, account: Account, person: Person) -> None:
    """Let an account belong to somebody else from now on; what its holder did before stays theirs."""
    store = context.store
    store.chat.people.add(Met(person.id, person.name, None, listed=person.id in context.city.people), context.now)
    store.chat.accounts.give(account, person.id, context.now)
    store.chat.people.reached(account.platform, person.id)
    context.look_again()
    context.audit(account_ref(account.platform, account.account), given_to=person.id, was=account.person)
    refresh_homes(context, [account.person, person.id])


def give_to(context: Context, dispute: Dispute, person: Person) -> None:
    """Let an account belong to the person an admin chose; the record of a person met in chat is merged into theirs."""
    account = context.store.chat.accounts.find(dispute.platform, dispute.account)
    assert account is not None, "an account in dispute is known"
    owner = context.store.chat.people.met(account.person)
    if owner and not is_listed(context, owner):
        merge(context, owner.id, person)
    else:
        give(context, account, person)
    context.store.chat.disputes.keep(account.platform, account.account, person.id, [], context.now)


def dispute_line(context: Context, dispute: Dispute) -> str:
    """An account whose owner is not clear, in one line."""
    owner, person = context.name(dispute.owner), context.name(dispute.person)
    account = f"{spoken_platform(dispute.platform)} account {dispute.account}"
    return f"{account} belongs to {owner} here, but people.toml gives its e-mail address to {person}."


def account_ref(platform: str, account: str) -> str:
    """What an account is called in the audit and in lists."""
    return f"account {platform}:{account}"[:120]


def _join_colleagues(context: Context, account: Account, owner: Met) -> None:
    """Merge two records of people met in chat who have the same address: they are one colleague."""
    other = context.store.chat.accounts.met_with(account.addresses, besides=owner.id)
    if other and other not in context.city.people:
        merge(context, owner.id, context.person_named(other))


def _claim(context: Context, account: Account, persons: list[Person]) -> None:
    """Keep who has a claim to an account, and show the admins what is new."""
    names = [person.id for person in persons]
    new = context.store.chat.disputes.keep(account.platform, account.account, account.person, names, context.now)
    for person in new:
        context.audit(account_ref(account.platform, account.account), claimed_for=person, owner=account.person)
    if new:
        refresh_homes(context, [admin.id for admin in context.city.with_role("admin")])

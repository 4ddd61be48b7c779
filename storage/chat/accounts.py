"""Accounts: what the platforms say of each account, and whose it is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, insert, or_, select, update

from storage.base import Questions
from storage.chat.people import Met, State, accounts, people
from storage.prepared import Prepared


@dataclass(frozen=True)
class Account:
    """An account, the person it belongs to, and what its platform said last.

    ``email`` and ``other_email`` are its addresses in lower case; both are None while the platform has told none.
    ``asked_at`` is when the platform was asked about it last, ``seen_at`` when it was heard from.
    """

    platform: str
    account: str
    person: str
    direct: str | None = None
    state: State = "active"
    email: str | None = None
    other_email: str | None = None
    asked_at: datetime | None = None
    seen_at: datetime | None = None

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(address for address in (self.email, self.other_email) if address)


@dataclass(frozen=True)
class Speaker:
    """Who speaks from an account; ``heard_elsewhere`` says that another active account of theirs on this platform was
    heard from later."""

    person: Met
    account: Account
    heard_elsewhere: bool


_COLUMNS = (
    accounts.c.platform, accounts.c.account, accounts.c.person, accounts.c.direct, accounts.c.state,
    accounts.c.email, accounts.c.other_email, accounts.c.asked_at, accounts.c.seen_at,
)  # fmt: skip
_THIS = (accounts.c.platform == bindparam("platform_"), accounts.c.account == bindparam("account_"))
_other = accounts.alias("other")
_HEARD_ELSEWHERE = exists().where(
    _other.c.person == accounts.c.person,
    _other.c.platform == accounts.c.platform,
    _other.c.state == "active",
    _other.c.seen_at > accounts.c.seen_at,
)
_FIND = Prepared(select(*_COLUMNS).where(*_THIS))
SPEAKER = (  # the columns of which speaker_of makes a Speaker
    *_COLUMNS, people.c.id, people.c.name, people.c.email.label("known_by"), _HEARD_ELSEWHERE.label("elsewhere"),
)  # fmt: skip
_THOSE = Prepared(
    select(*_COLUMNS).where(
        accounts.c.platform == bindparam("platform_"), accounts.c.account.in_(bindparam("accounts", expanding=True))
    )
)
_OF = Prepared(select(*_COLUMNS).where(accounts.c.platform == bindparam("platform_")))
_ALL = Prepared(select(*_COLUMNS))
_ADD = Prepared(insert(accounts))
_TOLD = Prepared(
    update(accounts)
    .where(*_THIS)
    .values(
        email=bindparam("email_"), other_email=bindparam("other_"), state=bindparam("state_"), asked_at=bindparam("at_")
    )
)
_OWN = Prepared(update(accounts).where(*_THIS).values(person=bindparam("person_"), seen_at=bindparam("at_")))
_HEARD = Prepared(update(accounts).where(*_THIS).values(seen_at=bindparam("at_")))
_WITH_ADDRESS = Prepared(
    select(people.c.id)
    .join(accounts, accounts.c.person == people.c.id)
    .where(
        or_(
            accounts.c.email.in_((bindparam("first_"), bindparam("second_"))),
            accounts.c.other_email.in_((bindparam("first_"), bindparam("second_"))),
        ),
        people.c.listed.is_(False),
        people.c.id != bindparam("person_"),
    )
    .order_by(people.c.met_at, people.c.id)
    .limit(1)
)
_FORGET_LISTS = Prepared(
    update(accounts)
    .where(accounts.c.platform == bindparam("platform_"), accounts.c.listed_at.is_not(None))
    .values(listed_at=None)
)
_LISTED = (
    update(accounts)
    .where(accounts.c.platform == bindparam("platform_"), accounts.c.account.in_(bindparam("accounts", expanding=True)))
    .values(listed_at=bindparam("at_"))
)
_MISSING = Prepared(
    select(*_COLUMNS)
    .where(
        accounts.c.platform == bindparam("platform_"),
        accounts.c.state == "active",
        accounts.c.listed_at < bindparam("at_"),
    )
    .order_by(accounts.c.account)
)


class Accounts(Questions):
    def find(self, platform: str, account: str) -> Account | None:
        row = self.ask(_FIND, {"platform_": platform, "account_": account}).first()
        return Account(*row) if row else None

    def those(self, platform: str, names: Collection[str]) -> Mapping[str, Account]:
        """The known ones of some accounts, by their id; one question for all of them."""
        if not names:
            return {}
        rows = self.ask(_THOSE, {"platform_": platform, "accounts": list(names)})
        return {row.account: Account(*row) for row in rows}

    def of(self, platform: str) -> Mapping[str, Account]:
        """All accounts of a platform, by their id."""
        return {row.account: Account(*row) for row in self.ask(_OF, {"platform_": platform})}

    def all(self) -> list[Account]:
        return [Account(*row) for row in self.ask(_ALL)]

    def add(self, account: Account) -> None:
        """Remember an account that nobody has introduced before."""
        self.ask(_ADD, vars(account))

    def told(self, account: Account, at: datetime) -> None:
        """Keep what a platform says of an account: its addresses and its state."""
        row = {"email_": account.email, "other_": account.other_email, "state_": account.state, "at_": at}
        self.ask(_TOLD, {"platform_": account.platform, "account_": account.account, **row})

    def give(self, account: Account, person: str, at: datetime) -> None:
        """Let an account belong to somebody from now on; they are written to there."""
        row: dict[str, Any] = {"platform_": account.platform, "account_": account.account}
        self.ask(_OWN, {**row, "person_": person, "at_": at})

    def heard(self, platform: str, account: str, at: datetime) -> None:
        """Somebody speaks from an account, so that they are written to there."""
        self.ask(_HEARD, {"platform_": platform, "account_": account, "at_": at})

    def listed(self, platform: str, names: Collection[str], at: datetime) -> None:
        """Note that some accounts stood in a list of the platform; one statement for all of them."""
        if names:
            self.connection.execute(_LISTED, {"platform_": platform, "accounts": list(names), "at_": at})

    def not_listed(self, platform: str, names: Collection[str]) -> None:
        """Note that these accounts stand in no list any more, and that this was looked into."""
        if names:
            self.connection.execute(_LISTED, {"platform_": platform, "accounts": list(names), "at_": None})

    def forget_lists(self, platform: str) -> None:
        """Forget who stood in the lists of a platform until now, so that nothing follows from it."""
        self.ask(_FORGET_LISTS, {"platform_": platform})

    def missing(self, platform: str, since: datetime) -> list[Account]:
        """The active accounts that stood in a list before a moment, and in none since."""
        return [Account(*row) for row in self.ask(_MISSING, {"platform_": platform, "at_": since})]

    def met_with(self, addresses: Collection[str], besides: str = "") -> str | None:
        """Who was met in chat with an account that has one of these addresses, the first who was; never somebody who
        is or was in people.toml."""
        first, *more = [*addresses, "", ""][:2]
        if not first:
            return None
        row = {"first_": first, "second_": more[0] or first, "person_": besides}
        found: str | None = self.ask(_WITH_ADDRESS, row).scalar()
        return found


def speaker_of(row: Any) -> Speaker | None:
    """Who speaks, and what is known of their account, by a row that begins with the columns of SPEAKER; None where they
    are empty: nobody has introduced the account."""
    if row.id is None:
        return None
    return Speaker(Met(row.id, row.name, row.known_by), Account(*row[: len(_COLUMNS)]), bool(row.elsewhere))

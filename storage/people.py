"""People: whom the bot has met, and which platform accounts are theirs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Column, ForeignKey, Index, String, Table, bindparam, delete, func, insert, select, update

from storage.base import Instant, Questions, metadata, one_of
from storage.prepared import Prepared

people = Table(
    "people",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("email", String(320), unique=True),
    Column("met_at", Instant, nullable=False),
)
accounts = Table(
    "accounts",
    metadata,
    Column("platform", String(12), primary_key=True),
    Column("account", String(200), primary_key=True),
    Column("person", String(60), ForeignKey("people.id"), nullable=False, index=True),
    Column("direct", String(400)),
    Column("state", String(12), nullable=False, server_default="active"),
    Column("email", String(320), index=True),
    Column("asked_at", Instant),
    Column("seen_at", Instant),
)
_CLOSED = one_of(accounts.c.state, "deactivated", "guest", "external")
Index("ix_accounts_closed", accounts.c.person, sqlite_where=_CLOSED, postgresql_where=_CLOSED)
unreached = Table(
    "unreached",
    metadata,
    Column("platform", String(12), primary_key=True),
    Column("person", String(60), primary_key=True),
    Column("why", String(400), nullable=False),
    Column("since", Instant, nullable=False),
)

# What a platform says of an account. Only an active one speaks to the bot: the others are switched off, or belong to
# a guest, or to somebody of another organization.
State = Literal["active", "deactivated", "guest", "external"]


@dataclass(frozen=True)
class Met:
    """Somebody who has spoken to the bot, or was written to."""

    id: str
    name: str
    email: str | None


_ADD = Prepared(insert(people))
_ADD_ACCOUNT = Prepared(insert(accounts))
_OWNER = Prepared(
    select(people.c.id, people.c.name, people.c.email)
    .join(accounts, accounts.c.person == people.c.id)
    .where(accounts.c.platform == bindparam("platform_"), accounts.c.account == bindparam("account_"))
)
_MET = Prepared(select(people.c.id, people.c.name, people.c.email).where(people.c.id == bindparam("id_")))
_EVERYBODY = Prepared(select(people.c.id, people.c.name, people.c.email).order_by(people.c.id))
_BY_EMAIL = Prepared(select(people.c.id).where(func.lower(people.c.email) == bindparam("email_")))
_ACCOUNTS = select(accounts.c.person, accounts.c.account).where(
    accounts.c.platform == bindparam("platform_"), accounts.c.person.in_(bindparam("persons", expanding=True))
)
_DIRECT = Prepared(
    update(accounts)
    .where(accounts.c.platform == bindparam("platform_"), accounts.c.account == bindparam("account_"))
    .values(direct=bindparam("direct_"))
)
_REACH = Prepared(
    select(accounts.c.account, accounts.c.direct).where(
        accounts.c.platform == bindparam("platform_"), accounts.c.person == bindparam("person_")
    )
)
_PLATFORMS = Prepared(select(accounts.c.platform).where(accounts.c.person == bindparam("person_")))
_STATE = Prepared(
    update(accounts)
    .where(accounts.c.platform == bindparam("platform_"), accounts.c.account == bindparam("account_"))
    .values(state=bindparam("state_"))
)
_OTHER = accounts.alias("other")
_SWITCHED_OFF = Prepared(
    select(accounts.c.person)
    .where(_CLOSED, ~select(_OTHER).where(_OTHER.c.person == accounts.c.person, _OTHER.c.state == "active").exists())
    .distinct()
)
_UNREACHED = Prepared(select(unreached.c.platform, unreached.c.person, unreached.c.why))
_ADD_UNREACHED = Prepared(insert(unreached))
_REACHED = Prepared(
    delete(unreached).where(unreached.c.platform == bindparam("platform_"), unreached.c.person == bindparam("person_"))
)


class People(Questions):
    def owner_of(self, platform: str, account: str) -> Met | None:
        """The person whose account this is."""
        row = self.ask(_OWNER, {"platform_": platform, "account_": account}).first()
        return Met(*row) if row else None

    def met(self, person: str) -> Met | None:
        row = self.ask(_MET, {"id_": person}).first()
        return Met(*row) if row else None

    def everybody(self) -> list[Met]:
        """All who have spoken to the bot, or were written to."""
        return [Met(*row) for row in self.ask(_EVERYBODY)]

    def meet(self, person: Met, platform: str, account: str, at: datetime) -> None:
        """Remember somebody and their account; meeting them again changes nothing.

        Somebody with the same e-mail address is the same person, whatever platform they were met on first.
        """
        known = self.ask(_BY_EMAIL, {"email_": (person.email or "").lower()}).scalar()
        if known is None and self.met(person.id) is None:
            row = {"id": person.id, "name": person.name, "email": person.email, "met_at": at}
            self.ask(_ADD, row)
        if self.owner_of(platform, account) is None:
            row = {"platform": platform, "account": account, "person": known or person.id, "seen_at": at}
            self.ask(_ADD_ACCOUNT, row)
            self.reached(platform, known or person.id)

    def accounts(self, platform: str, persons: Collection[str]) -> Mapping[str, str]:
        """Person -> their account on a platform, for those who have one."""
        if not persons:
            return {}
        rows = self.connection.execute(_ACCOUNTS, {"platform_": platform, "persons": list(persons)})
        return dict(rows.all())

    def platforms(self, person: str) -> list[str]:
        """The platforms on which somebody has been met."""
        return [row.platform for row in self.ask(_PLATFORMS, {"person_": person})]

    def reach(self, platform: str, person: str) -> tuple[str, str | None] | None:
        """Somebody's account on a platform and the id of their direct conversation, as far as it is known."""
        row = self.ask(_REACH, {"platform_": platform, "person_": person}).first()
        return (row[0], row[1]) if row else None

    def set_direct(self, platform: str, account: str, direct: str) -> None:
        """Keep the id of the direct conversation with an account."""
        self.ask(_DIRECT, {"platform_": platform, "account_": account, "direct_": direct})

    def set_state(self, platform: str, account: str, state: State) -> None:
        """Keep what a platform says of an account; nothing happens for one that nobody has met."""
        self.ask(_STATE, {"platform_": platform, "account_": account, "state_": state})

    def switched_off(self) -> frozenset[str]:
        """The ids of people who have accounts, none of which may speak to the bot any more."""
        return frozenset(row.person for row in self.ask(_SWITCHED_OFF))

    def unreached(self) -> Mapping[tuple[str, str], str]:
        """(platform, person) -> why nothing can be written to them there; nobody who was reached since."""
        return {(row.platform, row.person): row.why for row in self.ask(_UNREACHED)}

    def not_reached(self, platform: str, person: str, why: str, at: datetime) -> None:
        """Keep why a platform lets nothing be written to somebody, until they are reached again."""
        self.reached(platform, person)
        self.ask(_ADD_UNREACHED, {"platform": platform, "person": person, "why": why[:400], "since": at})

    def reached(self, platform: str, person: str) -> None:
        """Somebody was written to, or has opened a new way to them."""
        self.ask(_REACHED, {"platform_": platform, "person_": person})

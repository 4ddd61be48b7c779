"""People: whom the bot has met, and which platform accounts are theirs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    String,
    Table,
    bindparam,
    case,
    delete,
    false,
    func,
    insert,
    nulls_last,
    select,
    update,
)

from storage.base import Instant, Questions, metadata, one_of, partial_index
from storage.persons import OfPersons, by_key
from storage.prepared import Prepared

people = Table(
    "people",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("email", String(320), unique=True),
    Column("met_at", Instant, nullable=False),
    Column("listed", Boolean, nullable=False, server_default=false()),
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
    Column("other_email", String(320), index=True),
    Column("asked_at", Instant),
    Column("seen_at", Instant),
    Column("listed_at", Instant),
)
_CLOSED = one_of(accounts.c.state, "deactivated", "guest", "external")
partial_index("ix_accounts_closed", accounts.c.person, where=_CLOSED)
unreached = Table(
    "unreached",
    metadata,
    Column("platform", String(12), primary_key=True),
    Column("person", String(60), primary_key=True),
    Column("why", String(400), nullable=False),
    Column("since", Instant, nullable=False),
)
merged = Table(
    "merged",
    metadata,
    Column("old", String(60), primary_key=True),
    Column("new", String(60), nullable=False),
    Column("at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

# What a platform says of an account. Only an active one speaks to the bot: the others are switched off, or belong to
# a guest, or to somebody of another organization.
State = Literal["active", "deactivated", "guest", "external"]
COLLEAGUES = ("slack-", "teams-")  # how the ids of those begin who were met in chat and are in no file


@dataclass(frozen=True)
class Met:
    """Somebody who has spoken to the bot, or was written to. ``listed`` says that they are or were in people.toml;
    the others were met in chat, and ``email`` is the address they were known by then."""

    id: str
    name: str
    email: str | None
    listed: bool = False


_ACTIVE_FIRST = (case((accounts.c.state == "active", 0), else_=1), nulls_last(accounts.c.seen_at.desc()))
_MET_COLUMNS = (people.c.id, people.c.name, people.c.email, people.c.listed)
_ADD = Prepared(insert(people))
_ADD_ACCOUNT = Prepared(insert(accounts))
_OWNER = Prepared(
    select(*_MET_COLUMNS)
    .join(accounts, accounts.c.person == people.c.id)
    .where(accounts.c.platform == bindparam("platform_"), accounts.c.account == bindparam("account_"))
)
_MET = Prepared(select(*_MET_COLUMNS).where(people.c.id == bindparam("id_")))
_MET_EACH = OfPersons(select(*_MET_COLUMNS), people.c.id)
_MERGED = Prepared(
    select(*_MET_COLUMNS).join(merged, merged.c.new == people.c.id).where(merged.c.old == bindparam("id_"))
)
_NOW = Prepared(select(merged.c.old, merged.c.new).where(merged.c.old.in_(bindparam("olds", expanding=True))))
_TAKEN = Prepared(select(merged.c.new).where(merged.c.old == bindparam("id_")))
_EVERYBODY = Prepared(select(*_MET_COLUMNS).order_by(people.c.id))
_LIST = update(people).where(people.c.id.in_(bindparam("persons", expanding=True)), people.c.listed.is_(False))
_NOT_LISTED = Prepared(select(people.c.id).where(people.c.listed.is_(False)))
_KNOWN_BY = Prepared(select(people.c.id).where(func.lower(people.c.email) == bindparam("email_")))
_ACCOUNTS = OfPersons(
    select(accounts.c.person, accounts.c.account)
    .where(accounts.c.platform == bindparam("platform_"))
    .order_by(*_ACTIVE_FIRST, accounts.c.account),
    accounts.c.person,
)
_DIRECT = Prepared(
    update(accounts)
    .where(accounts.c.platform == bindparam("platform_"), accounts.c.account == bindparam("account_"))
    .values(direct=bindparam("direct_"))
)
_REACH = Prepared(
    select(accounts.c.account, accounts.c.direct)
    .where(accounts.c.platform == bindparam("platform_"), accounts.c.person == bindparam("person_"))
    .order_by(*_ACTIVE_FIRST, accounts.c.account)
    .limit(1)
)
_STATE = Prepared(
    update(accounts)
    .where(accounts.c.platform == bindparam("platform_"), accounts.c.account == bindparam("account_"))
    .values(state=bindparam("state_"))
)
_WAYS = OfPersons(
    select(
        accounts.c.person,
        accounts.c.platform,
        func.min(case((accounts.c.state == "active", 0), else_=1)).label("closed"),
    )
    .group_by(accounts.c.person, accounts.c.platform)
    .order_by("closed", accounts.c.platform),
    accounts.c.person,
)
_other = accounts.alias("other")
_SWITCHED_OFF = Prepared(
    select(accounts.c.person)
    .where(_CLOSED, ~select(_other).where(_other.c.person == accounts.c.person, _other.c.state == "active").exists())
    .distinct()
)
_CLOSED_ALL = Prepared(
    select(accounts.c.platform, accounts.c.person, accounts.c.state)
    .where(
        _CLOSED,
        ~select(_other)
        .where(
            _other.c.person == accounts.c.person,
            _other.c.platform == accounts.c.platform,
            _other.c.state == "active",
        )
        .exists(),
    )
    .order_by(accounts.c.seen_at)
)
_UNREACHED = Prepared(select(unreached.c.platform, unreached.c.person, unreached.c.why))
_ADD_UNREACHED = Prepared(insert(unreached))
_REACHED = Prepared(
    delete(unreached).where(unreached.c.platform == bindparam("platform_"), unreached.c.person == bindparam("person_"))
)


class People(Questions):
    def add(self, person: Met, at: datetime) -> None:
        """Remember somebody, if they are not known; without an address that another one is known by already."""
        if self.ask(_MET, {"id_": person.id}).first():
            return
        free = person.email and not self.ask(_KNOWN_BY, {"email_": person.email.lower()}).first()
        row = {"id": person.id, "name": person.name[:200], "email": person.email if free else None}
        self.ask(_ADD, {**row, "met_at": at, "listed": person.listed})

    def meet(self, person: Met, platform: str, account: str, at: datetime) -> None:
        """Remember somebody and an account of theirs; an account that belongs to somebody stays theirs."""
        self.add(person, at)
        if self.owner_of(platform, account) is None:
            row = {"platform": platform, "account": account, "person": person.id, "seen_at": at}
            self.ask(_ADD_ACCOUNT, row)
            self.reached(platform, person.id)

    def list_them(self, persons: Collection[str]) -> None:
        """Remember that these people stand in people.toml, for the day when they do not any more."""
        if persons:
            self.connection.execute(_LIST.values(listed=True), {"persons": list(persons)})

    def not_listed(self) -> list[str]:
        """Those of whom it was never said that they stand in people.toml."""
        return [row.id for row in self.ask(_NOT_LISTED)]

    def owner_of(self, platform: str, account: str) -> Met | None:
        """The person whose account this is."""
        row = self.ask(_OWNER, {"platform_": platform, "account_": account}).first()
        return Met(*row) if row else None

    def met(self, person: str) -> Met | None:
        """Somebody by their id, also by one they had before their records were made one."""
        row = self.ask(_MET, {"id_": person}).first()
        if row is None and person.startswith(COLLEAGUES):
            row = self.ask(_MERGED, {"id_": person}).first()
        return Met(*row) if row else None

    def met_each(self, persons: Collection[str]) -> dict[str, Met]:
        """Those of these people who have spoken to the bot, or were written to, by id."""
        return {row.id: Met(*row) for row in _MET_EACH.run(self.connection, persons)} if persons else {}

    def is_free(self, person: str) -> bool:
        """Whether an id is nobody's and never was."""
        return not self.ask(_MET, {"id_": person}).first() and not self.ask(_TAKEN, {"id_": person}).first()

    def now(self, olds: Collection[str]) -> Mapping[str, str]:
        """Old id -> the id of today, for those whose records were made one with another."""
        if not olds:
            return {}
        return dict(self.ask(_NOW, {"olds": list(olds)}).all())

    def everybody(self) -> list[Met]:
        """All who have spoken to the bot, or were written to."""
        return [Met(*row) for row in self.ask(_EVERYBODY)]

    def accounts(self, platform: str, persons: Collection[str]) -> Mapping[str, str]:
        """Person -> the account they are written to on a platform, for those who have one."""
        if not persons:
            return {}
        asked = {person: person for person in persons}
        if olds := [person for person in persons if person.startswith(COLLEAGUES)]:
            asked |= self.now(olds)
        rows = _ACCOUNTS.run(self.connection, set(asked.values()), {"platform_": platform})
        found: dict[str, str] = {}
        for person, account in rows:
            found.setdefault(person, account)
        return {old: found[person] for old, person in asked.items() if person in found}

    def platforms(self, person: str) -> list[str]:
        """The platforms on which somebody has been met; where they have an active account, only those."""
        return self.platforms_of_each([person]).get(person, [])

    def platforms_of_each(self, persons: Collection[str] | None) -> dict[str, list[str]]:
        """The same for each of these people (None: anybody) who was met anywhere."""
        found = by_key(_WAYS.run(self.connection, persons), lambda row: str(row.person))
        return {
            person: [row.platform for row in ways if not row.closed] or [row.platform for row in ways]
            for person, ways in found.items()
        }

    def reach(self, platform: str, person: str) -> tuple[str, str | None] | None:
        """Somebody's account on a platform and the id of their direct conversation, as far as it is known.

        Of several accounts the active one that was heard from last.
        """
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

    def closed(self) -> Mapping[tuple[str, str], State]:
        """(platform, person) -> the state of their account there, where they have none that may speak to the bot."""
        return {(row.platform, row.person): row.state for row in self.ask(_CLOSED_ALL)}

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

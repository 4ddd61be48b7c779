"""Disputes: accounts that people.toml says are somebody else's; an admin decides whose they are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, String, Table, bindparam, delete, insert, select, update

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared

disputes = Table(
    "disputes",
    metadata,
    Column("platform", String(12), primary_key=True),
    Column("account", String(200), primary_key=True),
    Column("person", String(60), primary_key=True),
    Column("owner", String(60), nullable=False),
    Column("since", Instant, nullable=False),
    Column("left_by", String(60)),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True)
class Dispute:
    """An account that ``owner`` has and whose address is ``person``'s; ``left_by`` has decided that it stays."""

    platform: str
    account: str
    person: str
    owner: str
    since: datetime
    left_by: str | None


_COLUMNS = (
    disputes.c.platform,
    disputes.c.account,
    disputes.c.person,
    disputes.c.owner,
    disputes.c.since,
    disputes.c.left_by,
)
_OF = (disputes.c.platform == bindparam("platform_"), disputes.c.account == bindparam("account_"))
_ADD = Prepared(insert(disputes))
_ALL = Prepared(
    select(*_COLUMNS).order_by(disputes.c.since, disputes.c.platform, disputes.c.account, disputes.c.person)
)
_THOSE = Prepared(select(*_COLUMNS).where(*_OF))
_TAKE = Prepared(select(*_COLUMNS).where(*_OF).order_by(disputes.c.person).with_for_update())
_LEAVE = Prepared(
    update(disputes)
    .where(*_OF, disputes.c.person == bindparam("person_"), disputes.c.left_by.is_(None))
    .values(left_by=bindparam("by"))
)
_DROP = Prepared(delete(disputes).where(*_OF, disputes.c.person == bindparam("person_")))


class Disputes(Questions):
    def all(self) -> list[Dispute]:
        """Those that wait and those that were left, the oldest first; there are never many."""
        return [Dispute(*row) for row in self.ask(_ALL)]

    def waiting(self) -> list[Dispute]:
        """Those about which nobody has decided yet, the oldest first."""
        return [dispute for dispute in self.all() if dispute.left_by is None]

    def of(self, platform: str, account: str) -> list[Dispute]:
        """What is claimed about one account."""
        return [Dispute(*row) for row in self.ask(_THOSE, {"platform_": platform, "account_": account})]

    def take(self, platform: str, account: str) -> list[Dispute]:
        """What is claimed about one account, and nobody else decides about it before this transaction ends."""
        return [Dispute(*row) for row in self.ask(_TAKE, {"platform_": platform, "account_": account})]

    def keep(self, platform: str, account: str, owner: str, persons: Collection[str], at: datetime) -> list[str]:
        """Let these people, and nobody else, have a claim to an account of ``owner``; gives those who had none before.

        What was left as it is stays left as long as the same person has the claim against the same owner.
        """
        known = {dispute.person: dispute for dispute in self.of(platform, account)}
        for dispute in known.values():
            if dispute.person not in persons or dispute.owner != owner:
                self.ask(_DROP, {"platform_": platform, "account_": account, "person_": dispute.person})
        new = [person for person in persons if person not in known or known[person].owner != owner]
        for person in new:
            row = {"platform": platform, "account": account, "person": person, "owner": owner, "since": at}
            self.ask(_ADD, row)
        return new

    def leave(self, dispute: Dispute, by: str) -> bool:
        """Let an account stay with its holder; False when somebody has decided before."""
        row = {"platform_": dispute.platform, "account_": dispute.account, "person_": dispute.person, "by": by}
        return self.ask(_LEAVE, row).changed == 1

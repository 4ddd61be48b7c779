"""Rosters: the teams and group chats whose members a platform lets the bot list."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Column, String, Table, bindparam, delete, select, text

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared

rosters = Table(
    "rosters",
    metadata,
    Column("platform", String(12), primary_key=True),
    Column("conversation", String(200), primary_key=True),
    Column("address", String(400), nullable=False),
    Column("since", Instant, nullable=False),
    sqlite_with_rowid=False,
)
_KEEP = Prepared(
    text(
        "INSERT INTO rosters (platform, conversation, address, since) "
        "VALUES (:platform, :conversation, :address, :since) "
        "ON CONFLICT (platform, conversation) DO UPDATE SET address = excluded.address"
    ).bindparams(bindparam("since", type_=Instant()))
)
_OF = Prepared(
    select(rosters.c.conversation, rosters.c.address)
    .where(rosters.c.platform == bindparam("platform_"))
    .order_by(rosters.c.since, rosters.c.conversation)
)
_DROP = Prepared(
    delete(rosters).where(
        rosters.c.platform == bindparam("platform_"), rosters.c.conversation == bindparam("conversation_")
    )
)


class Rosters(Questions):
    def keep(self, platform: str, conversation: str, address: str, at: datetime) -> None:
        """Remember a team or a group chat, and where its platform answers for it."""
        self.ask(_KEEP, {"platform": platform, "conversation": conversation, "address": address, "since": at})

    def of(self, platform: str) -> Mapping[str, str]:
        """Conversation -> where its platform answers, the longest known first."""
        return dict(self.ask(_OF, {"platform_": platform}).all())

    def drop(self, platform: str, conversation: str) -> None:
        """Forget one where the bot is no longer."""
        self.ask(_DROP, {"platform_": platform, "conversation_": conversation})

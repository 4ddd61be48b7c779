"""Overdue pages: what should have been handed over long ago."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select

from storage.base import Questions, one_of
from storage.chat.outbox import PRIORITIES, outbox
from storage.prepared import Prepared

_PAGES = Prepared(
    select(outbox.c.platform, func.count().label("count"))
    .where(
        one_of(outbox.c.state, "pending", "sending", "unknown"),
        outbox.c.priority == PRIORITIES.index("page"),
        outbox.c.kind == "post",
        outbox.c.created_at < bindparam("before_"),
        or_(outbox.c.attempt > 0, outbox.c.not_before.is_(None), outbox.c.not_before <= bindparam("now_")),
    )
    .group_by(outbox.c.platform)
)


class OverduePages(Questions):
    def pages(self, ways: Collection[str], before: datetime, now: datetime) -> int:
        """How many pages were queued before a moment and are not handed over, of those that may go now by these
        platforms and gateways."""
        return sum(row.count for row in self.ask(_PAGES, {"before_": before, "now_": now}) if row.platform in ways)

"""Overdue pages: what should have been handed over long ago, and how many pages have not failed."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, bindparam, case, func, or_, select

from storage.base import Questions, one_of
from storage.chat.outbox import LOST, PRIORITIES, outbox
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
_FAILS = or_(
    LOST,
    one_of(outbox.c.state, "replaced"),
    and_(one_of(outbox.c.state, "pending", "sending", "unknown"), outbox.c.since.is_not(None)),
)
_ARRIVING = (
    select(outbox.c.about, func.sum(case((_FAILS, 0), else_=1)).label("count"))
    .where(outbox.c.about.in_(bindparam("refs", expanding=True)), outbox.c.kind == "post")
    .group_by(outbox.c.about)
)


class OverduePages(Questions):
    def pages(self, ways: Collection[str], before: datetime, now: datetime) -> int:
        """How many pages were queued before a moment and are not handed over, of those that may go now by these
        platforms and gateways."""
        return sum(row.count for row in self.ask(_PAGES, {"before_": before, "now_": now}) if row.platform in ways)

    def arriving(self, refs: Collection[str]) -> dict[str, int]:
        """How many messages about each reference went out or are about to: neither given up, nor in trouble, nor
        replaced by a later one. What was never queued is left out."""
        return dict(self.connection.execute(_ARRIVING, {"refs": list(refs)}).all()) if refs else {}

"""Undelivered: what was given up or must be decided by a person, one by one or a whole incident at once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from storage.base import Questions
from storage.chat.outbox import ACTIVE, LOST, Outbox, OutboxRow, claimable, outbox
from storage.chat.posts import Posts
from storage.prepared import Prepared

_COUNT = Prepared(select(func.count()).select_from(outbox).where(LOST))
_FIRST = Prepared(
    select(outbox)
    .where(LOST)
    .order_by(outbox.c.settled_at, outbox.c.id)
    .limit(bindparam("most_", type_=outbox.c.id.type))
)
_DECIDE = Prepared(
    update(outbox)
    .where(outbox.c.id == bindparam("id_"), LOST)
    .values(
        state=bindparam("state_"),
        not_before=None,
        sent_again=bindparam("again_"),
        settled_at=bindparam("at_"),
        error=func.coalesce(bindparam("why_", type_=outbox.c.error.type), outbox.c.error),
        tries=0,
        since=None,
    )
)
_OF_INCIDENT = Prepared(select(outbox).where(outbox.c.incident == bindparam("incident_"), LOST).order_by(outbox.c.id))
_GOES_ON = Prepared(
    select(func.max(outbox.c.incident)).where(
        LOST,
        outbox.c.incident.is_not(None),
        outbox.c.platform == bindparam("platform_"),
        (outbox.c.priority == 0) == bindparam("page_"),
        outbox.c.settled_at >= bindparam("since_"),
    )
)
_IN_PLACE = (outbox.c.platform == bindparam("platform_"), outbox.c.place == bindparam("place_"))
_REFUSED_IN = Prepared(select(outbox).where(LOST, outbox.c.state == "rejected", *_IN_PLACE).order_by(outbox.c.id))
_WAITING_IN = Prepared(select(func.count()).select_from(outbox).where(ACTIVE, *_IN_PLACE, outbox.c.kind == "post"))
_JOIN = update(outbox).where(outbox.c.id.in_(bindparam("ids", expanding=True))).values(incident=bindparam("incident_"))


class Undelivered(Questions):
    def count(self) -> int:
        """How many could not be delivered or must be decided about."""
        return int(self.ask(_COUNT).scalar())

    def first(self, most: int) -> list[OutboxRow]:
        """The first of them, the longest waiting before the others."""
        return [claimable(row) for row in self.ask(_FIRST, {"most_": most})]

    def decide(self, row: OutboxRow, state: str, at: datetime, why: str | None = None) -> bool:
        """What was decided about a row: ``pending`` sends it again, ``replaced`` leaves it (``why`` it is not needed
        any more); False when somebody has decided before."""
        self.wake()
        again = row.sent_again or (state == "pending" and row.state == "needs_human")
        asked = {"id_": row.id, "state_": state, "again_": again, "at_": at, "why_": why and why[:400]}
        decided = self.ask(_DECIDE, asked).changed == 1
        if decided and state == "replaced" and row.kind == "post" and row.post is not None:
            Posts(self.connection).lost(row.post)  # nothing waits for it any more
            Outbox(self.connection).drop_updates(row.post, at)
        return decided

    def refused_in(self, platform: str, place: str) -> list[OutboxRow]:
        """What a place has refused for good, in order."""
        return [claimable(row) for row in self.ask(_REFUSED_IN, {"platform_": platform, "place_": place})]

    def waiting_in(self, platform: str, place: str) -> int:
        """How many messages are on their way to a place, or wait until it has a channel."""
        return int(self.ask(_WAITING_IN, {"platform_": platform, "place_": place}).scalar())

    def of_incident(self, incident: int) -> list[OutboxRow]:
        """What of an incident is still to be decided."""
        return [claimable(row) for row in self.ask(_OF_INCIDENT, {"incident_": incident})]

    def join(self, rows: Sequence[OutboxRow], since: datetime) -> tuple[int, bool]:
        """Put rows of one platform, all of them pages or none, into the incident that has gone on there since a moment,
        or into a new one; gives its number, and whether it is new. A new one has the number of its first row."""
        first = rows[0]
        asked = {"platform_": first.platform, "page_": first.is_page, "since_": since}
        going_on: int | None = self.ask(_GOES_ON, asked).scalar()
        number = going_on or first.id
        self.connection.execute(_JOIN, {"ids": [row.id for row in rows], "incident_": number})
        return number, going_on is None

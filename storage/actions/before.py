"""Before: the two tables from which all actions have moved into one register; nothing reads or writes them any more."""

from sqlalchemy import Column, Date, ForeignKey, Integer, String, Table, Text

from storage.base import Instant, metadata, partial_index

risk_actions = Table(
    "risk_actions",
    metadata,
    Column("risk", Integer, ForeignKey("risks.number"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("what", Text, nullable=False),
    Column("owner", String(60)),
    Column("due_on", Date),
    Column("state", String(12), nullable=False),
    Column("created_by", String(60), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("done_by", String(60)),
    Column("done_at", Instant),
)
_OPEN = risk_actions.c.state == "open"
partial_index("ix_risk_actions_open", risk_actions.c.owner, where=_OPEN)

follow_ups = Table(
    "crisis_follow_ups",
    metadata,
    Column("crisis", String(20), ForeignKey("crises.ref"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("what", Text, nullable=False),
    Column("owner", String(60), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("created_by", String(60), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("done_by", String(60)),
    Column("done_at", Instant),
)
_UNDONE = follow_ups.c.done_at.is_(None)
partial_index("ix_crisis_follow_ups_open", follow_ups.c.owner, where=_UNDONE)

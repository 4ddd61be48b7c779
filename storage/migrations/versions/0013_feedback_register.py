"""Feedback becomes a register: what happened to each, its clock, its contact (sealed), and proposed risks."""

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_OPEN = sa.text("state = 'open'")
_CHECKED = sa.text("check_on IS NOT NULL")


def upgrade() -> None:
    for column in (
        sa.Column("kind", sa.String(length=12), nullable=False, server_default="complaint"),
        sa.Column("area", sa.String(length=300), nullable=True),
        sa.Column("department", sa.String(length=40), nullable=True),
        sa.Column("owner", sa.String(length=60), nullable=True),
        sa.Column("waits_for", sa.String(length=20), nullable=True),
        sa.Column("waits_until", sa.Date(), nullable=True),
        sa.Column("target", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("clock", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("mark", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("took", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("decided_by", sa.String(length=120), nullable=True),
        sa.Column("go_to", sa.Text(), nullable=True),
        sa.Column("duplicate_of", sa.Integer(), nullable=True),
        sa.Column("check_on", sa.Date(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False, server_default=""),
    ):
        op.add_column("feedback", column)
    op.create_index(op.f("ix_feedback_closed_at"), "feedback", ["closed_at"])
    op.create_index("ix_feedback_due", "feedback", ["due_at"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index("ix_feedback_check", "feedback", ["check_on"], sqlite_where=_CHECKED, postgresql_where=_CHECKED)
    op.create_index("ix_feedback_area", "feedback", ["category", "area", "created_at"])
    events = op.create_table(
        "feedback_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_events")),
    )
    op.create_index("ix_feedback_events_item", "feedback_events", ["item", "id"])
    op.create_table(
        "contacts",
        sa.Column("item", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("item", name=op.f("pk_contacts")),
    )
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("area", sa.String(length=300), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("answered_by", sa.String(length=60), nullable=True),
        sa.Column("risk", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    op.create_index("ix_proposals_area", "proposals", ["category", "area", "at"])
    _give_history(events)


def _give_history(events: sa.Table) -> None:
    """What was there before gets the event it began with, the whole row as it stands, so that its history makes it."""
    connection = op.get_bind()
    feedback = sa.Table("feedback", sa.MetaData(), autoload_with=connection)
    for row in connection.execute(sa.select(feedback).order_by(feedback.c.number)).mappings().all():
        words = "\n".join(part for part in (row["what"], row["place_in_town"], row["answer"]) if part).casefold()
        connection.execute(sa.update(feedback).where(feedback.c.number == row["number"]).values(words=words))
        kept = {name: value for name, value in row.items() if name != "words"}
        logged = {"item": row["number"], "what": "logged", "person": row["created_by"], "at": row["created_at"]}
        changed = json.dumps(kept, default=_as_text, ensure_ascii=False)
        connection.execute(sa.insert(events).values(**logged, changed=changed))


def _as_text(value: object) -> str:
    assert isinstance(value, datetime)
    return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()

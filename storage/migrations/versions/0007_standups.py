"""Stand-ups, what was answered in them, and what stands in the way."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blockers",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("team", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(length=60), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_blockers")),
    )
    still_open = sa.text("state = 'open'")
    op.create_index(
        "ix_blockers_open", "blockers", ["team", "number"], sqlite_where=still_open, postgresql_where=still_open
    )
    op.create_table(
        "standups",
        sa.Column("team", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("team", "day", name=op.f("pk_standups")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "standup_answers",
        sa.Column("team", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("finished", sa.Text(), nullable=False),
        sa.Column("next", sa.Text(), nullable=False),
        sa.Column("blocker", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["blocker"], ["blockers.number"], name=op.f("fk_standup_answers_blocker_blockers")),
        sa.PrimaryKeyConstraint("team", "day", "person", name=op.f("pk_standup_answers")),
        sqlite_with_rowid=False,
    )

"""The plan of a crisis: its steps with their owners, and its windows."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "crisis_tasks",
        sa.Column("crisis", sa.String(length=20), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("window", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=True),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("done_by", sa.String(length=60), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["crisis"], ["crises.ref"], name=op.f("fk_crisis_tasks_crisis_crises")),
        sa.PrimaryKeyConstraint("crisis", "step", name=op.f("pk_crisis_tasks")),
    )
    is_open = sa.text("done_at IS NULL")
    op.create_index("ix_crisis_tasks_open", "crisis_tasks", ["owner"], sqlite_where=is_open, postgresql_where=is_open)
    op.create_table(
        "crisis_windows",
        sa.Column("crisis", sa.String(length=20), nullable=False),
        sa.Column("window", sa.String(length=40), nullable=False),
        sa.Column("closed_by", sa.String(length=60), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["crisis"], ["crises.ref"], name=op.f("fk_crisis_windows_crisis_crises")),
        sa.PrimaryKeyConstraint("crisis", "window", name=op.f("pk_crisis_windows")),
    )

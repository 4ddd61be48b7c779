"""Reports and statements of a crisis."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "crisis_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("crisis", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("next_update_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("written_by", sa.String(length=60), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["crisis"], ["crises.ref"], name=op.f("fk_crisis_reports_crisis_crises")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crisis_reports")),
    )
    op.create_index(op.f("ix_crisis_reports_crisis"), "crisis_reports", ["crisis"])

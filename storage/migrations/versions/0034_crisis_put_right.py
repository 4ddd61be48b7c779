"""A crisis that goes on from another, in the same room; steps that outlive it; reports that correct others."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("crises", sa.Column("reopens", sa.String(length=20), nullable=True))
    op.add_column("crises", sa.Column("room_of", sa.String(length=20), nullable=True))
    op.create_index(op.f("ix_crises_reopens"), "crises", ["reopens"])
    op.add_column("crisis_tasks", sa.Column("goes_on", sa.Boolean(), nullable=True))
    op.add_column("crisis_tasks", sa.Column("action", sa.String(length=20), nullable=True))
    op.add_column("crisis_reports", sa.Column("corrects", sa.Integer(), nullable=True))

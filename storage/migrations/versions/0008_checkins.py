"""Weekly check-ins of the departments, and the numbers they report."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "checkins",
        sa.Column("department", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("asked", sa.String(length=60), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("health", sa.Integer(), nullable=True),
        sa.Column("risk", sa.String(length=120), nullable=True),
        sa.Column("risk_ref", sa.String(length=20), nullable=True),
        sa.Column("help", sa.Text(), nullable=True),
        sa.Column("help_taken_by", sa.String(length=60), nullable=True),
        sa.Column("help_taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=60), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("department", "day", name=op.f("pk_checkins")),
    )
    op.create_index(op.f("ix_checkins_day"), "checkins", ["day"])
    op.create_table(
        "readings",
        sa.Column("department", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Numeric(15, 3), nullable=False),
        sa.PrimaryKeyConstraint("department", "day", "number", name=op.f("pk_readings")),
    )

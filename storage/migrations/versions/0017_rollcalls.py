"""The roll-call of departments in a crisis, and when the numbers to call were last known to be right."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "crisis_rollcalls",
        sa.Column("crisis", sa.String(length=20), nullable=False),
        sa.Column("department", sa.String(length=40), nullable=False),
        sa.Column("asked", sa.String(length=60), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=True),
        sa.Column("line", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.String(length=60), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_round", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["crisis"], ["crises.ref"], name=op.f("fk_crisis_rollcalls_crisis_crises")),
        sa.PrimaryKeyConstraint("crisis", "department", name=op.f("pk_crisis_rollcalls")),
    )
    op.create_index("ix_crisis_rollcalls_asked", "crisis_rollcalls", ["asked"])
    op.create_table(
        "contact_checks",
        sa.Column("contact", sa.String(length=40), nullable=False),
        sa.Column("of", sa.String(length=64), nullable=False),
        sa.Column("checked_by", sa.String(length=60), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("contact", name=op.f("pk_contact_checks")),
    )

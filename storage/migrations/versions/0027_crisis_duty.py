"""Who does the work of a crisis's role in somebody's stead, and who has not acted since they were asked."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("crisis_roles", sa.Column("stands_in", sa.String(length=60), nullable=True))
    op.add_column("crisis_roles", sa.Column("why", sa.String(length=20), nullable=True))
    op.create_table(
        "crisis_asks",
        sa.Column("crisis", sa.String(length=20), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("silent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["crisis"], ["crises.ref"], name=op.f("fk_crisis_asks_crisis_crises")),
        sa.PrimaryKeyConstraint("crisis", "person", name=op.f("pk_crisis_asks")),
    )
    op.create_index(op.f("ix_crisis_asks_person"), "crisis_asks", ["person"])
    op.execute(  # a crisis that is open now is watched from now on
        "INSERT INTO timers (kind, subject, step, due_at, state)"
        " SELECT 'crisis.watch', ref, 0, created_at, 'waiting' FROM crises WHERE state IN ('alarm', 'active')"
    )

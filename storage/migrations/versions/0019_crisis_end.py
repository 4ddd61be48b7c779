"""The end of a crisis: who agreed to it, what those who came say of it, and what follows from it."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "crisis_endings",
        sa.Column("crisis", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=False),
        sa.Column("answered_by", sa.String(length=60), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["crisis"], ["crises.ref"], name=op.f("fk_crisis_endings_crisis_crises")),
        sa.PrimaryKeyConstraint("crisis", "number", name=op.f("pk_crisis_endings")),
    )
    op.create_table(
        "crisis_ratings",
        sa.Column("crisis", sa.String(length=20), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("line", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["crisis"], ["crises.ref"], name=op.f("fk_crisis_ratings_crisis_crises")),
        sa.PrimaryKeyConstraint("crisis", "person", name=op.f("pk_crisis_ratings")),
    )
    op.create_table(
        "crisis_follow_ups",
        sa.Column("crisis", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("created_by", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_by", sa.String(length=60), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["crisis"], ["crises.ref"], name=op.f("fk_crisis_follow_ups_crisis_crises")),
        sa.PrimaryKeyConstraint("crisis", "number", name=op.f("pk_crisis_follow_ups")),
    )
    is_open = sa.text("done_at IS NULL")
    op.create_index(
        "ix_crisis_follow_ups_open", "crisis_follow_ups", ["owner"], sqlite_where=is_open, postgresql_where=is_open
    )
    op.add_column("crisis_pages", sa.Column("first_answered_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE crisis_pages SET first_answered_at = answered_at "
        "WHERE answered_at IS NOT NULL AND answer IN ('coming', 'cannot')"
    )

"""What can wait for somebody's digest, and what they have put off."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("ref", sa.String(length=120), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("buttons", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    op.create_index("ix_notes_person", "notes", ["person", "told_on"])
    op.create_table(
        "snoozes",
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("ref", sa.String(length=120), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("person", "ref", name=op.f("pk_snoozes")),
        sqlite_with_rowid=False,
    )
    still_open = sa.text("state = 'open'")  # what waits for each is asked for everybody, each morning
    op.create_index("ix_risks_open_owner", "risks", ["owner"], sqlite_where=still_open, postgresql_where=still_open)

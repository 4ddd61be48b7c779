"""What goes after a time: how much has gone, what posts keep of their rows of the outbox, and how the old is found."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_PASSED = sa.text("state IN ('sent', 'skipped', 'expired', 'needs_human', 'by_hand')")
_ENDED = sa.text("state IN ('fired', 'failed', 'cancelled')")
_GOES = sa.text("goes_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "tidied",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_tidied")),
        sqlite_with_rowid=False,
    )
    op.add_column("posts", sa.Column("said_hash", sa.String(length=64)))
    op.add_column("posts", sa.Column("said_at", sa.DateTime(timezone=True)))
    op.add_column("posts", sa.Column("goes_at", sa.DateTime(timezone=True)))
    op.create_index("ix_posts_goes_at", "posts", ["goes_at"], sqlite_where=_GOES, postgresql_where=_GOES)
    op.create_index("ix_occurrences_past", "occurrences", ["due_at"], sqlite_where=_PASSED, postgresql_where=_PASSED)
    op.create_index("ix_timers_ended", "timers", ["due_at"], sqlite_where=_ENDED, postgresql_where=_ENDED)
    op.create_index("ix_inbox_at", "inbox", ["at"])
    op.create_index("ix_notes_told_on", "notes", ["told_on"])

"""What broke and was set aside; a sending or a timer that broke before this is one of them."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "faults",
        sa.Column("part", sa.String(length=160), nullable=False),
        sa.Column("about", sa.String(length=160), nullable=False),
        sa.Column("error", sa.String(length=400), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("part", name=op.f("pk_faults")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO faults (part, about, error, since, last_at, count) "
        "SELECT 'routine ' || routine, max(seat), coalesce(max(reason), ''), min(due_at), max(due_at), count(*) "
        "FROM occurrences WHERE state = 'needs_human' GROUP BY routine"
    )
    op.execute(
        "INSERT INTO faults (part, about, error, since, last_at, count) "
        "SELECT 'timer ' || kind, max(subject), coalesce(max(error), ''), min(due_at), max(due_at), count(*) "
        "FROM timers WHERE state = 'failed' GROUP BY kind"
    )

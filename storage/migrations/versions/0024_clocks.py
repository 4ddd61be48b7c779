"""What the clock of each machine was last known to show, and whether it is in doubt."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clocks",
        sa.Column("boot", sa.String(length=60), nullable=False),
        sa.Column("machine", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("at_least", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ahead", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("boot", name=op.f("pk_clocks")),
    )

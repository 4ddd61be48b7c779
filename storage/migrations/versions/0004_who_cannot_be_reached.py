"""Who cannot be written to on a platform, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unreached",
        sa.Column("platform", sa.String(length=12), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("why", sa.String(length=400), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("platform", "person", name="pk_unreached"),
    )

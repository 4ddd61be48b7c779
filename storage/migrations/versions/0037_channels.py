"""What is known of the channel that a place is: its name, its address, its team, and why nothing can be said there."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("places", sa.Column("name", sa.String(length=200)))
    op.add_column("places", sa.Column("link", sa.String(length=1000)))
    op.add_column("places", sa.Column("team", sa.String(length=400)))
    op.add_column("places", sa.Column("closed", sa.String(length=20)))

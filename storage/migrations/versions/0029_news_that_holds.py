"""News for the digest: how it is found out whether a line still holds."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notes", sa.Column("draws", sa.String(length=200), nullable=True))

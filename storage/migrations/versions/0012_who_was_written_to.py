"""To whom a message goes, so that it can be counted how many each person gets."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("person", sa.String(length=60), nullable=True))

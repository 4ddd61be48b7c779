"""Messages drawn again: how each is, to which incident an undelivered one belongs, and what changed since."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_OF_ONE = sa.text("incident IS NOT NULL")


def upgrade() -> None:
    op.add_column("outbox", sa.Column("draws", sa.String(length=200), nullable=True))
    op.add_column("outbox", sa.Column("incident", sa.Integer(), nullable=True))
    op.create_index("ix_outbox_incident", "outbox", ["incident"], sqlite_where=_OF_ONE, postgresql_where=_OF_ONE)
    op.create_index("ix_audit_subject", "audit", ["subject", "at"])

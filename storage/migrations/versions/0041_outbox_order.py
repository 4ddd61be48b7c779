"""The order in which what waits at a platform goes, and what is being sent, as indexes: a look reads what it takes."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_ACTIVE = sa.text("state IN ('pending', 'sending', 'unknown')")
_SENDING = sa.text("state IN ('sending')")


def upgrade() -> None:
    op.create_index(
        "ix_outbox_next", "outbox", ["platform", "priority", "id", "not_before"],
        sqlite_where=_ACTIVE, postgresql_where=_ACTIVE,
    )  # fmt: skip
    op.create_index(
        "ix_outbox_sending", "outbox", ["platform", "place"], sqlite_where=_SENDING, postgresql_where=_SENDING
    )

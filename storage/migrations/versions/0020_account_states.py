"""What a platform says of each account: its state and address, when that was asked, and when it was last heard."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_CLOSED = sa.text("state IN ('deactivated', 'guest', 'external')")


def upgrade() -> None:
    op.add_column("accounts", sa.Column("state", sa.String(length=12), nullable=False, server_default="active"))
    op.add_column("accounts", sa.Column("email", sa.String(length=320), nullable=True))
    op.add_column("accounts", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("accounts", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE accounts SET email = (SELECT lower(people.email) FROM people WHERE people.id = accounts.person), "
        "seen_at = (SELECT people.met_at FROM people WHERE people.id = accounts.person)"
    )
    op.create_index(op.f("ix_accounts_email"), "accounts", ["email"])
    op.create_index("ix_accounts_closed", "accounts", ["person"], sqlite_where=_CLOSED, postgresql_where=_CLOSED)

"""A person is one record: second addresses, who is or was in people.toml, merged records, disputes, and rosters."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("other_email", sa.String(length=320), nullable=True))
    op.create_index(op.f("ix_accounts_other_email"), "accounts", ["other_email"])
    op.add_column("accounts", sa.Column("listed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("people", sa.Column("listed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        sa.update(sa.table("people", sa.column("id"), sa.column("listed")))
        .where(sa.column("id").not_like("slack-%"), sa.column("id").not_like("teams-%"))
        .values(listed=True)
    )
    op.create_table(
        "merged",
        sa.Column("old", sa.String(length=60), nullable=False),
        sa.Column("new", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("old", name=op.f("pk_merged")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "disputes",
        sa.Column("platform", sa.String(length=12), nullable=False),
        sa.Column("account", sa.String(length=200), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_by", sa.String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("platform", "account", "person", name=op.f("pk_disputes")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rosters",
        sa.Column("platform", sa.String(length=12), nullable=False),
        sa.Column("conversation", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("platform", "conversation", name=op.f("pk_rosters")),
        sqlite_with_rowid=False,
    )

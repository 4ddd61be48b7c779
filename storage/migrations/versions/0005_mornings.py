"""The morning checks with what stood in them, and who was the first to press a button of a post."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mornings",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_mornings")),
    )
    op.add_column("posts", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("posts", sa.Column("seen_by", sa.String(length=60), nullable=True))
    op.create_index("ix_posts_remote_id", "posts", ["remote_id"])

"""Posts that are drawn again by themselves when the record they name changes, and news by what it is about."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("posts", sa.Column("subject", sa.String(length=120)))
    op.add_column("posts", sa.Column("draws", sa.String(length=200)))
    op.add_column("posts", sa.Column("instead_of", sa.String(length=60)))
    op.create_index(op.f("ix_posts_subject"), "posts", ["subject"])
    op.create_index(op.f("ix_notes_ref"), "notes", ["ref", "told_on"])

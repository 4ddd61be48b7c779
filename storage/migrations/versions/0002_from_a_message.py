"""Risks and feedback keep the link to the message they were made of; a draft may carry that link too."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("risks", sa.Column("source", sa.Text(), nullable=True))
    op.add_column("feedback", sa.Column("source", sa.Text(), nullable=True))
    with op.batch_alter_table("drafts") as drafts:
        drafts.alter_column("target", existing_type=sa.String(length=120), type_=sa.Text(), existing_nullable=False)

"""What stands in the digests of a day is found for everybody at once."""

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_notes_told"), "notes", ["told_on"])

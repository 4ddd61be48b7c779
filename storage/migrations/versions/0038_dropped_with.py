"""With which record an action was dropped, and which line of the log of a crisis another line corrects."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

# The reason was all that told these from those that somebody had dropped.
_FILL = """
    UPDATE actions SET dropped_with = about
    WHERE state = 'dropped' AND about LIKE 'R-%' AND reason IN (about || ' is closed', about || ' is withdrawn')
"""


def upgrade() -> None:
    op.add_column("actions", sa.Column("dropped_with", sa.String(length=60), nullable=True))
    op.add_column("crisis_log", sa.Column("corrects", sa.Integer(), nullable=True))
    op.execute(sa.text(_FILL))

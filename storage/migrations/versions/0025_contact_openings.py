"""To whom a resident's contact is open: the department it was logged for, where it was routed, and who asked."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feedback", sa.Column("first_department", sa.String(length=40), nullable=True))
    op.add_column("feedback", sa.Column("given_to", sa.String(length=60), nullable=True))
    of_before = sa.text("first_department IS NULL")
    op.create_index("ix_feedback_of_before", "feedback", ["number"], sqlite_where=of_before, postgresql_where=of_before)
    op.create_table(
        "contact_departments",
        sa.Column("item", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("department", sa.String(length=40), nullable=False),
        sa.Column("opened_by", sa.String(length=60), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("item", "department", name=op.f("pk_contact_departments")),
    )
    op.create_table(
        "contact_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_requests")),
    )
    op.create_index("ix_contact_requests_item", "contact_requests", ["item"])
    asked = sa.text("state = 'asked'")
    op.create_index(
        "ix_contact_requests_asked", "contact_requests", ["item"], sqlite_where=asked, postgresql_where=asked
    )

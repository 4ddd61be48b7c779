"""Crises as alarms that are confirmed, drills, pages with deputies and calls, one timeline, and who has which role."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _crises()
    with op.batch_alter_table("crisis_pages") as pages:
        for column in (
            sa.Column("instead_of", sa.String(length=60)),
            sa.Column("phoned", sa.String(length=12)),
            sa.Column("phoned_by", sa.String(length=60)),
            sa.Column("phoned_at", sa.DateTime(timezone=True)),
        ):
            pages.add_column(column)
    with op.batch_alter_table("crisis_log") as log:
        log.add_column(sa.Column("kind", sa.String(length=12), nullable=False, server_default="said"))
        log.add_column(sa.Column("source", sa.Text()))
        log.add_column(sa.Column("message_key", sa.String(length=400)))
    with op.batch_alter_table("crisis_log") as log:
        log.alter_column("kind", server_default=None)
    of_message = sa.text("message_key IS NOT NULL")
    op.create_index(
        "ix_crisis_log_message", "crisis_log", ["message_key"], sqlite_where=of_message, postgresql_where=of_message
    )
    op.create_table(
        "crisis_roles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("crisis", sa.String(length=20), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["crisis"], ["crises.ref"], name=op.f("fk_crisis_roles_crisis_crises")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crisis_roles")),
    )
    op.create_index(op.f("ix_crisis_roles_crisis"), "crisis_roles", ["crisis"])


def _crises() -> None:
    op.drop_index("ix_crises_active", table_name="crises")
    with op.batch_alter_table("crises") as crises:
        for column in (
            sa.Column("scenario", sa.String(length=40)),
            sa.Column("drill", sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column("declared_by", sa.String(length=60)),
            sa.Column("declared_at", sa.DateTime(timezone=True)),
            sa.Column("confirmed_by", sa.String(length=60)),
            sa.Column("confirmed_at", sa.DateTime(timezone=True)),
            sa.Column("reviewed_by", sa.String(length=60)),
            sa.Column("reviewed_at", sa.DateTime(timezone=True)),
            sa.Column("ending_by", sa.String(length=60)),
            sa.Column("ending_at", sa.DateTime(timezone=True)),
            sa.Column("cause", sa.Text()),
            sa.Column("lessons", sa.Text()),
        ):
            crises.add_column(column)
    with op.batch_alter_table("crises") as crises:
        crises.alter_column("drill", server_default=None)
    is_open = sa.text("state IN ('alarm', 'active')")
    op.create_index("ix_crises_open", "crises", ["ref"], sqlite_where=is_open, postgresql_where=is_open)

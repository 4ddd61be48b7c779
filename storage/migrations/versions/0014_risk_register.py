"""Risks with categories, departments, what is left of them, treatment and history; their actions and acceptances."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("risks") as risks:
        for column in (
            sa.Column("details", sa.Text()),
            sa.Column("category", sa.String(length=40)),
            sa.Column("department", sa.String(length=40)),
            sa.Column("confidence", sa.String(length=8)),
            sa.Column("residual_likelihood", sa.Integer()),
            sa.Column("residual_impact", sa.Integer()),
            sa.Column("treatment", sa.String(length=12)),
            sa.Column("plan", sa.Text()),
            sa.Column("accepted_until", sa.Date()),
            sa.Column("reviewed_on", sa.Date()),
        ):
            risks.add_column(column)
    op.execute("UPDATE risks SET review_on = CURRENT_DATE WHERE review_on IS NULL AND state = 'open'")
    opened = sa.text("state = 'open'")
    op.create_index("ix_risks_open_review", "risks", ["review_on"], sqlite_where=opened, postgresql_where=opened)
    op.create_table(
        "risk_history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("risk", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("likelihood", sa.Integer(), nullable=True),
        sa.Column("impact", sa.Integer(), nullable=True),
        sa.Column("residual_likelihood", sa.Integer(), nullable=True),
        sa.Column("residual_impact", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["risk"], ["risks.number"], name=op.f("fk_risk_history_risk_risks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_history")),
    )
    op.create_index(op.f("ix_risk_history_risk"), "risk_history", ["risk"])
    op.create_table(
        "risk_actions",
        sa.Column("risk", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_by", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_by", sa.String(length=60), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["risk"], ["risks.number"], name=op.f("fk_risk_actions_risk_risks")),
        sa.PrimaryKeyConstraint("risk", "number", name=op.f("pk_risk_actions")),
    )
    op.create_index("ix_risk_actions_open", "risk_actions", ["owner"], sqlite_where=opened, postgresql_where=opened)
    op.create_table(
        "acceptances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("risk", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("approver", sa.String(length=60), nullable=False),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["risk"], ["risks.number"], name=op.f("fk_acceptances_risk_risks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptances")),
    )
    op.create_index(op.f("ix_acceptances_risk"), "acceptances", ["risk"])
    asked = sa.text("state = 'asked'")
    op.create_index("ix_acceptances_asked", "acceptances", ["approver"], sqlite_where=asked, postgresql_where=asked)
    op.create_index(op.f("ix_acceptances_ended_at"), "acceptances", ["ended_at"])

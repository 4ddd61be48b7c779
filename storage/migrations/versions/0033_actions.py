"""One register of actions: those against risks and the follow-ups of crises move into it; their tables stay, unread."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_OPEN = sa.text("state = 'open'")
# An action against a risk that is not open any more waited for nobody: it is dropped with the risk.
_MOVE = """
    INSERT INTO actions (
        number, alias, what, about, owner, due_on, state, reason, asked_by, asked_at, settled_by, settled_at
    )
    SELECT row_number() OVER (ORDER BY asked_at, alias), alias, what, about, owner, due_on, state, reason, asked_by,
        asked_at, settled_by, settled_at
    FROM (
        SELECT 'R-' || risk_actions.risk || '.' || risk_actions.number AS alias, risk_actions.what,
            'R-' || risk_actions.risk AS about, risk_actions.owner, due_on,
            CASE WHEN risk_actions.state = 'open' AND risks.state <> 'open' THEN 'dropped' ELSE risk_actions.state END
                AS state,
            CASE WHEN risk_actions.state = 'open' AND risks.state <> 'open'
                THEN 'R-' || risk_actions.risk || ' is ' || risks.state END AS reason,
            risk_actions.created_by AS asked_by, risk_actions.created_at AS asked_at,
            CASE WHEN risk_actions.state = 'open' AND risks.state <> 'open' THEN risks.closed_by ELSE done_by END
                AS settled_by,
            CASE WHEN risk_actions.state = 'open' AND risks.state <> 'open' THEN risks.closed_at ELSE done_at END
                AS settled_at
        FROM risk_actions JOIN risks ON risks.number = risk_actions.risk
        UNION ALL
        SELECT crisis || '.' || number, what, crisis, owner, due_on,
            CASE WHEN done_at IS NULL THEN 'open' ELSE 'done' END, NULL, created_by, created_at, done_by, done_at
        FROM crisis_follow_ups
    ) AS moved
"""


def upgrade() -> None:
    op.create_table(
        "actions",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("alias", sa.String(length=40), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("about", sa.String(length=60), nullable=True),
        sa.Column("owner", sa.String(length=60), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.String(length=60), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_actions")),
        sa.UniqueConstraint("alias", name=op.f("uq_actions_alias")),
    )
    op.create_index(op.f("ix_actions_about"), "actions", ["about"])
    for column in ("owner", "asked_by", "due_on"):
        op.create_index(f"ix_actions_open_{column}", "actions", [column], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_table(
        "action_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["action"], ["actions.number"], name=op.f("fk_action_events_action_actions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_events")),
    )
    op.create_index("ix_action_events_action", "action_events", ["action", "id"])
    op.execute(_MOVE)
    op.execute(
        "INSERT INTO action_events (action, what, person, at, owner, due_on) "
        "SELECT number, 'added', asked_by, asked_at, owner, due_on FROM actions ORDER BY number"
    )
    op.execute(
        "INSERT INTO action_events (action, what, person, at, owner, due_on, note) "
        "SELECT number, state, settled_by, settled_at, owner, due_on, reason FROM actions "
        "WHERE settled_by IS NOT NULL AND settled_at IS NOT NULL ORDER BY number"
    )
    op.execute("INSERT INTO counters (name, value) SELECT 'action', max(number) FROM actions HAVING count(*) > 0")

"""What treatment leaves counts once it is confirmed, and who decides has neither owned nor scored the risk."""

import logging

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

log = logging.getLogger("cityops.schema")


def upgrade() -> None:
    no = sa.false()
    op.add_column("risks", sa.Column("residual_confirmed", sa.Boolean(), nullable=False, server_default=no))
    op.add_column("risk_history", sa.Column("residual_confirmed", sa.Boolean(), nullable=False, server_default=no))
    op.add_column("risk_history", sa.Column("owner", sa.String(length=60), nullable=True))
    op.add_column("risk_history", sa.Column("independent", sa.Boolean(), nullable=False, server_default=no))
    for name, kind in (("second", sa.String(60)), ("second_by", sa.String(60)), ("second_note", sa.Text())):
        op.add_column("acceptances", sa.Column(name, kind, nullable=True))
    op.add_column("acceptances", sa.Column("second_at", sa.DateTime(timezone=True), nullable=True))
    _keep_treatments()
    _confirm_what_was_done()


def _keep_treatments() -> None:
    """An accepted risk has again the treatment that was decided before; "accept" is none any more."""
    op.execute(
        "UPDATE risks SET treatment = (SELECT text FROM risk_history WHERE risk = risks.number AND what = 'treated'"
        " AND text IN ('mitigate', 'transfer', 'avoid') ORDER BY id DESC LIMIT 1) WHERE treatment = 'accept'"
    )


def _confirm_what_was_done() -> None:
    """What is left stands where there were actions and all are done; else it is a target, and the risk reads as it was
    before treatment. Acceptances that hold stand."""
    both = "residual_likelihood IS NOT NULL AND residual_impact IS NOT NULL"
    done = (
        "EXISTS (SELECT 1 FROM risk_actions WHERE risk = risks.number)"
        " AND NOT EXISTS (SELECT 1 FROM risk_actions WHERE risk = risks.number AND state <> 'done')"
    )
    yes = "1" if op.get_bind().dialect.name == "sqlite" else "TRUE"
    op.execute(f"UPDATE risks SET residual_confirmed = {yes} WHERE {both} AND {done}")  # noqa: S608  # words of ours
    changed = op.get_bind().execute(
        sa.text(
            f"UPDATE risks SET score = likelihood * impact WHERE {both} AND NOT residual_confirmed"  # noqa: S608
            " AND state = 'open' AND score <> likelihood * impact"
        )
    )
    if changed.rowcount > 0:
        log.warning(
            "%s open risks count as before treatment: nobody has confirmed what is left of them (risk confirm)",
            changed.rowcount,
        )

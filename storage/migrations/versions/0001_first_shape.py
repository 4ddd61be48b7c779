"""The first shape: people, places, what is waiting, and the four first features."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SQLITE_GUARD = """
CREATE TRIGGER audit_no_{what} BEFORE {what} ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END
"""
_POSTGRESQL_FUNCTION = """
CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$
"""
_POSTGRESQL_GUARD = """
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()
"""


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("act", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit")),
    )
    op.create_table(
        "counters",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "crises",
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("where_", sa.String(length=300), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_by", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(length=60), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_crises")),
    )
    op.create_index(
        "ix_crises_active",
        "crises",
        ["ref"],
        unique=False,
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_index(op.f("ix_crises_created_at"), "crises", ["created_at"], unique=False)
    op.create_table(
        "desk_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=400), nullable=False),
        sa.Column("said_by", sa.String(length=60), nullable=True),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("sent_again", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_desk_messages_key")),
    )
    op.create_index(op.f("ix_desk_messages_channel"), "desk_messages", ["channel"], unique=False)
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("target", sa.String(length=120), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    op.create_index(op.f("ix_drafts_at"), "drafts", ["at"], unique=False)
    op.create_table(
        "feedback",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("place_in_town", sa.String(length=300), nullable=True),
        sa.Column("reached_us_by", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("created_by", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(length=60), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_feedback")),
    )
    op.create_index(op.f("ix_feedback_created_at"), "feedback", ["created_at"], unique=False)
    op.create_index(
        "ix_feedback_open",
        "feedback",
        ["number"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "inbox",
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_inbox")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "occurrences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("routine", sa.String(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("seat", sa.String(length=120), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=True),
        sa.Column("person", sa.String(length=60), nullable=True),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrences")),
        sa.UniqueConstraint("routine", "day", "seat", name=op.f("uq_occurrences_routine_day_seat")),
    )
    op.create_index(
        "ix_occurrences_planned",
        "occurrences",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'planned'"),
        postgresql_where=sa.text("state = 'planned'"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("platform", sa.String(length=12), nullable=False),
        sa.Column("place", sa.String(length=400), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("repeat", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("sent_again", sa.Boolean(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("about", sa.String(length=120), nullable=True),
        sa.Column("post", sa.Integer(), nullable=True),
        sa.Column("card", sa.Text(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("card_hash", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=400), nullable=True),
        sa.Column("remote_id", sa.String(length=400), nullable=True),
        sa.Column("error", sa.String(length=400), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(op.f("ix_outbox_about"), "outbox", ["about"], unique=False)
    op.create_index(
        "ix_outbox_active",
        "outbox",
        ["platform", "place"],
        unique=False,
        sqlite_where=sa.text("state IN ('pending', 'sending', 'unknown')"),
        postgresql_where=sa.text("state IN ('pending', 'sending', 'unknown')"),
    )
    op.create_index(
        "ix_outbox_lost",
        "outbox",
        ["settled_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('rejected', 'needs_human')"),
        postgresql_where=sa.text("state IN ('rejected', 'needs_human')"),
    )
    op.create_index(op.f("ix_outbox_post"), "outbox", ["post"], unique=False)
    op.create_index(op.f("ix_outbox_settled_at"), "outbox", ["settled_at"], unique=False)
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("email", name=op.f("uq_people_email")),
    )
    op.create_table(
        "places",
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("platform", sa.String(length=12), nullable=False),
        sa.Column("channel", sa.String(length=400), nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("place", "platform", name=op.f("pk_places")),
    )
    op.create_index(op.f("ix_places_channel"), "places", ["channel"], unique=False)
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("platform", sa.String(length=12), nullable=False),
        sa.Column("place", sa.String(length=400), nullable=False),
        sa.Column("channel", sa.String(length=400), nullable=True),
        sa.Column("remote_id", sa.String(length=400), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
    )
    op.create_index(op.f("ix_posts_about"), "posts", ["about"], unique=False)
    op.create_table(
        "risks",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("likelihood", sa.Integer(), nullable=False),
        sa.Column("impact", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_by", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(length=60), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_risks")),
    )
    op.create_index(op.f("ix_risks_created_at"), "risks", ["created_at"], unique=False)
    op.create_index(
        "ix_risks_open_worst",
        "risks",
        [sa.literal_column("score DESC"), "number"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "timers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("error", sa.String(length=400), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timers")),
        sa.UniqueConstraint("kind", "subject", "step", name=op.f("uq_timers_kind_subject_step")),
    )
    op.create_index(
        "ix_timers_waiting",
        "timers",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "accounts",
        sa.Column("platform", sa.String(length=12), nullable=False),
        sa.Column("account", sa.String(length=200), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("direct", sa.String(length=400), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_accounts_person_people")),
        sa.PrimaryKeyConstraint("platform", "account", name=op.f("pk_accounts")),
    )
    op.create_index(op.f("ix_accounts_person"), "accounts", ["person"], unique=False)
    op.create_table(
        "crisis_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("crisis", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["crisis"], ["crises.ref"], name=op.f("fk_crisis_log_crisis_crises")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crisis_log")),
    )
    op.create_index(op.f("ix_crisis_log_crisis"), "crisis_log", ["crisis"], unique=False)
    op.create_table(
        "crisis_pages",
        sa.Column("crisis", sa.String(length=20), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["crisis"], ["crises.ref"], name=op.f("fk_crisis_pages_crisis_crises")),
        sa.PrimaryKeyConstraint("crisis", "person", name=op.f("pk_crisis_pages")),
    )
    _guard_audit()


def _guard_audit() -> None:
    """Nobody changes or removes an audit row, whatever program they use."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_POSTGRESQL_FUNCTION)
        op.execute(_POSTGRESQL_GUARD)
    else:
        for what in ("UPDATE", "DELETE"):
            op.execute(_SQLITE_GUARD.format(what=what))


def downgrade() -> None:
    raise NotImplementedError("the first shape has none before it; restore a backup instead")

"""Schema: the migrations and the tables say the same, and upgrading is safe at any moment."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import insert, select, text

from storage import schema
from storage.base import metadata
from storage.chat.drafts import drafts
from storage.chat.people import accounts
from storage.database import Database, Store
from storage.trouble import DatabaseUnusable
from tests.bound import bound

ROOT = Path(__file__).parents[2]
VERSIONS = ROOT / "storage" / "migrations" / "versions"


def shape(store: Store, revision: str) -> None:
    """Give an empty database the tables of a revision."""
    config = Config()
    config.set_main_option("script_location", str(VERSIONS.parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = store.connection
    command.upgrade(config, revision)


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    opened = Database(empty_url)
    yield opened
    opened.close()


def test_the_newest_shape_is_the_newest_file() -> None:
    files = sorted(file.name.split("_")[0] for file in VERSIONS.glob("[0-9]*.py"))
    assert files[-1] == schema.NEWEST
    assert files == [f"{number:04}" for number in range(1, len(files) + 1)]


def test_an_empty_database_is_brought_to_the_newest_shape_once(empty: Database) -> None:
    assert schema.version(empty) is None
    assert schema.upgrade(empty)
    assert schema.version(empty) == schema.NEWEST
    assert not schema.upgrade(empty)


def test_the_migrations_make_exactly_the_tables_of_the_code(database: Database) -> None:
    def differences(store: object) -> list[object]:
        context = MigrationContext.configure(store.connection, opts={"compare_type": True})  # type: ignore[attr-defined]
        return list(compare_metadata(context, metadata))

    assert database.read(differences) == []


def test_what_an_older_shape_holds_is_kept(empty: Database) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    old = {"id": "d1", "person": "sam", "target": "risk add", "typed": "{}", "at": at}

    def first_shape(store: Store) -> None:
        shape(store, "0001")
        store.connection.execute(insert(drafts), old)

    empty.write(first_shape)
    assert schema.upgrade(empty)
    assert empty.read(lambda store: store.chat.drafts.find("d1", "sam")) == ("risk add", {})
    long = f"risk add|https://{'x' * 2000}"
    draft = empty.write(lambda store: store.chat.drafts.keep("sam", long, {}, at))
    assert empty.read(lambda store: store.chat.drafts.find(draft, "sam")) == (long, {})


def test_feedback_of_an_older_shape_gets_the_history_that_makes_it(empty: Database) -> None:
    def older(store: Store) -> None:
        shape(store, "0012")
        for number, state, answer in ((1, "open", None), (2, "closed", "Größer gemacht")):
            store.connection.execute(
                text(
                    "INSERT INTO feedback "
                    "(number, what, category, reached_us_by, state, answer, created_by, created_at) VALUES ("
                    ":number, 'Deep pothole', 'streets', 'phone', :state, :answer, 'owen', :at)"
                ),
                {"number": number, "state": state, "answer": answer, "at": datetime(2026, 1, 1, 9, tzinfo=UTC)},
            )

    empty.write(older)
    assert schema.upgrade(empty)
    for number in (1, 2):
        item = empty.read(bound(lambda store, n: store.feedback.records.find(f"F-{n}"), number))
        assert empty.read(bound(lambda store, n: store.feedback.records.replayed(n), number)) == item
        assert (item.kind, item.created_at) == ("complaint", datetime(2026, 1, 1, 9, tzinfo=UTC))
    assert item is not None
    assert item.words == "deep pothole\ngrösser gemacht"


def test_accounts_of_an_older_shape_are_active_and_keep_the_address_they_were_joined_by(empty: Database) -> None:
    met = datetime(2026, 1, 1, 9, tzinfo=UTC)

    def older(store: Store) -> None:
        shape(store, "0019")
        store.connection.execute(
            text("INSERT INTO people (id, name, email, met_at) VALUES ('sam', 'Sam', 'Sam@riverton.example.org', :at)"),
            {"at": met},
        )
        store.connection.execute(text("INSERT INTO accounts (platform, account, person) VALUES ('slack', 'U1', 'sam')"))

    empty.write(older)
    assert schema.upgrade(empty)
    kept = empty.read(lambda store: store.connection.execute(select(accounts)).one())
    assert (kept.email, kept.state, kept.seen_at, kept.asked_at) == ("sam@riverton.example.org", "active", met, None)


def test_what_treatment_left_stands_only_where_it_was_done_and_an_acceptance_keeps_its_treatment(
    empty: Database, caplog: pytest.LogCaptureFixture
) -> None:
    at = datetime(2026, 1, 1, 9, tzinfo=UTC)
    risk = (
        "INSERT INTO risks (number, title, likelihood, impact, score, state, created_by, created_at, treatment, "
        "residual_likelihood, residual_impact) VALUES (:number, 'Gate', 4, 5, 2, 'open', 'sam', :at, :treatment, 1, 2)"
    )
    action = (
        "INSERT INTO risk_actions (risk, number, what, state, created_by, created_at) "
        "VALUES (:number, 1, 'Dig', :state, 'sam', :at)"
    )

    def older(store: Store) -> None:
        shape(store, "0019")
        for number, treatment, state in ((1, "mitigate", "done"), (2, "mitigate", "open"), (3, "accept", None)):
            store.connection.execute(text(risk), {"number": number, "treatment": treatment, "at": at})
            if state:
                store.connection.execute(text(action), {"number": number, "state": state, "at": at})
        store.connection.execute(
            text("INSERT INTO risk_history (risk, at, person, what, text) VALUES (3, :at, 'sam', 'treated', 'avoid')"),
            {"at": at},
        )

    empty.write(older)
    assert schema.upgrade(empty)
    risks = empty.read(lambda store: store.risk.records.everything())
    assert [(risk.score, risk.residual_confirmed, risk.treatment) for risk in risks] == [
        (2, True, "mitigate"), (20, False, "mitigate"), (20, False, "avoid"),
    ]  # fmt: skip
    assert "2 open risks count as before treatment" in caplog.text


def test_acceptances_that_hold_stand_after_the_upgrade(empty: Database) -> None:
    at, until = datetime(2026, 1, 1, 9, tzinfo=UTC), date(2026, 12, 31)
    risk = (
        "INSERT INTO risks (number, title, likelihood, impact, score, state, created_by, created_at, treatment, "
        "accepted_until) VALUES (:number, 'Gate', 4, 5, 20, 'open', 'sam', :at, 'accept', :until)"
    )
    acceptance = (
        "INSERT INTO acceptances (risk, state, level, why, until, approver, asked_by, asked_at, decided_by, "
        "decided_at, note) VALUES (:number, :state, 'extreme', 'It is watched', :until, 'maria', 'sam', :at, :by, :at, "
        "'Agreed')"
    )

    def older(store: Store) -> None:
        shape(store, "0019")
        for number, state in ((1, "approved"), (2, "asked"), (3, "declined"), (4, "expired")):
            held = state == "approved"
            row = {"number": number, "at": at, "until": until if held else None}
            store.connection.execute(text(risk), row)
            by = {"by": "maria" if state in ("approved", "declined") else None, "state": state, "until": until}
            store.connection.execute(text(acceptance), row | by)

    empty.write(older)
    assert schema.upgrade(empty)
    holding = empty.read(lambda store: store.risk.acceptances.holding())
    assert [(number, kept.state, kept.until, kept.decided_by) for number, kept in holding.items()] == [
        (1, "approved", until, "maria")
    ]
    kept = empty.read(lambda store: [store.risk.acceptances.of(number)[0] for number in range(1, 5)])
    assert [entry.state for entry in kept] == ["approved", "asked", "declined", "expired"]
    assert {(entry.second, entry.second_by, entry.why) for entry in kept} == {(None, None, "It is watched")}
    [accepted] = empty.read(lambda store: [risk for risk in store.risk.records.everything() if risk.accepted_until])
    assert (accepted.number, accepted.accepted_until) == (1, until)


def test_two_bots_that_start_at_once_upgrade_one_after_the_other(empty_url: str) -> None:
    program = """
import sys, alembic.command
from storage import schema, sqlite
from storage.database import Database
sqlite.BUSY_SECONDS = 60
database = Database(sys.argv[1])
schema.version(database)
print("ready", flush=True)
sys.stdin.readline()
schema.upgrade(database)
print(schema.version(database))
"""
    both = [
        subprocess.Popen(
            [sys.executable, "-c", program, empty_url],
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    assert [process.stdout.readline() for process in both if process.stdout] == ["ready\n"] * 2
    for process in both:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [process.communicate(timeout=60) for process in both] == [(f"{schema.NEWEST}\n", "")] * 2


def test_an_action_of_an_older_shape_knows_with_which_risk_it_was_dropped(empty: Database) -> None:
    at = datetime(2026, 1, 1, 9, tzinfo=UTC)
    action = (
        "INSERT INTO actions (number, what, about, state, reason, asked_by, asked_at) "
        "VALUES (:number, 'Dig', :about, :state, :reason, 'sam', :at)"
    )
    kept = (
        ("R-1", "dropped", "R-1 is closed", "R-1"),
        ("R-2", "dropped", "R-2 is withdrawn", "R-2"),
        ("R-1", "dropped", "R-1 is closed for good", None),
        ("R-1", "dropped", "R-2 is closed", None),
        ("CR-2026-01", "dropped", "CR-2026-01 is closed", None),
        ("R-1", "open", None, None),
        (None, "dropped", "R-1 is closed", None),
    )

    def older(store: Store) -> None:
        shape(store, "0037")
        for number, (about, state, reason, _) in enumerate(kept, start=1):
            row = {"number": number, "about": about, "state": state, "reason": reason, "at": at}
            store.connection.execute(text(action), row)

    empty.write(older)
    assert schema.upgrade(empty)
    actions = empty.read(lambda store: store.actions.records.everything())
    assert [known.dropped_with for known in actions] == [expected for *_, expected in kept]


def test_an_upgrade_that_breaks_leaves_the_database_as_it_was(empty: Database) -> None:
    empty.write(lambda store: store.connection.execute(text("CREATE TABLE timers (id INTEGER)")))
    with pytest.raises(Exception, match="timers"):
        schema.upgrade(empty)
    assert schema.version(empty) is None


def test_a_shape_that_this_program_does_not_know_is_refused_and_left_alone(database: Database) -> None:
    say = text("UPDATE alembic_version SET version_num = :shape")
    database.write(lambda store: store.connection.execute(say, {"shape": "9999"}))
    try:
        with pytest.raises(DatabaseUnusable, match="it has the schema 9999, and this program knows schemas up to"):
            schema.upgrade(database)
        assert schema.version(database) == "9999"
    finally:
        database.write(lambda store: store.connection.execute(say, {"shape": schema.NEWEST}))

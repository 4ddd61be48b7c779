"""Audit: a chain that shows every change made behind the bot's back."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from storage.audit import chained
from storage.database import Database, Store
from tests.bound import bound

NOW = datetime(2026, 11, 23, 14, 0, 0, 123456, tzinfo=UTC)


def fill(database: Database, count: int = 3) -> None:
    for number in range(count):
        at = NOW + timedelta(minutes=number)
        database.write(
            bound(
                lambda store, at, number: store.audit.add(at, "sam", "risk add", f"R-{number}", {"score": number}),
                at,
                number,
            )
        )


@given(text_of=st.text(), subject=st.none() | st.text(), at=st.datetimes(timezones=st.timezones()))
def test_the_hash_is_of_the_columns_as_a_list_in_json(text_of: str, subject: str | None, at: datetime) -> None:
    line = json.dumps(["0" * 64, 7, at.astimezone(UTC).isoformat(), text_of, text_of, subject, text_of])
    right = hashlib.sha256(line.encode()).hexdigest()
    assert chained("0" * 64, 7, at, text_of, text_of, subject, text_of) == right


def behind_its_back(database: Database, statement: str) -> None:
    """Do what somebody with all rights on the database could do: switch off the guard first."""

    def work(connection: Connection) -> None:
        def run(sql: str) -> None:
            connection.execute(text(sql))

        if database.is_sqlite:
            run("DROP TRIGGER audit_no_UPDATE")
            run("DROP TRIGGER audit_no_DELETE")
        else:
            run("SET LOCAL session_replication_role = replica")
        run(statement)

    database.write(lambda store: work(store.connection))


def checked(database: Database) -> tuple[int, int | None]:
    return database.read(lambda store: store.audit.first_bad_row())


def test_an_empty_audit_is_whole(database: Database) -> None:
    assert checked(database) == (0, None)


def test_an_untouched_chain_is_whole(database: Database) -> None:
    fill(database)
    assert checked(database) == (3, None)


def test_a_moment_told_in_another_zone_makes_the_same_chain(database: Database) -> None:
    there = NOW.astimezone(timezone(timedelta(hours=-5)))
    database.write(lambda store: store.audit.add(there, "sam", "risk add", None, {}))
    assert checked(database) == (1, None)


@pytest.mark.parametrize(
    ("statement", "row"),
    [
        ("UPDATE audit SET person = 'tom' WHERE number = 2", 2),
        ("UPDATE audit SET subject = NULL WHERE number = 1", 1),
        ("UPDATE audit SET facts = '{}' WHERE number = 3", 3),
        ("UPDATE audit SET at = '2020-01-01 00:00:00+00' WHERE number = 2", 2),
        ("DELETE FROM audit WHERE number = 1", 2),
        ("DELETE FROM audit WHERE number = 2", 3),
        ("UPDATE audit SET number = 9 WHERE number = 3", 9),
    ],
)
def test_the_first_row_that_was_tampered_with_is_named(database: Database, statement: str, row: int) -> None:
    fill(database)
    behind_its_back(database, statement)
    assert checked(database)[1] == row


@pytest.mark.parametrize("statement", ["UPDATE audit SET person = 'tom'", "DELETE FROM audit WHERE number = 3"])
def test_the_database_itself_refuses_changes(database: Database, statement: str) -> None:
    fill(database)
    with pytest.raises(DBAPIError, match="append-only"):
        database.write(lambda store: store.connection.execute(text(statement)))
    assert checked(database) == (3, None)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)  # SQLite has no TRUNCATE
def test_postgresql_refuses_to_empty_the_table_too(database: Database) -> None:
    fill(database)
    with pytest.raises(DBAPIError, match="append-only"):
        database.write(lambda store: store.connection.execute(text("TRUNCATE audit")))
    assert checked(database) == (3, None)


def test_many_at_once_make_one_chain(database: Database) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(
            threads.map(
                lambda number: database.write(lambda store: store.audit.add(NOW, "sam", "risk add", f"R-{number}", {})),
                range(40),
            )
        )
    assert checked(database) == (40, None)


def test_a_transaction_that_fails_leaves_no_trace(database: Database) -> None:
    def broken(store: Store) -> None:
        store.audit.add(NOW, "sam", "risk add", "R-9", {})
        raise ZeroDivisionError

    fill(database, 1)
    with pytest.raises(ZeroDivisionError):
        database.write(broken)
    fill(database, 1)
    assert checked(database) == (2, None)


def test_the_newest_row_about_a_subject_is_told_and_no_other(database: Database) -> None:
    for minute, (subject, act) in enumerate([("R-1", "risk add"), ("R-1", "risk close"), ("R-0", "risk add")]):
        at = datetime(2026, 11, 23, 14, minute, tzinfo=UTC)
        database.write(
            bound(lambda store, at, act, subject: store.audit.add(at, "sam", act, subject, {}), at, act, subject)
        )
    last = database.read(lambda store: store.audit.last("R-1"))
    assert last is not None
    assert (last.act, last.at.minute) == ("risk close", 1)
    assert database.read(lambda store: store.audit.last("R-2")) is None


def test_the_order_in_which_facts_are_given_changes_nothing_in_the_chain(database: Database) -> None:
    for facts in ({"score": 20, "action": 3}, {"action": 3, "score": 20}):
        database.write(bound(lambda store, facts: store.audit.add(NOW, "sam", "risk add", "R-1", facts), facts))
    rows = database.read(lambda store: store.connection.execute(text("SELECT facts FROM audit")).scalars().all())
    assert rows == ['{"action": 3, "score": 20}'] * 2


def test_a_row_is_hashed_with_the_one_before_it_in_utc_and_so_that_anybody_can_check_it(database: Database) -> None:
    before = "0" * 64
    for number in (1, 2):
        at = NOW.astimezone(timezone(timedelta(hours=-5)))
        database.write(bound(lambda store, at: store.audit.add(at, "sam", "risk add", "R-1", {"day": at.date()}), at))
        line = json.dumps(
            [before, number, "2026-11-23T14:00:00.123456+00:00", "sam", "risk add", "R-1", '{"day": "2026-11-23"}']
        )
        before = hashlib.sha256(line.encode()).hexdigest()
    kept = database.read(lambda store: store.connection.execute(text("SELECT number, hash FROM audit")).all())
    assert (len(kept), max(kept)) == (2, (2, before))


def test_a_row_put_in_front_of_the_first_is_named(database: Database) -> None:
    fill(database, 2)
    behind_its_back(
        database,
        "INSERT INTO audit (number, at, person, act, facts, hash)"
        " VALUES (0, '2020-01-01 00:00:00+00', 'tom', 'risk add', '{}', 'x')",
    )
    assert checked(database) == (1, 0)


def test_when_the_newest_row_was_written_is_known(database: Database) -> None:
    assert database.read(lambda store: store.audit.newest()) is None
    fill(database, 3)
    assert database.read(lambda store: store.audit.newest()) == NOW + timedelta(minutes=2)


def test_of_two_rows_of_one_moment_about_a_subject_the_later_one_is_the_newest(database: Database) -> None:
    for act in ("risk add", "risk close"):
        database.write(bound(lambda store, act: store.audit.add(NOW, "sam", act, "R-1", {"of": act}), act))
    last = database.read(lambda store: store.audit.last("R-1"))
    assert last is not None
    assert (last.at, last.person, last.act, last.facts) == (NOW, "sam", "risk close", {"of": "risk close"})


def test_what_somebody_did_lately_is_told_what_they_did_most_first(database: Database) -> None:
    acts = [("sam", "risk add"), ("sam", "feedback add"), ("olga", "risk close"), ("sam", "feedback add")]

    def done(store: Store) -> None:
        store.audit.add(NOW - timedelta(days=9), "sam", "action add", None, {})
        for person, act in acts:
            store.audit.add(NOW, person, act, None, {})

    database.write(done)
    since = NOW - timedelta(days=1)
    assert database.read(lambda store: store.audit.acts_of("sam", since, 5)) == ["feedback add", "risk add"]
    assert database.read(lambda store: store.audit.acts_of("sam", since, 1)) == ["feedback add"]
    assert database.read(lambda store: store.audit.acts_of("maria", since, 5)) == []

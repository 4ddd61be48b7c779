"""Merging: of two records one is left, and nothing that belongs to the other is lost."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Column, Integer, String, func, insert, select

from storage.base import Instant, metadata
from storage.chat.merging import ENDINGS, PERSONS, QUOTED
from storage.chat.people import Met, people
from storage.database import Database, Store
from tests.bound import bound

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
OLD, SAM = "slack-s-rivers", Met("sam", "Sam Rivers", None, listed=True)
ONCE = frozenset({"crisis_pages", "crisis_ratings", "disputes", "snoozes", "standup_answers", "timers", "unreached"})
NOT_PERSONS = {
    "actions.about": "a reference",
    "actions.dropped_with": "a reference",
    "audit.person": "rows of the audit are never rewritten",
    "clocks.boot": "a start of the machine",
    "crisis_tasks.name": "the name of a step",
    "feedback.decided_by": "who decides what is not ours, in words",
    "feedback.reached_us_by": "a way to reach the city",
    "links.origin": "a reference",
    "links.outcome": "a reference",
    "merged.old": "an id that is nobody's any more",
    "occurrences.routine": "the name of a routine",
    "people.id": "the record itself",
    "undos.kind": "the name of a way to undo",
    "standings.person": "only people of people.toml, who are never merged into others",
}


def _may_hold_a_person(column: Column[Any]) -> bool:
    return isinstance(column.type, String) and (
        column.type.length == 60 or column.name.endswith("_by") or column.name in ("person", "owner", "deputy")
    )


def test_every_column_that_holds_a_person_is_known_to_merging() -> None:
    found = {str(column) for table in metadata.tables.values() for column in table.c if _may_hold_a_person(column)}
    known = {f"{table}.{column}" for table, columns in PERSONS.items() for column in columns}
    assert not known & NOT_PERSONS.keys()
    assert found == known | NOT_PERSONS.keys()


def _value(column: Column[Any], old: str, number: int) -> Any:
    """A value that fits a column; the id of the person wherever the column can hold one."""
    name, own = column.table.name, not column.foreign_keys
    if column.name in PERSONS.get(name, ()):
        return old
    if column.name in ENDINGS.get(name, ()):
        return f"dm:{old}" if column.name in ("place", "channel") else f"CR-2026-01 {old}"
    if column.name in QUOTED.get(name, ()):
        return f'{{"person": "{old}", "ref": "CR-2026-01 {old}", "at": "dm:{old}", "longer": "{old}-too"}}'
    if isinstance(column.type, Instant):
        return NOW
    if isinstance(column.type, Integer):
        return number if column.primary_key and own else 1
    if isinstance(column.type, String):
        named = {"state": "pending", "key": f"x{number}", "ref": "x"}
        return named.get(column.name, f"x{number}" if column.name == "id" else "x")
    return {date: date(2026, 1, 1), bool: True, bytes: b"x"}.get(column.type.python_type, 1)


def _fill(store: Store, old: str, number: int = 1, only: frozenset[str] = frozenset()) -> None:
    """Add a row to each table, or to some, that names this person wherever it can."""
    for table in metadata.sorted_tables:
        if table.name not in ("people", "audit") and (not only or table.name in only):
            row = {column.name: _value(column, old, number) for column in table.c}
            store.connection.execute(insert(table), row)


def _where_it_stands(store: Store, person: str) -> list[str]:
    """The columns outside the audit in which an id stands as a whole word."""
    found = []
    columns = [column for table in metadata.tables.values() if table.name != "audit" for column in table.c]
    for column in (column for column in columns if isinstance(column.type, String)):
        texts = store.connection.execute(select(column).where(column.like(f"%{person}%"))).scalars()
        if any(text.replace(f"{person}-too", "").count(person) for text in texts):
            found.append(str(column))
    return found


def _meet(store: Store) -> None:
    store.chat.people.add(Met(OLD, "S. Rivers", None), NOW)


def test_the_older_id_stands_nowhere_any_more(database: Database) -> None:
    def before(store: Store) -> list[str]:
        _meet(store)
        _fill(store, OLD)
        return _where_it_stands(store, OLD)

    stood = database.write(before)
    assert len(stood) == 1 + sum(len(columns) for part in (PERSONS, ENDINGS, QUOTED) for columns in part.values())
    assert database.write(lambda store: store.chat.merging.merge(OLD, SAM, NOW)) >= len(stood) - 2
    assert database.read(lambda store: _where_it_stands(store, OLD)) == ["merged.old"]
    assert set(database.read(lambda store: _where_it_stands(store, "sam"))) > {
        column for column in stood if column != "people.id"
    }
    card = database.read(lambda store: store.connection.execute(select(metadata.tables["outbox"].c.card)).scalar_one())
    assert card == f'{{"person": "sam", "ref": "CR-2026-01 sam", "at": "dm:sam", "longer": "{OLD}-too"}}'


def test_where_both_have_a_row_that_there_can_be_once_the_one_of_the_newer_id_stays(database: Database) -> None:
    def twice(store: Store) -> None:
        _meet(store)
        store.chat.people.add(SAM, NOW)
        _fill(store, OLD)
        _fill(store, "sam", 2, ONCE | {"risks"})
        store.chat.merging.merge(OLD, SAM, NOW)

    def rows(store: Store, table: str) -> int:
        return int(store.connection.execute(select(func.count()).select_from(metadata.tables[table])).scalar_one())

    database.write(twice)
    assert database.read(lambda store: _where_it_stands(store, OLD)) == ["merged.old"]
    assert {database.read(bound(lambda store, name: rows(store, name), name)) for name in ONCE} == {1}
    assert database.read(lambda store: rows(store, "risks")) == 2


def test_an_older_id_leads_to_the_record_of_today_however_often_it_was_merged(database: Database) -> None:
    def merge(store: Store) -> None:
        _meet(store)
        store.chat.people.meet(Met("teams-sam", "Sam", None), "teams", "29:x", NOW)
        store.chat.merging.merge("teams-sam", Met(OLD, "S. Rivers", None), NOW)
        store.chat.merging.merge(OLD, SAM, NOW)

    database.write(merge)
    for old in ("teams-sam", OLD, "sam"):
        assert database.read(bound(lambda store, o: store.chat.people.met(o), old)) == SAM
    assert database.read(lambda store: store.chat.people.accounts("teams", [OLD, "teams-sam", "tom"])) == {
        OLD: "29:x", "teams-sam": "29:x",
    }  # fmt: skip
    assert database.read(lambda store: store.chat.people.now([OLD, "slack-other"])) == {OLD: "sam"}
    assert not database.read(lambda store: store.chat.people.is_free(OLD))
    assert database.read(lambda store: store.chat.people.is_free("slack-other"))


def test_what_was_sent_stays_as_people_have_read_it(database: Database) -> None:
    sent = f'{{"person": "{OLD}"}}'

    def send(store: Store) -> None:
        _meet(store)
        _fill(store, OLD)
        outbox = metadata.tables["outbox"]
        store.connection.execute(outbox.update().values(state="sent", card=sent))
        store.chat.merging.merge(OLD, SAM, NOW)

    database.write(send)
    assert (
        database.read(lambda store: store.connection.execute(select(metadata.tables["outbox"].c.card)).scalar()) == sent
    )


def test_a_merge_that_breaks_changes_nothing(database: Database) -> None:
    def before(store: Store) -> None:
        _meet(store)
        _fill(store, OLD)

    def broken(store: Store) -> None:
        store.chat.merging.merge(OLD, SAM, NOW)
        raise RuntimeError

    database.write(before)
    with pytest.raises(RuntimeError):
        database.write(broken)
    assert "risks.owner" in database.read(lambda store: _where_it_stands(store, OLD))
    assert database.read(lambda store: store.connection.execute(select(people.c.id)).scalars().all()) == [OLD]
    assert not database.read(lambda store: store.chat.people.now([OLD]))

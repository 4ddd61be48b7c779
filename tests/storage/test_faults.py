"""Faults: what was set aside, since when, how often, and until it works again."""

from datetime import UTC, datetime, timedelta
from threading import Event, Thread

from sqlalchemy import text

from storage import schema
from storage.database import Database, Store
from storage.faults import Fault
from tests.bound import bound
from tests.sqlite import unhurried
from tests.storage.test_schema import shape

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def test_a_part_that_breaks_again_is_one_fault_with_its_first_and_last_time(database: Database) -> None:
    database.write(lambda store: store.faults.note("waits own risks", "KeyError: 'x'", NOW, about="sam"))
    database.write(lambda store: store.faults.note("waits own risks", "KeyError: 'y'", LATER, about="olga"))
    assert database.read(lambda store: store.faults.all()) == [
        Fault("waits own risks", "sam", "KeyError: 'y'", NOW, LATER, 2)
    ]


def test_a_part_is_set_aside_no_more_when_it_works_for_what_it_broke_over(database: Database) -> None:
    database.write(lambda store: store.faults.note("waits own risks", "KeyError", NOW, about="sam"))
    database.write(lambda store: store.faults.sound("waits own risks", "olga"))
    database.write(lambda store: store.faults.sound("waits own feedback", "sam"))
    assert len(database.read(lambda store: store.faults.all())) == 1
    database.write(lambda store: store.faults.sound("waits own risks", "sam"))
    assert database.read(lambda store: store.faults.all()) == []


def test_what_a_reader_finds_broken_is_written_by_the_writer(database: Database) -> None:
    database.read(lambda store: store.faults.note("board plan", "KeyError", NOW))
    database.submit_write(lambda store: None).result()  # what was queued before it is written now
    for _ in range(50):
        if found := database.read(lambda store: store.faults.all()):
            break
    assert [fault.part for fault in found] == ["board plan"]
    database.read(lambda store: store.faults.sound("board plan"))
    database.write(lambda store: store.faults.note("board roles", "KeyError", NOW))
    assert "board roles" in [fault.part for fault in database.read(lambda store: store.faults.all())]


def test_a_reader_that_ends_as_the_database_is_closed_has_its_answer(url: str) -> None:
    database, begun, go_on = unhurried(Database(url)), Event(), Event()

    def work(store: Store) -> str:
        begun.set()
        assert go_on.wait(10)
        store.faults.note("board plan", "KeyError", NOW)
        return "the board"

    reading = database.submit_read(work)
    assert begun.wait(10)
    closing = Thread(target=database.close)
    closing.start()
    closing.join(0.2)  # it waits for the reader
    go_on.set()
    closing.join(10)
    assert reading.result() == "the board"
    if database.is_sqlite:
        again = Database(url)
        assert [fault.part for fault in again.read(lambda store: store.faults.all())] == ["board plan"]
        again.close()


def test_an_error_that_no_database_takes_is_kept_without_what_it_does_not_take(database: Database) -> None:
    database.write(lambda store: store.faults.note("p" * 500, "a\x00b\ud800" + "c" * 500, NOW, about="s" * 500))
    [fault] = database.read(lambda store: store.faults.all())
    assert (len(fault.part), len(fault.about), len(fault.error)) == (160, 160, 400)
    assert fault.error.startswith("ab?c")
    database.write(lambda store: store.faults.sound("p" * 500, "s" * 500))
    assert database.read(lambda store: store.faults.all()) == []


def test_what_broke_before_there_were_faults_is_named(empty_url: str) -> None:
    database = Database(empty_url)
    database.write(lambda store: shape(store, "0020"))
    add = "INSERT INTO occurrences (routine, day, seat, due_at, state, reason) VALUES "
    for statement in (
        f"{add}('tea', '2026-11-23', 'admin', '2026-11-23 09:00:00', 'needs_human', 'no tea')",
        f"{add}('tea', '2026-11-24', 'admin', '2026-11-24 09:00:00', 'needs_human', 'no tea')",
        f"{add}('cake', '2026-11-24', 'admin', '2026-11-24 09:00:00', 'sent', NULL)",
        "INSERT INTO timers (kind, subject, step, due_at, state, error) "
        "VALUES ('boil', 'pot', 0, '2026-11-23 09:00:00', 'failed', 'cold')",
    ):
        database.write(bound(lambda store, statement: store.connection.execute(text(statement)), statement))
    assert schema.upgrade(database)
    found = [
        (fault.part, fault.about, fault.error, fault.count) for fault in database.read(lambda store: store.faults.all())
    ]
    database.close()
    assert sorted(found) == [("routine tea", "admin", "no tea", 2), ("timer boil", "pot", "cold", 1)]

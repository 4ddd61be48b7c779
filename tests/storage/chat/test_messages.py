"""Messages: how many each person got of each kind in a given time is counted, by way of the index."""

from datetime import UTC, datetime, timedelta

import pytest

from storage.chat.messages import _PER_PERSON
from storage.chat.outbox import NewRow, OutboxRow
from storage.database import Database, Store
from tests.storage.rows import front_of

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
DAY = timedelta(hours=24)


def sent(
    database: Database, person: str | None, priority: str, at: datetime = NOW, state: str = "sent", by: str = "slack"
) -> None:
    """Queue a message to somebody, or to a place, and settle it at a moment."""

    def work(store: Store) -> None:
        place = f"dm:{person}" if person else "risks"
        new = NewRow(
            platform=by, place=place, kind="post", priority=priority, repeat=False, at=at, card="{}", person=person
        )
        store.chat.outbox.add(new)
        row: OutboxRow
        [row] = [row for row in front_of(store, at) if row.place == place]
        store.chat.outbox.settle(row, state, at, was="pending")

    database.write(work)


def per_person(database: Database) -> list[dict[str, int]]:
    counted = database.read(lambda store: store.chat.messages.per_person(NOW - DAY))
    return sorted((dict(row) for row in counted), key=lambda counts: sorted(counts.items()))


def test_each_person_is_counted_by_kind_and_places_are_not(database: Database) -> None:
    for priority in ("page", "page", "digest"):
        sent(database, "tom", priority)
    sent(database, "sam", "answer")
    sent(database, None, "digest")
    assert per_person(database) == [{"answer": 1}, {"digest": 1, "page": 2}]


def test_a_page_that_went_beside_chat_too_is_one(database: Database) -> None:
    for way in ("slack", "pager", "mail"):
        sent(database, "tom", "page", by=way)
    assert per_person(database) == [{"page": 1}]


def test_only_what_was_sent_within_the_time_counts(database: Database) -> None:
    sent(database, "tom", "page", NOW - DAY)
    sent(database, "tom", "prompt", state="rejected")
    sent(database, "tom", "prompt", NOW - DAY + timedelta(seconds=1))
    assert per_person(database) == [{"prompt": 1}]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_the_question_is_asked_of_the_index(database: Database) -> None:
    def plan(store: Store) -> str:
        question = _PER_PERSON.statement.compile(store.connection)  # type: ignore[attr-defined]
        rows = store.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {question}", (NOW.isoformat(),))
        return " ".join(str(row[-1]) for row in rows)

    assert "ix_outbox_settled_at" in database.read(plan)

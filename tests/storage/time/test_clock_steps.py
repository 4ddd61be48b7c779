"""Clock steps: when the clock is set right, nothing waits for a time that only the wrong clock showed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from storage.chat.outbox import PRIORITIES, NewRow, OutboxRow, outbox
from storage.database import Database
from tests.bound import bound

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
LEASE, SETTLE = timedelta(seconds=20), timedelta(seconds=30)
DAYS = timedelta(days=30)


def queue(database: Database, place: str, at: datetime, not_before: datetime | None = None) -> OutboxRow:
    row = database.write(
        lambda store: store.chat.outbox.add(
            NewRow(
                platform="slack", place=place, kind="post", priority="prompt", repeat=True, at=at, not_before=not_before
            )
        )
    )
    found = database.read(lambda store: store.chat.outbox.find(row))
    assert found is not None
    return found


def carry_over(database: Database, now: datetime, step: timedelta) -> None:
    database.write(
        lambda store: store.time.clock_steps.carry_over(
            now, step, lease=now + LEASE, settle=now + SETTLE, kinds=["page"]
        )
    )


def waiting(database: Database, now: datetime) -> list[str]:
    """The places whose message can be sent now."""
    heads = database.read(lambda store: list(store.chat.lanes.heads("slack", now, 9, len(PRIORITIES))))
    return [head.place for head in heads if head.state != "sending"]


@pytest.mark.parametrize("step", [DAYS, -DAYS])
def test_what_was_tried_is_tried_again_after_it_has_settled(database: Database, step: timedelta) -> None:
    row = queue(database, "risks", NOW)
    again = NOW + timedelta(minutes=5)
    database.write(lambda store: store.chat.lanes.claim(row, NOW + LEASE))
    claimed = OutboxRow(**{**vars(row), "attempt": 1})
    database.write(lambda store: store.chat.outbox.settle(claimed, "pending", NOW, not_before=again, since=NOW))
    carry_over(database, NOW + step, step)
    assert waiting(database, NOW + step) == []
    assert waiting(database, NOW + step + SETTLE) == ["risks"]
    tried = database.read(lambda store: store.chat.outbox.find(row.id))
    assert tried is not None
    assert tried.since == NOW + step  # otherwise it would be given up as if it had waited all that time


@pytest.mark.parametrize("step", [DAYS, -DAYS])
def test_whoever_sends_a_message_has_the_rest_of_its_lease(database: Database, step: timedelta) -> None:
    row = queue(database, "risks", NOW)
    database.write(lambda store: store.chat.lanes.claim(row, NOW + LEASE))
    carry_over(database, NOW + step, step)
    lease_until = database.read(lambda store: store.connection.execute(select(outbox.c.lease_until)).scalar())
    assert lease_until == NOW + step + LEASE


def test_what_was_queued_by_a_clock_ahead_does_not_wait_until_then(database: Database) -> None:
    queue(database, "dm:sam", NOW + DAYS, NOW + DAYS + timedelta(hours=8))
    queue(database, "dm:olga", NOW - timedelta(hours=1), NOW + timedelta(hours=8))
    carry_over(database, NOW, -DAYS)
    assert waiting(database, NOW + SETTLE) == ["dm:sam"]


def test_a_place_to_which_a_clock_ahead_has_sent_something_takes_the_next_message(database: Database) -> None:
    sent, row = queue(database, "risks", NOW + DAYS), queue(database, "risks", NOW)
    database.write(lambda store: store.chat.outbox.settle(sent, "sent", NOW + DAYS, was="pending"))
    carry_over(database, NOW, -DAYS)
    quiet = NOW + timedelta(seconds=1)
    assert database.write(lambda store: store.chat.lanes.claim(row, NOW + LEASE, quiet_since=quiet))


def test_what_expired_before_its_time_is_planned_again(database: Database) -> None:
    day = date(2026, 11, 24)
    for seat, state in (("sam", "expired"), ("olga", "sent"), ("tom", "skipped")):
        database.write(
            bound(
                lambda store, seat: store.time.occurrences.plan("tea", day, seat, NOW + timedelta(hours=9), None), seat
            )
        )
        [due] = database.read(lambda store: store.time.occurrences.due(NOW + DAYS, 50))
        database.write(
            bound(lambda store, due, state: store.time.occurrences.end(due.id, state, NOW + DAYS), due, state)
        )
    carry_over(database, NOW, -DAYS)
    planned = database.read(lambda store: store.time.occurrences.due(NOW + timedelta(hours=9), 50))
    assert sorted(occurrence.seat for occurrence in planned) == ["sam", "tom"]


@pytest.mark.parametrize("step", [DAYS, -DAYS])
def test_a_timer_that_counts_seconds_keeps_what_is_left_of_them(database: Database, step: timedelta) -> None:
    for kind in ("page", "nudge"):
        database.write(
            bound(lambda store, kind: store.time.timers.add(kind, "x", 1, NOW + timedelta(seconds=90.25)), kind)
        )
    carry_over(database, NOW + step, step)
    if database.is_sqlite:
        moved = database.read(lambda store: store.time.timers.next_due("page", "x"))
        assert moved == NOW + step + timedelta(seconds=90.25)
    else:  # another bot, whose clock is right, may have planned it
        assert database.read(lambda store: store.time.timers.next_due("page", "x")) == NOW + timedelta(seconds=90.25)
    assert database.read(lambda store: store.time.timers.next_due("nudge", "x")) == NOW + timedelta(seconds=90.25)

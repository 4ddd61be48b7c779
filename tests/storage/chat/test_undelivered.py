"""Undelivered: what was lost is decided once, by message or by incident, and nothing else is changed by it."""

from datetime import datetime, timedelta

import pytest

from storage.chat.outbox import OutboxRow
from storage.database import Database
from tests.storage.rows import NOW, claimed, found, queue, waiting_post

BESIDE = [("slack", "ops"), ("slack", "water"), ("desk", "risks"), ("teams", "risks")]  # other places and platforms


def lost(
    database: Database, place: str = "risks", state: str = "rejected", at: datetime = NOW, **row: object
) -> OutboxRow:
    queue(database, place, **row)
    taken = claimed(database, place)
    assert database.write(lambda store: store.chat.outbox.settle(taken, state, at, error="is_archived"))
    return found(database, taken.id)


def decide(database: Database, row: OutboxRow, state: str, why: str | None = None) -> bool:
    return database.write(lambda store: store.chat.undelivered.decide(row, state, NOW, why))


def join(database: Database, *rows: OutboxRow, since: datetime = NOW) -> tuple[int, bool]:
    return database.write(lambda store: store.chat.undelivered.join(rows, since))


def of_incident(database: Database, number: int) -> list[int]:
    return [row.id for row in database.read(lambda store: store.chat.undelivered.of_incident(number))]


def test_what_was_lost_first_stands_first_and_only_what_was_lost_is_counted(database: Database) -> None:
    late, early = lost(database, at=NOW), lost(database, at=NOW - timedelta(seconds=1), state="needs_human")
    same = lost(database, at=NOW)
    for state in ("sent", "replaced", "pending", "unknown"):
        lost(database, state=state)
    assert database.read(lambda store: store.chat.undelivered.count()) == 3
    assert [row.id for row in database.read(lambda store: store.chat.undelivered.first(9))] == [
        early.id,
        late.id,
        same.id,
    ]
    assert [row.id for row in database.read(lambda store: store.chat.undelivered.first(2))] == [early.id, late.id]


def test_a_decision_is_about_one_message_and_says_why_where_there_is_a_reason(database: Database) -> None:
    before, row, after = (lost(database) for _ in range(3))
    assert decide(database, row, "replaced", "x" * 500)
    assert (found(database, row.id).state, found(database, row.id).error) == ("replaced", "x" * 400)
    assert [found(database, other.id).state for other in (before, after)] == ["rejected", "rejected"]
    assert decide(database, after, "pending")
    assert (found(database, after.id).state, found(database, after.id).error) == ("pending", "is_archived")


@pytest.mark.parametrize(
    ("lost_as", "state", "again"),
    [("needs_human", "pending", True), ("needs_human", "replaced", False), ("rejected", "pending", False)],
)
def test_only_what_may_have_arrived_and_is_sent_again_is_marked(
    database: Database, lost_as: str, state: str, again: bool
) -> None:
    row = lost(database, state=lost_as)
    assert decide(database, row, state)
    assert found(database, row.id).sent_again == again


@pytest.mark.parametrize(
    ("states", "change"),
    [(["replaced"], "replaced"), (["pending"], "pending"), (["pending", "replaced"], "pending")],
)
def test_changes_are_left_with_their_message_and_with_nothing_else(
    database: Database, states: list[str], change: str
) -> None:
    post = waiting_post(database)
    row = lost(database, post=post)
    update = queue(database, kind="update", post=post)
    for number, state in enumerate(states):
        assert decide(database, row, state) == (number == 0)
    assert found(database, update).state == change


def test_a_change_that_is_left_takes_nothing_from_its_message(database: Database) -> None:
    post = waiting_post(database)
    database.write(lambda store: store.chat.posts.posted(post, "C1", "17.5"))
    row = lost(database, kind="update", post=post)
    later = queue(database, kind="update", post=post)
    assert decide(database, row, "replaced")
    assert found(database, later).state == "pending"
    assert len(database.read(lambda store: store.chat.posts.of("R-1"))) == 1


def test_a_place_is_told_what_it_has_refused_in_order_and_what_waits_for_it(database: Database) -> None:
    for platform, place in BESIDE:
        lost(database, place, platform=platform)
    first, second = lost(database), lost(database)
    for state in ("needs_human", "sent", "replaced"):
        lost(database, state=state)
    for platform, place in BESIDE:
        queue(database, place, platform=platform)
    for kind in ("answer", "post", "post", "update"):
        queue(database, kind=kind)
    assert [row.id for row in database.read(lambda store: store.chat.undelivered.refused_in("slack", "risks"))] == [
        first.id,
        second.id,
    ]
    assert database.read(lambda store: store.chat.undelivered.waiting_in("slack", "risks")) == 2


def test_an_incident_has_the_number_of_its_first_message_and_goes_on_with_what_follows(database: Database) -> None:
    lost(database)
    first, second, third = (lost(database) for _ in range(3))
    assert join(database, first, second) == (first.id, True)
    assert join(database, third) == (first.id, False)
    assert of_incident(database, first.id) == [first.id, second.id, third.id]
    assert decide(database, second, "replaced")
    assert of_incident(database, first.id) == [first.id, third.id]
    assert [of_incident(database, first.id + step) for step in (-1, 1)] == [[], []]


@pytest.mark.parametrize("page", [True, False])
def test_an_incident_is_of_one_platform_and_of_pages_or_of_the_rest(database: Database, page: bool) -> None:
    def like(platform: str, is_page: bool) -> OutboxRow:
        return lost(database, platform=platform, priority="page" if is_page else "answer")

    for platform, is_page in (("desk", page), ("teams", page), ("slack", not page)):
        other = like(platform, is_page)
        assert join(database, other) == (other.id, True)
    mine, next_one = like("slack", page), like("slack", page)
    assert join(database, mine) == (mine.id, True)
    assert join(database, next_one) == (mine.id, False)


def test_an_incident_ends_when_nothing_was_lost_for_a_while_or_all_of_it_is_decided(database: Database) -> None:
    first = lost(database)
    assert join(database, first) == (first.id, True)
    assert join(database, lost(database), since=NOW) == (first.id, False)
    apart = lost(database)
    assert join(database, apart, since=NOW + timedelta(seconds=1)) == (apart.id, True)
    newest = lost(database)
    assert join(database, newest) == (apart.id, False)  # the newest incident that is still open
    for row in (apart, newest):
        assert decide(database, row, "replaced")
    assert join(database, lost(database)) == (first.id, False)

"""Outbox: one row is one worker's, rows go in order, and nothing is forgotten."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from storage.database import Database, Store
from storage.outbox import OutboxRow, outbox

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
LEASE = NOW + timedelta(seconds=20)


def queue(database: Database, place: str = "risks", **row: Any) -> int:
    given = {"platform": "slack", "kind": "post", "priority": "digest", "repeat": False, "at": NOW, "card": "{}", **row}
    return database.write(lambda store: store.outbox.add(place=place, **given))


def front(database: Database) -> list[OutboxRow]:
    return [row for row, _, _ in database.read(lambda store: store.outbox.front(NOW))]


def claim(database: Database, row: OutboxRow) -> bool:
    return database.write(lambda store: store.outbox.claim(row, LEASE))


def beside(database: Database, row: OutboxRow) -> bool:
    """Claim a row in a transaction of its own while another is open; it must not wait for that one."""
    return database.submit_write(lambda store: store.outbox.claim(row, LEASE)).result(5)


def claimed(database: Database, place: str = "risks") -> OutboxRow:
    """The head of a place, claimed, as the worker then knows it."""
    [row] = [one for one in front(database) if one.place == place]
    assert claim(database, row)
    return found(database, row.id)


def settle(database: Database, row: OutboxRow, state: str, **fields: Any) -> bool:
    return database.write(lambda store: store.outbox.settle(row, state, NOW, **fields))


def found(database: Database, row_id: int) -> OutboxRow:
    row = database.read(lambda store: store.outbox.find(row_id))
    assert row is not None
    return row


def waiting_post(database: Database) -> int:
    return database.write(lambda store: store.posts.add("R-1", "slack", "risks"))


def test_two_workers_never_claim_the_same_row(database: Database) -> None:
    queue(database)
    [row] = front(database)
    assert claim(database, row)
    assert not claim(database, row)


def test_each_row_is_claimed_once_by_many_workers(database: Database) -> None:
    ids = [queue(database, place=f"place {number}") for number in range(12)]

    def work(_: int) -> list[int]:
        return [row.id for row in front(database) if row.state == "pending" and claim(database, row)]

    with ThreadPoolExecutor(4) as threads:
        got = [row_id for one in threads.map(work, range(4)) for row_id in one]
    assert sorted(got) == ids


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_whoever_claims_never_waits_for_a_row_that_somebody_is_changing(database: Database) -> None:
    [held, other] = [queue(database), queue(database, place="ops")]
    rows = front(database)

    def work(store: Store) -> list[int]:
        store.connection.execute(update(outbox).where(outbox.c.id == held).values(card="{}"))
        return [row.id for row in rows if beside(database, row)]

    assert database.write(work) == [other]
    assert [row.id for row in rows if claim(database, row)] == [held]


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_two_replicas_never_send_to_one_place_at_once_though_each_sees_another_head(database: Database) -> None:
    queue(database)
    [digest] = front(database)
    queue(database, priority="page")
    [page] = front(database)

    def work(store: Store) -> bool:
        assert store.outbox.claim(digest, LEASE)
        return beside(database, page)

    assert not database.write(work)
    assert not claim(database, page)
    settle(database, found(database, digest.id), "sent")
    assert claim(database, page)


def test_a_worker_that_was_thought_dead_changes_nothing_when_it_comes_back(database: Database) -> None:
    queue(database)
    slow = claimed(database)
    assert settle(database, slow, "unknown", error="lease ended")
    [again] = front(database)
    assert claim(database, again)
    assert not settle(database, slow, "sent", remote_id="1")
    assert not settle(database, slow, "rejected")
    assert found(database, slow.id).state == "sending"
    assert settle(database, found(database, slow.id), "sent", remote_id="2")
    assert found(database, slow.id).remote_id == "2"


def test_a_settled_row_is_not_settled_again(database: Database) -> None:
    queue(database)
    row = claimed(database)
    assert settle(database, row, "sent")
    assert not settle(database, row, "rejected")
    assert front(database) == []


def test_the_rows_of_one_place_go_in_order(database: Database) -> None:
    first, second = queue(database), queue(database)
    assert [row.id for row in front(database)] == [first]
    settle(database, claimed(database), "sent")
    assert [row.id for row in front(database)] == [second]


def test_nothing_overtakes_what_is_being_sent_to_the_same_place(database: Database) -> None:
    digest = queue(database)
    claimed(database)
    queue(database, priority="page")
    assert [(row.id, row.state) for row in front(database)] == [(digest, "sending")]


def test_pages_go_first_then_answers_prompts_digests_and_refreshes(database: Database) -> None:
    priorities = ["refresh", "digest", "prompt", "answer", "page"]
    ids = {name: queue(database, priority=name) for name in priorities}
    order = []
    while rows := front(database):
        order.append(rows[0].id)
        settle(database, claimed(database), "sent")
    assert order == [ids[name] for name in reversed(priorities)]


def test_places_and_platforms_do_not_wait_for_each_other(database: Database) -> None:
    ids = {queue(database), queue(database, platform="desk"), queue(database, place="ops")}
    queue(database)
    assert {row.id for row in front(database)} == ids


def test_an_update_waits_until_its_post_hangs(database: Database) -> None:
    post = waiting_post(database)
    posted = queue(database, post=post)
    update = queue(database, kind="update", priority="page", post=post)
    assert [row.id for row in front(database)] == [posted]
    settle(database, claimed(database), "sent")
    assert front(database) == []
    database.write(lambda store: store.posts.hangs(post, "C1", "17.5"))
    assert [(row.id, row.channel, row.remote_id) for row in front(database)] == [(update, "C1", "17.5")]


def test_a_newer_update_takes_the_place_of_one_that_waits(database: Database) -> None:
    post = waiting_post(database)
    update = queue(database, kind="update", post=post, card='{"title": "old"}')
    assert database.write(lambda store: store.outbox.replace_update(post, '{"title": "new"}'))
    assert found(database, update).card == '{"title": "new"}'


def test_an_update_that_is_being_sent_is_not_replaced(database: Database) -> None:
    post = waiting_post(database)
    database.write(lambda store: store.posts.hangs(post, "C1", "17.5"))
    queue(database, kind="update", post=post, card='{"title": "old"}')
    row = claimed(database)
    assert not database.write(lambda store: store.outbox.replace_update(post, '{"title": "new"}'))
    assert found(database, row.id).card == '{"title": "old"}'


def test_updates_of_a_post_that_never_appeared_are_given_up(database: Database) -> None:
    post, other = waiting_post(database), waiting_post(database)
    mine, theirs = (queue(database, kind="update", post=one) for one in (post, other))
    database.write(lambda store: store.outbox.drop_updates(post, NOW))
    assert [found(database, one).state for one in (mine, theirs)] == ["replaced", "pending"]


def test_after_a_stop_what_was_being_sent_is_unknown(database: Database) -> None:
    queue(database, place="ops")
    sending, waiting = queue(database), queue(database)
    claimed(database)
    settle_at = NOW + timedelta(seconds=30)
    assert database.write(lambda store: store.outbox.orphan(settle_at)) == 1
    assert (found(database, sending).state, found(database, waiting).state) == ("unknown", "pending")
    heads = database.read(lambda store: store.outbox.front(NOW))
    assert [not_before for row, not_before, _ in heads if row.id == sending] == [settle_at]


def test_blank_takes_the_cards_of_old_sent_rows_and_keeps_ids_and_hashes(database: Database) -> None:
    old = queue(database, payload={"a": 1})
    settle(database, claimed(database), "sent", channel="C1", remote_id="17.5")
    lost = queue(database)
    settle(database, claimed(database), "rejected")
    waits = queue(database)
    before = hashes(database)
    database.write(lambda store: store.outbox.blank(NOW))
    assert found(database, old).card == "{}"
    database.write(lambda store: store.outbox.blank(NOW + timedelta(seconds=1)))
    row = found(database, old)
    assert (row.card, row.payload, row.channel, row.remote_id) == (None, {}, "C1", "17.5")
    assert (found(database, lost).card, found(database, waits).card) == ("{}", "{}")
    assert hashes(database) == before


def hashes(database: Database) -> list[tuple[str, str]]:
    question = select(outbox.c.key, outbox.c.card_hash).order_by(outbox.c.id)
    return [(row.key, row.card_hash) for row in database.read(lambda store: store.connection.execute(question).all())]


@pytest.mark.parametrize(("lost", "again"), [("needs_human", True), ("rejected", False)])
def test_somebody_decides_once_about_what_is_lost(database: Database, lost: str, again: bool) -> None:
    queue(database)
    settle(database, claimed(database), lost, error="channel_not_found")
    [row] = database.read(lambda store: store.outbox.lost())
    decide: Callable[[str], bool] = lambda state: database.write(lambda store: store.outbox.decide(row, state, NOW))  # noqa: E731
    assert decide("pending")
    assert not decide("replaced")
    assert (found(database, row.id).state, found(database, row.id).sent_again) == ("pending", again)
    assert database.read(lambda store: store.outbox.lost()) == []


def test_what_was_sent_twice_stays_marked(database: Database) -> None:
    queue(database, repeat=True)
    settle(database, claimed(database), "pending", sent_again=True)
    row = claimed(database)
    assert row.sent_again
    settle(database, row, "sent")
    assert found(database, row.id).sent_again


def test_a_long_error_is_cut_and_not_refused(database: Database) -> None:
    queue(database)
    row = claimed(database)
    assert settle(database, row, "rejected", error="x" * 1000)
    assert found(database, row.id).error == "x" * 400


def test_what_waits_is_counted_and_what_is_done_is_not(database: Database) -> None:
    queue(database)
    settle(database, claimed(database), "sent")
    queue(database)
    queue(database)
    claimed(database)
    assert database.read(lambda store: store.outbox.counts(NOW)) == {"pending": 1, "sending": 1}


def test_a_row_and_its_cause_are_kept_together_or_not_at_all(database: Database) -> None:
    def work(store: Store) -> None:
        store.outbox.add(platform="slack", place="risks", kind="post", priority="page", repeat=True, at=NOW)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.write(work)
    assert front(database) == []


def test_what_is_queued_for_later_holds_nothing_up_and_then_goes_in_its_order(database: Database) -> None:
    morning = NOW + timedelta(hours=9)
    later = queue(database, "dm:sam", priority="prompt", not_before=morning)
    refresh = queue(database, "dm:sam", priority="refresh")
    assert [row.id for row in front(database)] == [refresh]
    page = queue(database, "dm:sam", priority="page")
    assert [row.id for row in front(database)] == [page]
    assert database.read(lambda store: store.outbox.counts(NOW)) == {"quiet": 1, "pending": 2}
    [(head, _, _)] = database.read(lambda store: store.outbox.front(morning))
    assert head.id == page
    settle(database, claimed(database, "dm:sam"), "sent", channel="D1", remote_id="17.5")
    [(head, not_before, _)] = database.read(lambda store: store.outbox.front(morning))
    assert (head.id, not_before) == (later, morning)


def test_what_was_tried_and_waits_keeps_its_place_before_the_next(database: Database) -> None:
    first = queue(database, "dm:sam", priority="prompt")
    queue(database, "dm:sam", priority="prompt")
    settle(database, claimed(database, "dm:sam"), "pending", error="busy", not_before=NOW + timedelta(seconds=30))
    assert [row.id for row in front(database)] == [first]

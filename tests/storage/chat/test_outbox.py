"""Outbox: what was settled stays settled, and nothing is forgotten."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from storage.chat.outbox import NewRow, outbox
from storage.database import Database, Store
from tests.bound import bound
from tests.storage.rows import NOW, claim, claimed, found, front, queue, settle, waiting_post


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


@pytest.mark.parametrize("state", ["pending", "sent", "rejected", "unknown", "needs_human", "replaced"])
def test_only_what_is_being_sent_is_settled_by_the_attempt_that_sends_it(database: Database, state: str) -> None:
    before, row, after = (queue(database, place) for place in ("ops", "risks", "water"))
    sending = claimed(database)
    for place in ("ops", "water"):
        claimed(database, place)
    assert not settle(database, replace(sending, attempt=2), "sent")
    assert settle(database, sending, state)
    assert not settle(database, sending, "sent")
    assert [found(database, number).state for number in (before, row, after)] == ["sending", state, "sending"]


def test_a_row_is_found_by_its_own_number(database: Database) -> None:
    numbers = [queue(database) for _ in range(3)]
    assert [found(database, number).id for number in numbers] == numbers
    for other in (numbers[0] - 1, numbers[-1] + 1):
        assert database.read(bound(lambda store, other: store.chat.outbox.find(other), other)) is None


def test_a_newer_update_takes_the_place_of_one_that_waits(database: Database) -> None:
    post = waiting_post(database)
    update = queue(database, kind="update", post=post, card='{"title": "old"}')
    assert database.write(lambda store: store.chat.outbox.replace_update(post, '{"title": "new"}'))
    assert found(database, update).card == '{"title": "new"}'


def test_a_newer_update_is_one_of_its_post_alone(database: Database) -> None:
    before, post, after = (waiting_post(database) for _ in range(3))
    others = [queue(database, kind=kind, post=number) for number in (before, after) for kind in ("update", "pin")]
    others.append(queue(database, kind="pin", post=post))
    assert not database.write(lambda store: store.chat.outbox.replace_update(post, "{1}"))
    mine = [queue(database, kind="update", post=post) for _ in range(2)]
    assert database.write(lambda store: store.chat.outbox.replace_update(post, "{1}"))
    assert [found(database, number).card for number in (*others, *mine)] == ["{}"] * 5 + ["{1}"] * 2


def test_an_update_that_is_being_sent_is_not_replaced(database: Database) -> None:
    post = waiting_post(database)
    database.write(lambda store: store.chat.posts.posted(post, "C1", "17.5"))
    queue(database, kind="update", post=post, card='{"title": "old"}')
    row = claimed(database)
    assert not database.write(lambda store: store.chat.outbox.replace_update(post, '{"title": "new"}'))
    assert found(database, row.id).card == '{"title": "old"}'


def test_updates_of_a_post_that_never_appeared_are_given_up(database: Database) -> None:
    before, post, after = (waiting_post(database) for _ in range(3))
    rows = [queue(database, kind="update", post=number) for number in (before, post, after)]
    pin, posted = queue(database, kind="pin", post=post), queue(database, post=post)
    database.write(lambda store: store.chat.outbox.drop_updates(post, NOW))
    states = ["pending", "replaced", "pending", "replaced", "pending"]
    assert [found(database, number).state for number in (*rows, pin, posted)] == states


def test_after_a_stop_what_was_being_sent_is_unknown(database: Database) -> None:
    queue(database, place="ops")
    sending, waiting = queue(database), queue(database)
    claimed(database)
    settle_at = NOW + timedelta(seconds=30)
    assert database.write(lambda store: store.chat.outbox.orphan(NOW, settle_at)) == 1
    assert (found(database, sending).state, found(database, waiting).state) == ("unknown", "pending")
    assert sending not in [row.id for row in front(database)]
    assert found(database, sending).since == NOW
    settle(database, claimed(database), "sent")
    assert [row.id for row in front(database, settle_at) if row.place == "risks"] == [sending]


@pytest.mark.parametrize("begins", ["pending", "unknown"])
def test_a_try_is_counted_when_it_begins_and_a_look_is_none(database: Database, begins: str) -> None:
    queue(database)
    row = claimed(database)
    assert row.tries == 1
    settle(database, row, begins, since=NOW)
    assert claimed(database).tries == (2 if begins == "pending" else 1)


def test_new_words_begin_with_their_tries_from_the_start(database: Database) -> None:
    post = waiting_post(database)
    database.write(lambda store: store.chat.posts.posted(post, "C1", "17.5"))
    update = queue(database, kind="update", post=post)
    settle(database, claimed(database), "pending", since=NOW)
    database.write(lambda store: store.chat.outbox.replace_update(post, '{"title": "new"}'))
    assert (found(database, update).tries, found(database, update).since) == (0, None)


def test_blank_takes_the_cards_of_old_sent_rows_and_keeps_ids_and_hashes(database: Database) -> None:
    old = queue(database, payload={"a": 1})
    settle(database, claimed(database), "sent", channel="C1", remote_id="17.5")
    lost = queue(database)
    settle(database, claimed(database), "rejected")
    waits = queue(database)
    before = hashes(database)
    assert blank(database, NOW) == (0, NOW)
    assert found(database, old).card == "{}"
    assert blank(database, NOW + timedelta(seconds=1)) == (1, NOW + timedelta(seconds=1))
    row = found(database, old)
    assert (row.card, row.payload, row.channel, row.remote_id) == (None, {}, "C1", "17.5")
    assert (found(database, lost).card, found(database, waits).card) == ("{}", "{}")
    assert hashes(database) == before


def blank(database: Database, before: datetime) -> tuple[int, datetime]:
    return database.write(lambda store: store.chat.old_messages.blank(NOW - timedelta(days=7), before, 50))


def hashes(database: Database) -> list[tuple[str, str]]:
    question = select(outbox.c.key, outbox.c.card_hash).order_by(outbox.c.id)
    return [(row.key, row.card_hash) for row in database.read(lambda store: store.connection.execute(question).all())]


@pytest.mark.parametrize(("lost", "again"), [("needs_human", True), ("rejected", False)])
def test_somebody_decides_once_about_what_is_lost(database: Database, lost: str, again: bool) -> None:
    queue(database)
    settle(database, claimed(database), lost, error="channel_not_found")
    [row] = database.read(lambda store: store.chat.undelivered.first(9))

    def decide(state: str) -> bool:
        return database.write(lambda store: store.chat.undelivered.decide(row, state, NOW))

    assert decide("pending")
    assert not decide("replaced")
    assert (found(database, row.id).state, found(database, row.id).sent_again) == ("pending", again)
    assert found(database, row.id).tries == 0
    assert database.read(lambda store: store.chat.undelivered.first(9)) == []


def test_nothing_waits_for_a_message_that_somebody_has_left(database: Database) -> None:
    post = waiting_post(database)
    left = queue(database, post=post)
    change = queue(database, kind="update", post=post)
    settle(database, claimed(database), "needs_human")
    row = found(database, left)
    assert database.write(lambda store: store.chat.undelivered.decide(row, "replaced", NOW))
    assert found(database, change).state == "replaced"
    assert database.read(lambda store: store.chat.posts.of("R-1")) == []


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
    assert database.read(lambda store: store.chat.outbox.counts(NOW)) == {"pending": 1, "sending": 1}


def test_what_is_queued_for_later_is_quiet_until_its_time_has_come(database: Database) -> None:
    queue(database, not_before=NOW + timedelta(minutes=5))
    queue(database, not_before=NOW)
    assert database.read(lambda store: store.chat.outbox.counts(NOW)) == {"quiet": 1, "pending": 1}
    settle(database, claimed(database), "pending", not_before=NOW + timedelta(minutes=5))
    assert database.read(lambda store: store.chat.outbox.counts(NOW)) == {"quiet": 1, "pending": 1}


def test_a_row_and_its_cause_are_kept_together_or_not_at_all(database: Database) -> None:
    def work(store: Store) -> None:
        store.chat.outbox.add(
            NewRow(platform="slack", place="risks", kind="post", priority="page", repeat=True, at=NOW)
        )
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.write(work)
    assert front(database) == []


def test_of_two_who_decide_about_the_same_message_at_once_one_is_heard(database: Database) -> None:
    queue(database)
    settle(database, claimed(database), "rejected")
    [row] = database.read(lambda store: store.chat.undelivered.first(9))
    states = ("pending", "replaced")
    both = [
        database.submit_write(bound(lambda store, to: store.chat.undelivered.decide(row, to, NOW), state))
        for state in states
    ]
    assert sorted(decision.result(5) for decision in both) == [False, True]


def test_whatever_lets_something_go_wakes_delivery(database: Database) -> None:
    post, woken = waiting_post(database), list[str]()
    database.on_queued = lambda: woken.append("look")

    def looks(work: Callable[[Store], object]) -> int:
        woken.clear()
        database.write(lambda store: work(store) and None)
        return len(woken)

    new = NewRow(platform="slack", place="risks", kind="post", priority="page", repeat=True, at=NOW)
    assert looks(lambda store: store.chat.outbox.add(new)) == 1
    assert looks(lambda store: store.chat.outbox.replace_update(post, "{}")) == 1
    row = claimed(database)
    assert looks(lambda store: store.chat.outbox.settle(row, "rejected", NOW)) == 1
    assert looks(lambda store: store.chat.undelivered.decide(found(database, row.id), "pending", NOW)) == 1
    assert looks(lambda store: store.chat.outbox.find(row.id)) == 0

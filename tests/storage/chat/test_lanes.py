"""Lanes: each row belongs to one worker, and the rows of a conversation go in order."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from storage.chat.outbox import OutboxRow, outbox
from storage.database import Database, Store
from tests.storage.rows import LEASE, LEAST, NOW, claim, claimed, found, front, queue, settle, waiting_post


def beside(database: Database, row: OutboxRow) -> bool:
    """Claim a row in a second transaction while another is open; it must not wait for the other."""
    return database.submit_write(lambda store: store.chat.lanes.claim(row, LEASE)).result(5)


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
        got = [row_id for batch in threads.map(work, range(4)) for row_id in batch]
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
        assert store.chat.lanes.claim(digest, LEASE)
        return beside(database, page)

    assert not database.write(work)
    assert not claim(database, page)
    settle(database, found(database, digest.id), "sent")
    assert claim(database, page)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("quiet_since", [NOW, NOW + timedelta(seconds=1)])
def test_two_replicas_keep_the_pace_of_a_conversation_between_them(database: Database, quiet_since: datetime) -> None:
    queue(database)
    settle(database, claimed(database), "sent")
    queue(database)
    [row] = front(database)
    claim_since: Callable[[datetime], bool] = lambda quiet_since: database.write(  # noqa: E731
        lambda store: store.chat.lanes.claim(row, LEASE, quiet_since=quiet_since)
    )
    assert not claim_since(NOW - timedelta(seconds=1))
    assert claim_since(quiet_since)


BESIDE = [("desk", "risks"), ("teams", "risks"), ("slack", "ops"), ("slack", "water")]  # each before and after in order


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_no_conversation_waits_for_another_place_or_platform_at_which_a_replica_sends_or_has_just_sent(
    database: Database,
) -> None:
    for platform, place in BESIDE:
        for state in ("sent", "sending"):
            queue(database, place, platform=platform)
            [row] = [row for row in front(database) if (row.platform, row.place) == (platform, place)]
            assert claim(database, row)
            if state == "sent":
                assert settle(database, found(database, row.id), "sent")
    queue(database)
    [mine] = [row for row in front(database) if (row.platform, row.place) == ("slack", "risks")]
    since = NOW - timedelta(seconds=1)
    assert database.write(lambda store: store.chat.lanes.claim(mine, LEASE, quiet_since=since))


def test_the_rows_of_one_place_go_in_order(database: Database) -> None:
    first, second = queue(database), queue(database)
    assert [row.id for row in front(database)] == [first]
    settle(database, claimed(database), "sent")
    assert [row.id for row in front(database)] == [second]


def test_nothing_overtakes_what_is_being_sent_to_the_same_place(database: Database) -> None:
    digest = queue(database)
    claimed(database)
    queue(database, priority="page")
    assert front(database) == []
    assert front(database, LEASE) == []
    ended = front(database, LEASE + timedelta(microseconds=1))
    assert [(row.id, row.state) for row in ended] == [(digest, "sending")]


def test_a_row_of_which_something_has_become_is_not_given(database: Database) -> None:
    queue(database)
    [head] = database.read(lambda store: list(store.chat.lanes.heads("slack", NOW, 1, LEAST)))
    claimed(database)
    assert database.read(lambda store: store.chat.lanes.row(head)) is None


@pytest.mark.parametrize("most", [1, 2, 50])
def test_each_lane_is_given_once_however_many_rows_are_read_at_once(database: Database, most: int) -> None:
    for place in ("risks", "ops", "risks", "risks", "water", "ops", "risks", "parks"):
        queue(database, place)
    urgent = queue(database, "parks", priority="page")
    heads = database.read(lambda store: list(store.chat.lanes.heads("slack", NOW, most, LEAST)))
    assert [(head.id, head.place) for head in heads] == [(urgent, "parks"), (1, "risks"), (2, "ops"), (5, "water")]
    assert [head.id for head in database.read(lambda store: list(store.chat.lanes.heads("slack", NOW, most, 1)))] == [
        urgent
    ]


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
    database.write(lambda store: store.chat.posts.posted(post, "C1", "17.5"))
    assert [(row.id, row.channel, row.remote_id) for row in front(database)] == [(update, "C1", "17.5")]


def test_what_is_queued_for_later_holds_nothing_up_and_then_goes_in_its_order(database: Database) -> None:
    morning = NOW + timedelta(hours=9)
    later = queue(database, "dm:sam", priority="prompt", not_before=morning)
    refresh = queue(database, "dm:sam", priority="refresh")
    assert [row.id for row in front(database)] == [refresh]
    page = queue(database, "dm:sam", priority="page")
    assert [row.id for row in front(database)] == [page]
    assert database.read(lambda store: store.chat.outbox.counts(NOW)) == {"quiet": 1, "pending": 2}
    assert [row.id for row in front(database, morning)] == [page]
    settle(database, claimed(database, "dm:sam"), "sent", channel="D1", remote_id="17.5")
    assert [row.id for row in front(database, morning)] == [later]


@pytest.mark.parametrize("state", ["pending", "unknown"])
def test_nothing_waits_for_what_is_in_trouble_and_when_its_time_has_come_it_goes_last(
    database: Database, state: str
) -> None:
    again = NOW + timedelta(seconds=30)
    tried = queue(database, "dm:sam", priority="prompt")
    settle(database, claimed(database, "dm:sam"), state, error="busy", not_before=again, since=NOW)
    assert front(database) == []
    prompt, digest = (queue(database, "dm:sam", priority=name) for name in ("prompt", "digest"))
    order = []
    while rows := front(database, again):
        order.append(rows[0].id)
        claim(database, rows[0])
        settle(database, found(database, rows[0].id), "sent")
    assert order == [prompt, tried, digest]

"""Old messages: what was said goes first, then the rows, then the posts in which nothing is ever changed."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from storage.chat.outbox import outbox
from storage.chat.posts import posts
from storage.database import Database
from tests.bound import bound
from tests.storage.rows import NOW, claimed, queue, settle

LONG_AGO = NOW - timedelta(days=400)
LATER = NOW + timedelta(days=31)
SOON = timedelta(days=183)
RECORDS = ("R-", "CR-")


def post(database: Database, ref: str, place: str = "risks", **row: object) -> int:
    """Queue a card about something, and give its post."""
    made = database.write(lambda store: store.chat.posts.add(ref, "slack", place))
    queue(database, place, post=made, ref=ref, **row)
    return made


def sent(database: Database, ref: str, place: str = "risks", **row: object) -> int:
    made = post(database, ref, place, **row)
    settle(database, claimed(database, place), "sent", channel="C1", remote_id="17.5")
    return made


def forget(database: Database, before: datetime = LATER, since: datetime = LONG_AGO, most: int = 50) -> int:
    """How many rows of the outbox went."""
    return database.write(
        lambda store: store.chat.old_messages.forget(since, before, most, lasting=RECORDS, post_lives=SOON)
    )[0]


def forget_posts(database: Database, at: datetime) -> int:
    return database.write(lambda store: store.chat.old_messages.forget_posts(at, 50))


def left(database: Database) -> list[str | None]:
    rows = select(outbox.c.about).order_by(outbox.c.id)
    return list(database.read(lambda store: store.connection.execute(rows).scalars().all()))


def posts_left(database: Database) -> list[str]:
    rows = select(posts.c.about).order_by(posts.c.id)
    return list(database.read(lambda store: store.connection.execute(rows).scalars().all()))


def test_rows_go_that_were_sent_and_what_waits_or_was_lost_stays(database: Database) -> None:
    sent(database, "R-1")
    post(database, "R-2")
    settle(database, claimed(database), "rejected")
    post(database, "R-3")
    assert forget(database, NOW) == 0
    assert forget(database) == 1
    assert left(database) == ["R-2", "R-3"]


def test_a_page_stays_so_that_a_crisis_says_how_often_somebody_was_paged(database: Database) -> None:
    sent(database, "CR-2026-01 page tom", "dm:tom", priority="page")
    sent(database, "R-1")
    sent(database, "R-2")
    assert forget(database) == 1
    assert left(database) == ["CR-2026-01 page tom", "R-2"]


def test_the_newest_row_stays_so_that_its_number_is_not_given_again(database: Database) -> None:
    for number in (1, 2):
        sent(database, f"R-{number}")
    assert forget(database) == 1
    newest = queue(database)
    assert newest == 3


def test_so_many_go_at_once_and_the_next_call_goes_on(database: Database) -> None:
    for number in range(6):
        sent(database, f"R-{number}")
        at = update(outbox).where(outbox.c.about == f"R-{number}").values(settled_at=NOW + timedelta(seconds=number))
        database.write(bound(lambda store, at: store.connection.execute(at), at))
    gone, reached = database.write(
        lambda store: store.chat.old_messages.forget(LONG_AGO, LATER, 2, lasting=RECORDS, post_lives=SOON)
    )
    assert (gone, reached) == (2, NOW + timedelta(seconds=1))
    assert forget(database, since=reached) == 3


def test_words_go_before_the_rows_with_what_an_act_needed(database: Database) -> None:
    queue(database, card=None, kind="invite", payload={"emails": {"sam": ["sam@riverton.example.org"]}})
    settle(database, claimed(database), "sent")
    database.write(lambda store: store.chat.old_messages.blank(LONG_AGO, LATER, 50))
    question = select(outbox.c.payload, outbox.c.card)
    assert database.read(lambda store: store.connection.execute(question).all()) == [(None, None)]


def test_a_post_still_knows_what_it_says_and_since_when_it_was_shown(database: Database) -> None:
    made = sent(database, "R-1", card='{"title": "Dam"}')
    sent(database, "R-2")
    shown = database.read(lambda store: store.chat.drawings.shown_at(made))
    assert forget(database) == 1
    assert database.read(lambda store: store.chat.drawings.says(made, '{"title": "Dam"}'))
    assert not database.read(lambda store: store.chat.drawings.says(made, '{"title": "Bridge"}'))
    assert database.read(lambda store: store.chat.drawings.shown_at(made)) == shown == NOW


def test_a_post_that_was_changed_says_what_the_change_said(database: Database) -> None:
    made = sent(database, "R-1", card='{"title": "Dam"}')
    database.write(lambda store: store.chat.posts.posted(made, "C1", "17.5"))
    queue(database, kind="update", post=made, ref="R-1", card='{"title": "Dam, closed"}')
    settle(database, claimed(database), "sent")
    queue(database)
    settle(database, claimed(database), "sent")
    assert forget(database) == 2
    assert database.read(lambda store: store.chat.drawings.says(made, '{"title": "Dam, closed"}'))


@pytest.mark.parametrize(
    ("ref", "place"),
    [
        ("R-7", "risks"),
        ("CR-2026-01", "crisis"),
        ("owner R-7 sam", "dm:sam"),
        ("risk.owner R-7 sam olga", "dm:sam"),
        ("home sam", "home:sam"),
    ],
)
def test_posts_about_records_and_homes_stay_however_old_they_are(database: Database, ref: str, place: str) -> None:
    sent(database, ref, place)
    sent(database, "R-8")
    forget(database)
    assert forget_posts(database, NOW + timedelta(days=4000)) == 0
    assert ref in posts_left(database)


def test_other_posts_go_half_a_year_after_their_last_change(database: Database) -> None:
    sent(database, "digest 2026-11-23 sam", "dm:sam")
    sent(database, "R-8")
    forget(database)
    assert forget_posts(database, NOW + SOON) == 0
    assert forget_posts(database, NOW + SOON + timedelta(seconds=1)) == 1
    assert posts_left(database) == ["R-8"]


def test_a_post_that_a_row_still_changes_stays(database: Database) -> None:
    made = sent(database, "digest 2026-11-23 sam", "dm:sam")
    sent(database, "R-8")
    forget(database)
    queue(database, "dm:sam", kind="update", post=made)
    assert forget_posts(database, NOW + timedelta(days=4000)) == 0


def test_a_post_that_never_appeared_goes_too(database: Database) -> None:
    made = post(database, "digest 2026-11-23 sam", "dm:sam")
    settle(database, claimed(database, "dm:sam"), "replaced")
    database.write(lambda store: store.chat.posts.lost(made))
    sent(database, "R-8")
    assert forget(database) == 1
    assert forget_posts(database, NOW + timedelta(days=184)) == 1

"""Many: what goes to many people at once is queued in their order, each as if it were the only one."""

from storage.chat.outbox import NewRow
from storage.chat.posts import NewPost
from storage.database import Database, Store
from tests.storage.rows import NOW, claimed, found, queue

PEOPLE = ("sam", "olga", "maria")


def row(place: str, post: int | None = None, card: str = "{}") -> NewRow:
    kind = "post" if post is None else "update"
    return NewRow(
        platform="slack", place=place, kind=kind, priority="prompt", repeat=True, at=NOW, card=card, post=post
    )  # fmt: skip


def posted(database: Database) -> list[int]:
    new = [NewPost(platform="slack", place=f"dm:{person}", ref=f"R-1 {person}") for person in PEOPLE]
    return database.write(lambda store: store.chat.posts.add_all(new))


def updates(database: Database, posts: list[int], card: str) -> None:
    database.write(lambda store: store.chat.many.update([row("dm:sam", post, card) for post in posts]))


def waiting(database: Database, post: int) -> list[str | None]:
    """The cards of the updates of a post that wait."""
    rows = database.read(lambda store: [store.chat.outbox.find(number) for number in range(1, 20)])
    return [known.card for known in rows if known and known.post == post and known.state == "pending"]


def test_rows_and_posts_are_kept_in_their_order(database: Database) -> None:
    numbers = database.write(lambda store: store.chat.many.add([row(f"dm:{person}") for person in PEOPLE]))
    assert [found(database, number).place for number in numbers] == [f"dm:{person}" for person in PEOPLE]
    posts = posted(database)
    there = database.read(lambda store: store.chat.posts.of_each([f"R-1 {person}" for person in PEOPLE]))
    assert {post.id: post.about for each in there.values() for post in each} == {
        post: f"R-1 {person}" for post, person in zip(posts, PEOPLE, strict=True)
    }


def test_nothing_for_nobody_is_nothing(database: Database) -> None:
    def none(store: Store) -> tuple[list[int], list[int], list[object]]:
        store.chat.many.update([])
        store.time.timers.add_all([])
        store.time.timers.cancel("page")
        return store.chat.many.add([]), store.chat.posts.add_all([]), [*store.chat.posts.of_each([])]

    assert database.write(none) == ([], [], [])


def test_newer_cards_take_the_place_of_those_that_wait_and_the_others_are_queued(database: Database) -> None:
    first, second, third = posted(database)
    updates(database, [first, second], "{1}")
    updates(database, [second, third], "{2}")
    assert [waiting(database, post) for post in (first, second, third)] == [["{1}"], ["{2}"], ["{2}"]]


def test_a_card_that_is_being_sent_is_not_replaced(database: Database) -> None:
    first, second, _ = posted(database)
    database.write(lambda store: store.chat.posts.posted(first, "C1", "17.5"))
    queue(database, kind="update", post=first, card="{1}")
    sending = claimed(database)
    updates(database, [first, second], "{2}")
    assert found(database, sending.id).card == "{1}"
    assert [waiting(database, post) for post in (first, second)] == [["{2}"], ["{2}"]]

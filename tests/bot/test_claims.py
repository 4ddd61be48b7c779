"""Claims: which rows go now, also beside another replica, and what happens to those whose worker is gone."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.claims import Room
from handlers.kit.context import Context
from handlers.kit.messages import Card
from storage.chat.outbox import outbox
from tests.bot.postroom import Post


@pytest.fixture
async def shared(tmp_path: Path, postgresql_url: str) -> AsyncIterator[Post]:
    """A delivery on a database at which another replica may work too."""
    made = Post(tmp_path, database_url=postgresql_url)
    await made.bind("risks", "C1")
    yield made
    await made.delivery.stop()
    await asyncio.to_thread(made.runtime.database.close)


@pytest.mark.parametrize(("pace", "begun"), [(1.0, [0, 1]), (0.0, [1, 0])])
async def test_another_replica_keeps_the_pace_of_a_conversation(shared: Post, pace: float, begun: list[int]) -> None:
    shared.wire.pace = pace
    other = shared.worker(shared.wire)
    for title in ("First", "Second"):
        await shared.queue(title=title)
    assert await shared.round() == 1
    shared.clock.advance(seconds=0.5)
    rounds = [await other.round()]
    await other.finish()
    shared.clock.advance(seconds=0.5)
    rounds.append(await other.round())
    await other.finish()
    assert rounds == begun
    await other.stop()


async def test_a_row_whose_worker_is_gone_says_so_and_since_when(post: Post) -> None:
    await post.queue()
    [row] = await post.read_front()
    lease = post.clock.now()
    await post.runtime.write(lambda store: store.chat.lanes.claim(row, lease))
    assert (await post.round(), await post.state()) == (0, "sending")  # its lease ends only after this moment
    assert (await post.round(seconds=1), await post.state()) == (0, "unknown")
    gone = await post.row()
    assert (gone.error, gone.since) == ("whoever sent it went away", post.clock.now())


async def test_of_many_a_hundred_are_taken_at_once_and_the_rest_right_after_them(post: Post) -> None:
    def queue(context: Context) -> None:
        for number in range(104):
            context.store.chat.places.bind(f"place-{number}", "slack", f"C{number}", context.now)
            context.post(f"place-{number}", Card(str(number)))

    await post.with_context(queue)
    looks: list[str] = []
    post.runtime.database.on_queued = lambda: looks.append("again")
    post.delivery = post.worker(post.wire, Room(at_once=200, kept=0))
    claimed = await post.runtime.write(post.claim)
    assert (len(claimed), looks) == (100, ["again"])
    assert (len(await post.runtime.write(post.claim)), looks) == (4, ["again"])


async def test_so_many_are_on_their_way_at_once_and_pages_find_room_beside_them(post: Post) -> None:
    post.delivery = post.worker(post.wire, Room(at_once=3, kept=1))
    post.wire.hold = asyncio.Event()
    for person in ("maria", "olga", "sam", "tom", "ines"):
        await post.queue(f"dm:{person}", title=person)
    assert [await post.delivery.round(), await post.delivery.round()] == [2, 0]
    for person in ("ben", "hugo"):
        await post.queue(f"dm:{person}", title=person, priority="page")
    assert [await post.delivery.round(), await post.delivery.round()] == [1, 0]
    post.wire.hold.set()
    await post.delivery.finish()
    assert [await post.round(), await post.round(), await post.round()] == [2, 2, 0]
    sent = [outgoing.card.title for _, outgoing in post.wire.asked if outgoing.card]
    assert sent == ["maria", "olga", "ben", "hugo", "sam", "tom", "ines"]


async def test_a_place_that_nobody_has_connected_takes_no_room(post: Post) -> None:
    post.delivery = post.worker(post.wire, Room(at_once=1, kept=0))
    for place in ("crisis", "ops", "risks"):
        await post.queue(place)
    await post.bind("risks", "C1")
    assert await post.round() == 1


async def test_a_row_that_cannot_be_prepared_holds_nobody_up_and_counts_as_a_try(post: Post) -> None:
    await post.bind("ops", "C0")
    await post.queue(title="Unsound")
    await post.queue("ops", title="Sound")
    await post.runtime.write(
        lambda store: store.connection.execute(update(outbox).where(outbox.c.id == 1).values(card="["))
    )
    assert await post.round() == 2
    assert (await post.state(1), (await post.row(1)).tries, await post.state(2)) == ("pending", 1, "sent")
    assert (await post.row(1)).error == "it cannot be prepared (ValidationError)"

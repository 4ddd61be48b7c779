"""Settling: what became of many messages is written in few commits, and what breaks over one holds up no other."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event

from bot.post import Sent
from handlers.kit.context import Context
from handlers.kit.messages import Card
from storage.chat.lanes import Head
from storage.chat.outbox import PRIORITIES, OutboxRow
from storage.chat.people import Met
from storage.database import DatabaseUnavailable, Store
from tests.bot.postroom import Post

SECONDS = 5  # for what comes within some milliseconds


async def queue_for(post: Post, people: int, priority: str = "prompt") -> None:
    """A message to each of so many people who have spoken to the bot."""

    def work(context: Context) -> None:
        everybody = [Met(f"slack-{number}", f"Person {number}", None) for number in range(people)]
        for person in everybody:
            context.store.chat.people.meet(person, "slack", f"U {person.id}", context.now)
        for person in everybody:
            context.post(f"dm:{person.id}", Card("Weekly check-in"), priority=priority, repeat=True)

    await post.with_context(work)


def counting(post: Post) -> list[str]:
    """Grows by one with each commit of the writer."""
    counted: list[str] = []
    event.listen(post.runtime.database.writer, "commit", lambda _connection: counted.append("commit"))
    return counted


def hurry(post: Post) -> None:
    """From now on a transaction settles one message and claims one."""
    post.delivery.timing = replace(post.delivery.timing, turn=0)


async def states(post: Post) -> dict[str, int]:
    return dict(await post.runtime.read(lambda store: store.chat.outbox.counts(post.clock.now())))


async def test_a_fan_out_takes_a_commit_for_each_room_of_messages_and_not_two_for_each_message(post: Post) -> None:
    await queue_for(post, 300)
    counted, looks = counting(post), 0
    while await post.delivery.round():
        looks += 1
        await post.delivery._busy.finish()  # as the bot does: the next look settles what has ended
    assert (len(post.wire.asked), await states(post)) == (300, {})
    assert (looks, len(counted)) == (10, 11)  # 30 prompts at once; the last look settles the rest


async def test_the_next_of_a_conversation_is_claimed_in_the_commit_that_settles_the_one_before(post: Post) -> None:
    for title in ("First", "Second"):
        await post.queue(title=title)
    counted = counting(post)
    assert await post.delivery.round() == 1
    await post.delivery._busy.finish()
    assert await post.delivery.round() == 1
    assert (len(counted), await post.state(1), await post.state(2)) == (2, "sent", "sending")
    await post.delivery.finish()


async def test_what_has_ended_waits_a_moment_for_what_is_on_its_way_and_no_longer(post: Post) -> None:
    looks = asyncio.Event()
    post.delivery.again = looks.set
    await queue_for(post, 2)
    slow, answer = asyncio.Event(), post.wire._answer

    async def first_is_slow(what: str, row: Any) -> Any:
        if not post.wire.asked:
            post.wire.asked.append((what, row))
            await slow.wait()
            return Sent("D1", "1.0")
        return await answer(what, row)

    post.wire._answer = first_is_slow  # type: ignore[method-assign]
    assert await post.delivery.round() == 2
    assert not looks.is_set()
    async with asyncio.timeout(SECONDS):
        await looks.wait()
    assert await post.delivery.round() == 0
    assert [await post.state(1), await post.state(2)] == ["sending", "sent"]
    slow.set()
    await post.delivery.finish()
    assert await states(post) == {}


async def test_what_there_is_no_time_for_is_settled_by_the_next_look(post: Post) -> None:
    await queue_for(post, 3)
    assert await post.delivery.round() == 3
    await post.delivery._busy.finish()
    hurry(post)
    looks: list[str] = []
    post.delivery.again = lambda: looks.append("again")
    assert await post.delivery.round() == 0
    assert [await post.state(number) for number in (1, 2, 3)] == ["sent", "sending", "sending"]
    assert await post.delivery.round() == 0
    assert ([await post.state(number) for number in (1, 2, 3)], looks) == (["sent", "sent", "sending"], ["again"] * 2)
    await post.delivery.finish()
    assert await states(post) == {}


@pytest.mark.parametrize("hurries", [False, True])
async def test_an_outcome_that_breaks_is_named_and_those_beside_it_are_settled(
    post: Post, caplog: pytest.LogCaptureFixture, hurries: bool
) -> None:
    await queue_for(post, 3)
    unfit: Any = object()  # which no database takes
    post.wire.answers += [Sent("D1", "1.0"), Sent("D2", unfit), Sent("D3", "3.0")]
    await post.delivery.round()
    if hurries:
        hurry(post)
    await post.delivery.finish()
    assert [await post.state(number) for number in (1, 2, 3)] == ["sent", "sending", "sent"]
    said = [(entry.message, entry.__dict__["row"]) for entry in caplog.records if entry.levelname == "ERROR"]
    assert said == [("what became of a message could not be kept; its lease ends", 2)]
    assert await post.round(seconds=21) == 0
    assert await post.state(2) == "unknown"  # it is looked for, and not forgotten


async def test_claims_that_break_take_back_nothing_of_what_has_ended(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    await post.queue()
    await post.delivery.round()
    await post.delivery._busy.finish()

    def breaks(store: Store, *_: Any) -> None:
        store.chat.places.bind("ops", "slack", "C9", post.clock.now())
        raise ZeroDivisionError

    monkeypatch.setattr(post.delivery.claims, "take", lambda store, *rest: breaks(store))
    with pytest.raises(ZeroDivisionError):
        await post.delivery.round()
    assert await post.state() == "sent"
    assert await post.runtime.read(lambda store: store.chat.places.channel("ops", "slack")) is None


async def test_a_look_that_is_called_off_begins_what_it_has_claimed(post: Post) -> None:
    await post.queue()
    look = asyncio.create_task(post.delivery.round())
    await asyncio.sleep(0)  # it waits for the database
    look.cancel()
    with pytest.raises(asyncio.CancelledError):
        await look
    await post.delivery.finish()
    assert await post.state() == "sent"


async def test_a_look_that_is_called_off_while_it_fails_says_what_could_not_be_kept(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    await post.queue()
    await post.delivery.round()
    await post.delivery._busy.finish()
    with post.runtime.database.writer.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only=ON")
    look = asyncio.create_task(post.delivery.round())
    await asyncio.sleep(0)  # it waits for the database
    look.cancel()
    with pytest.raises(DatabaseUnavailable):
        await look
    said = [(entry.message, entry.__dict__["row"]) for entry in caplog.records if entry.levelname == "ERROR"]
    assert said == [("what became of a message could not be kept; its lease ends", 1)]


@pytest.mark.parametrize("priority", PRIORITIES)
async def test_a_look_reads_no_more_rows_than_there_is_room_for(
    post: Post, priority: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await queue_for(post, 100, priority)
    read: list[int] = []

    def claim(store: Store) -> int:
        row = store.chat.lanes.row

        def counted(head: Head) -> OutboxRow | None:
            read.append(head.id)
            return row(head)

        monkeypatch.setattr(store.chat.lanes, "row", counted)
        return len(post.claim(store))

    room = 50 if priority in ("page", "answer") else 30
    assert await post.runtime.write(claim) == room == len(read)

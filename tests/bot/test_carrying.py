"""Carrying: what is being sent is finished in time before the bot stops, and the pace of a conversation is kept."""

import asyncio

import pytest

from bot.delivery import Delivery
from bot.post import Silence
from bot.timing import Timing
from tests.bot.postroom import Post, Wire


async def test_a_try_may_begin_until_its_lease_could_end_within_it(post: Post) -> None:
    await post.queue()
    [claimed] = await post.runtime.write(post.claim)
    assert (claimed.begin_before - post.clock.now()).total_seconds() == 10  # of 20 seconds, a request takes 10
    other = post.worker(post.wire)
    await post.queue("ops")
    await post.bind("ops", "C0")
    await other.round()
    post.clock.advance(seconds=10)
    await other.finish()
    assert await post.state(2) == "sent"


@pytest.mark.parametrize("looks", [False, True])
async def test_what_is_not_answered_in_time_is_unknown_and_stays_so(post: Post, looks: bool) -> None:
    await post.queue()
    if looks:
        await post.round(Silence("reset"))
        post.clock.advance(seconds=30)
    wire = Wire()
    wire.hold = asyncio.Event()
    hurried = Delivery(post.runtime, {"slack": wire}, Timing(request=0.01, lease=20, settle=30))
    assert await hurried.round() == 1
    await hurried.finish()
    row = await post.row()
    assert (row.state, row.error) == ("unknown", "reset" if looks else "no answer in time")


async def test_a_stop_ends_what_is_being_sent_and_waits_for_no_pace(post: Post) -> None:
    post.wire.pace, post.wire.hold = 1.0, asyncio.Event()
    await post.queue()
    assert await post.delivery.round() == 1
    stopping = asyncio.create_task(post.delivery.stop())
    await asyncio.sleep(0)
    assert not stopping.done()
    post.wire.hold.set()
    await stopping
    assert (await post.state(), post.delivery.resting) == ("sent", 0)


async def test_when_a_conversation_may_go_on_somebody_looks(post: Post) -> None:
    post.wire.pace = 1.0
    for title in ("First", "Second"):
        await post.queue(title=title)
    assert [await post.round(), await post.round()] == [1, 0]
    for seconds, looks in ((0.5, False), (0.5, True)):
        post.runtime.wake.clear()
        post.clock.advance(seconds=seconds)
        for _ in range(3):
            await asyncio.sleep(0)
        assert post.runtime.wake.is_set() == looks
    assert post.delivery.resting == 0


@pytest.mark.parametrize("count", [0, 1])
async def test_a_start_says_how_many_messages_nobody_knows_of(
    post: Post, caplog: pytest.LogCaptureFixture, count: int
) -> None:
    await post.queue()
    if count:
        await post.runtime.write(post.claim)
    await post.delivery.recover()
    said = [(entry.message, entry.__dict__["count"]) for entry in caplog.records if entry.name == "cityops.delivery"]
    assert said == [("messages with an unknown outcome", 1)] * count


async def test_a_worker_that_stood_still_says_so(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    await post.queue()
    await post.delivery.round()
    post.clock.advance(seconds=11)
    await post.delivery.finish()
    assert [(entry.message, entry.__dict__["row"]) for entry in caplog.records] == [
        ("this process stood still; another look decides about the message", 1)
    ]
    assert post.wire.asked == []


async def test_what_became_of_a_message_and_cannot_be_kept_is_in_the_log_and_its_lease_ends(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    await post.queue()
    await post.delivery.round()
    with post.runtime.database.writer.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only=ON")
    await post.delivery.finish()
    said = [(entry.message, entry.levelname) for entry in caplog.records if entry.name == "cityops.delivery"]
    assert said == [("what became of a message could not be kept; its lease ends", "ERROR")]
    assert await post.state() == "sending"

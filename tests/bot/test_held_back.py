"""Held back: when a platform tells several conversations to wait, what is urgent goes alone."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.post import Wait
from tests.bot.postroom import Post

SLOWER = Wait("ratelimited", 10)


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    post = Post(tmp_path)
    for number in range(1, 6):
        await post.bind(f"place:{number}", f"C{number}")
    yield post
    post.runtime.database.close()


def _went_to(post: Post) -> list[str | None]:
    """The channels to which something was posted, in order."""
    return [row.channel for _, row in post.wire.asked]


async def test_a_page_goes_at_once_and_the_rest_when_the_time_that_two_conversations_were_told_is_over(
    post: Post,
) -> None:
    await post.queue("place:1")
    await post.queue("place:2")
    await post.round(SLOWER, SLOWER)
    await post.queue("place:3")
    await post.queue("place:4", priority="page")
    await post.round(seconds=1)
    assert _went_to(post)[2:] == ["C4"]
    await post.round(seconds=8)
    assert _went_to(post)[3:] == []
    await post.round(seconds=1.5)
    assert sorted(str(channel) for channel in _went_to(post)[3:]) == ["C1", "C2", "C3"]


async def test_one_conversation_that_is_told_to_wait_holds_back_no_other(post: Post) -> None:
    await post.queue("place:1")
    await post.round(SLOWER)
    await post.queue("place:2")
    await post.round(seconds=1)
    assert _went_to(post) == ["C1", "C2"]


async def test_what_one_conversation_alone_still_waits_for_holds_back_no_other(post: Post) -> None:
    await post.queue("place:1")
    await post.queue("place:2")
    await post.round(SLOWER, Wait("ratelimited", 60))
    free_at = post.clock.monotonic() + 10
    assert post.delivery.held_back.until("slack") == pytest.approx(free_at)
    await post.queue("place:3")
    await post.round(seconds=10.5)
    assert "C3" in _went_to(post)


async def test_delivery_looks_again_by_itself_when_all_may_go(post: Post) -> None:
    await post.queue("place:1")
    await post.queue("place:2")
    await post.round(SLOWER, SLOWER)
    await post.queue("place:3")
    await post.round(seconds=1)
    asked = asyncio.Event()
    post.delivery.again = asked.set
    await asyncio.sleep(0)  # the wait begins
    post.clock.advance(seconds=8)
    await asyncio.sleep(0)
    assert not asked.is_set()
    post.clock.advance(seconds=1.5)
    async with asyncio.timeout(5):  # real seconds
        await asked.wait()
    await post.delivery.stop()

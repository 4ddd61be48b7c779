"""Queued: an answer is kept for the outbox when there is something to say and a way to say it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.inbound import Answered, Inbound, Typed
from bot.queued import queue_answer
from handlers.kit.messages import Card
from storage.database import Store
from tests.bot.postroom import Post

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("card", "reply", "queued"),
    [(None, {"channel": "C1"}, 0), (Card("Logged"), None, 0), (None, None, 0), (Card("Logged"), {"channel": "C1"}, 1)],
)
async def test_an_answer_is_queued_where_it_says_something_and_can_be_brought(
    post: Post, card: Card | None, reply: dict[str, Any] | None, queued: int
) -> None:
    def queue(store: Store) -> None:
        queue_answer(Inbound("slack", "U1", Typed("help"), reply=reply), Answered(card), NOW, store)

    await post.runtime.write(queue)
    assert len(await post.read_front()) == queued

"""Queued: an answer is kept for the outbox when there is something to say and a way to say it."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from bot.inbound import Answered, Inbound, Typed
from bot.queued import keep_refusal, queue_answer
from handlers.kit.messages import Card
from storage.chat.outbox import outbox
from storage.chat.people import Met
from storage.database import Store
from tests.bot.postroom import Post

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
REPLY = {"channel": "C1"}


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


@pytest.mark.parametrize(("card", "queued"), [(Card("Nothing was saved"), 1), (None, 0)])
async def test_a_request_that_is_delivered_again_is_answered_once_also_where_nothing_is_said(
    post: Post, card: Card | None, queued: int
) -> None:
    inbound = Inbound("slack", "U1", Typed("help"), key="E1", reply=REPLY)
    for _ in range(2):
        await post.runtime.write(partial(keep_refusal, inbound, Answered(card), NOW))
    assert len(await post.read_front()) == queued
    kept = await post.runtime.read(lambda store: store.chat.inbox.answered("slack E1"))
    assert kept == (True, card.model_dump_json() if card else None)


async def test_a_request_without_a_name_of_its_own_is_answered_each_time(post: Post) -> None:
    inbound = Inbound("slack", "U1", Typed("help"), reply=REPLY)
    for _ in range(2):
        await post.runtime.write(partial(keep_refusal, inbound, Answered(Card("No")), NOW))
    assert [await post.round(), await post.round()] == [1, 1]


@pytest.mark.parametrize(
    ("platform", "account", "channel", "place", "person"),
    [
        ("slack", "U1", "C7", "to:C7", "sam"),
        ("slack", "U1", None, "to:U1", "sam"),
        ("slack", "U9", None, "to:U9", None),
        ("desk", "olga", None, "to:olga", "olga"),
        ("say", "olga", None, "to:olga", "olga"),
    ],
)
async def test_an_answer_goes_before_all_but_pages_to_where_it_was_asked_and_may_be_repeated(
    post: Post, platform: str, account: str, channel: str | None, place: str, person: str | None
) -> None:
    def queue(store: Store) -> Any:
        store.chat.people.meet(Met("sam", "Sam Rivers", None), "slack", "U1", NOW)
        inbound = Inbound(platform, account, Typed("help"), channel=channel, reply=REPLY)
        queue_answer(inbound, Answered(Card("Logged"), replaces=True), NOW, store)
        return store.connection.execute(select(outbox.c.person)).scalar()

    assert await post.runtime.write(queue) == person
    row = await post.row()
    assert (row.platform, row.place, row.kind, row.priority, row.repeat) == (platform, place, "answer", 1, True)
    assert row.payload == {"channel": "C1", "replaces": True}

"""Delivery: what each answer of a platform means for a row, and who is asked when nobody can know what happened."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.post import Gone, Refused, Sent, Silence, Wait
from handlers.kit.context import Context
from handlers.kit.messages import Card
from tests.bot.postroom import Post, Wire


async def test_what_was_sent_is_done(post: Post) -> None:
    await post.queue(ref="R-1")
    assert await post.round(Sent("C1", "17.5")) == 1
    assert await post.round() == 0
    row = await post.row()
    assert (row.state, row.channel, row.remote_id) == ("sent", "C1", "17.5")
    assert post.wire.asked[0][1].card == Card("Dam")


async def test_what_did_definitely_not_arrive_waits_as_long_as_the_platform_says(post: Post) -> None:
    await post.queue()
    await post.round(Wait("slow down", 30))
    assert await post.round(seconds=29) == 0
    assert await post.round(seconds=1) == 1
    assert (await post.state(), post.wire.words) == ("sent", ["post", "post"])
    assert not (await post.row()).sent_again


async def test_without_a_word_from_the_platform_each_wait_is_longer_up_to_five_minutes(post: Post) -> None:
    await post.queue()
    waits = []
    for _ in range(9):
        await post.round(Wait("away"))
        begun_at = post.clock.now()
        while not await post.read_front():
            post.clock.advance(seconds=1)
        waits.append((post.clock.now() - begun_at).total_seconds())
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 300]


async def test_silence_is_looked_at_only_after_it_has_settled(post: Post) -> None:
    await post.queue()
    await post.round(Silence("reset"))
    assert await post.state() == "unknown"
    assert await post.round(seconds=29) == 0
    await post.round(Sent("C1", "17.5"), seconds=1)
    assert (post.wire.words, await post.state()) == (["post", "look_back"], "sent")


async def test_what_the_history_does_not_show_is_sent_once_more_and_not_marked(post: Post) -> None:
    await post.queue()
    await post.round(Silence("reset"))
    await post.round(Gone(), seconds=30)
    await post.round()
    assert post.wire.words == ["post", "look_back", "post"]
    assert not post.wire.asked[-1][1].again
    assert [message.key for _, message in post.wire.asked] == [(await post.row()).key] * 3


async def test_what_matters_is_sent_again_marked_when_nobody_can_know(post: Post) -> None:
    await post.queue(repeat=True)
    await post.round(Silence("reset"))
    await post.round(Silence("no history"), seconds=30)
    await post.round()
    assert (post.wire.words, await post.state()) == (["post", "look_back", "post"], "sent")
    assert post.wire.asked[-1][1].again


async def test_all_else_waits_for_a_person_who_is_asked_in_the_operations_place(post: Post) -> None:
    await post.bind("ops", "C0")
    await post.queue()
    await post.round(Silence("reset"))
    await post.round(Silence("no history"), seconds=30)
    assert await post.state() == "needs_human"
    await post.round(hours=1)
    _, asked = post.wire.asked[-1]
    assert asked.channel == "C0"
    assert asked.card is not None
    assert asked.card.title == "Did this message arrive?"
    assert len(post.wire.asked) == 3


async def test_a_messenger_that_breaks_leaves_an_unknown_outcome_and_no_lost_row(post: Post) -> None:
    await post.queue(repeat=True)
    await post.round(RuntimeError("bug"))
    assert (await post.state(), (await post.row()).error) == ("unknown", "RuntimeError")
    await post.round(seconds=30)
    assert await post.state() == "sent"


async def test_what_is_refused_is_lost_and_says_why(post: Post) -> None:
    await post.queue(ref="R-1")
    await post.with_context(lambda context: context.refresh("R-1", Card("Newer")))
    await post.round(Refused("channel_not_found"))
    assert (await post.state(1), await post.state(2)) == ("rejected", "replaced")
    [lost] = await post.runtime.read(lambda store: store.chat.undelivered.first(9))
    assert lost.error == "channel_not_found"
    await post.with_context(lambda context: context.refresh("R-1", Card("Newest")))
    assert await post.round() == 0


async def test_an_update_goes_where_its_post_hangs(post: Post) -> None:
    await post.queue(ref="R-1")
    await post.with_context(lambda context: context.refresh("R-1", Card("Newer")))
    await post.round(Sent("C1", "17.5"))
    await post.round()
    what, row = post.wire.asked[-1]
    assert (what, row.channel, row.remote_id, row.card) == ("update", "C1", "17.5", Card("Newer"))


async def test_a_worker_that_died_is_noticed_when_its_lease_ends(post: Post) -> None:
    await post.queue(repeat=True)
    dead = Wire()
    dead.hold = asyncio.Event()
    other = post.worker(dead)
    await other.round()
    assert await post.round(seconds=20) == 0
    assert await post.state() == "sending"
    assert await post.round(seconds=1) == 0
    assert await post.state() == "unknown"
    await post.round(Sent("C1", "17.5"), seconds=30)
    dead.hold.set()
    await other.finish()
    assert ((await post.row()).remote_id, post.wire.words) == ("17.5", ["look_back"])


async def test_a_worker_that_stood_still_leaves_the_message_to_others(post: Post) -> None:
    await post.queue(repeat=True)
    still = Wire()
    other = post.worker(still)
    await other.round()
    post.clock.advance(seconds=11)  # the lease of 20 s is too short now for a request of 10
    await other.finish()
    assert (still.asked, await post.state()) == ([], "sending")


async def test_what_a_stopped_process_was_sending_is_looked_at_after_the_next_start(post: Post) -> None:
    await post.queue()
    [row] = await post.read_front()
    await post.runtime.write(lambda store: store.chat.lanes.claim(row, post.clock.now() + timedelta(hours=1)))
    await post.delivery.recover()
    assert await post.round(seconds=29) == 0
    await post.round(Sent("C1", "17.5"), seconds=1)
    assert (post.wire.words, await post.state()) == (["look_back"], "sent")


async def test_two_workers_carry_each_row_once(post: Post) -> None:
    other = post.worker(post.wire)
    for number in range(4):
        await post.bind(f"place-{number}", f"C{number}")
        await post.queue(f"place-{number}", title=str(number))
    begun = await asyncio.gather(post.delivery.round(), other.round())
    await asyncio.gather(post.delivery.finish(), other.finish())
    assert sum(begun) == 4
    assert sorted(message.card.title for _, message in post.wire.asked if message.card) == ["0", "1", "2", "3"]


async def test_a_place_that_is_nowhere_yet_keeps_its_rows(post: Post) -> None:
    await post.queue("crisis", title="Water")
    assert await post.round(days=1) == 0
    await post.bind("crisis", "C9")
    assert await post.round() == 1
    assert post.wire.asked[0][1].channel == "C9"


async def test_a_place_that_is_made_gets_what_was_waiting_for_it(post: Post) -> None:
    await post.with_context(lambda context: context.make_place("crisis:CR-1", name="cr-1", fallback="risks"))
    await post.queue("crisis:CR-1", title="Water")
    assert await post.round(Sent("C7")) == 1
    await post.round()
    assert [(what, row.channel) for what, row in post.wire.asked] == [("act", "C1"), ("post", "C7")]


async def test_a_place_that_cannot_be_made_falls_back_and_the_rows_follow(post: Post) -> None:
    await post.with_context(lambda context: context.make_place("crisis:CR-1", name="cr-1", fallback="risks"))
    await post.queue("crisis:CR-1", title="Water")
    await post.round(Refused("restricted_action"))
    await post.round()
    assert post.wire.asked[-1][1].channel == "C1"
    assert await post.state(2) == "sent"


async def test_a_room_is_where_its_first_card_came_to_hang(post: Post) -> None:
    await post.with_context(lambda context: context.make_place("crisis:CR-1", name="cr-1", fallback="risks"))
    await post.queue("crisis:CR-1", "First", ref="CR-1")
    await post.queue("crisis:CR-1", "Second")
    await post.round(Sent("C1 new thread"))
    await post.round(Sent("C1 thread 7", "7.0"))
    await post.round()
    assert [row.channel for _, row in post.wire.asked] == ["C1", "C1 new thread", "C1 thread 7"]
    await post.with_context(lambda context: context.refresh("CR-1", Card("First, changed")))
    await post.round()
    assert (post.wire.asked[-1][1].channel, post.wire.asked[-1][1].remote_id) == ("C1 thread 7", "7.0")


async def test_a_pin_waits_until_its_post_hangs_and_nothing_waits_for_it(post: Post) -> None:
    await post.queue(ref="R-1", priority="digest")

    def pin(context: Context) -> None:
        context.pin("R-1", "risks")
        context.pin("R-1", "ops")

    await post.with_context(pin)
    assert await post.round(Silence("reset")) == 1
    assert await post.round() == 0
    await post.round(Sent("C1", "17.5"), seconds=30)
    await post.round(Wait("slow down", 30))
    await post.queue(title="Later")
    await post.round()
    await post.round(seconds=30)
    assert post.wire.words == ["post", "look_back", "act", "post", "act"]
    pins = [(row.kind, row.channel, row.remote_id) for what, row in post.wire.asked if what == "act"]
    assert pins == [("pin", "C1", "17.5")] * 2
    assert await post.round() == 0


async def test_the_pin_of_a_post_that_never_appeared_is_given_up(post: Post) -> None:
    await post.queue(ref="R-1")
    await post.with_context(lambda context: context.pin("R-1", "risks"))
    await post.round(Refused("gone"))
    assert await post.round() == 0
    assert await post.state(2) == "replaced"


async def test_a_direct_conversation_is_found_once_and_remembered(post: Post) -> None:
    await post.queue("dm:sam")
    await post.round(Sent("D1", "1.0", "U1"))
    await post.queue("dm:sam")
    await post.round()
    first, second = (row for _, row in post.wire.asked)
    assert (first.channel, first.account, first.email) == (None, None, "sam@riverton.example.org")
    assert (second.channel, second.account) == ("D1", "U1")


async def test_one_conversation_keeps_the_pace_and_others_do_not_wait(post: Post) -> None:
    post.wire.pace = 1.0
    await post.bind("ops", "C0")
    for place in ("risks", "risks", "ops"):
        await post.queue(place, title=place)
    assert await post.round() == 2
    assert await post.round() == 0
    assert await post.round(seconds=1) == 1


async def test_the_next_one_of_a_conversation_cannot_be_claimed_at_the_moment_at_which_the_last_is_settled(
    post: Post,
) -> None:
    post.wire.pace = 1.0
    for title in ("First", "Second"):
        await post.queue(title=title)
    early: list[str] = []

    def claim_at_once() -> None:  # on the database's thread, right after the commit
        early.extend(claim.row.card or "" for claim in post.runtime.database.write(post.claim))

    post.runtime.database.on_queued = claim_at_once
    assert await post.round() == 1
    assert early == []
    assert await post.round(seconds=1) == 1


async def test_each_post_into_a_conversation_comes_a_second_after_the_one_before(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    post.wire.pace, at = 1.0, []
    loop, more = asyncio.get_running_loop(), asyncio.Event()

    def queued() -> None:
        loop.call_soon_threadsafe(more.set)

    post.runtime.database.on_queued, post.delivery.again = queued, more.set
    post.wire.said = lambda: at.append(post.clock.now())
    for number in range(6):
        await post.queue(title=str(number), ref=f"R-{number}")
    while len(at) < 6:  # as the bot does: a look when there is something to do, and the clock moves on meanwhile
        more.clear()
        await post.delivery.round()
        if post.delivery.resting:
            post.clock.advance(seconds=0.5)
        await more.wait() if not post.delivery.resting else await asyncio.sleep(0)
    await post.delivery.finish()
    assert all((after - before).total_seconds() >= 1 for before, after in pairwise(at))
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []

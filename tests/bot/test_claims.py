"""Claims: which rows go now, also beside another replica, and what happens to those whose worker is gone."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.delivery import Delivery
from bot.post import Silence
from bot.timing import Room
from handlers.kit.context import Context
from handlers.kit.inline import Mention
from handlers.kit.messages import Card, Text
from storage.chat.outbox import OutboxRow, outbox
from storage.chat.people import Met
from storage.database import Store
from tests.bot.postroom import Post
from tests.chat.bot import RIVERTON


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
    assert (gone.error, gone.since) == ("the bot that was sending it stopped", post.clock.now())


async def test_a_page_goes_beside_a_prompt_whose_worker_is_gone_when_only_pages_find_room(post: Post) -> None:
    await post.queue(priority="prompt")
    [row] = await post.read_front()
    lease = post.clock.now()
    await post.runtime.write(lambda store: store.chat.lanes.claim(row, lease))
    post.clock.advance(seconds=1)
    await post.bind("ops", "C2")
    await post.queue("ops", priority="page")
    post.delivery.under_way["slack"] = 30
    assert [claimed.row.place for claimed in await post.runtime.write(post.claim)] == ["ops"]
    assert await post.state() == "unknown"


async def test_of_many_as_many_are_taken_as_there_is_time_for_and_the_rest_right_after_them(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def queue(context: Context) -> None:
        context.post("risks", Card("Not needed"), ref="T-1", draws="risk.announced R-1")  # taken back: it takes time
        for number in range(3):
            context.store.chat.places.bind(f"place-{number}", "slack", f"C{number}", context.now)
            context.post(f"place-{number}", Card(str(number)))

    monkeypatch.setitem(post.runtime.catalogue.before_send, "T-", lambda context, row: False)
    await post.with_context(queue)
    looks: list[str] = []
    post.runtime.database.on_queued = lambda: looks.append("again")
    post.delivery = post.worker(post.wire, turn=0)
    claimed = [await post.runtime.write(post.claim) for _ in range(5)]
    assert ([len(rows) for rows in claimed], looks) == ([0, 1, 1, 1, 0], ["again"] * 3)


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


async def test_a_message_that_nobody_needs_any_more_is_taken_back_with_what_waits_for_it(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def wanted(context: Context, row: OutboxRow) -> bool:
        asked.append(f"{row.kind} {row.about}")
        return row.about != "T-2"

    monkeypatch.setitem(post.runtime.catalogue.before_send, "T-", wanted)
    for ref in ("T-1", "T-2", "R-1", None):
        await post.bind(f"for {ref}", f"C {ref}")
        await post.queue(f"for {ref}", ref=ref)
    await post.with_context(lambda context: context.refresh("T-2", Card("Newer")))
    assert await post.round() == 3
    assert asked == ["post T-1", "post T-2"]
    assert [await post.state(number) for number in (1, 2, 3, 4, 5)] == ["sent", "replaced", "sent", "sent", "replaced"]
    assert await post.runtime.read(lambda store: store.chat.posts.of("T-2")) == []
    await post.with_context(lambda context: context.refresh("T-1", Card("Newer")))
    assert await post.round() == 1
    assert asked == ["post T-1", "post T-2"], "a change is not asked about"


PERSON = 'id = "sam"'


@pytest.fixture
async def known(tmp_path: Path) -> AsyncIterator[Post]:
    """A delivery for a city that knows Sam by two addresses and by his account in Slack."""
    shutil.copytree(RIVERTON, tmp_path / "city")
    file = tmp_path / "city" / "people.toml"
    more = f'{PERSON}\nemails = ["s.rivers@example.org", "sam@example.org"]\nslack = "U77"'
    file.write_text(file.read_text().replace(PERSON, more))
    made = Post(tmp_path)
    made.delivery = Delivery(made.runtime, {"slack": made.wire, "teams": made.wire}, made.delivery.timing)
    yield made
    await made.delivery.stop()
    await asyncio.to_thread(made.runtime.database.close)


@pytest.mark.parametrize(("platform", "account"), [("slack", "U77"), ("teams", None)])
async def test_somebody_who_was_never_met_is_found_by_their_addresses_and_in_slack_by_their_account_of_the_file(
    known: Post, platform: str, account: str | None
) -> None:
    await known.queue("dm:sam", on=platform)
    begun_at = known.clock.now()
    await known.round(seconds=5)
    [(_, row)] = known.wire.asked
    assert (row.channel, row.account, row.email) == (None, account, "sam@riverton.example.org")
    assert row.others == ("s.rivers@example.org", "sam@example.org")
    assert row.since == begun_at.timestamp()


async def test_who_was_met_is_written_to_at_the_account_that_was_heard_from_in_their_own_conversation(
    known: Post,
) -> None:
    def meet(store: Store) -> None:
        store.chat.people.meet(Met("sam", "Sam", None), "slack", "U1", known.clock.now())
        store.chat.people.set_direct("slack", "U1", "D1")

    await known.runtime.write(meet)
    await known.queue("dm:sam")
    await known.round()
    [(_, row)] = known.wire.asked
    assert (row.channel, row.account, row.email) == ("D1", "U1", "sam@riverton.example.org")


async def test_who_is_named_in_a_card_or_let_into_a_room_is_named_by_their_account(post: Post) -> None:
    def meet(store: Store) -> None:
        for person, account in (("sam", "U1"), ("olga", "U2")):
            store.chat.people.meet(Met(person, person, None), "slack", account, post.clock.now())

    await post.runtime.write(meet)
    await post.with_context(lambda context: context.post("risks", Card("For", Text(Mention("sam", "Sam Rivers")))))
    await post.with_context(
        lambda context: context.make_place("crisis:CR-1", name="cr-1", fallback="risks", invite=("olga",))
    )
    await post.round()
    assert [dict(row.handles) for _, row in sorted(post.wire.asked, key=lambda asked: asked[0])] == [
        {"olga": "U2"},
        {"sam": "U1"},
    ]


async def test_a_row_that_cannot_go_now_holds_up_none_behind_it(post: Post) -> None:
    for place in ("ops", "water", "parks"):
        await post.bind(place, f"C-{place}")
    await post.queue("ops", priority="page")
    await post.round(Silence("reset"))  # it is looked for later
    await post.queue("risks", priority="page", on="teams")  # nothing carries it
    await post.queue("water", priority="page")
    [row] = [row for row in await post.read_front() if row.place == "water"]
    lease = post.clock.now() + timedelta(seconds=20)
    await post.runtime.write(lambda store: store.chat.lanes.claim(row, lease))  # another worker sends it
    await post.queue("parks")
    assert await post.round() == 1
    assert post.wire.asked[-1][1].channel == "C-parks"

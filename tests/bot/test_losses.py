"""Losses: a message that does not arrive goes another way, is asked about, or is given up with what waits for it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.delivery import Delivery
from bot.post import Refused, Sent, Silence
from handlers.kit.context import Context
from handlers.kit.messages import Card
from storage.chat.outbox import OutboxRow
from storage.chat.people import Met, State
from storage.database import Store
from tests.bot.postroom import Post

OFF = Refused("user_disabled", "is switched off", off=True)
NOT_TAKEN = Refused("no_text", unfit=True)  # of the message, not of the person


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[Post]:
    """A bot in Slack and in Teams, with a pager beside them, and Sam with an account in each chat."""
    made = Post(tmp_path, teams_app_id="app", teams_app_password=SecretStr("secret"), teams_tenant_id="tenant")
    made.delivery = Delivery(made.runtime, dict.fromkeys(("slack", "teams", "pager"), made.wire), made.delivery.timing)
    await made.bind("risks", "C1")
    await meet(made, "slack", "U1")
    await meet(made, "teams", "T1")
    yield made
    await made.delivery.stop()
    await asyncio.to_thread(made.runtime.database.close)


async def meet(post: Post, platform: str, account: str, person: str = "sam", state: State = "active") -> None:
    def keep(store: Store) -> None:
        store.chat.people.meet(Met(person, person.title(), None), platform, account, post.clock.now())
        store.chat.people.set_state(platform, account, state)

    await post.runtime.write(keep)


async def rows(post: Post) -> list[OutboxRow]:
    """All that was ever queued."""

    def read(store: Store) -> list[OutboxRow]:
        return [row for number in range(1, 9) if (row := store.chat.outbox.find(number)) is not None]

    return await post.runtime.read(read)


async def posted(post: Post, ref: str) -> list[str]:
    """The platforms on which there is a message about a reference, or will be."""
    return await post.runtime.read(lambda store: [message.platform for message in store.chat.posts.of(ref)])


@pytest.mark.parametrize(("off", "account", "other"), [("slack", "U1", "teams"), ("teams", "T1", "slack")])
async def test_a_message_to_an_account_that_is_switched_off_is_the_same_message_on_the_other_platform(
    both: Post, off: str, account: str, other: str
) -> None:
    await both.queue("dm:sam", ref="R-1", priority="prompt", repeat=True, on=off)
    await both.round(OFF)
    first, second = await rows(both)
    assert (first.state, first.error, first.tries) == ("replaced", f"this person is switched off; sent on {other}", 1)
    assert (second.platform, second.place, second.about, second.priority) == (other, "dm:sam", "R-1", first.priority)
    assert (second.state, second.repeat, second.card) == ("pending", True, first.card)
    assert await posted(both, "R-1") == [other]
    assert await both.runtime.read(lambda store: store.chat.people.closed()) == {(off, "sam"): "deactivated"}
    last = await both.runtime.read(lambda store: store.audit.last(f"account {off}:{account}"))
    assert last is not None
    assert (last.act, last.facts["state"], last.facts["person"]) == ("accounts", "deactivated", "sam")


async def test_what_nobody_may_repeat_is_not_repeated_on_the_other_platform_either(both: Post) -> None:
    await both.queue("dm:sam")
    await both.round(OFF)
    assert [(row.platform, row.repeat) for row in await rows(both)] == [("slack", False), ("teams", False)]


async def test_the_change_of_a_message_to_somebody_who_was_switched_off_is_no_new_message(both: Post) -> None:
    await both.queue("dm:sam", ref="R-1")
    await both.round(Sent("D1", "17.5"))
    await both.with_context(lambda context: context.refresh("R-1", Card("Newer")))
    await both.round(OFF)
    assert [(row.kind, row.state) for row in await rows(both)] == [("post", "sent"), ("update", "rejected")]


async def test_whose_accounts_are_all_switched_off_is_for_the_admins_to_see(both: Post) -> None:
    await both.queue("dm:sam")
    await meet(both, "teams", "T1", state="deactivated")
    await both.round(OFF)
    assert [(row.platform, row.state, row.error) for row in await rows(both)] == [
        ("slack", "rejected", "this person is switched off")
    ]


async def test_who_is_on_one_platform_only_is_for_the_admins_to_see(both: Post) -> None:
    await meet(both, "slack", "U2", "olga")
    await both.queue("dm:olga", repeat=True)
    await both.round(OFF)
    assert [(row.platform, row.state) for row in await rows(both)] == [("slack", "rejected")]
    assert await both.runtime.read(lambda store: store.chat.undelivered.count()) == 1


@pytest.mark.parametrize("other", ["U0", "U2"])
async def test_a_message_goes_to_the_other_account_on_the_same_platform_first(both: Post, other: str) -> None:
    both.clock.advance(minutes=-1)
    await meet(both, "slack", other)  # the one that was heard from last is written to
    both.clock.advance(minutes=1)
    await both.queue("dm:sam", on="slack")
    await both.round(OFF)
    [row] = await rows(both)
    assert (row.state, row.error, row.tries) == ("pending", "this person is switched off; they have another account", 1)
    await both.round()
    assert [row.account for _, row in both.wire.asked] == ["U1", other]


async def test_the_account_of_a_guest_stays_one_of_a_guest(both: Post) -> None:
    await meet(both, "slack", "U3", "gus")
    await both.queue("dm:gus")
    await meet(both, "slack", "U3", "gus", "guest")
    await both.round(OFF)
    assert await both.runtime.read(lambda store: store.chat.people.closed()) == {("slack", "gus"): "guest"}
    assert await both.runtime.read(lambda store: store.audit.last("account slack:U3")) is None


@pytest.mark.parametrize(("place", "answer"), [("dm:sam", NOT_TAKEN), ("risks", OFF)])
async def test_no_account_is_switched_off_by_a_refusal_that_says_nothing_of_it(
    both: Post, place: str, answer: Refused
) -> None:
    await both.queue(place)
    await both.round(answer)
    assert [(row.platform, row.state, row.error) for row in await rows(both)] == [("slack", "rejected", answer.why)]
    assert await both.runtime.read(lambda store: store.chat.people.closed()) == {}


@pytest.mark.parametrize(
    ("place", "person", "unreached"),
    [
        ("dm:sam", "has blocked me", {("slack", "sam"): "has blocked me"}),
        ("dm:sam", None, {("slack", "sam"): "cannot be written to in Slack: no"}),
        ("risks", "has blocked me", {}),
    ],
)
async def test_only_a_person_to_whom_nothing_can_be_written_cannot_be_reached(
    post: Post, place: str, person: str | None, unreached: dict[tuple[str, str], str]
) -> None:
    await post.queue(place)
    await post.round(Refused("no", person=person))
    assert await post.runtime.read(lambda store: store.chat.people.unreached()) == unreached
    assert await post.runtime.read(lambda store: store.faults.all()) == []


@pytest.mark.parametrize(("priority", "place"), [("page", "dm:ines"), ("prompt", None)])
async def test_of_what_was_refused_admins_are_told_at_once_only_of_pages(
    post: Post, priority: str, place: str | None
) -> None:
    await post.bind("ops", "C0")
    await post.queue(priority=priority)
    await post.round(Refused("no"))
    assert [row.place for row in (await rows(post))[1:2]] == ([place] if place else [])


@pytest.mark.parametrize(
    ("lost_on", "place", "other", "asked"),
    [
        ("slack", "dm:sam", "teams", False),
        ("teams", "dm:sam", "slack", False),
        ("slack", "dm:olga", "teams", True),
        ("slack", "dm:tom", "teams", True),
        ("slack", "dm:sam", "slack", True),
        ("slack", "dm:sam", "desk", True),
        ("slack", "dm:sam", "pager", True),
        ("pager", "dm:sam", "slack", True),
        ("slack", None, "", True),
    ],
)
async def test_nobody_is_asked_about_a_page_that_is_there_for_the_same_person_in_another_chat(
    both: Post, lost_on: str, place: str | None, other: str, asked: bool
) -> None:
    def queue(context: Context) -> None:
        context.post("dm:sam", Card("You are needed"), ref="P-1", priority="page", on=lost_on)
        if place:
            context.post(place, Card("You are needed"), ref="P-1", on=other)

    await both.with_context(queue)
    await both.round(NOT_TAKEN)
    assert await both.state() == ("rejected" if asked else "replaced")
    assert any((row.about or "").startswith("incident") for row in await rows(both)) == asked


async def test_a_room_that_cannot_be_made_where_its_standing_place_is_nowhere_waits_for_that_place(post: Post) -> None:
    await post.with_context(lambda context: context.make_place("crisis:CR-1", name="cr-1", fallback="crisis"))
    await post.round(Refused("restricted_action"))
    assert await post.state() == "rejected"
    assert await post.runtime.read(lambda store: store.chat.places.channel("crisis:CR-1", "slack")) is None
    assert await post.runtime.read(lambda store: store.faults.all()) == []


async def test_a_message_that_was_refused_leaves_the_place_it_was_for_as_it_is(post: Post) -> None:
    await post.queue("risks", ref="R-1")
    await post.round(Refused("no"))
    assert await posted(post, "R-1") == []
    assert await post.runtime.read(lambda store: store.faults.all()) == []


async def test_a_question_whether_something_arrived_is_asked_of_what_may_have_and_not_of_what_is_tried_again(
    post: Post,
) -> None:
    await post.bind("ops", "C0")
    await post.queue(priority="page", repeat=True)
    await post.round(Silence("reset"))
    await post.round(Silence("no history"), seconds=30)
    assert (await post.state(), len(await rows(post))) == ("pending", 1)

"""Outcomes: each try is counted, and what went wrong is said in one line of the log, without anybody's words."""

from logging import LogRecord

import pytest

from bot.post import Failed, Gone, Refused, Result, Sent, Silence, Wait
from handlers.kit.context import Context
from handlers.kit.messages import Card
from storage.chat.people import Met
from tests.bot.postroom import Post
from tests.chat.bot import MONDAY


def facts(line: LogRecord) -> dict[str, object]:
    return {name: value for name in ("row", "try", "look", "why") if (value := getattr(line, name, None)) is not None}


async def test_the_log_says_which_try_and_which_look_it_was(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    await post.queue()
    await post.round(Failed("500"))
    await post.round(Silence("reset"), seconds=2)
    for seconds in (30, 30):
        await post.round(Wait("busy"), seconds=seconds)
    assert [facts(line) for line in caplog.records] == [
        {"row": 1, "try": 1, "why": "500"},
        {"row": 1, "try": 2, "why": "reset"},
        {"row": 1, "try": 2, "look": 1, "why": "reset"},
        {"row": 1, "try": 2, "look": 2, "why": "reset"},
    ]
    assert {(line.levelname, line.platform, line.kind) for line in caplog.records} == {("WARNING", "slack", "post")}  # type: ignore[attr-defined]
    assert all(line.exc_info is None for line in caplog.records)


async def test_what_arrived_and_what_is_only_not_there_yet_is_no_news(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    await post.queue(ref="R-1")
    await post.round(Silence("reset"))
    await post.round(Gone(), seconds=30)
    await post.round(Sent("C1", "17.5"))
    assert [line.message for line in caplog.records] == ["nobody knows whether a message arrived; it is looked for"]
    await post.with_context(lambda context: context.refresh("R-1", Card("Newer")))
    await post.round(Gone())
    assert caplog.records[-1].message == "a message that was to be changed is not there anymore"


@pytest.mark.parametrize(
    ("answer", "level", "words"),
    [
        (Refused("is_archived"), "WARNING", "a message was given up"),
        (RuntimeError("bug"), "ERROR", "nobody knows whether a message arrived; it is looked for"),
    ],
)
async def test_only_what_broke_is_an_error_and_comes_with_its_trace(
    post: Post, caplog: pytest.LogCaptureFixture, answer: Result | Exception, level: str, words: str
) -> None:
    await post.queue(title="Private words")
    await post.round(answer)
    assert [(line.levelname, line.message, bool(line.exc_info)) for line in caplog.records] == [
        (level, words, level == "ERROR")
    ]
    assert "Private words" not in "".join(map(str, (vars(line) for line in caplog.records)))


async def test_every_try_and_every_look_is_counted(post: Post) -> None:
    await post.queue()
    await post.queue(title="Second")
    await post.round(Silence("reset"))
    await post.round()
    await post.round(Sent("C1", "17.5"), seconds=30)
    assert dict(post.delivery.counted) == {("slack", "silence"): 1, ("slack", "sent"): 2}


async def test_who_is_let_into_a_room_is_let_in_once_more_where_nobody_knows_whether_they_were(post: Post) -> None:
    def make(context: Context) -> None:
        context.make_place("crisis:CR-1", name="cr-1", fallback="risks", invite=("sam", "olga"))

    await post.with_context(make)
    await post.round(Sent("C7"))
    invite = await post.row(2)
    assert (invite.kind, invite.place, invite.priority) == ("invite", "invite crisis:CR-1", 0)
    assert invite.payload["invite"] == ["sam", "olga"]
    assert invite.payload["emails"]["sam"] == ["sam@riverton.example.org"]
    await post.round(Silence("reset"))
    await post.round(Silence("no list"), seconds=30)
    await post.round(Sent("C7"))
    assert (await post.state(2), post.wire.words) == ("sent", ["act", "act", "look_back", "act"])
    assert {row.channel for _, row in post.wire.asked[1:]} == {"C7"}


async def test_where_nobody_is_invited_nobody_is_let_in(post: Post) -> None:
    await post.with_context(lambda context: context.make_place("crisis:CR-1", name="cr-1", fallback="risks"))
    await post.round(Sent("C7"))
    assert await post.read_front() == []


async def owner(post: Post, account: str) -> str | None:
    met = await post.runtime.read(lambda store: store.chat.people.owner_of("slack", account))
    return met.id if met else None


async def test_the_account_that_was_found_by_an_address_is_that_of_who_was_written_to(post: Post) -> None:
    await post.runtime.write(
        lambda store: store.chat.people.meet(Met("slack-u1", "Sam R.", None), "slack", "U1", post.clock.now())
    )
    await post.queue("dm:sam")
    await post.round(Sent("D1", "1.0", "U1"))
    assert await owner(post, "U1") == "sam"
    assert await post.runtime.read(lambda store: store.chat.people.reach("slack", "sam")) == ("U1", "D1")


async def test_a_message_to_somebody_in_no_file_makes_nobody_of_their_account(post: Post) -> None:
    await post.runtime.write(
        lambda store: store.chat.people.meet(Met("slack-kim", "Kim", None), "slack", "U5", post.clock.now())
    )
    await post.queue("dm:slack-kim")
    await post.round(Sent("D5", "1.0", "U5"))
    assert await owner(post, "U5") == "slack-kim"
    assert await post.runtime.read(lambda store: store.chat.people.reach("slack", "slack-kim")) == ("U5", "D5")
    assert await post.runtime.read(lambda store: store.faults.all()) == []


@pytest.mark.parametrize("account", ["U1", None])
async def test_where_somebody_is_written_to_changes_only_by_what_the_platform_says(
    post: Post, account: str | None
) -> None:
    await post.runtime.write(lambda store: store.chat.people.meet(Met("sam", "Sam", None), "slack", "U1", MONDAY))
    await post.runtime.write(lambda store: store.chat.people.set_direct("slack", "U1", "D1"))
    await post.queue("dm:sam")
    await post.round(Sent("D2", "1.0", account))
    direct = "D2" if account else "D1"
    assert await post.runtime.read(lambda store: store.chat.people.reach("slack", "sam")) == ("U1", direct)
    assert await post.runtime.read(lambda store: store.faults.all()) == []


async def test_only_a_new_message_shows_that_somebody_is_reached_again(post: Post) -> None:
    await post.queue("dm:sam", ref="R-1")
    await post.round(Sent("D1", "1.0", "U1"))
    await post.runtime.write(lambda store: store.chat.people.not_reached("slack", "sam", "has blocked me", MONDAY))
    await post.with_context(lambda context: context.refresh("R-1", Card("Newer")))
    await post.round(Sent("D1", "1.0"))
    assert await post.runtime.read(lambda store: store.chat.people.unreached()) == {("slack", "sam"): "has blocked me"}
    await post.queue("dm:sam")
    await post.round(Sent("D1", "2.0"))
    assert await post.runtime.read(lambda store: store.chat.people.unreached()) == {}


async def test_a_message_makes_no_place_of_where_it_went(post: Post) -> None:
    await post.queue("dm:sam")
    await post.round(Sent("D1", "1.0", "U1"))
    assert await post.runtime.read(lambda store: store.chat.places.channel("dm:sam", "slack")) is None


async def test_a_change_of_a_message_moves_neither_its_place_nor_the_message(post: Post) -> None:
    await post.queue(ref="R-1")
    await post.round(Sent("C1", "17.5"))
    await post.with_context(lambda context: context.refresh("R-1", Card("Newer")))
    await post.round(Sent("C1 elsewhere", "99.9"))
    assert await post.runtime.read(lambda store: store.chat.places.channel("risks", "slack")) == "C1"
    await post.with_context(lambda context: context.refresh("R-1", Card("Newest")))
    await post.round()
    assert post.wire.asked[-1][1].remote_id == "17.5"


async def test_a_message_without_an_id_of_the_platform_cannot_be_changed_and_nothing_breaks(post: Post) -> None:
    await post.queue(ref="R-1")
    await post.round(Sent("C1", None))
    await post.with_context(lambda context: context.refresh("R-1", Card("Newer")))
    assert await post.round() == 0
    assert await post.runtime.read(lambda store: store.faults.all()) == []


async def test_a_message_that_is_marked_as_sent_again_says_so_and_since_when(post: Post) -> None:
    await post.queue(repeat=True)
    await post.round(Silence("reset"))
    since = post.clock.now()
    await post.round(Silence("no history"), seconds=30)
    row = await post.row()
    assert (row.state, row.sent_again, row.since, row.error) == ("pending", True, since, "reset; no history")

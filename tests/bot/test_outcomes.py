"""Outcomes: each try is counted, and what went wrong is said in one line of the log, without anybody's words."""

from logging import LogRecord

import pytest

from bot.post import Failed, Gone, Refused, Result, Sent, Silence, Wait
from handlers.kit.messages import Card
from tests.bot.postroom import Post


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
    assert caplog.records[-1].message == "a message that was to be changed is not there any more"


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

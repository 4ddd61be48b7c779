"""Logs: words at a terminal, JSON lines elsewhere, in which neither a token nor what people typed can be read."""

import io
import json
import logging
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.inbound import Answered, Inbound, Typed
from bot.logs import start_logging
from bot.post import Failed
from handlers.kit.catalogue import catalogue
from handlers.kit.context import Request
from handlers.kit.messages import Card
from handlers.kit.registry import command
from tests.bot.postroom import Post
from tests.chat.bot import Bot, settings_for

TYPED = "555-0199 Mrs Resident"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the log writes to standard error."""
    root, kept = logging.getLogger(), logging.getLogger().handlers[:]
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    start_logging("INFO")
    yield stream
    root.handlers[:] = kept


def test_tokens_and_passwords_do_not_reach_the_log(written: io.StringIO) -> None:
    log = logging.getLogger("cityops.test")
    log.warning("token xoxb-123-abc, app xapp-1-2, https://hooks.slack.com/commands/T1/2/x, Bearer abc.def")
    log.warning("postgresql+psycopg://cityops:secret@127.0.0.1/cityops")
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert len(lines) == 2
    for secret in ("xoxb-123", "xapp-1", "hooks.slack.com/commands", "abc.def", ":secret@"):
        assert secret not in written.getvalue()


def test_a_line_has_what_operators_look_for(written: io.StringIO) -> None:
    logging.getLogger("cityops.test").error("it broke", extra={"row": 7}, exc_info=ValueError("no"))
    line = json.loads(written.getvalue())
    assert list(line) == ["at", "level", "name", "message", "row", "exc_info"]
    assert (line["level"], line["name"], line["message"], line["row"]) == ("ERROR", "cityops.test", "it broke", 7)
    assert datetime.fromisoformat(line["at"]).utcoffset() == timedelta()
    assert line["exc_info"] == "ValueError: no"


def test_at_a_terminal_a_line_is_words(monkeypatch: pytest.MonkeyPatch, written: io.StringIO) -> None:
    monkeypatch.setattr("sys.stderr", written)
    monkeypatch.setattr(written, "isatty", lambda: True)
    start_logging("INFO")
    log = logging.getLogger("cityops.test")
    log.info("the desk is open", extra={"address": "http://127.0.0.1:8080"})
    log.warning("a token is %s", "xoxb-1-a")
    fine, trouble = written.getvalue().splitlines()
    assert re.fullmatch(r"\d\d:\d\d:\d\d The desk is open \(address http://127\.0\.0\.1:8080\)", fine)
    assert re.fullmatch(r"\d\d:\d\d:\d\d WARNING: A token is \[secret\]", trouble)


async def test_each_line_says_what_is_under_way_on_every_thread_and_nothing_after_it(
    written: io.StringIO, tmp_path: Path
) -> None:
    bot, log = Bot(settings_for(tmp_path)), logging.getLogger("cityops.test")

    @command("logs now", needs="help")
    def logs(_request: Request) -> Card:
        """Log."""
        log.info("on a thread")
        raise ValueError("broken")

    try:
        await bot.application.runtime.handle(Inbound("say", "sam", Typed(f"logs now {TYPED}"), key="k1"))
        log.info("afterwards")
    finally:
        del catalogue.commands["logs now"]
        bot.application.runtime.database.close()
    lines = {line["message"]: line for line in map(json.loads, written.getvalue().splitlines())}
    for words in ("on a thread", "a request broke"):
        assert (lines[words]["request"], lines[words]["person"], "about" in lines[words]) == ("k1", "sam", False)
    assert re.fullmatch(r"[0-9a-f]{4}", lines["a request broke"]["reference"])
    assert list(lines["afterwards"]) == ["at", "level", "name", "message"]
    assert TYPED not in written.getvalue()


async def test_a_line_about_a_message_on_its_way_names_its_row_and_its_place(written: io.StringIO, post: Post) -> None:
    await post.queue()
    await post.round(Failed("500"))
    [line] = map(json.loads, written.getvalue().splitlines())
    assert (line["row"], line["place"], line["why"]) == (1, "risks", "500")


async def test_what_somebody_typed_does_not_reach_the_log_when_their_request_breaks(
    written: io.StringIO, tmp_path: Path
) -> None:
    bot = Bot(settings_for(tmp_path))

    @command("breaks now", needs="help")
    def breaks(request: Request) -> Card:
        """Break."""
        request.store.connection.exec_driver_sql("INSERT INTO nowhere VALUES (?)", (TYPED,))
        return Card("")

    try:
        told = await bot.application.runtime.handle(Inbound("say", "sam", Typed(f"breaks now {TYPED}")))
    finally:
        del catalogue.commands["breaks now"]
        bot.application.runtime.database.close()
    assert isinstance(told, Answered)
    assert told.card is not None
    assert TYPED in str(told.card)
    assert "a request broke" in written.getvalue()
    assert TYPED not in written.getvalue()

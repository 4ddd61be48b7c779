"""Logs: JSON lines in which neither a token nor what people typed can be read."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.inbound import Answered, Inbound, Typed
from bot.logs import start_logging
from handlers.kit.catalogue import catalogue
from handlers.kit.context import Request
from handlers.kit.messages import Card
from handlers.kit.registry import command
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

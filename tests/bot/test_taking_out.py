"""Taking out: the audit row is committed before the file is begun on a reader, however the file is asked for."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from bot.inbound import Answered, Inbound, Pressed, Typed
from handlers.kit.catalogue import catalogue
from handlers.kit.context import Request
from handlers.kit.messages import Card, File
from handlers.kit.registry import action, command
from storage.audit import audit
from storage.database import Store
from tests.chat.desk import DeskChat

made: list[tuple[str, list[str]]] = []  # on which thread a file was begun, and the acts that were committed by then


def acts(store: Store) -> list[str]:
    return [row.act for row in store.connection.execute(select(audit.c.act).order_by(audit.c.number))]


@pytest.fixture(autouse=True)
def toy() -> Iterator[None]:
    """A command and a button that take something out."""

    @command("toy export", needs="risk.export", reads_only=True)
    def export(request: Request) -> Card:
        """Take a toy out."""
        request.row_first("toys", format="txt")
        made.append((threading.current_thread().name.partition("_")[0], acts(request.store)))
        return Card("Toys", File(name="toys.txt", data=b"toys"))

    @command("toy picture", needs="risk.read", reads_only=True)
    def draw(request: Request) -> Card:
        """Draw a toy."""
        request.reader_first()
        made.append((threading.current_thread().name.partition("_")[0], acts(request.store)))
        return Card("Toys")

    @action("toy.export", needs="risk.export")
    def broken(request: Request, value: str) -> Card:
        """Break on the way."""
        request.row_first("toys", format=value)
        raise OSError("no room")

    made.clear()
    yield
    del catalogue.commands["toy export"], catalogue.commands["toy picture"], catalogue.actions["toy.export"]


HOW = pytest.mark.parametrize(
    "how",
    [
        {},
        {"message": "1", "channel": "dm:priya"},
        {"inline": False, "reply": {"to": "priya"}, "channel": "dm:priya", "key": "k1"},
    ],
    ids=["typed", "by a button of a message", "where the outbox brings it"],
)


@HOW
async def test_what_takes_long_and_takes_nothing_out_is_made_on_a_reader_too(
    desk_chat: DeskChat, how: dict[str, Any]
) -> None:
    asked = replace(Inbound("desk", "priya", Typed("toy picture")), **how)
    told = await desk_chat.bot.application.runtime.handle(asked)
    assert isinstance(told, Answered)
    assert told.card is not None
    assert (told.card.title, told.queued) == ("Toys", not asked.inline)
    assert made == [("reader", [])]
    assert await desk_chat.bot.read(acts) == []


@HOW
async def test_the_row_is_committed_and_then_the_file_is_made_on_a_reader(
    desk_chat: DeskChat, how: dict[str, Any]
) -> None:
    asked = replace(Inbound("desk", "priya", Typed("toy export")), **how)
    told = await desk_chat.bot.application.runtime.handle(asked)
    assert isinstance(told, Answered)
    assert told.card is not None
    assert told.card.files[0].data == b"toys"
    assert told.queued == (not asked.inline)
    assert made == [("reader", ["toy export"])]
    assert await desk_chat.bot.read(acts) == ["toy export"]
    if asked.key:
        await desk_chat.bot.application.runtime.handle(asked)
        assert await desk_chat.bot.read(acts) == ["toy export"], "what comes twice is taken out once"


async def test_a_file_that_breaks_on_the_way_has_its_row_all_the_same(desk_chat: DeskChat) -> None:
    pressed = Inbound("desk", "priya", Pressed("toy.export", "txt"))
    told = await desk_chat.bot.application.runtime.handle(pressed)
    assert isinstance(told, Answered)
    assert not told.ok
    assert await desk_chat.bot.read(acts) == ["toy.export"]
    refused = await desk_chat.bot.application.runtime.handle(replace(pressed, account="sam"))
    assert isinstance(refused, Answered)
    assert await desk_chat.bot.read(acts) == ["toy.export"], "nothing leaves, so there is no row"

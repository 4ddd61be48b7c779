"""A toy command: one file, and it is in help, docs, the manifest's hint and at every door."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import handlers
from bot.cli.manual import commands_page
from bot.inbound import Answered, Inbound, Typed
from bot.slack.manifest import slack_manifest
from handlers.kit.catalogue import catalogue
from handlers.kit.city.reading import read_city
from handlers.kit.registry import load
from tests.chat.bot import RIVERTON
from tests.chat.desk import DeskChat
from tests.chat.door import Chat

TOY = '''"""Toy: greets."""

from handlers.kit.context import Request
from handlers.kit.forms import Form, ask
from handlers.kit.messages import Card, Text
from handlers.kit.registry import command


class Greeting(Form):
    whom: str = ask("Whom do I greet?", max_length=40)


@command("toy greet", asks=Greeting, needs="help", example="/toy greet Sam")
def greet(request: Request, form: Greeting) -> Card:
    """Greet somebody."""
    request.audit("toy")
    return Card(f"Hello {form.whom}", Text(f"{request.person.name} greets you."))
'''


@pytest.fixture(autouse=True)
def toy(tmp_path: Path) -> Iterator[None]:
    """The file of the toy, found like every other feature."""
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "toy.py").write_text(TOY)
    handlers.__path__.append(str(folder))
    load(handlers)
    yield
    handlers.__path__.remove(str(folder))
    del sys.modules["handlers.toy"], catalogue.commands["toy greet"]


@pytest.mark.parity("Use a new command the day its file is there")
async def test_it_answers_at_every_door(chat: Chat) -> None:
    sam = chat.person("sam")
    assert (await sam.says("/city toy greet Tom")).title == "Hello Tom"
    form = await sam.opens("/city toy greet")
    assert (await sam.fills(form, whom="Olga")).title == "Hello Olga"
    for line, words in (("/city help", "Greet somebody"), ("/city help toy", "Greet somebody")):
        card = await sam.says(line)
        assert words in card.text


@pytest.mark.parity("Use a new command the day its file is there", door="say")
async def test_it_answers_on_the_command_line(desk_chat: DeskChat) -> None:
    inbound = Inbound("say", "sam", Typed("toy greet Tom"), key="once")
    told = await desk_chat.bot.application.runtime.handle(inbound)
    assert isinstance(told, Answered)
    assert told.card is not None
    assert told.card.title == "Hello Tom"


def test_it_stands_in_the_docs_and_in_the_manifest() -> None:
    city = read_city(RIVERTON)
    page = commands_page(catalogue, city)
    assert "### `/toy greet whom`" in page
    assert "Example: `/toy greet Sam`" in page
    manifest = json.loads(slack_manifest(catalogue, city, None, socket=False))
    hints = {command["command"]: command["usage_hint"] for command in manifest["features"]["slash_commands"]}
    assert "toy" in hints["/city"]

"""Pictures and files: the same bytes come out at every door, in a place, in person and beside an answer."""

import random

import pytest
from sqlalchemy import Table, select

from bot.teams.manifest import png
from handlers.kit.catalogue import catalogue
from handlers.kit.context import Request
from handlers.kit.declared import Command
from handlers.kit.messages import Button, Buttons, Card, File, Note, Picture
from storage.base import metadata
from tests.chat.door import Chat

SMALL = png(32, lambda x, y: (11, 98, 90, 255))
_DOTS = random.Random(1)  # a picture that nothing makes smaller
LARGE = png(120, lambda x, y: (*_DOTS.randbytes(3), 255))
TABLE = "ref,title\nR-1,Brücke gesperrt\n".encode()
SHEET = File(name="risks 23 Nov.csv", data=TABLE)
REPORT = Card("Report", Picture(data=SMALL, alt="One open risk"), SHEET, Note("As of Monday."))
MAP = Card("Map", Picture(data=LARGE, alt="The closed bridge"), File(name="Brücke.pdf", data=b"%PDF-1.7"))


def report(_request: Request) -> Card:
    """Give a picture and a file."""
    return REPORT


def show(request: Request) -> Card:
    """Show them to everybody here."""
    request.audit("toy")
    return MAP.model_copy(update={"audience": "room"})


def tell(request: Request) -> Card:
    """Post them."""
    request.audit("toy")
    request.post("risks", MAP)
    request.post("dm:sam", MAP)
    return Card("Told")


def begin(_request: Request) -> Card:
    """Offer them."""
    return Card("Reports", Buttons(Button.say("Open issues", "toy report")))


@pytest.fixture(autouse=True)
def toys(monkeypatch: pytest.MonkeyPatch) -> None:
    for function in (report, show, tell, begin):
        toy = Command(f"toy {function.__name__}", function, "help", None, function in (report, begin), "")
        monkeypatch.setitem(catalogue.commands, toy.name, toy)


@pytest.mark.parity("Get a picture or a file")
async def test_an_answer_in_person_brings_its_picture_and_its_file(chat: Chat) -> None:
    sam = chat.person("sam")
    card = await sam.says("/city toy report")
    assert "As of Monday." in card.text
    assert await sam.files(card) == {"picture.png": SMALL, "risks 23 Nov.csv": TABLE}


async def test_an_answer_to_a_button_brings_them(chat: Chat) -> None:
    sam = chat.person("sam")
    begun = await sam.says("/city toy begin")
    card = await sam.presses("Open issues", begun)
    assert await sam.files(card) == {"picture.png": SMALL, "risks 23 Nov.csv": TABLE}


async def test_an_answer_for_one_person_in_a_place_brings_them_to_that_person_alone(chat: Chat) -> None:
    sam = chat.person("sam")
    card = await sam.says("/city toy report", place="risks")
    assert await sam.files(card) == {"picture.png": SMALL, "risks 23 Nov.csv": TABLE}
    assert [message for message in await chat.place("risks") if await sam.files(message, "risks")] == []


async def test_an_answer_for_everybody_brings_them_to_the_place(chat: Chat) -> None:
    sam, olga = chat.person("sam"), chat.person("olga")
    if chat.name == "teams":
        await sam.there.message("/city toy show", conversation="risks")  # type: ignore[attr-defined]
    else:
        await sam.says("/city toy show", place="risks")
    card = (await chat.place("risks"))[-1]
    assert card.title == "Map"
    assert await olga.files(card, "risks") == {"picture.png": LARGE, "Brücke.pdf": b"%PDF-1.7"}


async def test_what_is_posted_brings_them_to_a_place_and_to_a_person(chat: Chat) -> None:
    sam = chat.person("sam")
    await chat.person("olga").says("/city toy tell")
    card = (await chat.place("risks"))[-1]
    assert card.title == "Map"
    assert await sam.files(card, "risks") == {"picture.png": LARGE, "Brücke.pdf": b"%PDF-1.7"}
    direct = (await sam.direct())[-1]
    assert await sam.files(direct) == {"picture.png": LARGE, "Brücke.pdf": b"%PDF-1.7"}


@pytest.mark.doors
async def test_the_bytes_are_forgotten_after_a_day_where_there_are_links_and_after_a_week_elsewhere(chat: Chat) -> None:
    await chat.person("olga").says("/city toy tell")
    await chat.bot.settle()
    assert await holding(chat) >= {"outbox"}
    await chat.bot.pass_time(hours=25)
    assert "files" not in await holding(chat)
    await chat.bot.pass_time(days=7)
    assert await holding(chat) <= {"desk_messages"}  # what is posted on the desk stays, as in Slack and Teams


async def holding(chat: Chat) -> set[str]:
    """The tables in which the bytes of a file stand, as they are or in a card."""
    content, in_a_card = b"%PDF-1.7", File(name="Brücke.pdf", data=b"%PDF-1.7").model_dump(mode="json")["data"]

    def holds(store: object, table: Table) -> bool:
        rows = store.connection.execute(select(table))  # type: ignore[attr-defined]
        values = [value for row in rows for value in row]
        return any(content in bytes(value) if isinstance(value, bytes) else in_a_card in str(value) for value in values)

    def look(store: object) -> set[str]:
        return {table.name for table in metadata.sorted_tables if holds(store, table)}

    found = await chat.bot.read(look)
    assert isinstance(found, set)
    return found

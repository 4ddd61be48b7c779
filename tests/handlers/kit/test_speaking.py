"""Speaking: to which platforms a message goes, for a place and for a room made for one matter."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handlers.kit.city.model import City
from handlers.kit.city.reading import read_city
from handlers.kit.context import Context
from handlers.kit.messages import Card
from storage.database import Database, Store
from tests.chat.bot import RIVERTON
from tests.sqlite import new_database
from tests.storage.rows import front, front_of

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
ROOM = "crisis:CR-1"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = new_database(tmp_path)
    yield database
    database.close()


@pytest.fixture
def city() -> City:
    return read_city(RIVERTON)


def queued(
    database: Database,
    city: City,
    speak: Callable[[Context], None],
    platforms: tuple[str, ...] = ("slack", "teams"),
    bound: tuple[str, ...] = (),
) -> list[tuple[str, str]]:
    """The platform and place of each message that is first in line after speaking."""

    def work(store: Store) -> list[tuple[str, str]]:
        for platform in bound:
            store.chat.places.bind("crisis", platform, "C1", NOW)
        speak(Context(store=store, city=city, now=NOW, platforms=platforms))
        return sorted((row.platform, row.place) for row in front_of(store, NOW))

    return database.write(work)


def say(context: Context) -> None:
    context.post(ROOM, Card("Water"), ref="CR-1")


@pytest.mark.parametrize("bound", [("slack", "teams"), ("teams",), ("slack",)])
def test_a_room_is_wherever_its_standing_place_is_also_before_it_is_made(
    database: Database, city: City, bound: tuple[str, ...]
) -> None:
    assert queued(database, city, say, bound=bound) == [(platform, ROOM) for platform in bound]


def test_a_room_whose_standing_place_is_nowhere_is_on_the_first_platform(database: Database, city: City) -> None:
    assert queued(database, city, say) == [("slack", ROOM)]


def test_the_desk_has_every_place(database: Database, city: City) -> None:
    assert queued(database, city, say, platforms=("slack", "desk"), bound=("slack",)) == [
        ("desk", ROOM),
        ("slack", ROOM),
    ]


def test_a_room_is_made_wherever_its_standing_place_is(database: Database, city: City) -> None:
    def make(context: Context) -> None:
        context.make_place(ROOM, name="cr-1", topic="Water", fallback="crisis", invite=("tom", "nobody"))

    made = queued(database, city, make, bound=("slack", "teams"))
    assert made == [("slack", f"make {ROOM}"), ("teams", f"make {ROOM}")]
    [row, _] = front(database, NOW)
    assert (row.payload["topic"], row.payload["emails"]) == ("Water", {"tom": ["tom@riverton.example.org"]})


def test_somebody_is_let_into_a_room_beside_what_is_said_there(database: Database, city: City) -> None:
    assert queued(database, city, lambda context: context.invite(ROOM, "tom"), bound=("slack",)) == [
        ("slack", f"invite {ROOM}")
    ]
    [row] = front(database, NOW)
    assert row.payload == {"invite": ["tom"], "emails": {"tom": ["tom@riverton.example.org"]}, "place": ROOM}


def test_only_the_card_in_the_place_itself_is_pinned(database: Database, city: City) -> None:
    def pin(context: Context) -> None:
        say(context)
        context.post("dm:tom", Card("Water"), ref="CR-1", on="slack")
        context.pin("CR-1", ROOM)
        for post in context.store.chat.posts.of("CR-1"):
            context.store.chat.posts.posted(post.id, "C7", "1.2")

    queued(database, city, pin, bound=("slack", "teams"))

    def pins(store: Store) -> list[tuple[str, str, str | None]]:
        found = [store.chat.outbox.find(number) for number in range(1, 9)]
        return [(row.platform, row.place, row.about) for row in found if row and row.kind == "pin"]

    assert database.read(pins) == [("slack", ROOM, "CR-1"), ("teams", ROOM, "CR-1")]

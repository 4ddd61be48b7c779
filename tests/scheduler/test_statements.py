"""Statements: what a routine says to the database does not depend on how many people, departments and rows exist."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import handlers
import scheduler
from handlers.kit.home import home_ref, refresh_homes
from handlers.kit.registry import load
from storage.database import Store
from tests.scheduler.sizes import Size, Sized

FEW = Size(people=60, rows=3)  # more names than are asked for one by one; MORE are fewer than digests drawn at once
MORE = {"people": Size(170, rows=3), "departments": Size(60, 40, 3), "rows": Size(60, rows=20)}
NOTHING = {Size(60): Size(170, 40)}  # no work at all
# Routines of which that is not true yet, each with what they depend on; a line goes when it holds, and none is added.
DEPENDS = {
    "checkin": ("departments",),  # a transaction for each department, which reads for itself
    "digest": ("rows",),  # each line of news is told only while its record stands as it says, and each is asked for
    "feedback-week": ("departments",),  # a transaction for each department, as with checkin
    "standup": ("people",),  # a transaction for each member of a team, in which they are asked
}
ROUTINES = sorted(load(handlers, scheduler).routines)
WITH_HOMES = (20, 80)  # the people of Riverton, who hold every role; and others
Made = Callable[[Size], Sized]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """A city of a size, made once for all routines: nothing of what they do is kept."""
    cities: dict[Size, Sized] = {}

    def make(size: Size) -> Sized:
        if size not in cities:
            cities[size] = Sized(Path(tmp_path_factory.mktemp("city")), size)
        return cities[size]

    yield make
    for city in cities.values():
        city.close()


def _sent(city: Sized, routine: str) -> int:
    return len(city.statements(lambda store: city.send(store, routine)))


@pytest.mark.parametrize("routine", ROUTINES)
@pytest.mark.parametrize("of", MORE)
def test_a_routine_says_as_much_however_many_there_are(made: Made, routine: str, of: str) -> None:
    few, many = _sent(made(FEW), routine), _sent(made(MORE[of]), routine)
    assert (few != many) == (of in DEPENDS.get(routine, ())), (few, many)


@pytest.mark.parametrize("routine", ROUTINES)
def test_a_routine_says_as_much_where_nothing_is_to_be_done(made: Made, routine: str) -> None:
    [(few, many)] = [(_sent(made(few), routine), _sent(made(many), routine)) for few, many in NOTHING.items()]
    by_itself = {*DEPENDS.get(routine, ())} - {"rows"}  # there are none
    assert (few != many) == bool(by_itself), (few, many)


def test_homes_are_drawn_from_as_many_questions_however_many_there_are(made: Made) -> None:
    city = made(FEW)
    people = list(city.runtime.city().people)

    def refreshed(homes: int) -> list[str]:
        def work(store: Store) -> None:
            for person in people[:homes]:
                store.chat.posts.add(home_ref(person), "desk", f"dm:{person}")
            refresh_homes(city.context(store), people)

        return [said for said in city.statements(work) if said.startswith("SELECT")]

    few, many = (refreshed(homes) for homes in WITH_HOMES)
    assert len(few) == len(many)

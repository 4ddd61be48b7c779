"""Rights: only the deputy of people.toml acts for somebody, and only while others say that they are missing."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from handlers.kit.city.reading import read_city
from handlers.kit.context import Context
from handlers.kit.rights import is_missing, may_act_for, who_may
from storage.chat.people import Met
from storage.database import Database, Store
from tests.chat.bot import RIVERTON
from tests.sqlite import migrated, unhurried

NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)
TODAY = date(2026, 11, 23)
CITY = read_city(RIVERTON)
GONE = replace(CITY, people={name: person for name, person in CITY.people.items() if name != "hugo"})


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = unhurried(Database(f"sqlite:///{migrated(tmp_path / 'cityops.db')}"))
    yield opened
    opened.close()


def nothing(_store: Store) -> None:
    """Hugo is here."""


def away(by: str, day: date = TODAY, deputy: str | None = None) -> Callable[[Store], object]:
    return lambda store: store.time.absences.add("hugo", day, day, deputy, by=by, at=NOW)


def switched_off(store: Store) -> None:
    store.chat.people.meet(Met("hugo", "Hugo Lindqvist", None), "slack", "U1", NOW)
    store.chat.people.set_state("slack", "U1", "deactivated")


@pytest.mark.parametrize(
    ("happens", "those"),
    [
        (nothing, ["hugo"]),
        (away("maria"), ["hugo", "rosa"]),
        (away("hugo"), ["hugo", "rosa"]),
        (away("rosa"), ["hugo"]),  # nobody gives a right to themselves
        (away("maria", TODAY + timedelta(days=1)), ["hugo"]),
        (away("maria", deputy="sam"), ["hugo", "rosa"]),  # who was named for the absence is asked, and decides nothing
        (switched_off, ["hugo", "rosa"]),
    ],
)
def test_while_somebody_is_missing_their_deputy_of_the_file_acts_for_them_and_nobody_else(
    database: Database, happens: Callable[[Store], None], those: list[str]
) -> None:
    def ask(store: Store) -> tuple[list[str], list[str]]:
        happens(store)
        context = Context(store=store, city=CITY, now=NOW, platforms=("slack",))
        return who_may(context, "hugo"), [person for person in CITY.people if may_act_for(context, person, "hugo")]

    assert database.write(ask) == (those, those)


@pytest.mark.parametrize(("holder", "those"), [(None, []), ("sam", ["sam"]), ("nobody", ["nobody"])])
def test_without_a_deputy_the_holder_acts_alone_and_what_nobody_holds_is_nobodys(
    database: Database, holder: str | None, those: list[str]
) -> None:
    def ask(store: Store) -> tuple[list[str], list[str]]:
        context = Context(store=store, city=CITY, now=NOW, platforms=("slack",))
        people = [*CITY.people, "nobody"]
        return who_may(context, holder), [person for person in people if may_act_for(context, person, holder)]

    assert database.write(ask) == (those, those)


def test_who_is_in_no_file_any_more_is_missing(database: Database) -> None:
    def ask(store: Store) -> list[bool]:
        contexts = [Context(store=store, city=city, now=NOW, platforms=("slack",)) for city in (CITY, GONE)]
        return [is_missing(context, "hugo", for_="rosa") for context in contexts]

    assert database.write(ask) == [False, True]

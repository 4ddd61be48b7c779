"""Context: what a feature says of a moment."""

from datetime import UTC, datetime
from pathlib import Path

from handlers.kit.city.reading import read_city
from handlers.kit.context import Context
from storage.database import Store
from tests.chat.bot import RIVERTON
from tests.sqlite import new_database

NOW = datetime(2027, 1, 4, 14, 0, tzinfo=UTC)
CITY = read_city(RIVERTON)


def test_a_moment_is_said_with_its_year_when_it_is_of_another_year(tmp_path: Path) -> None:
    def said(store: Store) -> list[str]:
        context = Context(store=store, city=CITY, now=NOW, platforms=("desk",))
        return [context.spoken(NOW), context.spoken(datetime(2026, 11, 23, 14, 0, tzinfo=UTC))]

    database = new_database(tmp_path)
    assert database.read(said) == ["Mon Jan 4, 9:00 AM", "Mon Nov 23, 2026, 9:00 AM"]
    database.close()

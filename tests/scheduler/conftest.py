"""What the tests of the scheduler share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.kit.city.reading import read_city
from tests.chat.bot import RIVERTON
from tests.scheduler.told import Bot
from tests.sqlite import new_database


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    database = new_database(tmp_path)
    yield Bot(database, read_city(RIVERTON))
    database.close()

"""What the tests of the scheduler share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.kit.city import read_city
from storage import schema
from storage.database import Database
from tests.chat.bot import RIVERTON
from tests.scheduler.told import Bot


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    database = Database(f"sqlite:///{tmp_path}/cityops.db")
    schema.upgrade(database)
    yield Bot(database, read_city(RIVERTON))
    database.close()

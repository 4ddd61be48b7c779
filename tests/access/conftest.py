"""What the tests of access share: a town whose people try what they may do."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.access.town import AccessTown


@pytest.fixture
def town(tmp_path: Path) -> Iterator[AccessTown]:
    town = AccessTown(tmp_path / "town")
    yield town
    town.close()

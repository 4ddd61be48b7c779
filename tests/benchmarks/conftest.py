"""A workshop that builds little, so that a case takes a second and not minutes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.workshop import Size, Workshop

LITTLE = Size(
    people=40, few_rows=400, rows=800, rounds=1, each=3, warm_up=2, messages=24, conversations=6, pages=14, crises=1,
    commands=40, settled=20,
    seconds=0.2, enough=3,
)  # fmt: skip


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    shop = Workshop(tmp_path, LITTLE)
    yield shop
    shop.close()

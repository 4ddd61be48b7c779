"""Keeping: every table is a record, holds what is so now, or goes after a time that the manual tells."""

from pathlib import Path

from bot.tidying import KINDS
from storage.base import metadata
from storage.keeping import FOR_A_TIME, HOLDS_NOW, RECORDS

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"
OF_THE_OUTBOX = {"words", "messages"}  # what goes of it, one after the other


def test_every_table_is_a_record_or_holds_what_is_so_now_or_goes_after_a_time() -> None:
    told = [name for name, table in metadata.tables.items() if table.info.get("record")]
    assert sorted([*RECORDS, *HOLDS_NOW, *FOR_A_TIME, *told]) == sorted(metadata.tables)


def test_all_that_goes_after_a_time_is_tidied() -> None:
    assert {"outbox" if kind in OF_THE_OUTBOX else kind for kind, *_ in KINDS} == set(FOR_A_TIME)


def test_the_manual_tells_how_long_what_goes_is_kept() -> None:
    manual = OPERATIONS.read_text().partition("## Sizes and retention")[2].partition("## Personal data")[0]
    assert [table for table in FOR_A_TIME if f"`{table}`" not in manual] == []

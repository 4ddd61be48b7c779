"""The workshop: what the cases share is made once, and a machine without files in memory has a folder that says so."""

from pathlib import Path

from benchmarks.city import found, inhabitants, introduce
from benchmarks.filled import OPEN
from benchmarks.still import StillBot
from benchmarks.workshop import Workshop, sync_time
from tests.benchmarks.conftest import LITTLE


async def test_a_filled_database_is_made_once_and_is_one_that_the_bot_has_written(workshop: Workshop) -> None:
    those = inhabitants(40)
    copy = workshop.copy(workshop.many)
    assert workshop.many == workshop.many
    introduce(copy / "cityops.db", those)
    bot = StillBot(found(copy, those))
    assert (await bot.says("olga", "/risk list")).title.startswith(f"Open risks: {OPEN}, ")
    assert await bot.runtime.read(lambda store: store.audit.first_bad_row()) == (LITTLE.rows, None)
    assert {person.id for person in those} == {
        person.id for person in await bot.runtime.read(lambda store: bot.runtime.context(store).everybody())
    }
    bot.close()


def test_without_files_in_memory_a_folder_says_so(tmp_path: Path) -> None:
    folder = Workshop(tmp_path, LITTLE, memory=tmp_path / "none").in_memory()
    assert folder.relative_to(tmp_path).parts[0] == "no-memory-file-system"
    assert sync_time(folder) > 0

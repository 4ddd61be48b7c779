"""City files: a good change counts at once, a bad one is reported and changes nothing."""

import asyncio
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from aiohttp import ClientSession
from sqlalchemy import select

from bot.cityfiles import STILL, CityFiles
from handlers.kit.city.files import REQUIRED
from handlers.kit.city.reading import read_city
from handlers.kit.errors import ConfigurationError
from storage.chat.outbox import outbox
from tests.chat.bot import RIVERTON, Bot, settings_for


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RIVERTON, tmp_path / "town"))


def change(file: Path, old: str, new: str) -> None:
    """Write the file again, a second later than before."""
    before = file.stat().st_mtime_ns
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    os.utime(file, ns=(before + 10**9, before + 10**9))


def test_files_that_make_no_sense_at_the_start_stop_it(folder: Path) -> None:
    change(folder / "city.toml", "zone = ", "zonne = ")
    with pytest.raises(ConfigurationError, match=r"city\.toml: zone: it is missing"):
        CityFiles(folder)


def test_nothing_is_read_again_while_nothing_changes(folder: Path) -> None:
    files = CityFiles(folder)
    city = files()
    assert not files.look()
    assert files() is city


def test_a_good_change_counts_at_the_next_look(folder: Path) -> None:
    files = CityFiles(folder)
    change(folder / "city.toml", 'name = "Riverton"', 'name = "Lakeside"')
    assert files.look()
    assert files().name == "Lakeside"
    assert not files.look()


def test_a_bad_change_is_reported_once_and_the_old_city_stays(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    files = CityFiles(folder)
    change(folder / "people.toml", '["crisis_team"]', '["clown"]')
    assert not files.look()
    assert not files.look()
    assert "people.toml: person.tom.roles.0" in (files.problem or "")
    assert files().people["tom"].roles == ("crisis_team",)
    assert len(caplog.records) == 1
    change(folder / "people.toml", '["clown"]', '["crisis_team", "admin"]')
    assert files.look()
    assert files.problem is None
    assert "admin" in files().people["tom"].roles


def test_a_file_that_goes_away_is_reported_and_the_old_city_stays(folder: Path) -> None:
    files = CityFiles(folder)
    (folder / "places.toml").unlink()
    assert not files.look()
    assert "places.toml: file: it is missing" in (files.problem or "")
    assert "risks" in files().places


WRECKS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a number of 5,000 digits": (lambda file: file.write_text(f"number = {'9' * 5000}\n"), "syntax: .*digits"),
    "brackets in brackets": (
        lambda file: file.write_text(f"x = {'[' * 5000}{']' * 5000}\n"),
        "syntax: .* nested too deep",
    ),
    "an empty file": (lambda file: file.write_text(" \n"), "file: it is empty; put its text back"),
    "half a letter": (lambda file: file.write_bytes(b"# \xe9"), "syntax: 'utf-8' codec"),
    "zeros": (lambda file: file.write_bytes(bytes(4096)), "syntax: Invalid"),
}


@pytest.mark.parametrize("name", ["people.toml", "contacts.toml"])
@pytest.mark.parametrize(("wreck", "why"), WRECKS.values(), ids=WRECKS)
def test_whatever_a_file_is_overwritten_with_the_old_city_stays(
    folder: Path, name: str, wreck: Callable[[Path], object], why: str
) -> None:
    files = CityFiles(folder)
    wreck(folder / name)
    assert not files.look()
    assert re.search(rf"{name}: {why}", files.problem or "")
    assert ("sam" in files().people, bool(files().contacts.contact)) == (True, True)
    assert CityFiles(folder, kept=lambda: files.texts)().people == files().people


@pytest.mark.parametrize(
    ("name", "gone", "empty"),
    [
        ("people.toml", "put it back", "put its text back"),
        ("places.toml", "put it back", "put its text back"),
        (
            "contacts.toml",
            "put it back, or start the bot again to go on without it",
            "put its text back, or remove the file",
        ),
    ],
)
def test_nobody_is_told_to_go_on_without_a_file_that_every_city_needs(
    folder: Path, name: str, gone: str, empty: str
) -> None:
    files = CityFiles(folder)
    (folder / name).write_text("", encoding="utf-8")
    files.look()
    assert files.problem == f"{folder / name}: file: it is empty; {empty}"
    (folder / name).unlink()
    files.look()
    assert files.problem == f"{folder / name}: file: it is missing, and its last contents are still used; {gone}"


def test_the_files_that_every_city_needs_are_those_that_a_city_is_not_read_without(folder: Path) -> None:
    needed = list[str]()
    for file in sorted(folder.glob("*.toml")):
        kept = file.rename(folder / "kept")
        try:
            read_city(folder)
        except ConfigurationError as problem:
            needed += [file.name] if "it is missing; copy it" in str(problem) else []
        kept.rename(file)
    assert needed == list(REQUIRED)


def test_a_file_that_says_nothing_but_a_comment_is_no_mistake(folder: Path) -> None:
    (folder / "contacts.toml").write_text("# nobody yet\n", encoding="utf-8")
    assert CityFiles(folder)().contacts.contact == ()


def test_the_mark_that_some_editors_write_first_is_no_mistake(folder: Path) -> None:
    for file in folder.glob("*.toml"):
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert CityFiles(folder)().name == "Riverton"


async def test_half_of_a_file_that_is_being_written_is_not_read(folder: Path) -> None:
    """It would make sense, and name half of the people."""
    files = CityFiles(folder)
    whole = (folder / "people.toml").read_text(encoding="utf-8")
    half, _, rest = whole.rpartition("[[person]]")
    (folder / "people.toml").write_text(half, encoding="utf-8")
    looking = asyncio.create_task(files.look_when_still())
    await asyncio.sleep(STILL / 5)
    (folder / "people.toml").write_text(f"{half}[[person]]{rest}# said by the clerk\n", encoding="utf-8")
    people = files().people
    assert not await looking
    assert (files().people, files.problem) == (people, None)
    assert await files.look_when_still()
    assert (files().people, files.texts["people.toml"][-7:]) == (people, " clerk\n")


def test_a_start_with_one_wrong_file_goes_by_its_last_good_text_and_by_the_newest_of_all_others(folder: Path) -> None:
    good = CityFiles(folder).texts
    change(folder / "city.toml", 'name = "Riverton"', 'name = "Lakeside"')
    (folder / "standup.toml").write_text(
        '[[team]]\nid = "streets"\nname = "Streets"\nplace = "ops"\nmembers = ["sam", "sam"]\n', encoding="utf-8"
    )
    with pytest.raises(ConfigurationError, match="'sam' is there twice"):
        CityFiles(folder)
    files = CityFiles(folder, kept=lambda: good)
    assert files().name == "Lakeside"
    assert "standup.toml: team.streets.members: 'sam' is there twice" in (files.problem or "")
    assert files.texts["standup.toml"] == good["standup.toml"]
    change(folder / "standup.toml", '["sam", "sam"]', '["sam"]')
    assert files.look()
    assert files.problem is None


async def test_a_bot_that_starts_with_a_wrong_file_runs_on_and_says_so(tmp_path: Path) -> None:
    bot = Bot(settings_for(tmp_path))
    await bot.start()
    await bot.settle()
    change(tmp_path / "city" / "people.toml", '["crisis_team"]', '["clown"]')
    await bot.restart()
    await bot.settle()
    assert bot.application.runtime.city().people["tom"].roles == ("crisis_team",)
    [fault] = await bot.read(lambda store: store.faults.all())
    assert (fault.part, "people.toml: person.tom.roles.0" in fault.error) == ("city file people.toml", True)
    async with ClientSession() as web, web.get(f"{bot.url}/readyz") as answer:
        assert answer.status == 200
        assert "people.toml: person.tom.roles.0" in await answer.text()
    change(tmp_path / "city" / "people.toml", '["clown"]', '["crisis_team"]')
    await bot.pass_time(seconds=3)
    assert await bot.read(lambda store: store.faults.all()) == []
    await bot.stop()


def _nowhere(file: Path) -> Path:
    """A link beside a file to a folder that is not mounted."""
    link = file.with_suffix(".link")
    link.symlink_to("/mnt/not-mounted/it.toml")
    return link


OPTIONAL = ("standup.toml", "checkin.toml", "checklists.toml", "risks.toml", "crisis.toml", "contacts.toml")
GOING: dict[str, Callable[[Path], object]] = {
    "deleted": lambda file: file.unlink(),
    "a link that leads nowhere": lambda file: os.replace(_nowhere(file), file),
}


@pytest.mark.parametrize("go", GOING.values(), ids=GOING)
@pytest.mark.parametrize("name", OPTIONAL)
def test_a_file_that_may_be_left_out_and_goes_while_the_bot_runs_is_named_and_its_text_goes_on(
    folder: Path, name: str, go: Callable[[Path], object]
) -> None:
    files = CityFiles(folder)
    city, text = files(), (folder / name).read_text(encoding="utf-8")
    go(folder / name)
    files.look()
    assert files() == city
    assert f"{name}: file: it " in (files.problem or "")
    change(folder / "city.toml", 'name = "Riverton"', 'name = "Lakeside"')
    assert files.look()
    assert list(files.problems) == [name]
    (folder / name).unlink(missing_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    files.look()
    assert files.problem is None


def test_a_file_that_nobody_reads_may_go(folder: Path) -> None:
    (folder / "old-people.toml").write_text("x = 1\n", encoding="utf-8")
    files = CityFiles(folder)
    (folder / "old-people.toml").unlink()
    assert files.look()
    assert (files.problem, "old-people.toml" in files.texts) == (None, False)
    (folder / "old-people.toml").write_text("x = 1\n", encoding="utf-8")
    assert files.look()


def test_a_start_with_a_link_that_leads_nowhere_goes_by_the_last_good_text(folder: Path) -> None:
    good = CityFiles(folder).texts
    GOING["a link that leads nowhere"](folder / "crisis.toml")
    with pytest.raises(ConfigurationError, match=r"crisis\.toml: file: it cannot be read"):
        CityFiles(folder)
    assert CityFiles(folder, kept=lambda: good)().crisis.role


async def test_a_file_left_out_at_a_start_is_left_out_and_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bot = Bot(settings_for(tmp_path))
    await bot.start()
    await bot.settle()
    (tmp_path / "city" / "crisis.toml").unlink()
    for _ in range(2):
        await bot.restart()
        await bot.settle()
    assert bot.application.runtime.city().crisis.role == ()
    assert await bot.read(lambda store: store.faults.all()) == []
    said = [record for record in caplog.records if "crisis.toml" in record.getMessage()]
    assert len(said) == 1
    told = await bot.read(lambda store: store.connection.execute(select(outbox.c.place, outbox.c.card)).all())
    assert [place for place, card in told if "The bot was started without crisis.toml" in (card or "")] == ["dm:ines"]
    await bot.stop()


async def test_a_file_that_goes_while_a_crisis_is_on_is_named_to_those_who_mend_it(tmp_path: Path) -> None:
    bot = Bot(settings_for(tmp_path))
    await bot.start()
    await bot.settle()
    (tmp_path / "city" / "crisis.toml").unlink()
    await bot.pass_time(seconds=3)
    assert bot.application.runtime.city().crisis.role
    [fault] = await bot.read(lambda store: store.faults.all())
    assert fault.part == "city file crisis.toml"
    async with ClientSession() as web, web.get(f"{bot.url}/readyz") as answer:
        assert "crisis.toml: file: it is missing, and its last contents are still used" in await answer.text()
    await bot.stop()

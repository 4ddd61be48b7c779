"""Shelf: a file is written whole, read by the bot's own user alone, and stays in its folder."""

import errno
import stat
from pathlib import Path

import pytest

from bot.gateways.shelf import Shelf
from bot.post import Outgoing, Refused, Sent, Wait
from handlers.kit.messages import Card, File


def _row(name: str, data: bytes = b"new") -> Outgoing:
    return Outgoing("k1", "keep_file", Card("", File(name=name, data=data)), {}, None)


def _written(folder: Path) -> list[Path]:
    return list(folder.rglob("*"))


async def test_a_file_takes_the_place_of_the_older_one(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf")
    assert isinstance(await shelf.act(_row("card.docx", b"old")), Sent)
    assert isinstance(await shelf.act(_row("card.docx")), Sent)
    [there] = (tmp_path / "shelf").iterdir()
    assert (there.name, there.read_bytes()) == ("card.docx", b"new")
    assert stat.S_IMODE(there.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "shelf").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "name",
    ["../card.docx", "/card.docx", ".card", "a/card", "..", "", "a\\card", "card\x00.docx", "card\n", "card" * 30],
)
async def test_a_name_that_leads_elsewhere_is_refused_for_good(tmp_path: Path, name: str) -> None:
    assert isinstance(await Shelf(tmp_path / "shelf").act(_row(name)), Refused)
    assert _written(tmp_path) == []


async def test_a_link_in_the_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    elsewhere, shelf = tmp_path / "elsewhere", tmp_path / "shelf"
    elsewhere.write_bytes(b"precious")
    shelf.mkdir()
    (shelf / "card.docx").symlink_to(elsewhere)
    assert isinstance(await Shelf(shelf).act(_row("card.docx")), Sent)
    assert elsewhere.read_bytes() == b"precious"
    assert ((shelf / "card.docx").is_symlink(), (shelf / "card.docx").read_bytes()) == (False, b"new")


async def test_what_could_not_be_written_leaves_the_older_one_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Shelf(tmp_path)
    await shelf.act(_row("card.docx", b"old"))

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    assert await shelf.act(_row("card.docx")) == Wait("the file could not be written: No space left on device")
    [there] = _written(tmp_path)
    assert there.read_bytes() == b"old"


async def test_two_files_at_once_are_refused(tmp_path: Path) -> None:
    two = Card("", File(name="a", data=b"1"), File(name="b", data=b"2"))
    assert isinstance(await Shelf(tmp_path).act(Outgoing("k1", "keep_file", two, {}, None)), Refused)
    assert _written(tmp_path) == []


async def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "shelf").write_text("a file")
    assert isinstance(await Shelf(tmp_path / "shelf").act(_row("card.docx")), Wait)

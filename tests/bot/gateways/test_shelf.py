"""Shelf: a file is written whole, read by the bot's own user alone, and stays in its folder."""

import stat
from pathlib import Path

import pytest

from bot.gateways.shelf import Shelf
from bot.post import Outgoing, Refused, Sent, Wait
from handlers.kit.messages import Card, File


def _row(name: str, data: bytes = b"new") -> Outgoing:
    return Outgoing("k1", "keep_file", Card("", File(name=name, data=data)), {}, None)


async def test_a_file_takes_the_place_of_the_older_one(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf")
    assert isinstance(await shelf.act(_row("card.docx", b"old")), Sent)
    assert isinstance(await shelf.act(_row("card.docx")), Sent)
    [there] = (tmp_path / "shelf").iterdir()
    assert (there.name, there.read_bytes()) == ("card.docx", b"new")
    assert stat.S_IMODE(there.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["../card.docx", "/card.docx", ".card", "a/b"])
async def test_a_name_that_leads_elsewhere_is_not_written(tmp_path: Path, name: str) -> None:
    assert isinstance(await Shelf(tmp_path / "shelf").act(_row(name)), Wait | Refused)
    assert _written(tmp_path) == []


def _written(folder: Path) -> list[Path]:
    return list(folder.rglob("*card*"))


async def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "shelf").write_text("a file")
    assert isinstance(await Shelf(tmp_path / "shelf").act(_row("card.docx")), Wait)

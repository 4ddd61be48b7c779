"""The app package that an admin uploads."""

import io
import json
import struct
import zipfile
import zlib
from typing import Any

import pytest

import handlers
import scheduler
from bot.teams.manifest import app_package, color_icon, outline_icon, teams_manifest
from handlers.kit.city.reading import read_city
from handlers.kit.registry import load
from tests.bot.house import CITY
from tests.schemas import schema_problems
from tests.wires.teams import APP_ID


def manifest(public_url: str | None = "https://bot.riverton.example.org/") -> dict[str, Any]:
    text = teams_manifest(load(handlers, scheduler), read_city(CITY), APP_ID, public_url, "0.1.0")
    return dict(json.loads(text))


@pytest.mark.parametrize("public_url", [None, "https://bot.riverton.example.org/"])
def test_microsofts_schema_takes_the_manifest(public_url: str | None) -> None:
    assert schema_problems("teams-manifest-1.25.schema.json", manifest(public_url)) == []


def test_at_most_ten_commands_are_suggested_and_each_is_understood() -> None:
    [bot] = manifest()["bots"]
    [listed] = bot["commandLists"]
    titles = [command["title"] for command in listed["commands"]]
    assert titles[0] == "help"
    assert len(titles) <= 10
    assert set(titles[1:]) <= set(load(handlers, scheduler).commands)
    assert all(len(command["title"]) <= 32 and len(command["description"]) <= 128 for command in listed["commands"])


def test_the_menu_of_messages_has_what_the_catalogue_puts_there() -> None:
    [extension] = manifest()["composeExtensions"]
    assert extension["botId"] == APP_ID
    menu = {
        command["title"]: (command["id"], command["type"], command["context"], command["fetchTask"])
        for command in extension["commands"]
    }
    assert menu == {
        "Log as risk": ("risk add", "action", ["message"], True),
        "Log as feedback": ("feedback add", "action", ["message"], True),
        "Add to crisis timeline": ("crisis log", "action", ["message"], True),
    }


def test_the_package_holds_the_manifest_and_two_icons_and_is_the_same_each_time() -> None:
    text = json.dumps(manifest())
    packed = app_package(text)
    assert packed == app_package(text)
    with zipfile.ZipFile(io.BytesIO(packed)) as package:
        assert package.namelist() == ["manifest.json", "color.png", "outline.png"]
        assert package.read("manifest.json").decode() == text


def test_it_names_the_citys_website_and_the_pages_that_the_bot_serves() -> None:
    developer = manifest()["developer"]
    assert developer["websiteUrl"] == "https://riverton.example.org"
    assert developer["privacyUrl"] == "https://bot.riverton.example.org/privacy"
    assert developer["termsOfUseUrl"] == "https://bot.riverton.example.org/terms"


@pytest.mark.parametrize(("icon", "side"), [(color_icon(), 192), (outline_icon(), 32)])
def test_an_icon_is_a_picture_of_its_size(icon: bytes, side: int) -> None:
    assert icon.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", icon[16:24]) == (side, side)
    place, data = 8, b""
    while place < len(icon):
        length, kind = struct.unpack(">I4s", icon[place : place + 8])
        content = icon[place + 8 : place + 8 + length]
        assert struct.unpack(">I", icon[place + 8 + length : place + 12 + length]) == (zlib.crc32(kind + content),)
        data += content if kind == b"IDAT" else b""
        place += 12 + length
    rows = zlib.decompress(data)
    assert len(rows) == side * (1 + 4 * side)
    assert len(set(zip(*[iter(rows[1 : 1 + 4 * side * 8])] * 4, strict=False))) >= 1


def test_the_outline_is_white_on_nothing() -> None:
    drawn = zlib.decompress(outline_icon()[41:-16])
    pixels = [tuple(drawn[row * 129 + 1 + 4 * x :][:4]) for row in range(32) for x in range(32)]
    assert set(pixels) == {(255, 255, 255, 255), (0, 0, 0, 0)}

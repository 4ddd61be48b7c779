"""/privacy and /terms: who runs the bot says what it keeps, whichever doors are open."""

from pathlib import Path

import pytest
from aiohttp import ClientSession
from bs4 import BeautifulSoup

from bot.legal import PRIVACY, TERMS, legal_page
from handlers.kit.city.model import City
from handlers.kit.city.reading import read_city
from handlers.kit.errors import ConfigurationError
from tests.chat.bot import RIVERTON, settings_for
from tests.chat.desk import DeskChat
from tests.chat.slack import SlackChat
from tests.chat.teams import TeamsChat


@pytest.fixture(params=["desk", "slack", "teams"])
def url(request: pytest.FixtureRequest) -> str:
    chat: DeskChat | SlackChat | TeamsChat = request.getfixturevalue(f"{request.param}_chat")
    return chat.bot.url


@pytest.mark.parametrize(("path", "heading"), [("privacy", "Privacy"), ("terms", "Terms of use")])
async def test_the_pages_are_served_whichever_door_is_open(url: str, path: str, heading: str) -> None:
    async with ClientSession() as web, web.get(f"{url}/{path}") as got:
        page = BeautifulSoup(await got.text(), "html.parser")
        policy = got.headers["Content-Security-Policy"]
    assert (got.status, got.content_type) == (200, "text/html")
    assert [title.get_text() for title in page.select("h1")] == [heading]
    assert "Riverton runs this bot" in page.get_text()
    assert page.select_one("a[href='mailto:it@riverton.example.org']") is not None
    assert page.select_one("a[href='https://riverton.example.org']") is not None
    assert policy.startswith("default-src 'none'")
    assert page.select("script, img, link, [style]") == []


def test_a_city_that_names_no_contact_has_its_it(tmp_path: Path) -> None:
    page = BeautifulSoup(legal_page(city_with(tmp_path, name="<b>Spring & Field</b>"), "T", "x", TERMS), "html.parser")
    assert "Contact: the city's IT" in page.get_text()
    assert page.select("b, a[href^=mailto]") == []
    assert "<b>Spring & Field</b> runs this bot" in page.get_text()


def test_a_contact_without_an_address_is_said_as_it_is(tmp_path: Path) -> None:
    page = BeautifulSoup(legal_page(city_with(tmp_path, contact="Room <7>"), "T", "x", PRIVACY), "html.parser")
    assert "Contact: Room <7>" in page.get_text()


def test_a_website_that_is_none_is_named_with_its_file_and_key(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"city\.toml.*website"):
        city_with(tmp_path, website="javascript:alert(1)")


def city_with(folder: Path, **keys: str) -> City:
    city = settings_for(folder).city_dir
    lines = (RIVERTON / "city.toml").read_text().splitlines()
    own = {"name": "Riverton", **keys}
    kept = [line for line in lines if line.partition(" ")[0] not in ("name", "contact", "website")]
    (city / "city.toml").write_text("\n".join([*(f'{key} = "{value}"' for key, value in own.items()), *kept]))
    return read_city(city)

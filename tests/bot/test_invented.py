"""Invented: the city of the first minute is only for who tries the bot, and stays on their machine."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import ClientSession
from pydantic import SecretStr

from bot.invented import FILE, SHIPPED, URL, fingerprint, mark_invented
from bot.opening import open_database
from bot.settings import Settings, read_settings
from handlers.kit.errors import ConfigurationError
from storage.database import Database
from tests.chat.bot import RIVERTON, Bot, settings_for
from tests.sqlite import migrated

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
APP, TENANT = "11111111-2222-3333-4444-555555555555", "aaaaaaaa-0000-4000-8000-000000000001"
OWN = "sqlite:///data/cityops.db"


def invented(file: Path) -> str:
    """The address of a small database all of which is invented."""
    url = f"sqlite:///{migrated(file)}"
    database = Database(url)
    database.write(lambda store: store.audit.add(NOW, "sam", "risk add", "R-1", {}))
    database.write(mark_invented)
    database.close()
    return url


@pytest.fixture
def made(folder: Path) -> None:
    (folder / "data").mkdir(mode=0o700)
    invented(FILE)


def test_the_citys_files_are_as_they_are_shipped() -> None:
    """When you have changed them on purpose, see that the play still fits (tests/bot/demo), and write the new number
    into bot/invented.py."""
    assert fingerprint(RIVERTON) == SHIPPED


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("keys", [{}, {"PORT": "9000"}, {"EMPTY": "0"}, {"DATABASE_URL": ""}])
def test_who_sets_nothing_of_a_city_of_their_own_is_shown_the_invented_one(
    monkeypatch: pytest.MonkeyPatch, keys: dict[str, str]
) -> None:
    for key, value in keys.items():
        monkeypatch.setenv(key, value)
    assert read_settings().database_url == URL


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    "keys",
    [
        {"EMPTY": "1"},
        {"DATABASE_URL": OWN},
        {"CITY_DIR": "city"},
        {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "secret"},
        {"TEAMS_APP_ID": APP, "TEAMS_APP_PASSWORD": "password", "TEAMS_TENANT_ID": TENANT},
        {"TEAMS_UNAUTHENTICATED": "1"},
        {"PAGER_URL": "https://pages.example.org/cityops"},
        {"SMTP_URL": "smtps://sam:secret@mail.example.org", "MAIL_FROM": "cityops <bot@example.org>"},
    ],
)
def test_who_sets_anything_of_their_own_is_not(monkeypatch: pytest.MonkeyPatch, keys: dict[str, str]) -> None:
    for key, value in keys.items():
        monkeypatch.setenv(key, value)
    assert read_settings().database_url == OWN


@pytest.mark.usefixtures("made")
def test_a_city_whose_files_somebody_has_changed_is_their_own(folder: Path) -> None:
    file = folder / "city" / "people.toml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert read_settings().database_url == URL, "as another system writes the ends of lines"
    file.write_text(file.read_text().replace("Maria Lopez", "Ann Lee"))
    assert read_settings().database_url == OWN


@pytest.mark.parametrize(
    ("keys", "named"),
    [
        ({"slack_bot_token": SecretStr("xoxb-1")}, "slack"),
        ({"teams_app_id": APP}, "teams"),
        ({"pager_url": "https://pages.example.org/"}, "pager"),
        ({"teams_app_id": APP, "smtp_url": SecretStr("smtp://[::1]:25"), "mail_from": "a@b"}, "teams or mail"),
    ],
)
def test_a_bot_that_people_hear_elsewhere_does_not_start_on_what_is_invented(
    tmp_path: Path, keys: dict[str, object], named: str
) -> None:
    settings = settings_for(tmp_path, database_url=invented(tmp_path / "riverton.db"), **keys)
    with pytest.raises(ConfigurationError, match=f"all of it is invented, so it is not for {named}; set DATABASE_URL"):
        open_database(settings, alone=True)


async def page(settings: Settings) -> str:
    """The desk as somebody sees it."""
    bot = Bot(settings)
    await bot.start()
    async with ClientSession() as web, web.get(bot.url) as response:
        shown = await response.text()
    await bot.stop()
    return shown


async def test_the_desk_says_that_the_city_is_invented_and_how_to_begin_with_an_empty_one(tmp_path: Path) -> None:
    shown = await page(settings_for(tmp_path, database_url=invented(tmp_path / "riverton.db")))
    assert "All of this is invented. To begin with an empty city: EMPTY=1 make run" in shown


async def test_the_desk_of_a_city_of_its_own_says_nothing_of_the_kind(tmp_path: Path) -> None:
    assert "invented" not in await page(settings_for(tmp_path))

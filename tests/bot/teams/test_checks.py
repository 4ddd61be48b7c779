"""Checks: why Microsoft gives the bot no token is one line that says what to do, at the doctor and at the start."""

import logging
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.settings import Settings
from bot.teams.checks import check
from tests.bot.house import Clock
from tests.bot.teams.conftest import House, settings_for
from tests.sqlite import new_database
from tests.wires.garbled import GARBLED
from tests.wires.teams import FakeTeams

NOT_MICROSOFT = "what answers at TEAMS_TOKEN_URL is not Microsoft's token service"
TROUBLE = {
    **dict.fromkeys(GARBLED, NOT_MICROSOFT),
    "429": "has been asked too often; wait 1 second",
    "503": "has trouble of its own (HTTP 503)",
    "drop": "cannot be reached from here",
}
OTHER = "99999999-8888-4777-8666-555555555555"
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "secret": (
        {"teams_app_password": SecretStr("wrong")},
        "TEAMS_APP_PASSWORD is wrong: copy the Value",
    ),
    "app": ({"teams_app_id": OTHER}, "the tenant does not know TEAMS_APP_ID"),
}


async def to_mend(settings: Settings) -> list[str]:
    return [line for well, line in await check(settings) if not well]


async def test_a_bot_that_microsoft_knows_is_well(teams: FakeTeams) -> None:
    assert await check(settings_for(teams)) == [(True, "Teams: Microsoft gives this bot tokens")]


async def test_a_wrong_secret_or_id_is_known_from_the_token_service(teams: FakeTeams) -> None:
    for keys, words in WRONG.values():
        [line] = await to_mend(settings_for(teams, **keys))
        assert words in line
    there_is_none = teams.token_url.replace(teams.tenant, OTHER)
    [line] = await to_mend(settings_for(teams, teams_token_url=there_is_none))
    assert "there is no tenant TEAMS_TENANT_ID" in line


async def test_why_there_is_no_token_is_one_line_with_the_fix(teams: FakeTeams) -> None:
    for how, words in TROUBLE.items():
        teams.fail("token", how=how)
        [line] = await to_mend(settings_for(teams))
        assert words in line, how
        assert "\n" not in line, how


async def test_keys_that_cannot_be_fetched_are_one_line(teams: FakeTeams) -> None:
    for how in GARBLED:
        for operation in ("openid", "keys"):
            teams.fail(operation, how=how)
            [line] = await to_mend(settings_for(teams))
            assert line.startswith("Teams: the Bot Connector's keys cannot be fetched: "), how


async def test_the_start_says_the_same_once_and_goes_on_trying(
    teams: FakeTeams, clock: Clock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    database = new_database(tmp_path)
    for how in ("a sign-in page", "no object", "429", "drop", "secret"):
        keys, words = WRONG.get(how, ({}, TROUBLE.get(how, "")))
        teams.fail("token", how=how, times=0 if how in WRONG else 2)
        door = House(teams, clock, database, settings_for(teams, **keys)).door
        caplog.clear()
        await door.start()
        assert not await door._connected(), how
        errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
        assert [words in record.message for record in errors] == [True], how
        assert not any(record.exc_info for record in caplog.records), how
        await door.stop()
    database.close()

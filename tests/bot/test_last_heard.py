"""Last heard: the doctor says when each platform was heard, and that what comes in its name does not fit the keys."""

from collections.abc import AsyncIterator
from pathlib import Path
from platform import node

import pytest
from aiohttp import ClientSession
from pydantic import SecretStr
from sqlalchemy import select

from bot.last_heard import last_heard
from storage.chat.notes import notes
from tests.chat.bot import Bot, settings_for
from tests.chat.clock import SetClock
from tests.chat.teams import TeamsChat
from tests.conftest import slack_keys, teams_keys
from tests.wires.slack import FakeSlack
from tests.wires.teams import FakeTeams

OTHER_TENANT = "bbbbbbbb-0000-4000-8000-000000000002"


async def told(bot: Bot, platform: str) -> tuple[bool, str]:
    """What the doctor reads, once the pulse has beaten."""
    await bot.application.pulse.beat()
    calendar = bot.application.runtime.city().calendar
    [(well, line)] = await bot.read(lambda store: list(last_heard(store, calendar, platform)))
    return bool(well), str(line)


@pytest.fixture
async def in_slack(tmp_path: Path, clock: SetClock, slack: FakeSlack) -> AsyncIterator[Bot]:
    bot = Bot(settings_for(tmp_path, **slack_keys(slack)), clock=clock)
    await bot.start()
    yield bot
    await bot.stop()


async def test_a_right_signing_secret_is_known_from_what_was_heard(
    in_slack: Bot, slack: FakeSlack, caplog: pytest.LogCaptureFixture
) -> None:
    well, line = await told(in_slack, "slack")
    assert not well
    assert "Slack: last heard from Slack: never; write to the bot there" in line
    await slack.person("sam", in_slack.url).slash("/city", "help")
    in_slack.clock.advance(minutes=5)
    assert await told(in_slack, "slack") == (True, "Slack: last heard from Slack: Mon Nov 23, 9:00 AM")
    assert "SLACK_SIGNING_SECRET" not in caplog.text


async def test_a_wrong_signing_secret_is_named_at_the_doctor_and_once_in_the_log(
    in_slack: Bot, slack: FakeSlack, caplog: pytest.LogCaptureFixture
) -> None:
    slack.signing_secret = "another"
    for _ in range(3):
        await slack.person("sam", in_slack.url).slash("/city", "help")
    well, line = await told(in_slack, "slack")
    assert not well
    assert "last heard from Slack: never; on Mon Nov 23, 9:00 AM: " in line
    assert "copy SLACK_SIGNING_SECRET again from Basic Information" in line
    assert len([record for record in caplog.records if "SLACK_SIGNING_SECRET" in record.message]) == 1


@pytest.mark.parametrize(("minutes", "off"), [(-7, "7 min behind"), (7, "7 min ahead of")])
async def test_what_is_refused_for_its_time_alone_is_said_with_the_difference_until_it_is_over(
    in_slack: Bot, slack: FakeSlack, caplog: pytest.LogCaptureFixture, minutes: int, off: str
) -> None:
    sam, line = (
        slack.person("sam", in_slack.url),
        f"this machine's clock is {off} the clock of Slack; set it right",
    )
    in_slack.clock.step_wall(minutes=minutes, seconds=2 if minutes > 0 else -2)
    for _ in range(3):
        assert (await sam.slash("/city", "help")).status == 401
    await told(in_slack, "slack")
    [fault] = await in_slack.read(lambda store: store.faults.all())
    assert fault.part == f"what Slack sends to {node()[:80]}"
    assert line in fault.error
    assert len([record for record in caplog.records if line in record.getMessage()]) == 1
    await told(in_slack, "slack")
    said = select(notes.c.person).where(notes.c.line.contains(line))
    assert await in_slack.read(lambda store: store.connection.execute(said).scalars().all()) == ["ines"]
    async with ClientSession() as web, web.get(f"{in_slack.url}/readyz") as answer:
        assert "set aside: what Slack sends to" in await answer.text()
    in_slack.clock.step_wall(minutes=-minutes)
    await sam.slash("/city", "help")
    await told(in_slack, "slack")
    assert await in_slack.read(lambda store: store.faults.all()) == []


async def test_what_is_signed_wrongly_and_old_too_says_nothing_of_the_time(in_slack: Bot, slack: FakeSlack) -> None:
    slack.signing_secret = "another"
    in_slack.clock.step_wall(minutes=-7)
    await slack.person("sam", in_slack.url).slash("/city", "help")
    await told(in_slack, "slack")
    assert await in_slack.read(lambda store: store.faults.all()) == []


async def test_a_token_of_microsoft_that_does_not_hold_yet_is_said_with_the_difference(teams_chat: TeamsChat) -> None:
    bot = teams_chat.bot
    await teams_chat.teams.raw_post(bot.url, b"{}", teams_chat.teams.authorization("not_yet"))
    await told(bot, "teams")
    [fault] = await bot.read(lambda store: store.faults.all())
    assert "behind the clock of Teams; set it right" in fault.error


async def test_what_does_not_even_look_like_slack_says_nothing_of_the_secret(in_slack: Bot, slack: FakeSlack) -> None:
    signed, made = {"X-Slack-Signature": "v0=00"}, in_slack.clock.stamp()
    dated = [{"X-Slack-Request-Timestamp": f"{made + late:.0f}"} for late in (-330, 330, 0)]
    for headers in (
        {},
        signed,
        {**signed, **dated[0]},
        {**signed, **dated[1]},
        dated[2],
        {"X-Slack-Signature": "v1=0"},
    ):
        await slack.raw_post(in_slack.url, b"token=x", headers)
    assert "SIGNING_SECRET" not in (await told(in_slack, "slack"))[1]


async def test_a_wrong_id_of_the_bot_or_the_tenant_is_known_from_what_microsoft_signs(
    tmp_path: Path, clock: SetClock, teams: FakeTeams, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = {"teams_tenant_id": OTHER_TENANT, "teams_app_password": SecretStr("app-password")}
    bot = Bot(settings_for(tmp_path, **{**teams_keys(teams), **wrong}), clock=clock)
    await bot.start()
    assert "Teams: last heard from Teams: never; write to the bot there" in (await told(bot, "teams"))[1]
    await teams.person("sam", bot.url).message("help")
    well, line = await told(bot, "teams")
    assert not well
    assert "what Microsoft signs is for another bot or tenant: check TEAMS_APP_ID and TEAMS_TENANT_ID" in line
    await bot.stop()


async def test_a_token_for_another_bot_is_counted_and_a_forged_one_is_not(teams_chat: TeamsChat) -> None:
    bot, teams = teams_chat.bot, teams_chat.teams
    await teams_chat.person("sam").says("/city help")
    assert await told(bot, "teams") == (True, "Teams: last heard from Teams: Mon Nov 23, 9:00 AM")
    for how, well in (("wrong_key", True), ("missing", True), ("expired", True), ("wrong_aud", False)):
        bot.clock.advance(minutes=1)
        await teams.raw_post(bot.url, b"{}", teams.authorization(how))
        assert ((await told(bot, "teams"))[0], how) == (well, how)

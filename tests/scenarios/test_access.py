"""Access: a right that the city or the platform takes away ends at the very next press, and one given back is there."""

import asyncio
import os
from collections.abc import Awaitable

import pytest

from tests.chat.door import Chat
from tests.chat.seen import Seen
from tests.chat.slack import SlackChat
from tests.chat.teams import TeamsChat
from tests.scenarios.peoplefile import Workplace, account_of, change, newcomer, switch, told_by_platform

RISK = "/risk add Dam gate stuck; likelihood 2; impact 3; owner @sam"
REFUSED = "You cannot do this yourself"


async def says(chat: Chat, name: str, line: str) -> Seen:
    return await chat.person(name).says(line)


async def test_a_role_that_ends_in_the_file_ends_at_the_next_press_of_an_old_button(chat: Chat) -> None:
    home = await says(chat, "ines", "/city today")
    assert "Still right" in home.buttons
    file = chat.bot.application.settings.city_dir / "people.toml"
    before, text = file.stat().st_mtime_ns, file.read_text(encoding="utf-8")
    without = text.replace('roles = ["admin", "department_head"]', 'roles = ["department_head"]')
    file.write_text(without.replace('id = "sam"', 'id = "sam"\nroles = ["admin"]'), encoding="utf-8")
    os.utime(file, ns=(before + 10**9, before + 10**9))
    await chat.bot.pass_time(seconds=3)
    told = await chat.person("ines").presses("Still right", home)
    assert "city manager, crisis team, admin, can confirm it. Please ask one of them." in told.text
    assert (await says(chat, "ines", "/city people")).title == REFUSED
    assert (await says(chat, "sam", "/city people")).title != REFUSED


async def test_who_is_switched_off_is_refused_and_is_back_with_their_record(platform_chat: Workplace) -> None:
    logged = await says(platform_chat, "sam", RISK)
    switch(platform_chat, "sam", off=True)
    await told_by_platform(platform_chat, "sam")
    assert await platform_chat.bot.read(lambda store: store.chat.people.switched_off()) == {"sam"}
    assert "Sam Rivers: has a " in (await says(platform_chat, "ines", "/city people")).text
    await platform_chat.bot.pass_time(minutes=5)
    switch(platform_chat, "sam", off=False)
    await platform_chat.person("sam").opens("Change", logged)
    assert await platform_chat.bot.read(lambda store: store.chat.people.switched_off()) == frozenset()
    assert "Your open risks: 1" in (await says(platform_chat, "sam", "/city today")).text


async def test_who_becomes_a_guest_is_refused_at_the_next_press(slack_chat: SlackChat) -> None:
    logged = await says(slack_chat, "sam", RISK)
    slack_chat.slack.user("sam").is_restricted = True
    await told_by_platform(slack_chat, "sam")
    told = await slack_chat.person("sam").presses("Change", logged)
    assert "Guests cannot use me" in told.text


@pytest.mark.parametrize("told_by", ["user_change", "the list of the day"])
async def test_who_becomes_a_member_of_another_organization_is_refused_at_the_next_press(
    slack_chat: SlackChat, told_by: str
) -> None:
    logged = await says(slack_chat, "sam", RISK)
    slack_chat.slack.user("sam").is_stranger = True
    if told_by == "user_change":
        await told_by_platform(slack_chat, "sam")
    else:
        await slack_chat.bot.application.everybody.look()
    told = await slack_chat.person("sam").presses("Change", logged)
    assert "Please ask your contact at the city." in told.text
    await external_to_all(slack_chat)


async def test_who_is_listed_in_another_tenant_is_external_to_all(teams_chat: TeamsChat) -> None:
    teams_chat.teams.user("sam").tenant = "bbbbbbbb-0000-4000-8000-000000000002"
    await told_by_platform(teams_chat, "sam")
    await external_to_all(teams_chat)


async def external_to_all(chat: Workplace) -> None:
    """Sam's account is known to be of another organization, and nothing waits for him there."""
    account = await chat.bot.read(lambda store: store.chat.accounts.find(chat.name, account_of(chat, "sam")))
    assert account.state == "external"
    assert await chat.bot.read(lambda store: store.chat.people.switched_off()) == {"sam"}
    told = await says(chat, "ines", "/city people")
    assert "as a member of another organization; take them out of people.toml" in told.text


async def test_somebody_of_another_workspace_whom_nobody_has_met_is_told_whom_to_ask(slack_chat: SlackChat) -> None:
    slack_chat.slack.add_user("eve", "eve@riverton.example.org")
    slack_chat.slack.user("eve").is_stranger = True
    slack_chat.slack.channel("ops").members.append(slack_chat.slack.user("eve").id)
    told = await slack_chat.person("eve").says("risk list", "ops")
    assert "Please ask your contact at the city." in told.text
    assert (
        await slack_chat.bot.read(lambda store: store.chat.accounts.find("slack", account_of(slack_chat, "eve")))
        is None
    )


@pytest.mark.doors
async def test_a_guest_of_no_file_leaves_nothing_behind(platform_chat: Workplace) -> None:
    people = await platform_chat.bot.read(lambda store: len(store.chat.people.everybody()))
    if isinstance(platform_chat, TeamsChat):
        platform_chat.teams.add_user("gus", "gus@elsewhere.example.org", guest=True)
        platform_chat.teams.team("City").members.append(platform_chat.teams.user("gus").id)
    else:
        platform_chat.slack.add_user("gus", "gus@elsewhere.example.org", is_restricted=True)
    await platform_chat.bot.application.everybody.look()
    assert await platform_chat.bot.read(lambda store: len(store.chat.people.everybody())) <= people + 21
    assert (
        await platform_chat.bot.read(lambda store: [user for user in store.chat.people.everybody() if "gus" in user.id])
        == []
    )


async def test_a_message_to_an_account_that_is_switched_off_goes_to_the_other_one(slack_chat: SlackChat) -> None:
    await change(slack_chat, 'id = "sam"', 'id = "sam"\nemails = ["s.rivers@riverton.example.org"]')
    newcomer(slack_chat, "samuel", "s.rivers@riverton.example.org")
    await says(slack_chat, "samuel", "/city today")
    await slack_chat.bot.pass_time(minutes=5)
    await says(slack_chat, "sam", "/city today")
    switch(slack_chat, "sam", off=True)  # and nobody tells the bot
    await says(slack_chat, "ines", "/risk add Levee crack; likelihood 5; impact 5; owner @sam")
    await slack_chat.bot.pass_time(minutes=5)
    assert any("Levee crack" in message.text for message in await slack_chat.person("samuel").direct())
    slack_chat.slack.refusals.clear()


@pytest.mark.doors
async def test_five_thousand_accounts_are_listed_in_twenty_five_calls(slack_chat: SlackChat) -> None:
    while len(slack_chat.slack.users) < 5000:
        number = len(slack_chat.slack.users)
        slack_chat.slack.add_user(f"p{number}", f"p{number}@riverton.example.org")
    slack_chat.slack.user("hugo").deleted = True
    slack_chat.slack.calls.clear()
    slack_chat.slack.fail("users.list", how="429", retry_after=30)
    looking = slack_chat.bot.application.everybody
    await _with_the_clock_going_on(slack_chat, looking.look())
    calls = [call.method for call in slack_chat.slack.calls]
    assert (set(calls), len(calls)) == ({"users.list"}, 26)
    assert await slack_chat.bot.read(lambda store: store.chat.people.switched_off()) == {"hugo"}
    await _with_the_clock_going_on(slack_chat, looking.look())
    assert len(slack_chat.slack.calls) == 26


async def test_the_daily_list_of_teams_asks_for_pages_and_for_nobody(teams_chat: TeamsChat) -> None:
    teams = teams_chat.teams
    for number in range(600):
        teams.add_user(f"p{number}", f"p{number}@riverton.example.org")
        teams.team("City").members.append(teams.user(f"p{number}").id)
    teams.calls.clear()
    await teams_chat.bot.application.everybody.look()
    assert [call.operation for call in teams.calls] == ["members"] * 2


async def _with_the_clock_going_on(chat: Chat, work: Awaitable[object]) -> None:
    task = asyncio.ensure_future(work)
    while not task.done():
        chat.bot.clock.advance(seconds=3)
        await asyncio.sleep(0.002)
    await task

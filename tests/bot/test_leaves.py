"""Leaves: who is taken out of a team and is nowhere else any more is refused at their next command."""

import asyncio

from tests.chat.teams import TeamsChat
from tests.scenarios.peoplefile import switch


async def switched_off(chat: TeamsChat) -> frozenset[str]:
    found: frozenset[str] = await chat.bot.read(lambda store: store.chat.people.switched_off())
    return found


def looks(chat: TeamsChat) -> int:
    return sum(call.operation == "members" for call in chat.teams.calls)


async def on_its_way(chat: TeamsChat, activity: dict[str, object]) -> None:
    """Something that somebody sent before their account was switched off reaches the bot only now."""
    reply = await chat.teams.deliver(chat.bot.url, activity | {"id": chat.teams.next_id()})
    assert reply.status == 200
    await chat.bot.settle()


async def logs_feedback(chat: TeamsChat, name: str) -> dict[str, object]:
    """Somebody logs feedback; gives the activity."""
    await chat.person(name).says("/feedback add Pothole; category streets; via phone")
    assert chat.teams.last is not None
    return chat.teams.last.activity


async def test_a_command_of_somebody_who_has_left_does_nothing_as_soon_as_they_are_out_of_the_team(
    teams_chat: TeamsChat,
) -> None:
    command = await logs_feedback(teams_chat, "sam")
    await teams_chat.bot.pass_time(minutes=2)
    await on_its_way(teams_chat, command)
    assert await teams_chat.bot.read(lambda store: len(store.feedback.lists.all())) == 2
    switch(teams_chat, "sam", off=True)
    await teams_chat.teams.leave_team("City", "sam", teams_chat.bot.url)
    await on_its_way(teams_chat, command)
    assert await teams_chat.bot.read(lambda store: len(store.feedback.lists.all())) == 2
    assert "Sam Rivers: has a " in (await teams_chat.person("ines").says("/city people")).text


async def test_who_is_taken_out_of_one_team_and_still_works_here_is_served_as_before(teams_chat: TeamsChat) -> None:
    await teams_chat.bot.pass_time(minutes=2)
    await teams_chat.teams.leave_team("City", "sam", teams_chat.bot.url)
    assert await switched_off(teams_chat) == frozenset()
    assert (await teams_chat.person("sam").says("/risk list")).title == "No open risks"


async def test_many_who_leave_are_found_by_two_looks_and_who_speaks_meanwhile_is_looked_for_first(
    teams_chat: TeamsChat,
) -> None:
    teams, bot, command = teams_chat.teams, teams_chat.bot, await logs_feedback(teams_chat, "sam")
    await bot.pass_time(minutes=2)
    before = looks(teams_chat)
    for name in ("hugo", "yuki", "sam"):
        switch(teams_chat, name, off=True)
        await teams.leave_team("City", name, bot.url)
        bot.clock.advance(seconds=1)
    assert (await switched_off(teams_chat), looks(teams_chat) - before) == (frozenset({"hugo"}), 1)
    await on_its_way(teams_chat, command)
    assert await bot.read(lambda store: len(store.feedback.lists.all())) == 1
    assert (await switched_off(teams_chat), looks(teams_chat) - before) == (frozenset({"hugo", "sam", "yuki"}), 2)
    await bot.pass_time(minutes=5)
    assert looks(teams_chat) - before == 2


async def test_who_left_is_found_a_minute_later_when_they_say_nothing(teams_chat: TeamsChat) -> None:
    await teams_chat.bot.pass_time(minutes=2)
    for name in ("hugo", "yuki"):
        switch(teams_chat, name, off=True)
        await teams_chat.teams.leave_team("City", name, teams_chat.bot.url)
        teams_chat.bot.clock.advance(seconds=1)
    await teams_chat.bot.pass_time(minutes=1)
    async with asyncio.timeout(5):  # real seconds: the look is nobody's request, so nothing waits for its end
        while await switched_off(teams_chat) != {"hugo", "yuki"}:
            await teams_chat.bot.settle()


async def test_where_teams_does_not_say_who_is_left_the_list_of_the_day_is_read_soon(teams_chat: TeamsChat) -> None:
    await teams_chat.bot.pass_time(days=1)
    await teams_chat.bot.application.everybody.look()
    teams_chat.bot.clock.advance(seconds=1)
    switch(teams_chat, "sam", off=True)
    teams_chat.teams.fail("members", how="503")
    await teams_chat.teams.leave_team("City", "sam", teams_chat.bot.url)
    assert await switched_off(teams_chat) == frozenset()
    await teams_chat.bot.application.everybody.look()
    assert await switched_off(teams_chat) == {"sam"}


async def test_the_bot_that_is_taken_out_of_a_team_looks_for_nobody(teams_chat: TeamsChat) -> None:
    before = looks(teams_chat)
    await teams_chat.bot.pass_time(minutes=2)
    await teams_chat.teams.remove_from_team("City", teams_chat.bot.url)
    assert looks(teams_chat) == before

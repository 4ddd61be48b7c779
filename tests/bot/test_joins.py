"""Joins: where many come into a team, one look at the roster meets them all."""

from tests.chat.teams import TeamsChat


def looks(chat: TeamsChat) -> int:
    return sum(call.operation == "members" for call in chat.teams.calls)


async def test_many_who_join_are_met_by_two_looks_at_the_roster(teams_chat: TeamsChat) -> None:
    teams, bot = teams_chat.teams, teams_chat.bot
    await bot.pass_time(minutes=2)
    before = looks(teams_chat)
    for number in range(40):
        teams.add_user(f"p{number}", f"p{number}@riverton.example.org")
        await teams.join_team("City", f"p{number}", bot.url)
        bot.clock.advance(seconds=1)
    assert looks(teams_chat) - before == 1
    await bot.pass_time(minutes=1)
    await teams.until(lambda: looks(teams_chat) - before == 2)
    await bot.pass_time(minutes=5)
    assert looks(teams_chat) - before == 2


async def test_who_joins_alone_is_met_at_once(teams_chat: TeamsChat) -> None:
    before = looks(teams_chat)
    for number in range(2):
        await teams_chat.bot.pass_time(minutes=2)
        teams_chat.teams.add_user(f"p{number}", f"p{number}@riverton.example.org")
        await teams_chat.teams.join_team("City", f"p{number}", teams_chat.bot.url)
    assert looks(teams_chat) - before == 2

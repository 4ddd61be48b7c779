"""Gone deputies: who has left all files is asked for nothing and reminded of nothing, also not as somebody's deputy."""

from datetime import datetime

from tests.chat.door import Chat
from tests.chat.seen import Seen
from tests.scenarios.gone import leaves, written_to
from tests.scenarios.test_checkin import REMINDED, WEDNESDAY
from tests.scenarios.test_feedback_contact import log, opens

AWAY = "/city away from today to 2026-12-04; deputy @rosa"
PROMPT = "Check-in: Water and Sewer"

THEIRS = (
    "Only the city manager and admins can read the morning check, and the deputy while the city manager is not "
    "available."
)


async def at(chat: Chat, moment: datetime) -> None:
    await chat.bot.settle()
    chat.bot.clock.set(moment)
    await chat.bot.settle()


async def prompts(chat: Chat, person: str) -> list[Seen]:
    return [card for card in await chat.person(person).direct() if PROMPT in card.title]


async def asked(chat: Chat) -> list[str]:
    """Who of the city was asked for the check-in of Water and Sewer."""
    return [person for person in chat.bot.application.runtime.city().people if await prompts(chat, person)]


async def test_a_deputy_who_left_all_files_gets_no_check_in_and_who_is_above_does(chat: Chat) -> None:
    await chat.person("hugo").says(AWAY)
    await leaves(chat, "rosa")
    before = await written_to(chat, "rosa")
    await at(chat, WEDNESDAY)
    assert await asked(chat) == ["maria"]
    assert await written_to(chat, "rosa") == before


async def test_a_deputy_who_leaves_after_being_asked_is_not_reminded_and_who_is_above_is(chat: Chat) -> None:
    await chat.person("hugo").says(AWAY)
    await at(chat, WEDNESDAY)
    assert await asked(chat) == ["rosa"]
    await leaves(chat, "rosa")
    before = await written_to(chat, "rosa")
    await at(chat, REMINDED)
    assert await written_to(chat, "rosa") == before
    [prompt] = await prompts(chat, "maria")
    assert "Hugo Lindqvist" in prompt.text


async def test_setting_the_city_manager_away_with_oneself_as_deputy_gives_no_right_of_hers(chat: Chat) -> None:
    """Only an admin, her head or she herself may say that she is away; and who stands in for her decides nothing."""
    await log(chat)
    lines = ("/city morning", "/city undelivered", "/city people", "/risk export csv")

    async def may(person: str) -> list[bool]:
        told = [await chat.person(person).says(line) for line in lines]
        refused = [card.title == "You cannot do this yourself" or THEIRS in card.text for card in told]
        return [await opens(chat, person), *(not no for no in refused)]

    await chat.person("priya").typed("/city away from today to friday; deputy @priya; person @maria")
    assert "Nobody is away" in (await chat.person("priya").says("/city absences")).text
    rights = {person: await may(person) for person in ("ben", "priya", "maria")}
    assert rights == {"ben": [False] * 5, "priya": [False, False, False, False, True], "maria": [True] * 5}
    for deputy in ("ben", "priya"):
        await chat.person("ines").says(f"/city away from today to friday; deputy @{deputy}; person @maria")
        assert await may(deputy) == rights[deputy]
        ines = chat.person("ines")
        await ines.presses("End", await ines.says("/city absences"))

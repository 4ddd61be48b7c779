"""Two admins: in a city that has several, every one of them is told at once, and each home shows what is wrong."""

from handlers.kit.messages import Card
from tests.chat.door import Chat
from tests.scenarios.losing import lose
from tests.scenarios.peoplefile import Workplace, account_of, change

OLGA = 'title = "Director of Public Works"\nroles = ["department_head"]'
ADMINS = ("ines", "olga")


async def two_admins(chat: Chat) -> None:
    """Olga is an admin too."""
    await change(chat, OLGA, OLGA.replace("[", '["admin", '))


async def homes(chat: Chat) -> list[str]:
    """What the homes of both say."""
    return [(await chat.person(admin).says("/city today")).text for admin in ADMINS]


async def titles(chat: Chat, person: str) -> list[str]:
    return [card.title for card in await chat.person(person).direct()]


async def test_an_undelivered_page_reaches_both_at_once(chat: Chat) -> None:
    await two_admins(chat)
    page = Card("Crisis CR-2026-01: you are needed")
    await lose(chat, lambda context: context.post("dm:hugo", page, priority="page"), state="rejected")
    assert [await titles(chat, admin) for admin in ADMINS] == [["A page did not arrive"]] * 2
    assert await titles(chat, "felix") == []
    assert all("To decide: 1" in home for home in await homes(chat))


async def test_when_the_ops_place_is_in_trouble_both_are_asked(chat: Chat) -> None:
    await two_admins(chat)
    await lose(chat, lambda context: context.post("ops", Card("The week's checklist")))
    assert [await titles(chat, admin) for admin in ADMINS] == [["Did this message arrive?"]] * 2


async def test_what_is_set_aside_stands_in_both_homes_within_a_minute(chat: Chat) -> None:
    await two_admins(chat)
    bot = chat.bot
    await bot.settle()
    await bot.application.runtime.write(
        lambda store: store.faults.note("routine tea", "KeyError: milk", bot.clock.now())
    )
    await bot.pass_time(minutes=1)
    assert all("routine tea" in home for home in await homes(chat))
    assert "routine tea" not in (await chat.person("felix").says("/city today")).text


async def test_both_are_told_that_the_clock_may_be_wrong(chat: Chat) -> None:
    await two_admins(chat)
    await chat.bot.settle()
    chat.bot.clock.step_wall(days=30)
    await chat.bot.pass_time(minutes=1)
    for admin in ADMINS:
        assert "The clock may be wrong: routines and reminders wait" in await titles(chat, admin)


async def test_both_are_shown_an_account_that_may_be_somebody_elses(platform_chat: Workplace) -> None:
    await two_admins(platform_chat)
    await platform_chat.person("sam").says("/risk list")
    await change(platform_chat, 'email = "sam@', 'email = "rivers@')
    await change(
        platform_chat,
        'email = "rosa@riverton.example.org"',
        'email = "rosa@riverton.example.org"\nemails = ["sam@riverton.example.org"]',
    )
    line = f"account {account_of(platform_chat, 'sam')} belongs to Sam Rivers here"
    assert all(line in home for home in await homes(platform_chat))

"""Crisis duty: a commander who is gone, away or silent is replaced within a minute, and everybody knows by whom."""

import pytest
from sqlalchemy import func, select

from handlers.kit.moved import all_moved
from storage.audit import audit
from storage.database import Store
from tests.chat.door import Chat
from tests.chat.slack import SlackChat
from tests.chat.teams import TeamsChat
from tests.scenarios.gone import GONE, switched_off, written_to
from tests.scenarios.test_crisis_roles import BURST, ROOM, begin, comes, take_commander

WHY = {
    "left": "has left", "switched off": "Tom Okafor has no active account", "away": "Tom Okafor is away until",
    "unreachable": "Tom Okafor cannot be reached",
}  # fmt: skip


async def _titles(chat: Chat, person: str) -> list[str]:
    return [card.title for card in await chat.person(person).direct()]


async def _led_by_tom(chat: Chat) -> None:
    """A crisis with its commander, in which everybody who is needed has answered."""
    await begin(chat)
    await take_commander(chat)
    for person in ("felix", "victor", "ines", "hugo", "olga"):
        await comes(chat, person)


async def _status(chat: Chat) -> str:
    status = await chat.person("maria").says("/crisis status")
    return status.text


@pytest.mark.doors
@pytest.mark.parametrize("way", GONE)
async def test_within_a_minute_the_next_of_the_role_leads_for_a_commander_who_cannot(chat: Chat, way: str) -> None:
    if way == "unreachable" and chat.name.startswith("desk"):
        return  # nobody is refused at the desk
    await _led_by_tom(chat)
    await GONE[way](chat, "tom")
    before = await written_to(chat, "tom")
    await chat.bot.pass_time(minutes=1)
    orders = await chat.person("marcus").finds("you are asked to act as Commander")
    assert WHY[way] in orders.text
    assert "Open, due and promised: " in orders.text
    assert "Marcus Bell stands in as Commander" in (await chat.person("maria").direct())[-1].title
    summary, *news = await chat.place(ROOM)
    assert any("Marcus Bell stands in as Commander" in card.title for card in news)
    assert "Marcus Bell stands in)" in summary.text
    await chat.person("marcus").says("/crisis log I lead for Tom")
    await chat.bot.pass_time(minutes=60)
    assert await chat.person("marcus").finds("Activate crisis team is due now")
    if way in ("left", "switched off"):
        assert await written_to(chat, "tom") == before, "nothing is written to somebody who is gone"
    if isinstance(chat, SlackChat):
        chat.slack.refusals.clear()  # those of people who cannot be reached


@pytest.mark.doors
async def test_a_commander_who_does_nothing_after_being_asked_is_followed_and_has_it_again_by_acting(
    chat: Chat,
) -> None:
    await _led_by_tom(chat)
    await chat.bot.pass_time(minutes=60)  # the first step of the plan is due, and the commander is asked
    await chat.bot.pass_time(minutes=14)
    assert not any("asked as Commander" in title for title in await _titles(chat, "marcus"))
    await chat.bot.pass_time(minutes=2)
    orders = await chat.person("marcus").finds("you are asked to act as Commander")
    assert "Tom Okafor has not answered since 10:00 AM. You lead until they do." in orders.text
    assert "Marcus Bell stands in as Commander" in (await chat.person("maria").direct())[-1].title
    told = await chat.person("tom").finds("Marcus Bell stands in as Commander")
    assert "Commander: Tom Okafor (has not answered since 10:00 AM; Marcus Bell stands in)" in await _status(chat)
    await chat.person("tom").presses("I am here", told)
    await chat.bot.settle()
    assert "CR-2026-01: Tom Okafor is Commander again" in await _titles(chat, "marcus")
    assert "Commander: Tom Okafor\n" in await _status(chat)


@pytest.mark.doors
async def test_who_stands_in_and_is_silent_too_is_followed_and_may_take_the_role(chat: Chat) -> None:
    await _led_by_tom(chat)
    for minutes in (60, 16, 16):
        await chat.bot.pass_time(minutes=minutes)
    orders = await chat.person("dana").finds("you are asked to act as Commander")
    await chat.person("dana").presses("Take Commander", orders)
    await chat.bot.settle()
    assert await chat.person("dana").finds("you are Commander")
    assert "Commander: Dana Whitfield\n" in await _status(chat)


async def _begin(chat: Chat) -> None:
    await chat.person("olga").says(BURST)


async def test_who_is_switched_off_is_not_paged_and_the_log_says_so_while_others_of_the_role_are(chat: Chat) -> None:
    await switched_off(chat, "tom")
    await switched_off(chat, "felix")
    await _begin(chat)
    assert await written_to(chat, "tom") == await written_to(chat, "felix") == 0
    summary, *_ = await chat.place(ROOM)
    assert "Tom Okafor could not be reached: has no active account." in summary.text
    assert "You stand in for Felix Moreau." in (await chat.person("owen").finds("you are needed")).text


@pytest.mark.doors
async def test_who_leaves_after_they_were_paged_could_not_be_reached_and_the_next_is_called(chat: Chat) -> None:
    await _begin(chat)
    await switched_off(chat, "felix")
    await chat.bot.pass_time(minutes=1)
    assert "You stand in for Felix Moreau." in (await chat.person("owen").finds("you are needed")).text
    summary, *_ = await chat.place(ROOM)
    assert "Felix Moreau: could not be reached" in summary.text
    before = await written_to(chat, "felix")
    for _ in range(4):
        await chat.bot.pass_time(minutes=5)
    assert await written_to(chat, "felix") == before


async def test_the_look_at_who_is_gone_says_nothing_while_nothing_changes(desk_chat: Chat) -> None:
    def looks(store: Store) -> int:
        acts = select(func.count()).where(audit.c.act == "timer crisis.watch")
        return int(store.connection.execute(acts).scalar_one())

    await begin(desk_chat)
    await desk_chat.person("maria").says("/city away from today to friday; person @hugo")
    await desk_chat.bot.pass_time(minutes=1)
    assert "You stand in for Hugo" in (await desk_chat.person("rosa").finds("you are needed")).text
    before = await desk_chat.bot.read(looks)
    for _ in range(3):
        await desk_chat.bot.pass_time(minutes=1)
    assert await desk_chat.bot.read(looks) == before


@pytest.mark.doors
async def test_a_head_who_is_gone_after_the_roll_call_asked_them_is_followed_within_a_minute(chat: Chat) -> None:
    await _led_by_tom(chat)
    await switched_off(chat, "noah")
    await chat.bot.pass_time(minutes=1)
    question = await chat.person("maria").finds("how is Library")
    assert "You stand in for Noah Peretz, who has no active account." in question.text
    await chat.person("maria").presses("OK", question)
    board = await chat.person("maria").says("/crisis rollcall")
    assert "Library" in board.text


async def test_a_page_that_is_refused_for_good_goes_to_the_next_at_once(platform_chat: SlackChat | TeamsChat) -> None:
    chat = platform_chat
    if isinstance(chat, SlackChat):
        chat.slack.user("felix").deleted = True
    else:
        chat.teams.block("felix")
    await _begin(chat)
    await chat.bot.settle()
    assert "You stand in for Felix Moreau" in (await chat.person("owen").finds("you are needed")).text
    status = await _status(chat)
    assert "Felix Moreau could not be reached." in status
    assert "Felix Moreau: could not be reached" in status
    assert "Owen Fitzroy is called instead of Felix Moreau." in status
    assert "Felix Moreau is to be called by phone" in status


async def test_the_morning_check_names_who_stands_in_for_a_role_as_the_crisis_does(desk_chat: Chat) -> None:
    await _led_by_tom(desk_chat)
    await GONE["left"](desk_chat, "tom")
    await desk_chat.bot.pass_time(minutes=1)
    assert "Marcus Bell stands in)" in await _status(desk_chat)
    runtime = desk_chat.bot.application.runtime
    moved, _lost = await desk_chat.bot.read(lambda store: all_moved(runtime.context(store)))
    assert [(duty.holder, duty.asked) for duty in moved if "roles in crises" in duty.what] == [("tom", "marcus")]

"""Feedback late: announced at 50 and 80 percent of the working time, at 100 to the head, then in the morning check."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.chat.desk import DeskChat

WATER = "feedback add Leak; category water; via phone"  # 27 hours of working time from Monday, 09:00


async def titles(chat: DeskChat, person: str) -> list[str]:
    return [card.title for card in await chat.person(person).direct()]


@pytest.mark.doors
async def test_the_owner_is_told_at_half_time_in_the_digest_at_eighty_per_cent_at_once_and_then_the_head(
    desk_chat: DeskChat,
) -> None:
    await desk_chat.person("owen").says(WATER)
    await desk_chat.person("rosa").says("feedback take F-1")
    await desk_chat.bot.pass_time(days=1, hours=4, minutes=29)  # Tuesday, 13:29: 13 h 29 min
    assert not await desk_chat.bot.read(lambda store: store.feedback.records.find("F-1").mark)
    await desk_chat.bot.pass_time(minutes=2)
    assert await desk_chat.bot.read(lambda store: store.feedback.records.find("F-1").mark) == 50
    assert await titles(desk_chat, "rosa") == ["F-1 is yours now"]
    await desk_chat.bot.pass_time(hours=20)  # Wednesday, 09:31: 18 h 31 min
    assert "F-1 Leak: half of the time to answer is used" in (await desk_chat.person("rosa").direct())[-1].text
    await desk_chat.bot.pass_time(hours=3, minutes=6)  # 12:37: 21 h 37 min of 27
    assert (await titles(desk_chat, "rosa"))[-1] == "F-1: 80 percent of the time to answer is used"
    assert "F-1 is late; it is with Rosa Delgado" not in await titles(desk_chat, "hugo")
    await desk_chat.bot.pass_time(days=4, hours=20, minutes=30)  # Monday after Thanksgiving, 09:07
    assert (await titles(desk_chat, "rosa")).count("F-1: the time to answer is over") == 1
    [late] = [card for card in await desk_chat.person("hugo").direct() if card.title.startswith("F-1 is late")]
    assert late.title == "F-1 is late; it is with Rosa Delgado"
    assert "Give it to somebody" in late.buttons
    await desk_chat.bot.pass_time(days=1)
    check = [card for card in await desk_chat.person("maria").direct() if card.title.startswith("Good morning")][-1]
    assert "Rosa Delgado: F-1 Leak (was due Mon Nov 30, 9:00 AM)" in check.text


@pytest.mark.doors
async def test_a_pause_cancels_the_marks_and_going_on_plans_them_later(desk_chat: DeskChat) -> None:
    rosa = desk_chat.person("rosa")
    await desk_chat.person("owen").says(WATER)
    await rosa.says("feedback take F-1")
    await desk_chat.bot.pass_time(hours=4)
    await rosa.says("feedback wait F-1; whom resident; reason Asked for the meter's number; until 2026-12-07")
    later = desk_chat.bot.clock.now() + timedelta(days=400)
    waiting = await desk_chat.bot.read(lambda store: store.time.timers.due(later, 50))
    assert [timer for timer in waiting if timer.kind == "feedback.mark"] == []
    await desk_chat.bot.pass_time(days=7)
    assert await desk_chat.bot.read(lambda store: store.feedback.records.find("F-1").mark) == 0
    await rosa.says("feedback resume F-1")  # Monday, 30 Nov, 13:00, with 4 of 27 hours used
    due = await desk_chat.bot.read(lambda store: store.feedback.records.find("F-1").due_at)
    local = desk_chat.bot.application.runtime.city().calendar.spoken(due)
    assert local == "Thu Dec 3, 9:00 AM"  # 4 h on Monday, 9 on Tuesday and Wednesday, 1 on Thursday
    await desk_chat.bot.pass_time(days=1)
    assert await desk_chat.bot.read(lambda store: store.feedback.records.find("F-1").mark) == 0
    await desk_chat.bot.pass_time(hours=2)
    assert await desk_chat.bot.read(lambda store: store.feedback.records.find("F-1").mark) == 50


async def test_what_nobody_has_taken_is_told_in_the_departments_place(desk_chat: DeskChat) -> None:
    await desk_chat.person("owen").says(WATER)
    await desk_chat.bot.pass_time(days=2)
    told = [card.title for card in await desk_chat.place("water")]
    assert told == ["F-1 Water and sewers", "F-1: half of the time to answer is used"]


async def test_closing_ends_the_clock_and_nobody_is_told_any_more(desk_chat: DeskChat) -> None:
    await desk_chat.person("owen").says(WATER)
    await desk_chat.bot.pass_time(hours=5)
    await desk_chat.person("rosa").says("feedback close F-1; reason done; answer Tight again")
    await desk_chat.bot.pass_time(days=9)
    assert [card.title for card in await desk_chat.place("water")][:1] == ["F-1 Water and sewers"]
    closed = await desk_chat.bot.read(lambda store: store.feedback.records.find("F-1"))
    assert (closed.mark, closed.took) == (0, 5 * 3600)


async def test_a_deputy_is_told_while_the_owner_is_away(desk_chat: DeskChat) -> None:
    await desk_chat.person("owen").says(WATER)
    await desk_chat.person("rosa").says("feedback take F-1")
    await desk_chat.person("rosa").says("city away from 2026-11-25 to 2026-12-04; deputy @hugo")
    await desk_chat.bot.pass_time(days=2, hours=5)
    assert "F-1: 80 percent of the time to answer is used" in await titles(desk_chat, "hugo")


@pytest.mark.doors
async def test_what_waits_until_a_day_asks_on_that_day(desk_chat: DeskChat) -> None:
    rosa = desk_chat.person("rosa")
    await desk_chat.person("owen").says(WATER)
    await rosa.says("feedback take F-1")
    await rosa.says("feedback wait F-1; whom weather; reason Frost; until 2026-12-01")
    await desk_chat.bot.pass_time(days=7)
    digests = [
        card for card in await rosa.direct() if "F-1 Leak (waiting for the weather until Tue Dec 1)" in card.text
    ]
    assert digests == []
    await desk_chat.bot.pass_time(days=1)
    [asked] = [
        card for card in await rosa.direct() if "F-1 Leak (waiting for the weather until Tue Dec 1)" in card.text
    ]
    card = await rosa.presses("Resume", asked)
    assert card.title == "F-1 is not paused anymore"


async def test_the_week_of_a_department_is_summed_up_in_its_place(desk_chat: DeskChat) -> None:
    for _ in range(4):
        await desk_chat.person("owen").says(WATER)
    for number, hours in ((1, 2), (2, 3)):
        await desk_chat.bot.pass_time(hours=hours)
        await desk_chat.person("rosa").says(f"feedback close F-{number}; reason done; answer Tight")
    await desk_chat.person("rosa").says("feedback duplicate F-3; of F-1")
    await desk_chat.bot.pass_time(days=7)  # Monday, 30 Nov, 14:00
    [week] = [card for card in await desk_chat.place("water") if card.title == "Water and Sewer: last week's feedback"]
    said = " ".join(week.text.split())
    assert "New 4 Closed 3 Median time 3 h 30 min On time 100% (2 of 2) Open 1" in said
    assert "late F-4 Water and sewers: Leak" in said
    assert "1 late" in said
    assert not [card for card in await desk_chat.place("parks") if "last week's feedback" in card.title]


async def test_what_comes_on_a_holiday_monday_is_counted_in_its_own_week_alone(desk_chat: DeskChat) -> None:
    async def weeks() -> list[str]:
        return [" ".join(card.text.split()) for card in await desk_chat.place("water") if "last week's" in card.title]

    desk_chat.bot.clock.set(datetime(2027, 1, 18, 15, 0, 1, tzinfo=UTC))  # Martin Luther King Jr. Day
    await desk_chat.person("owen").says(WATER)
    await desk_chat.bot.pass_time(days=1)
    assert "New 0 Closed 0" in (await weeks())[-1]
    await desk_chat.bot.pass_time(days=6)
    assert "New 1 Closed 0" in (await weeks())[-1]


@pytest.mark.doors
async def test_news_that_holds_no_more_is_left_out_of_the_digest_and_the_rest_says_of_when_it_is(
    desk_chat: DeskChat,
) -> None:
    rosa = desk_chat.person("rosa")
    for number in (1, 2):
        await desk_chat.person("owen").says(WATER.replace("Leak", f"Leak {number}"))
        await rosa.says(f"feedback take F-{number}")
    await desk_chat.bot.pass_time(hours=23, minutes=40)  # Tuesday, 08:40: after the digest
    await desk_chat.bot.pass_time(hours=5, minutes=20)  # 14:00: half of their time is gone
    await rosa.says("feedback close F-1; reason done; answer Tight again")
    await desk_chat.bot.pass_time(hours=18, minutes=31)  # Wednesday, 08:31
    digest = (await rosa.direct())[-1]
    assert "F-1" not in digest.text
    assert "F-2 Leak 2: half of the time to answer is used, answer by Mon Nov 30, 9:00 AM. (Tue Nov 24)" in digest.text

"""Crisis reports and statements: due at their own pace, promised, approved by a second person; at every door."""

from datetime import UTC, datetime

import pytest

from tests.chat.door import Chat
from tests.scenarios.ended import stand_down
from tests.scenarios.test_crisis_roles import ROOM, begin, take_commander

STATEMENT = (
    "/crisis statement A water main has burst.; who Mill Road and Park Street; since 08:40 today; "
    "do Boil water before you drink it.; next in 2 hours"
)


@pytest.mark.parity("Be reminded of a report, and put it off")
async def test_reports_are_due_at_their_own_pace_and_can_be_put_off(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    await chat.bot.pass_time(hours=2, seconds=30)
    tom = chat.person("tom")
    asked = await tom.finds("the working report is due")
    later = await tom.presses("In 30 minutes", asked)
    assert "I will ask again at 11:3" in later.title
    await chat.bot.pass_time(minutes=31)
    assert "the working report is due" in (await tom.direct())[-1].title
    assert not [card for card in await tom.direct() if "executive" in card.title]
    await tom.says("/crisis log The pumps run")
    await chat.bot.pass_time(hours=2)
    assert [card for card in await tom.direct() if "the executive report is due" in card.title]


@pytest.mark.doors
async def test_nobody_is_reminded_of_a_report_that_was_just_written(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    await chat.bot.pass_time(hours=1, minutes=55)
    tom = chat.person("tom")
    told = await tom.says("/crisis report Pumps run; next in 3 hours")
    assert told.title == "Working report of CR-2026-01 is on its way"
    await chat.bot.pass_time(hours=2, minutes=30)
    assert not [card for card in await tom.direct() if "the working report is due" in card.title]
    [summary, *rest] = await chat.place(ROOM)
    assert [card for card in rest if card.title == "CR-2026-01: working report" and "Pumps run" in card.text]
    assert "Working report: last 2 hours ago, next update promised for 1:5" in summary.text


async def test_the_executive_report_reaches_the_city_manager_and_everybody(chat: Chat) -> None:
    await begin(chat)
    await chat.person("tom").says("/crisis report Two streets are dry; kind executive")
    assert "Two streets are dry" in (await chat.person("maria").finds("executive report")).text
    assert [card for card in await chat.place("ops") if card.title == "CR-2026-01: executive report"]


async def test_a_report_begins_with_what_stands_on_the_board(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    form = await chat.person("tom").opens("/crisis report")
    for said in (
        "Commander: Tom Okafor",
        "Next step: Activate crisis team, Tom Okafor",
        "1 on the way",
        "12 not answered yet",
    ):
        assert said in form.values["text"]


@pytest.mark.doors
async def test_a_report_that_was_put_off_and_then_written_is_not_put_off_again(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    await chat.bot.pass_time(hours=2, seconds=30)
    tom, dana = chat.person("tom"), chat.person("dana")
    asked = await tom.finds("the working report is due")
    await tom.presses("In 30 minutes", asked)
    await tom.presses("In 30 minutes", asked)  # a double click loses no reminder
    await dana.says("/crisis report Pumps run; kind working; next in 3 hours")
    assert (await tom.finds("the working report is not due anymore")).buttons == {}
    late = await tom.presses("In 30 minutes", asked)
    assert "Dana Whitfield wrote the working report at 11:0" in late.text
    await chat.bot.pass_time(hours=2, minutes=50)
    assert not [card for card in await tom.direct() if "the working report is due" in card.title]
    await tom.says("/crisis log The pumps run")
    await chat.bot.pass_time(minutes=15)
    assert await tom.finds("the working report is due")


@pytest.mark.parity("See on the board which report of a crisis is late")
async def test_a_late_report_is_named_on_the_board_and_waits_for_whoever_speaks(chat: Chat) -> None:
    await begin(chat)
    await chat.person("tom").says("/crisis report Two streets are dry; kind executive")
    await chat.bot.pass_time(hours=5)
    [summary, *_] = await chat.place(ROOM)
    assert "Executive report: last 5 hours ago, late since 1:0" in summary.text
    assert "late since 11:0" in summary.text, "the working report is late longest"
    today = await chat.person("tom").says("/city today")
    assert "CR-2026-01: the executive report has been due since 1:0" in today.text
    await chat.person("tom").opens("Write it", await chat.person("tom").finds("the executive report is due"))
    await stand_down(chat)
    assert (await chat.person("tom").finds("the executive report is not due anymore")).buttons == {}
    before = len(await chat.person("tom").direct())
    await chat.bot.pass_time(hours=10)
    assert len(await chat.person("tom").direct()) == before


@pytest.mark.doors
async def test_reports_of_a_drill_are_owed_by_nobody_and_of_a_crisis_by_who_writes_them(chat: Chat) -> None:
    await begin(chat, "; kind drill")
    chat.bot.clock.set(datetime(2026, 11, 24, 12, 30, 1, tzinfo=UTC))  # 07:30:01 in Riverton
    await chat.bot.settle()
    assert "report is due" not in (await chat.person("maria").finds("Good morning")).text
    today = await chat.person("tom").says("/city today")
    assert "report is due" not in today.text
    await chat.person("tom").says(STATEMENT.replace("08:40 today", "yesterday 22:00"))
    await chat.bot.settle()
    today = await chat.person("dana").says("/city today")
    assert "DRILL: CR-2026-01: a statement waits" in today.text


@pytest.mark.doors
async def test_the_morning_check_says_who_owes_a_report(chat: Chat) -> None:
    await begin(chat)
    chat.bot.clock.set(datetime(2026, 11, 24, 12, 30, 1, tzinfo=UTC))
    await chat.bot.settle()
    morning = await chat.person("maria").finds("Good morning")
    assert "Tom Okafor: CR-2026-01: the executive report has been due since" in morning.text
    assert "nobody: " not in morning.text


@pytest.mark.doors
async def test_a_report_from_its_reminder_begins_with_what_was_decided_since_the_last(chat: Chat) -> None:
    await begin(chat)
    await chat.bot.pass_time(minutes=5)
    tom = chat.person("tom")
    await tom.says("/crisis log Close the valve at Mill Road; kind decided")
    await tom.says("/crisis report Two streets are dry; kind executive")
    await chat.bot.pass_time(minutes=5)
    await tom.says("/crisis log Bring water to Park Street; kind decided")
    await chat.bot.pass_time(hours=4)
    form = await tom.opens("Write it", await tom.finds("the executive report is due"))
    assert (form.values["kind"], form.values["crisis"]) == ("executive", "CR-2026-01")
    assert "decided: Bring water to Park Street" in form.values["text"]
    assert "12 silent" in form.values["text"]
    for other in ("Close the valve", "Executive report", "[Write a report]", "no statement yet"):
        assert other not in form.values["text"]
    told = await tom.fills(form, text="Water is on its way", next="in 4 hours")
    assert "The next one is due at 5:10 PM." in told.text
    assert "Water is on its way" in (await chat.person("maria").finds("executive report")).text


async def test_a_time_that_is_none_is_said_beside_its_field(chat: Chat) -> None:
    await begin(chat)
    form = await chat.person("tom").opens("/crisis report Pumps run; next soon")
    assert form.values["next"] == "soon"
    again = await chat.person("tom").is_asked_again(form, next="later")
    assert "Write it like 14:00" in again.errors["next"]


@pytest.mark.parity("Approve a statement to the public")
async def test_a_statement_has_its_parts_and_a_second_person_approves_it(chat: Chat) -> None:
    await begin(chat)
    felix, maria = chat.person("felix"), chat.person("maria")
    drafted = await felix.says(STATEMENT)
    assert drafted.title == "CR-2026-01: Waits for a second person"
    await maria.presses("Approve", await maria.finds("please approve a statement"))
    approved = await maria.finds("statement approved")
    assert "Approved by Maria Lopez" in approved.text
    [posted] = [card for card in await chat.place(ROOM) if card.title == "CR-2026-01: statement approved"]
    for part in ("A water main has burst.", "Mill Road and Park Street", "08:40 today", "Boil water"):
        assert part in posted.text
    assert (await chat.person("tom").finds("statement approved")).buttons == {}


async def test_nobody_approves_their_own_and_a_part_left_out_is_asked_for(chat: Chat) -> None:
    await begin(chat)
    tom = chat.person("tom")
    form = await tom.opens("/crisis statement Water main burst; who Mill Road")
    missing = await tom.is_asked_again(form, since="08:40")
    assert set(missing.errors) == {"do"}
    missing = await tom.is_asked_again(missing, do="Boil water")
    assert set(missing.errors) == {"next"}
    await tom.fills(missing, next="in 2 hours")
    assert not [card for card in await tom.direct() if "please approve" in card.title]
    today = await chat.person("dana").says("/city today")
    assert "a statement waits for a second person" in today.text


async def test_a_statement_that_is_sent_back_says_why(chat: Chat) -> None:
    await begin(chat)
    await chat.person("felix").says(STATEMENT)
    maria = chat.person("maria")
    form = await maria.opens("Send back", await maria.finds("please approve a statement"))
    await maria.fills(form, why="Say which streets exactly")
    assert "Say which streets exactly" in (await chat.person("felix").finds("statement sent back")).text

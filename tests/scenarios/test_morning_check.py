"""Morning check: what the city manager reads at 07:30, at every door."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from bot.piecework import send_by_hand
from handlers.kit.city.model import City
from handlers.kit.morning import ROUTINE, Content
from tests.chat.bot import Bot
from tests.chat.desk import DeskChat
from tests.chat.door import Chat
from tests.chat.seen import Seen

NEXT_MORNING = datetime(2026, 11, 24, 12, 30, 1, tzinfo=UTC)  # 07:30:01 in Riverton, a Tuesday


async def _next_morning(chat: Chat) -> Seen:
    """The morning check of the next morning."""
    await chat.bot.settle()
    chat.bot.clock.set(NEXT_MORNING)
    await chat.bot.settle()
    return (await chat.person("maria").direct())[-1]


async def _by_hand(chat: Chat) -> Seen:
    """The morning check that is sent by hand now."""
    runtime = chat.bot.application.runtime
    routine, day = runtime.catalogue.routines[ROUTINE], runtime.city().calendar.today(chat.bot.clock.now())
    await send_by_hand(runtime, chat.bot.application.ledger, routine, day, "ines")
    return (await _mornings(chat, "maria"))[-1]


async def _kept(bot: Bot) -> Content:
    """What stands in the newest morning check."""
    morning = await bot.read(lambda store: store.morning_checks.newest())
    assert morning is not None
    return Content.model_validate_json(morning.content)


async def _mornings(chat: Chat, person: str) -> list[Seen]:
    """The morning checks that somebody has got."""
    return [card for card in await chat.person(person).direct() if card.title.startswith("Good morning")]


async def test_a_quiet_night_says_so_to_the_manager_and_to_operations(chat: Chat) -> None:
    card = await _next_morning(chat)
    assert card.title == "Good morning. Riverton, Tue Nov 24, 7:30 AM"
    [told] = await chat.place("ops")
    assert told.title == "Riverton this morning, Tue Nov 24, 7:30 AM"
    for seen in (card, told):
        assert seen.status == "Quiet"
        assert "Nothing new since Mon Nov 23, 7:30 AM." in seen.text


@pytest.mark.parity("Read at half past seven what came in overnight")
async def test_what_to_decide_stands_first_and_what_came_in_and_who_is_silent_behind_it(chat: Chat) -> None:
    await chat.person("sam").says("/risk add Dam gate stuck; likelihood 4; impact 5")
    await chat.person("owen").says("/feedback add Deep pothole; category streets; via phone")
    await chat.person("olga").says("/crisis activate Water main burst; level 2")
    card = await _next_morning(chat)
    assert card.status == "Extreme"
    for words in (
        "R-1 Dam gate stuck has no owner (score 20).",
        "CR-2026-01 Water main burst",
        "New feedback: 1",
        "F-1 Streets and potholes",
        "Paged and not answered: 10",
    ):
        assert words in card.text
    assert card.text.index("R-1 Dam gate stuck") < card.text.index("CR-2026-01") < card.text.index("New feedback: 1")
    assert "Nothing new" not in card.text


@pytest.mark.doors
async def test_every_count_is_what_the_tables_give(chat: Chat) -> None:
    for number in range(7):
        await chat.person("sam").says(f"/risk add Dam gate {number} stuck; likelihood 4; impact {3 + number % 3}")
    await chat.person("olga").says("/crisis activate Water main burst; level 2")
    for number in range(3):
        await chat.person("owen").says(f"/feedback add Deep pothole {number}; category streets; via phone")
    card = await _next_morning(chat)
    queries = {
        "New crises": "SELECT count(*) FROM crises",
        "New risks": "SELECT count(*) FROM risks",
        "New feedback": "SELECT count(*) FROM feedback",
        "Open, Extreme or High": "SELECT count(*) FROM risks WHERE state = 'open' AND score >= 10",
        "Open crises": "SELECT count(*) FROM crises WHERE state <> 'over'",
        "Paged and not answered": "SELECT count(*) FROM crisis_pages WHERE answer IS NULL",
    }
    totals = {part.title: part.total for part in (await _kept(chat.bot)).sections}
    for heading, query in queries.items():
        count = await chat.bot.read(lambda store, query=query: store.connection.execute(text(query)).scalar())
        assert count
        assert totals[heading] == count
    assert "New risks: 7" in card.text
    assert "And 1 more." in card.text
    assert (await chat.person("maria").presses("See all", card)).title.startswith("Open risks")


async def test_what_is_dealt_with_through_the_day_says_so_and_the_counts_stay(chat: Chat) -> None:
    sam = chat.person("sam")
    await sam.says("/risk add Dam gate stuck; likelihood 4; impact 5")
    await sam.says("/risk add Dark street; likelihood 1; impact 2")
    await _next_morning(chat)
    chat.bot.clock.advance(minutes=42)
    await chat.person("olga").says("/risk close R-1; reason The gate was repaired")
    [card] = await _mornings(chat, "maria")
    assert card.title == "Good morning. Riverton, Tue Nov 24, 7:30 AM"
    assert "New risks: 2" in card.text
    assert "Done (closed by Olga Brandt, 8:12 AM): R-1 Dam gate stuck" in card.text
    assert card.status == "All decided"
    assert "Done" not in card.text.split("R-2")[1].split("\n")[0]


@pytest.mark.doors
async def test_any_button_on_it_says_who_has_read_it(chat: Chat) -> None:
    await chat.person("sam").says("/risk add Dam gate stuck; likelihood 4; impact 5")
    card = await _next_morning(chat)
    assert "I have read this" in card.buttons
    taken = await chat.person("maria").presses("Take it", card)
    assert taken.title == "Maria Lopez looks after R-1 now"
    [card] = await _mornings(chat, "maria")
    assert "Read by Maria Lopez at 7:30 AM." in card.text
    assert "I have read this" not in card.buttons
    await chat.bot.pass_time(hours=2)
    assert await _mornings(chat, "olga") == []


@pytest.mark.doors
async def test_one_that_nobody_has_read_by_nine_goes_to_the_deputy(chat: Chat) -> None:
    await _next_morning(chat)
    chat.bot.clock.set(datetime(2026, 11, 24, 14, 0, 1, tzinfo=UTC))  # 09:00 in Riverton
    olga = chat.person("olga")
    [card] = await _mornings(chat, "olga")
    assert "Maria Lopez has not read this yet. You stand in for them." in card.text
    await olga.presses("I have read this", card)
    for person in ("olga", "maria"):
        [card] = await _mornings(chat, person)
        assert "Read by Olga Brandt at 9:00 AM." in card.text


@pytest.mark.doors
async def test_what_is_late_stands_in_it_with_whose_it_is_and_what_waits_for_the_reader_too(chat: Chat) -> None:
    sam = chat.person("sam")
    await sam.says("/risk add Bridge bearing cracked; likelihood 2; impact 2; owner @olga; review 2026-11-24")
    await sam.says("/risk add Pump worn; likelihood 2; impact 2; owner @olga; review 2026-11-25")
    await sam.says("/risk add Budget late; likelihood 2; impact 2; owner @maria; review 2026-12-24")
    await _next_morning(chat)
    chat.bot.clock.advance(minutes=1)
    card = await _by_hand(chat)  # nothing is new any more
    late = card.text.rindex("Due today or late: 1")
    assert "Olga Brandt: R-1 Bridge bearing cracked (score 4, review Tue Nov 24)" in card.text[late:]
    assert "Pump worn" not in card.text[late:]
    assert "Budget late" in card.text[card.text.rindex("Waiting for you: 3") : late]


@pytest.mark.doors
async def test_it_is_sent_once_and_not_on_a_holiday(chat: Chat) -> None:
    await _next_morning(chat)
    for _ in range(16):  # to Saturday: Thursday and Friday are closed
        await chat.bot.pass_time(hours=6)
    titles = [card.title for card in await _mornings(chat, "maria")]
    assert titles == ["Good morning. Riverton, Tue Nov 24, 7:30 AM", "Good morning. Riverton, Wed Nov 25, 7:30 AM"]


@pytest.mark.doors
async def test_a_quiet_night_is_proved_by_who_has_reported(desk_chat: DeskChat) -> None:
    bot, maria = desk_chat.bot, desk_chat.person("maria")
    await bot.settle()  # planned before it is due
    bot.clock.set(datetime(2026, 12, 3, 15, 0, 1, tzinfo=UTC))  # Thursday 10:00 in Riverton: heads are asked
    await bot.settle()
    city = bot.application.runtime.city()
    *others, last = city.departments.values()
    for department in others:
        await desk_chat.person(department.head).says(_check_in(city, department.id))
    bot.clock.set(datetime(2026, 12, 4, 12, 30, 1, tzinfo=UTC))
    card = (await maria.direct())[-1]
    assert "11 of 12 departments answered the check-in." in card.text
    assert "No answer to the check-in: 1" in card.text
    assert f"{city.people[last.head].name} was asked" in card.text
    await desk_chat.person(last.head).says(_check_in(city, last.id))
    bot.clock.set(datetime(2026, 12, 7, 12, 30, 1, tzinfo=UTC))
    await bot.settle()
    mornings = [message for message in await maria.direct() if message.title.startswith("Good morning")]
    assert "Nothing new since Fri Dec 4, 7:30 AM. 12 of 12 departments answered the check-in." in mornings[-1].text


def _check_in(city: City, department: str) -> str:
    """A department's check-in in one line, with every number it is asked for."""
    asked = [number for number in city.checkin.number if not number.departments or department in number.departments]
    return "; ".join(["/checkin health 4", *(f"{number.id.replace('-', ' ')} 3" for number in asked)])


@pytest.mark.doors
async def test_a_deputy_to_whom_it_was_passed_on_opens_it_again_with_what_is_folded_and_its_buttons(chat: Chat) -> None:
    await chat.person("sam").says("/risk add Dam gate stuck; likelihood 4; impact 5; owner @sam")
    await _next_morning(chat)
    chat.bot.clock.set(datetime(2026, 11, 24, 14, 0, 1, tzinfo=UTC))  # 09:00 in Riverton
    olga = chat.person("olga")
    await olga.direct()
    assert "Given to" not in (await olga.says("/city morning")).text
    shown = await olga.presses("Show", await olga.says("/city morning"))
    assert shown.title == "R-1 Dam gate stuck"
    form = await olga.opens("Delegate", await olga.says("/city morning"))
    await olga.fills(form, owner="@sam", what="Call the crane", due="2026-11-26")
    assert "Given to Sam Rivers as A-1, due Thu Nov 26. R-1 Dam gate stuck" in (await olga.says("/city morning")).text
    assert (
        "Only the city manager and admins can read the morning check"
        in (await chat.person("hugo").says("/city morning")).text
    )


@pytest.mark.doors
async def test_a_department_that_strains_is_told_until_the_next_check_in_and_can_be_shown(chat: Chat) -> None:
    await chat.bot.settle()
    chat.bot.clock.set(datetime(2026, 12, 3, 15, 0, 1, tzinfo=UTC))
    await chat.bot.settle()
    city, maria = chat.bot.application.runtime.city(), chat.person("maria")
    for department, health in (("water", 1), ("parks", 2), ("police", 3)):
        line = _check_in(city, department).replace("health 4", f"health {health}")
        await chat.person(city.departments[department].head).says(line)
    await chat.bot.settle()
    chat.bot.clock.set(datetime(2026, 12, 4, 12, 30, 1, tzinfo=UTC))
    check = await maria.finds("Good morning. Riverton, Fri Dec 4")
    assert check.status == "Struggling"
    assert "Water and Sewer: the team is struggling, 1 of 5 (check-in of Thu Dec 3)." in check.text
    assert "1 more department is under strain." in check.text
    assert "Departments under strain: 2" in check.text
    assert (await maria.presses("Show", check)).title.startswith("Check-in: ")
    [told] = [card for card in await chat.place("ops") if "Fri Dec 4" in card.title]
    assert "Water and Sewer" not in told.text
    chat.bot.clock.set(datetime(2026, 12, 10, 12, 30, 1, tzinfo=UTC))
    assert "the team is struggling" not in (await maria.finds("Good morning. Riverton, Thu Dec 10")).text


async def test_a_page_that_the_manager_has_not_answered_stands_beside_its_crisis_with_its_buttons(
    desk_chat: Chat,
) -> None:
    await desk_chat.person("olga").says("/crisis activate Water main burst; level 3")
    card = await _next_morning(desk_chat)
    assert "CR-2026-01 Water main burst: " in card.text
    waits = card.text[card.text.index("Waiting for you") :]
    assert "Crisis CR-2026-01: you are needed. Water main burst" in waits
    await desk_chat.person("maria").presses("On my way", card)
    page = await desk_chat.bot.read(lambda store: store.crisis.pages.find("CR-2026-01", "maria"))
    assert page.answer == "coming"


async def test_a_drill_stays_in_sight_when_a_department_is_late_with_its_answer(desk_chat: Chat) -> None:
    await desk_chat.person("olga").says("/crisis activate Flood exercise; level 2; kind drill")
    await desk_chat.person("tom").says("/crisis confirm CR-2026-01")
    await desk_chat.person("tom").says("/crisis rollcall")
    card = await _next_morning(desk_chat)
    assert "Open drills: 1" in card.text
    assert "CR-2026-01 Flood exercise (drill" in card.text
    assert "DRILL: Crisis CR-2026-01 Flood exercise: how is " in card.text
    assert "?." not in card.text

"""Home: what waits for somebody, in one card, at every door."""

import re
from datetime import UTC, datetime

import pytest

from tests.chat.door import Chat
from tests.chat.seen import Seen


async def test_when_nothing_waits_the_usual_commands_are_there(chat: Chat) -> None:
    sam = chat.person("sam")
    card = await sam.says("/city today")
    assert card.title == "What is waiting for you"
    assert "Nothing is waiting for you." in card.text
    await sam.opens("Log a risk", card)


@pytest.mark.parity("Read what waits for one")
async def test_own_risks_stand_there_with_the_nearest_review_first(chat: Chat) -> None:
    sam = chat.person("sam")
    for line in ("No date; likelihood 5; impact 2", "Later; likelihood 2; impact 2; review 2026-12-24",
                 "Sooner; likelihood 2; impact 2; review 2026-12-01"):  # fmt: skip
        await sam.says(f"/risk add {line}; owner @sam")
        await chat.bot.pass_time(seconds=5)
    await sam.says("/risk add Not his; likelihood 2; impact 2; owner @olga")
    card = await sam.says("/city today")
    assert "Your open risks: 3" in card.text
    places = [card.text.index(words) for words in ("Sooner", "Later", "No date")]
    assert places == sorted(places)
    assert "Not his" not in card.text


async def test_a_review_that_is_past_says_so(chat: Chat) -> None:
    sam = chat.person("sam")
    await sam.says("/risk add Dam gate stuck; likelihood 2; impact 2; owner @sam; review tomorrow")
    await chat.bot.pass_time(days=3)
    card = await sam.says("/city today")
    assert "review overdue since Tue Nov 24" in card.text


async def test_a_day_of_another_year_is_shown_with_its_year(desk_chat: Chat) -> None:
    sam = desk_chat.person("sam")
    await sam.says("/risk add Dam gate stuck; likelihood 2; impact 2; owner @sam; review tomorrow")
    desk_chat.bot.clock.set(datetime(2026, 12, 30, 15, tzinfo=UTC))
    coming = await desk_chat.person("maria").says("/city schedule")
    assert "Thu Dec 31, 7:30 AM" in coming.text
    assert "Mon Jan 4, 2027, 7:30 AM" in coming.text
    desk_chat.bot.clock.set(datetime(2027, 1, 4, 15, tzinfo=UTC))
    assert "review overdue since Tue Nov 24, 2026" in (await sam.says("/city today")).text
    listed = " ".join((await sam.says("/risk list overdue")).text.split())
    assert "review overdue since Tue Nov 24, 2026" in listed
    assert "Logged by Sam Rivers on Mon Nov 23, 2026, 9:00 AM" in (await sam.says("/risk show R-1")).text


async def test_the_department_reads_what_it_has_to_answer(chat: Chat) -> None:
    await chat.person("maria").says("/feedback add Deep pothole; category streets; via phone")
    mine = await chat.person("sam").says("/city today")
    assert "Feedback for your department: 1" in mine.text
    assert "F-1 Deep pothole" in mine.text
    other = await chat.person("tom").says("/city today")
    assert "Deep pothole" not in other.text


@pytest.mark.doors
async def test_pages_stand_above_risks_and_risks_above_feedback_and_the_rest_is_counted(chat: Chat) -> None:
    olga = chat.person("olga")
    for number in range(11):
        await olga.says(f"/risk add Number {number}; likelihood 2; impact 2; owner @hugo")
    await chat.person("sam").says("/feedback add Deep pothole; category water; via phone")
    await olga.says("/crisis activate Water main burst; level 2")
    card = await chat.person("hugo").says("/city today")
    places = [card.text.index(words) for words in ("you are needed", "Your open risks: 11", "Feedback for your")]
    assert places == sorted(places)
    rest = await chat.person("hugo").unfolds("6 more", card)
    assert "Number 9" in rest.text
    feedback = await chat.person("hugo").unfolds("Feedback for your department: 1, the longest waiting first", card)
    assert "F-1 Deep pothole" in feedback.text


async def test_a_page_can_be_answered_there(chat: Chat) -> None:
    await chat.person("maria").says("/crisis activate Water main burst; level 2")
    tom = chat.person("tom")
    card = await tom.says("/city today")
    assert "you are needed" in card.text
    await tom.presses("On my way", card)
    after = await tom.says("/city today")
    assert "you are needed" not in after.text
    page = await chat.bot.read(lambda store: store.crisis.pages.find("CR-2026-01", "tom"))
    assert page.answer == "coming"


@pytest.mark.doors
async def test_every_task_of_a_long_list_can_be_reached_from_home(chat: Chat) -> None:
    sam = chat.person("sam")
    for number in range(10, 43):
        await sam.says(f"/action add Toy {number}; owner me; due today")
    card = await sam.says("/city today")
    first = set(re.findall(r"Toy \d\d", card.text[: card.text.index("more")]))
    page = await sam.unfolds(f"{33 - len(first)} more", card)
    seen = set(re.findall(r"Toy \d\d", page.text)) - first
    assert len(seen) == 10
    turn = "Next" if "Next" in page.buttons else "Show more"
    for _ in range(2):
        page, turn = await sam.presses(turn, page), "Next"
        seen |= set(re.findall(r"Toy \d\d", page.text))
    assert first | seen == {f"Toy {number}" for number in range(10, 43)}


@pytest.mark.doors
async def test_an_open_crisis_is_the_first_thing_for_those_who_work_on_it_and_a_quiet_line_for_others(
    chat: Chat,
) -> None:
    tom, maria, hugo, sam = map(chat.person, ("tom", "maria", "hugo", "sam"))
    await tom.says("/crisis activate Water main burst; level 2")
    await tom.presses("On my way", await tom.says("/city today"))
    raised = await tom.says("/city today")
    assert raised.status == "1 urgent"
    assert "Right now: 1 Level 2, not confirmed yet CR-2026-01 Water main burst" in _on_one_line(raised)
    assert "Water main burst" in (await tom.presses("Show how it stands", raised)).text
    paged = await hugo.says("/city today")
    assert "you are needed" in paged.text
    assert "Show how it stands" not in paged.buttons
    manager = await maria.says("/city today")
    assert manager.text.index("Show how it stands") < manager.text.index("To decide: 1")
    assert "Nothing is waiting for you" in (await sam.says("/city today")).text
    await maria.says("/crisis confirm CR-2026-01")
    told = await sam.says("/city today")
    assert "Open crises: 1 Level 2, active CR-2026-01 Water main burst" in _on_one_line(told)
    assert told.status == ""


def _on_one_line(message: Seen) -> str:
    """What stands in a message, without the signs before words and however its lines are broken."""
    return " ".join(re.sub("[\U0001f534\U0001f7e0\U0001f7e2\U0001f535\u26aa]", "", message.text).split())


async def test_what_is_coming_is_called_as_it_is_everywhere_else(desk_chat: Chat) -> None:
    desk_chat.bot.clock.advance(days=1)
    coming = [(await desk_chat.person(name).says("/city schedule")).text for name in ("olga", "sam")]
    assert "Check-in" in coming[0]
    assert "Stand-up" in coming[1]
    assert not re.search("Standup|Checkin|Feedback week", " ".join(coming))


async def test_a_line_says_once_how_it_stands_and_names_its_owner_only_to_others(desk_chat: Chat) -> None:
    sam, maria = desk_chat.person("sam"), desk_chat.person("maria")
    await desk_chat.person("olga").says("/action add Order salt; owner @sam; due tomorrow")
    await maria.says("/feedback add Deep pothole; category streets; via phone")
    assert re.search(r"F-1 Deep pothole \(due \w{3} \w{3} \d+, \d+:\d\d [AP]M\)", (await sam.says("/city today")).text)
    await desk_chat.bot.pass_time(days=21)
    for command in ("/city today", "/city digest"):
        text = _on_one_line(await sam.says(command))
        assert "late A-1 Order salt (was due Tue Nov 24)" in text
        assert re.search(r"late F-1 Deep pothole \(was due [^()]*[AP]M\)", text)
        assert not re.search("LATE|late since|OVERDUE", text)
    morning = _on_one_line(await maria.finds("Good morning"))
    assert "Sam Rivers: A-1 Order salt (was due Tue Nov 24)" in morning

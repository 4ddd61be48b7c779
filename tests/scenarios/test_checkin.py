"""Check-in: heads or their deputies are asked once a week, and the city manager reads one row per department."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tests.chat.door import Chat, Speaker
from tests.chat.seen import Seen, SeenForm

WEDNESDAY = datetime(2026, 11, 25, 15, 0, 1, tzinfo=UTC)  # 10:00:01 in Riverton; Thursday and Friday are closed
REMINDED = datetime(2026, 11, 30, 15, 0, 1, tzinfo=UTC)  # the Monday after
CLOSED = datetime(2026, 11, 30, 19, 0, 1, tzinfo=UTC)
NEXT_MORNING = datetime(2026, 12, 1, 12, 30, 1, tzinfo=UTC)
NEXT_WEEK = datetime(2026, 12, 3, 15, 0, 1, tzinfo=UTC)
FOUR = {"health": "4", "open_requests": "1,250", "overtime_hours": "12,5 %", "main_breaks": "2"}


async def _at(chat: Chat, moment: datetime) -> None:
    await chat.bot.settle()
    chat.bot.clock.set(moment)
    await chat.bot.settle()


async def _seen(person: Speaker, words: str) -> list[Seen]:
    return [message for message in await person.direct() if words in message.title]


async def _today(person: Speaker) -> str:
    card = await person.says("/city today")
    return card.text


async def _opened(person: Speaker, message: Seen, label: str = "Answer") -> SeenForm:
    return await person.opens(label, message)


async def _answers(person: Speaker, **values: str) -> Seen:
    [prompt] = await _seen(person, "Check-in:")
    return await person.fills(await _opened(person, prompt), **values)


@pytest.mark.doors
async def test_a_head_answers_and_next_week_the_form_is_filled_in_with_it(chat: Chat) -> None:
    await _at(chat, WEDNESDAY)
    hugo = chat.person("hugo")
    [prompt] = await _seen(hugo, "Check-in: Water and Sewer, Wed Nov 25")
    form = await _opened(hugo, prompt)
    assert form.values == dict.fromkeys((*FOUR, "risk", "help"), "")
    again = await hugo.is_asked_again(form, **{**FOUR, "main_breaks": "a few"})
    assert "not a number I can read" in again.errors["main_breaks"]
    card = await hugo.fills(again, **FOUR, risk="The old pump may fail")
    assert card.title == "Thank you"
    assert "Your answer for Water and Sewer is on the card that asked you" in card.text
    assert "The old pump may fail" not in card.text
    [prompt] = await _seen(hugo, "Check-in:")
    for words in ("1,250", "12.5", "The old pump may fail", "by Hugo Lindqvist"):
        assert words in prompt.text
    assert {"Change", "Make it a risk"} <= set(prompt.buttons)
    kept = await chat.bot.read(lambda store: store.checkin.records.readings(date(2026, 11, 25)))
    assert kept["water"] == {
        "open-requests": Decimal(1250), "overtime-hours": Decimal("12.5"), "main-breaks": Decimal(2),
    }  # fmt: skip
    await _at(chat, NEXT_WEEK)
    form = await _opened(hugo, (await _seen(hugo, "Thu Dec 3"))[0])
    assert form.values == {
        "health": "4", "open_requests": "1,250", "overtime_hours": "12.5", "main_breaks": "2",
        "risk": "The old pump may fail", "help": "",
    }  # fmt: skip


async def test_a_number_that_could_be_two_or_cannot_be_is_asked_back(chat: Chat) -> None:
    await _at(chat, WEDNESDAY)
    hugo = chat.person("hugo")
    form = await _opened(hugo, (await _seen(hugo, "Check-in:"))[0])
    again = await hugo.is_asked_again(form, **{**FOUR, "open_requests": "1.250", "main_breaks": "-5"})
    assert again.errors == {
        "open_requests": '"1.250" could be 1,250 or 1.25. Write 1250 or 1.25.',
        "main_breaks": '"-5" is below zero, and this is counted from 0 up. Write 0 or more.',
    }
    card = await hugo.fills(again, **{**FOUR, "open_requests": "1.25", "main_breaks": "0"})
    assert card.title == "Thank you"


@pytest.mark.doors
async def test_the_deputy_is_asked_while_the_head_is_away(chat: Chat) -> None:
    await chat.person("hugo").says("/city away from today to friday deputy Rosa Delgado")
    await _at(chat, WEDNESDAY)
    rosa = chat.person("rosa")
    [prompt] = await _seen(rosa, "Check-in: Water and Sewer")
    assert (
        "You stand in for Hugo Lindqvist, who is away until Fri Nov 27. Please answer for Water and Sewer."
        in prompt.text
    )
    assert await _seen(chat.person("hugo"), "Check-in") == []
    await _answers(rosa, **FOUR)
    [prompt] = await _seen(rosa, "Check-in:")
    assert "by Rosa Delgado" in prompt.text


@pytest.mark.doors
async def test_the_silent_are_asked_once_more_and_stand_by_name_in_the_digest(chat: Chat) -> None:
    await _at(chat, WEDNESDAY)
    hugo, maria = chat.person("hugo"), chat.person("maria")
    assert "Check-ins without an answer: 1" in (await _today(hugo))
    await _answers(hugo, **FOUR)
    assert "Check-ins without an answer" not in (await _today(hugo))
    await _at(chat, REMINDED)
    assert await _seen(hugo, "Reminder") == []
    assert len(await _seen(chat.person("dana"), "Reminder: Check-in: Police")) == 1
    await _at(chat, CLOSED)
    [digest] = await _seen(maria, "Check-in of")
    assert digest.title == "Check-in of Wed Nov 25: 1 of 12 departments answered"
    assert digest.status == "11 did not answer"
    for words in ("1,250", "No answer: 11"):
        assert words in digest.text
    assert "Police: Dana Whitfield was asked" in (await maria.unfolds("No answer: 11", digest)).text
    assert "late" not in digest.text
    dana = chat.person("dana")
    form = await _opened(dana, (await _seen(dana, "Reminder"))[0])
    late = await dana.fills(form, health="3", open_requests="7", overtime_hours="90", response_minutes="8.5")
    assert "marked late" in late.text
    [digest] = await _seen(maria, "Check-in of")
    assert digest.title == "Check-in of Wed Nov 25: 2 of 12 departments answered"
    assert "3 steady (late)" in digest.text
    assert "Dana Whitfield" not in (await maria.unfolds("No answer: 10", digest)).text
    await chat.bot.pass_time(hours=1)
    assert len(await _seen(chat.person("marcus"), "Reminder")) == 1


@pytest.mark.doors
async def test_the_digest_compares_with_last_week(chat: Chat) -> None:
    hugo = chat.person("hugo")
    await _at(chat, WEDNESDAY)
    await _answers(hugo, **FOUR)
    await _at(chat, NEXT_WEEK)
    await hugo.says("/checkin health 3; open requests 1,253; overtime hours 12.5; main breaks 1")
    await chat.bot.pass_time(hours=28)
    [digest] = await _seen(chat.person("maria"), "Check-in of Thu Dec 3")
    for words in ("3 steady, down 1", "1,253 (+3)", "12.5 (same)"):
        assert words in digest.text
    more = await chat.person("maria").unfolds("More numbers", digest)
    assert "Water and Sewer: Water main breaks 1 (-1)" in more.text
    assert "Changes are since Wed Nov 25" in digest.text


@pytest.mark.doors
async def test_of_two_answers_at_once_the_first_stands_and_both_see_it(chat: Chat) -> None:
    await chat.person("hugo").says("/city away from today to friday deputy Rosa Delgado")
    await _at(chat, WEDNESDAY)
    hugo, rosa = chat.person("hugo"), chat.person("rosa")
    one = await _opened(rosa, (await _seen(rosa, "Check-in:"))[0])
    other = await hugo.opens("/checkin department water")
    await rosa.fills(one, **FOUR)
    card = await hugo.fills(other, **{**FOUR, "health": "2", "help": "A second pump"})
    assert card.title == "Rosa Delgado has answered already"
    for words in ("4", "by Rosa Delgado", "You wrote: health 2", "help A second pump"):
        assert words in card.text
    [prompt] = await _seen(rosa, "Check-in:")
    assert "by Rosa Delgado" in prompt.text
    form = await _opened(hugo, card, "Change")
    assert form.values["health"] == "4"
    changed = await hugo.fills(form, health="2")
    assert changed.title == "Changed"
    [prompt] = await _seen(rosa, "Check-in:")
    assert "by Hugo Lindqvist" in prompt.text


@pytest.mark.doors
async def test_an_emerging_risk_becomes_a_risk_once_and_both_know_of_each_other(chat: Chat) -> None:
    await _at(chat, WEDNESDAY)
    hugo, maria = chat.person("hugo"), chat.person("maria")
    await _answers(hugo, **FOUR, risk="The old pump; it may fail")
    await _at(chat, CLOSED)
    [old] = await _seen(maria, "Check-in of")
    second = await _opened(maria, old, "Make it a risk")
    form = await _opened(hugo, (await _seen(hugo, "Check-in:"))[0], "Make it a risk")
    assert form.values["title"] == "The old pump; it may fail"
    card = await hugo.fills(form, likelihood="4", impact="3")
    assert card.title == "Logged R-1"
    assert "the check-in of Water and Sewer, Wed Nov 25" in card.text
    for person, words in ((hugo, "Check-in:"), (maria, "Check-in of")):
        [shown] = await _seen(person, words)
        assert "Show R-1" in shown.buttons
        assert "Make it a risk" not in shown.buttons
    refused = await maria.filled(second, likelihood="4", impact="3")
    assert "This check-in was already logged as R-1" in (
        refused.text if isinstance(refused, Seen) else str(refused.errors)
    )
    told = await maria.presses("Make it a risk", old)
    assert "It was already logged as R-1" in told.text
    assert await chat.bot.read(lambda store: store.risk.records.find("R-2")) is None


@pytest.mark.doors
async def test_help_lands_in_the_next_morning_check_until_somebody_takes_it(chat: Chat) -> None:
    await _at(chat, WEDNESDAY)
    await _answers(chat.person("hugo"), **FOUR, help="A second pump until Friday")
    await _at(chat, NEXT_MORNING)
    maria = chat.person("maria")
    check = (await _seen(maria, "Good morning"))[-1]
    for words in (
        "1 of 12 departments answered the check-in.",
        "No answer to the check-in: 11",
        "Police: Dana",
        "Help needed",
        "A second pump until Friday",
    ):
        assert words in check.text
    taken = await maria.presses("I will help", check)
    assert taken.title == "You take care of it"
    now = (await _seen(maria, "Good morning"))[-1]
    assert "Done (Maria Lopez takes care of it, 7:3" in now.text
    again = await maria.presses("I will help", check)
    assert again.title == "Maria Lopez takes care of it already"
    await chat.bot.pass_time(hours=1)
    [news] = await _seen(chat.person("hugo"), "Your day")
    assert "Maria Lopez takes care of your request: A second pump until Friday" in news.text
    assert await chat.bot.read(lambda store: store.checkin.records.open_help()) == []


@pytest.mark.doors
async def test_after_an_outage_only_the_newest_is_asked_and_told(chat: Chat) -> None:
    await _at(chat, WEDNESDAY)
    await _at(chat, datetime(2026, 12, 11, 15, 0, 1, tzinfo=UTC))  # two check-ins later, on a Friday
    prompts = [message.title for message in await _seen(chat.person("hugo"), "Check-in")]
    assert prompts == ["Check-in: Water and Sewer, Wed Nov 25", "Check-in: Water and Sewer, Thu Dec 10"]
    assert await _seen(chat.person("maria"), "Check-in of") == []
    await _at(chat, datetime(2026, 12, 14, 19, 0, 1, tzinfo=UTC))
    assert [message.title for message in await _seen(chat.person("maria"), "Check-in of")] == [
        "Check-in of Thu Dec 10: 0 of 12 departments answered"
    ]


async def test_whoever_is_not_asked_reads_who_is(chat: Chat) -> None:
    sam = chat.person("sam")
    card = await sam.says("/checkin department water")
    assert "has not been asked yet" in card.text
    await _at(chat, WEDNESDAY)
    for line, words in (
        ("/checkin", "You do not answer for a department"),
        ("/checkin department water", "Hugo Lindqvist"),
    ):
        card = await sam.says(line)
        assert words in card.text

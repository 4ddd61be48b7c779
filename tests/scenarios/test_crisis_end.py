"""The end of a crisis: two people end it, those who came say how it was, and a report is drafted; at every door."""

import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from docx import Document as read_document
from docx.document import Document as Word

from tests.chat.door import Chat
from tests.chat.seen import Seen, SeenForm
from tests.scenarios.ended import stand_down

REF = "CR-2026-01"
BURST = "/crisis activate Water main burst; where Mill Road; level 2"
ASKS = "asks to stand down"


async def _state(chat: Chat) -> str:
    return str((await chat.bot.read(lambda store: store.crises.find(REF))).state)


async def _log(chat: Chat) -> list[str]:
    return [one.text for one in await chat.bot.read(lambda store: store.crisis_log.of(REF))]


async def _asked(chat: Chat) -> Seen:
    """Tom asks to stand down; gives what he reads."""
    await chat.person("olga").says(BURST)
    card = await chat.person("tom").says("/crisis standdown The pipe is mended")
    assert isinstance(card, Seen)
    return card


@pytest.mark.parity("Stand a crisis down together with a second person")
async def test_nothing_changes_before_a_second_person_agrees(chat: Chat) -> None:
    card = await _asked(chat)
    assert card.title == "CR-2026-01: a second person must agree"
    assert "Maria Lopez" in card.text
    assert "Tom Okafor" not in card.text.split("Asked:")[1]
    assert await _state(chat) == "alarm"
    [summary] = await chat.place(f"crisis:{REF}")
    assert "by Tom Okafor, Mon 23 Nov, 09:00; a second person must agree: The pipe is mended" in summary.text
    assert "Stand down" in summary.buttons
    await chat.bot.pass_time(minutes=5, seconds=1)
    assert [one.title for one in await chat.person("hugo").direct() if "(page 2)" in one.title]
    maria = chat.person("maria")
    over = await maria.presses("Agree: stand down", await maria.finds(ASKS))
    assert isinstance(over, Seen)
    assert over.title == "CR-2026-01 is over"
    crisis = await chat.bot.read(lambda store: store.crises.find(REF))
    assert (crisis.state, crisis.ending_by, crisis.closed_by) == ("over", "tom", "maria")
    assert crisis.reason == "The pipe is mended"
    [summary] = await chat.place(f"crisis:{REF}")
    assert "asked by Tom Okafor, agreed by Maria Lopez" in summary.text
    assert (await chat.person("tom").finds("Maria Lopez agreed")).title == "CR-2026-01: Maria Lopez agreed, it is over"


async def test_the_question_is_answered_everywhere_and_an_old_button_says_by_whom(chat: Chat) -> None:
    await _asked(chat)
    hugo, maria = chat.person("hugo"), chat.person("maria")
    old = await hugo.finds(ASKS)
    await maria.presses("Agree: stand down", await maria.finds(ASKS))
    news = await hugo.finds("Maria Lopez agreed")
    assert news.title == "CR-2026-01: Maria Lopez agreed, Mon 23 Nov, 09:00"
    assert news.buttons == {}
    late = await hugo.presses("Agree: stand down", old)
    assert isinstance(late, Seen)
    assert "Maria Lopez agreed, Mon 23 Nov, 09:00. CR-2026-01 is over. Nothing was changed." in late.text


async def test_nobody_agrees_with_themselves(chat: Chat) -> None:
    await _asked(chat)
    again = await chat.person("tom").says("/crisis standdown Really")
    assert isinstance(again, Seen)
    assert again.title == "CR-2026-01: a second person must agree"
    assert await _state(chat) == "alarm"
    assert not [one for one in await chat.person("tom").direct() if ASKS in one.title]


async def test_the_command_of_another_counts_as_the_second(chat: Chat) -> None:
    await _asked(chat)
    over = await chat.person("maria").says("/crisis standdown I have seen it myself")
    assert isinstance(over, Seen)
    assert over.title == "CR-2026-01 is over"
    assert "Tom Okafor asked for it, and you have agreed." in over.text
    assert "asks to stand down as well: I have seen it myself" in await _log(chat)
    assert await _state(chat) == "over"


@pytest.mark.parity("Say that a crisis is not over yet")
async def test_not_yet_says_why_and_the_one_who_asked_is_told(chat: Chat) -> None:
    await _asked(chat)
    maria, tom, hugo = chat.person("maria"), chat.person("tom"), chat.person("hugo")
    old = await hugo.finds(ASKS)
    form = await maria.presses("Not yet", await maria.finds(ASKS))
    assert isinstance(form, SeenForm)
    assert list(form.values) == ["why"]
    await maria.fills(form, why="Two streets are dry")
    assert await _state(chat) == "alarm"
    news = await tom.finds("not yet")
    assert news.title == "CR-2026-01 goes on: Maria Lopez says not yet"
    assert "Two streets are dry" in news.text
    assert "says not to stand down yet: Two streets are dry" in await _log(chat)
    late = await hugo.presses("Agree: stand down", old)
    assert isinstance(late, Seen)
    assert "This is answered already: Maria Lopez said not yet, Mon 23 Nov, 09:00." in late.text
    assert await _state(chat) == "alarm"
    await stand_down(chat)
    assert await _state(chat) == "over"


async def test_whoever_asked_takes_it_back(chat: Chat) -> None:
    card = await _asked(chat)
    tom, maria = chat.person("tom"), chat.person("maria")
    old = await maria.finds(ASKS)
    gone_on = await tom.presses("Take it back", card)
    assert isinstance(gone_on, Seen)
    assert gone_on.title == "CR-2026-01 goes on"
    late = await maria.presses("Agree: stand down", old)
    assert isinstance(late, Seen)
    assert "Tom Okafor took it back" in late.text
    assert await _state(chat) == "alarm"
    [summary] = await chat.place(f"crisis:{REF}")
    assert "Asked to stand down" not in summary.text


async def test_after_a_day_whoever_asked_is_reminded_once(chat: Chat) -> None:
    await _asked(chat)
    tom = chat.person("tom")
    await chat.bot.pass_time(hours=24, seconds=1)
    assert [one.title for one in await tom.direct() if "You asked 24 hours ago." in one.text] == [
        "CR-2026-01: a second person must agree"
    ]
    await chat.bot.pass_time(hours=48)
    assert len([one for one in await tom.direct() if "You asked" in one.text]) == 1
    assert await _state(chat) == "alarm"


async def test_nobody_without_the_right_ends_a_crisis(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    refused = await chat.person("sam").says("/crisis standdown It is fine")
    assert isinstance(refused, Seen)
    assert (await chat.bot.read(lambda store: store.crises.find(REF))).ending_by is None


async def _comes(chat: Chat, *people: str) -> None:
    for person in people:
        speaker = chat.person(person)
        await speaker.presses("On my way", await speaker.finds("you are needed"))


@pytest.mark.parity("Say how a crisis was handled")
async def test_those_who_came_say_how_it_was_once_and_may_change_it(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    await _comes(chat, "tom", "ines")
    await stand_down(chat)
    ines = chat.person("ines")
    assert not [one for one in await chat.person("felix").direct() if "how was it handled" in one.title]
    form = await ines.presses("Say how it was", await ines.finds("how was it handled"))
    assert isinstance(form, SeenForm)
    await ines.fills(form, rating="2", line="We waited for keys")
    said = await ines.finds("you said 2")
    assert said.title == "CR-2026-01: you said 2 rather badly"
    again = await ines.presses("Change it", said)
    assert isinstance(again, SeenForm)
    assert again.values == {"rating": "2", "line": "We waited for keys"}
    await ines.fills(again, rating="4")
    [rating] = await chat.bot.read(lambda store: store.crisis_ratings.of(REF))
    assert (rating.person, rating.rating, rating.line) == ("ines", 4, "We waited for keys")


@pytest.mark.parity("Write down the cause and the lessons of a crisis")
async def test_whoever_led_is_asked_for_the_cause_and_the_lessons_until_they_are_there(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    await _comes(chat, "dana")
    await stand_down(chat)
    dana = chat.person("dana")
    today = await dana.says("/city today")
    assert isinstance(today, Seen)
    assert "what was the cause, and what have we learned?" in today.text
    question = await dana.finds("what was the cause")
    form = await dana.presses("Write it down", question)
    assert isinstance(form, SeenForm)
    await dana.fills(form, cause="A valve from 1961", lessons="Check old valves each spring")
    crisis = await chat.bot.read(lambda store: store.crises.find(REF))
    assert (crisis.cause, crisis.lessons) == ("A valve from 1961", "Check old valves each spring")
    today = await dana.says("/city today")
    assert isinstance(today, Seen)
    assert "what have we learned?" not in today.text
    anew = await dana.presses("Write it down", question)
    assert isinstance(anew, SeenForm)
    assert anew.values == {"cause": "A valve from 1961", "lessons": "Check old valves each spring"}


async def test_lessons_are_for_whoever_led_and_come_when_it_is_over(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    early = await chat.person("tom").says("/crisis lessons CR-2026-01; cause A; lessons B")
    assert isinstance(early, Seen)
    assert "CR-2026-01 is still open" in early.text
    await stand_down(chat)
    refused = await chat.person("sam").says("/crisis lessons CR-2026-01; cause A; lessons B")
    assert isinstance(refused, Seen)
    assert "This is for Tom Okafor, who led it." in refused.text
    assert (await chat.bot.read(lambda store: store.crises.find(REF))).cause is None


async def _document(chat: Chat, person: str) -> Word:
    """The draft that is sent to somebody a while after the end, read as Word does."""
    await chat.bot.pass_time(minutes=15)
    speaker = chat.person(person)
    [(name, data)] = (await speaker.files(await speaker.finds("a draft of the report"))).items()
    assert name == "cr-2026-01-draft-report-2026-11-23.docx"
    return read_document(io.BytesIO(data))


def _tables(word: Word, heading: str) -> list[list[list[str]]]:
    """The rows of each table whose first cell is this."""
    found = [one for one in word.tables if one.cell(0, 0).text == heading]
    return [[[cell.text for cell in row.cells] for row in one.rows[1:]] for one in found]


def _rows(word: Word, heading: str) -> list[list[str]]:
    [rows] = _tables(word, heading)
    return rows


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo('America/New_York')):%Y-%m-%d %H:%M:%S}"


def _took(seconds: int) -> str:
    return f"{seconds // 60} min {seconds % 60} s".removesuffix(" 0 s")


@pytest.mark.parity("Get the report of a crisis as a document")
async def test_a_report_is_drafted_from_the_record_and_sent(chat: Chat) -> None:
    olga, tom, maria = chat.person("olga"), chat.person("tom"), chat.person("maria")
    await olga.says(BURST)
    await chat.bot.pass_time(seconds=70)
    await _comes(chat, "tom")
    await maria.presses("I confirm it", await maria.finds("please confirm"))
    await chat.bot.pass_time(minutes=2)
    await _comes(chat, "ines")
    await tom.presses("Take Commander", await tom.finds("will you take a role"))
    await tom.says("/crisis log A resident called from 555-0199; kind decided")
    await tom.says("/risk add Old main bursts again; likelihood 3; impact 4; came from CR-2026-01")
    await stand_down(chat)
    word = await _document(chat, "tom")
    assert await maria.finds("a draft of the report")
    texts = [one.text for one in word.paragraphs]
    assert texts[0] == "DRAFT: CR-2026-01 Water main burst"
    facts = dict(_rows(word, "What"))
    crisis = await chat.bot.read(lambda store: store.crises.find(REF))
    assert facts["Raised (T0)"] == f"Olga Brandt, {_local(crisis.created_at)}"
    assert facts["Confirmed"] == f"Maria Lopez, {_local(crisis.confirmed_at)}"
    assert facts["Stood down"] == f"Maria Lopez, {_local(crisis.closed_at)}"
    pages = await chat.bot.read(lambda store: store.crisis_pages.of(REF))
    first, second = sorted(
        (one.first_answered_at - crisis.created_at).seconds for one in pages if one.first_answered_at
    )
    assert first >= 70
    assert second >= first + 120
    assert dict(_rows(word, "Since T0")) == {
        "First answer": _took(first),
        "Median of the answers": _took((first + second) // 2),
        "Confirmed": _took((crisis.confirmed_at - crisis.created_at).seconds),
        "City told": _took((crisis.confirmed_at - crisis.created_at).seconds),
    }
    [role] = _rows(word, "Role")
    assert (role[:2], role[3]) == (["Commander", "Tom Okafor"], "the end")
    decisions, *_, whole = _tables(word, "When")
    assert ["Tom Okafor", "A resident called from [telephone number left out]"] in [row[1:] for row in decisions]
    assert whole[0][2] == "raised the alarm: Water main burst, Mill Road, level 2"
    assert len(whole) == len(await _log(chat))
    [plan, *_] = _tables(word, "First 24 hours")
    assert len(plan) == 5
    assert len(_rows(word, "Department")) == 12
    assert "R-1, which came out of it: Old main bursts again (open, to be looked at on 2026-11-23)" in texts
    assert "Not written down yet; asked of Tom Okafor." in texts


async def test_what_was_learned_and_what_follows_stands_in_the_next_draft(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    await _comes(chat, "tom", "ines")
    await stand_down(chat)
    tom, ines = chat.person("tom"), chat.person("ines")
    for speaker, number in ((tom, "5"), (ines, "2")):
        form = await speaker.presses("Say how it was", await speaker.finds("how was it handled"))
        assert isinstance(form, SeenForm)
        await speaker.fills(form, rating=number)
    await tom.says("/crisis lessons CR-2026-01; cause A valve from 1961; lessons Check old valves each spring")
    await tom.says("/crisis follow-up Buy valve keys; owner @hugo; due 2026-12-04")
    card = await chat.person("olga").says("/crisis document")
    assert isinstance(card, Seen)
    [data] = (await chat.person("olga").files(card)).values()
    word = read_document(io.BytesIO(data))
    texts = [one.text for one in word.paragraphs]
    assert texts[texts.index("Root cause") + 1] == "A valve from 1961"
    assert texts[texts.index("Lessons") + 1] == "Check old valves each spring"
    assert "3.5 on a scale from 1 (badly) to 5 (very well); 2 of 2 said it." in texts
    assert _rows(word, "Ref.") == [["CR-2026-01.1", "Buy valve keys", "Hugo Lindqvist", "2026-12-04", "open"]]


async def test_the_report_of_a_drill_says_that_it_was_one_and_staff_do_not_get_it(chat: Chat) -> None:
    await chat.person("olga").says(BURST + "; kind drill")
    await stand_down(chat)
    word = await _document(chat, "maria")
    draft = await chat.person("maria").finds("a draft of the report")
    assert draft.title == "DRILL: CR-2026-01: a draft of the report"
    assert word.paragraphs[0].text == "DRAFT: DRILL, CR-2026-01 Water main burst"
    assert "This was a drill. It counts in no figures." in [one.text for one in word.paragraphs]
    refused = await chat.person("sam").says("/crisis document")
    assert isinstance(refused, Seen)
    assert await chat.person("sam").files(refused) == {}


async def test_the_morning_check_counts_no_drill(chat: Chat) -> None:
    await chat.person("olga").says(BURST + "; kind drill")
    chat.bot.clock.set(datetime(2026, 11, 24, 12, 30, 1, tzinfo=UTC))  # 07:30 in Riverton
    await chat.bot.settle()
    check = await chat.person("maria").finds("Good morning")
    assert "New crises" not in check.text
    assert "Open crises" not in check.text
    assert "Paged and not answered" not in check.text
    assert "Open drills: 1." in check.text
    assert "CR-2026-01 Water main burst (drill, alarm, not confirmed yet" in check.text


async def test_what_waits_for_somebody_in_a_drill_says_that_it_is_one(chat: Chat) -> None:
    await chat.person("olga").says(BURST + "; kind drill")
    today = await chat.person("tom").says("/city today")
    assert isinstance(today, Seen)
    assert "DRILL: Crisis CR-2026-01: you are needed." in today.text
    await stand_down(chat)
    await chat.person("tom").says("/crisis follow-up Try it at night; owner @tom; due friday")
    today = await chat.person("tom").says("/city today")
    assert isinstance(today, Seen)
    assert "DRILL: CR-2026-01.1 Try it at night" in today.text

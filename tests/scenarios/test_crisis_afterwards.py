"""After a crisis: those who came say how it was, its cause and lessons are asked for, and a report is drafted."""

import io
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from docx import Document as read_document
from docx.document import Document as Word

from tests.chat.door import Chat
from tests.scenarios.ended import stand_down

REF = "CR-2026-01"
BURST = "/crisis activate Water main burst; where Mill Road; level 2"


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
    assert "How was it handled?" not in (await chat.person("felix").finds("is over")).text
    form = await ines.opens("Say how it was", await ines.finds("is over"))
    await ines.fills(form, rating="2", line="We waited for keys")
    said = await ines.finds("is over")
    assert "You said 2 rather badly. We waited for keys" in said.text
    again = await ines.opens("Change it", said)
    assert again.values == {"rating": "2", "line": "We waited for keys"}
    await ines.fills(again, rating="4")
    [rating] = await chat.bot.read(lambda store: store.crisis.ratings.of(REF))
    assert (rating.person, rating.rating, rating.line) == ("ines", 4, "We waited for keys")


@pytest.mark.parity("Write down the cause and the lessons of a crisis")
async def test_whoever_led_is_asked_for_the_cause_and_the_lessons_until_they_are_there(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    await _comes(chat, "dana")
    await stand_down(chat, asker="hugo")
    dana = chat.person("dana")
    today = await dana.says("/city today")
    assert "what was the cause, and what have we learned?" in today.text
    question = await dana.finds("is over")
    form = await dana.opens("Write it down", question)
    await dana.fills(form, cause="A valve from 1961", lessons="Check old valves each spring")
    crisis = await chat.bot.read(lambda store: store.crisis.records.find(REF))
    assert (crisis.cause, crisis.lessons) == ("A valve from 1961", "Check old valves each spring")
    today = await dana.says("/city today")
    assert "what have we learned?" not in today.text
    again = await dana.opens("Write it down", question)
    assert again.values == {"cause": "A valve from 1961", "lessons": "Check old valves each spring"}


async def test_the_end_of_the_plan_leaves_the_question_for_the_lessons_where_it_is(chat: Chat) -> None:
    """The plan has a step that is called lessons too."""
    await chat.person("olga").says(BURST)
    maria, tom = chat.person("maria"), chat.person("tom")
    await maria.presses("I confirm it", await maria.finds("please confirm"))
    await _comes(chat, "tom")
    await tom.presses("Take Commander", await tom.finds("will you take a role?"))
    await stand_down(chat)
    assert await tom.opens("Write it down", await tom.finds("is over"))


async def test_lessons_are_for_who_leads_also_while_the_crisis_is_open_and_are_not_asked_for_twice(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    refused = await chat.person("sam").says("/crisis lessons CR-2026-01; cause A; lessons B")
    assert "This is for Tom Okafor, who leads it." in refused.text
    assert (await chat.bot.read(lambda store: store.crisis.records.find(REF))).cause is None
    tom = chat.person("tom")
    early = await tom.says("/crisis lessons CR-2026-01; cause A valve; lessons Check valves")
    assert early.title == "CR-2026-01: the cause and the lessons are written down"
    await stand_down(chat)
    assert not [message for message in await tom.direct() if "What was the cause" in message.text]
    refused = await chat.person("sam").says("/crisis lessons CR-2026-01; cause C; lessons D")
    assert "This is for Tom Okafor, who led it." in refused.text
    crisis = await chat.bot.read(lambda store: store.crisis.records.find(REF))
    assert (crisis.cause, crisis.lessons) == ("A valve", "Check valves")


async def _document(chat: Chat, person: str) -> Word:
    """The draft that is sent to somebody a while after the end, read as Word does."""
    await chat.bot.pass_time(minutes=15)
    speaker = chat.person(person)
    [(name, data)] = (await speaker.files(await speaker.finds("a draft of the report"))).items()
    assert name == "cr-2026-01-draft-report-2026-11-23.docx"
    return read_document(io.BytesIO(data))


def _tables(word: Word, heading: str) -> list[list[list[str]]]:
    """The rows of each table whose first cell is this."""
    found = [table for table in word.tables if table.cell(0, 0).text == heading]
    return [[[cell.text for cell in row.cells] for row in table.rows[1:]] for table in found]


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
    texts = [paragraph.text for paragraph in word.paragraphs]
    assert texts[0] == "DRAFT: CR-2026-01 Water main burst"
    facts = dict(_rows(word, "What"))
    crisis = await chat.bot.read(lambda store: store.crisis.records.find(REF))
    assert facts["Raised (T0)"] == f"Olga Brandt, {_local(crisis.created_at)}"
    assert facts["Confirmed"] == f"Maria Lopez, {_local(crisis.confirmed_at)}"
    assert facts["Stood down"] == f"Maria Lopez, {_local(crisis.closed_at)}"
    pages = await chat.bot.read(lambda store: store.crisis.pages.of(REF))
    first, second = sorted(
        (page.first_answered_at - crisis.created_at).seconds for page in pages if page.first_answered_at
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
    assert len(whole) == len(await chat.bot.read(lambda store: store.crisis.log.of(REF)))
    [plan, *_] = _tables(word, "First 24 hours")
    assert len(plan) == 5
    assert len(_rows(word, "Department")) == 12
    assert "R-1, which was made from it: Old main bursts again (open, to be reviewed on 2026-11-23)" in texts
    assert "Not written down yet; Tom Okafor was asked." in texts


@pytest.mark.doors
async def test_an_answer_by_phone_counts_as_the_first_answer_in_the_report(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    for _ in range(16):
        await chat.bot.pass_time(minutes=1)
    olga = chat.person("olga")
    await olga.presses("Marcus comes", await olga.finds("please phone"))
    await stand_down(chat)
    word = await _document(chat, "tom")  # who acts leads, and marcus has no role yet
    page = await chat.bot.read(lambda store: store.crisis.pages.find(REF, "marcus"))
    took = _took((page.answered_at - page.paged_at).seconds)
    assert dict(_rows(word, "Since T0"))["First answer"] == took
    assert [row[-1] for row in _rows(word, "Who") if row[0] == "Marcus Bell"] == [took]


@pytest.mark.doors
async def test_what_was_learned_and_what_follows_stands_in_the_next_draft(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    await _comes(chat, "tom", "ines")
    await stand_down(chat)
    tom, ines = chat.person("tom"), chat.person("ines")
    for speaker, number in ((tom, "5"), (ines, "2")):
        form = await speaker.opens("Say how it was", await speaker.finds("is over"))
        await speaker.fills(form, rating=number)
    await tom.says("/crisis lessons CR-2026-01; cause A valve from 1961; lessons Check old valves each spring")
    await tom.says("/crisis follow-up Buy valve keys; owner @hugo; due 2026-12-04")
    card = await chat.person("olga").says("/crisis document")
    [data] = (await chat.person("olga").files(card)).values()
    word = read_document(io.BytesIO(data))
    texts = [paragraph.text for paragraph in word.paragraphs]
    assert texts[texts.index("Root cause") + 1] == "A valve from 1961"
    assert texts[texts.index("Lessons") + 1] == "Check old valves each spring"
    assert "3.5 on a scale from 1 (badly) to 5 (very well); 2 of 2 rated it." in texts
    assert _rows(word, "Ref.") == [["A-1", "Buy valve keys", "Hugo Lindqvist", "2026-12-04", "open"]]


@pytest.mark.doors
async def test_the_report_of_a_drill_says_that_it_was_one_and_staff_do_not_get_it(chat: Chat) -> None:
    await chat.person("olga").says(BURST + "; kind drill")
    await stand_down(chat)
    word = await _document(chat, "maria")
    draft = await chat.person("maria").finds("a draft of the report")
    assert draft.title == "DRILL: CR-2026-01: a draft of the report"
    assert word.paragraphs[0].text == "DRAFT: DRILL, CR-2026-01 Water main burst"
    assert "This was a drill. It is not counted in any figures." in [paragraph.text for paragraph in word.paragraphs]
    refused = await chat.person("sam").says("/crisis document")
    assert await chat.person("sam").files(refused) == {}

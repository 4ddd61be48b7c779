"""What goes on after a crisis: the people who end it read what is open, and steps of the plan become actions."""

import io

import pytest
from docx import Document as read_document

from tests.chat.door import Chat
from tests.chat.seen import Seen
from tests.scenarios.ended import stand_down
from tests.scenarios.gone import switched_off
from tests.scenarios.test_crisis_roles import ROOM, begin, take_commander

REF = "CR-2026-01"
AGAIN = "CR-2026-02"
LATER = 10  # steps of days 2 to 7 and of week 2 on


async def _actions(chat: Chat) -> list[tuple[str, str | None, str]]:
    found = await chat.bot.read(lambda store: store.actions.records.about(REF))
    return [(action.what, action.owner, str(action.due_on)) for action in found]


@pytest.mark.parity("See what is open before a crisis ends, and choose what goes on")
async def test_who_ends_a_crisis_reads_what_is_open_and_chooses_what_goes_on(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    tom, maria, hugo = chat.person("tom"), chat.person("maria"), chat.person("hugo")
    form = await hugo.opens("Need help", await hugo.finds("how is Water and Sewer?"))
    await hugo.fills(form, line="Two pumps")
    asked = await tom.says("/crisis standdown Mended; plan all")
    question = await maria.finds("asks to stand down")
    for card in (asked, question):
        assert "Water and Sewer needs help: Two pumps" in card.text
        assert "No answer from Communications, Finance" in card.text
        assert "Goes on as an action: Help for Water and Sewer: Two pumps" in card.text
        assert "These steps go on as actions: Develop fix plan" in card.text
        assert "These steps end with the crisis: Activate crisis team" in card.text
    choice = await maria.presses("Choose what goes on", question)
    assert choice.title == "CR-2026-01: 10 of 15 open steps go on"
    assert "Develop fix plan: goes on, Tom Okafor, due Wed Nov 25, 2026" in choice.text
    changed = await maria.presses("End it", choice)
    assert changed.title == "CR-2026-01: 9 of 15 open steps go on"
    assert (
        "Prevention measures"
        in (await maria.finds("asks to stand down")).text.split("These steps end with the crisis")[1]
    )
    over = await maria.presses("Agree: stand down", await maria.finds("asks to stand down"))
    assert "A-1 Develop fix plan (Tom Okafor, due Wed Nov 25, 2026)" in over.text
    found = await _actions(chat)
    assert len(found) == LATER
    assert ("Help for Water and Sewer: Two pumps", "tom", "2026-11-24") in found
    assert ("Implement corrections", "tom", "2026-11-30") in found, "a Saturday is no day to work"
    [told] = [card for card in await tom.direct() if "are yours now" in card.text]
    assert "10 actions are yours now" in told.text
    await tom.says("/action done A-1")
    assert "9 actions are yours now" in (await tom.finds("is over")).text
    plan = await tom.says(f"/crisis plan {REF}; window first-week")
    assert "Goes on as A-1: Develop fix plan" in plan.text
    summary, *_ = await chat.place(ROOM)
    assert "Goes on: Develop fix plan (A-1)" in summary.text


async def test_a_step_that_was_done_or_given_goes_on_as_it_stands(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    tom = chat.person("tom")
    later = await tom.says(f"/crisis plan {REF}; window later")
    await tom.fills(await tom.opens("Give to", later), person="yuki")
    await stand_down(chat)
    assert [what for what, *_ in await _actions(chat)] == ["Prevention measures"], "the others had not begun"
    assert ("Prevention measures", "yuki", "2026-12-14") in await _actions(chat)
    assert "1 action is yours now" in (await chat.person("yuki").finds("is over")).text


@pytest.mark.doors
async def test_what_was_with_a_commander_who_is_gone_goes_on_with_who_leads_and_a_late_step_in_a_week(
    chat: Chat,
) -> None:
    await begin(chat)
    await take_commander(chat)
    await switched_off(chat, "tom")
    await chat.bot.pass_time(days=3)
    await stand_down(chat, "Mended; plan all", asker="hugo")
    found = await _actions(chat)
    assert len(found) == LATER
    assert "tom" not in {owner for _, owner, _ in found}
    assert ("Develop fix plan", "2026-12-03") in [(what, due) for what, _, due in found]


@pytest.mark.doors
async def test_of_a_drill_nothing_goes_on_unless_somebody_says_so(chat: Chat) -> None:
    await begin(chat, "; kind drill")
    maria = chat.person("maria")
    await chat.person("tom").says("/crisis standdown Enough")
    question = await maria.finds("asks to stand down")
    assert "go on as actions" not in question.text
    choice = await maria.presses("Choose what goes on", question)
    assert choice.title == "DRILL: CR-2026-01: 0 of 15 open steps go on"
    await maria.presses("Go on", choice)
    await maria.presses("Agree: stand down", question)
    assert [what for what, *_ in await _actions(chat)] == ["Prevention measures"]


async def test_only_what_has_begun_goes_on_unless_who_asks_wants_more(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    tom, maria = chat.person("tom"), chat.person("maria")
    early = await tom.says("/crisis standdown A false alarm")
    assert "go on as actions" not in early.text
    assert "These steps end with the crisis: Activate crisis team" in early.text
    await tom.presses("Take it back", early)
    everything = await tom.says("/crisis standdown Mended; plan all")
    assert "go on as actions" in everything.text
    await tom.presses("Take it back", everything)
    as_proposed = await tom.says("/crisis standdown Mended; plan begun")
    assert "go on as actions" not in as_proposed.text
    await tom.presses("Take it back", as_proposed)
    none = await tom.says("/crisis standdown Mended; plan none")
    await tom.presses("Take it back", none)
    await chat.bot.pass_time(days=3)
    begun = await tom.says("/crisis standdown Mended; plan none")
    assert "go on as actions" not in begun.text
    choice = await tom.presses("Choose what goes on", begun)
    assert choice.title == "CR-2026-01: 0 of 15 open steps go on"
    await maria.presses("Agree: stand down", await maria.finds("asks to stand down"))
    assert await _actions(chat) == []


async def test_a_part_that_has_begun_goes_on(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    await chat.bot.pass_time(days=3)
    asked = await chat.person("tom").says("/crisis standdown Mended")
    on, ended = asked.text.split("These steps end with the crisis")
    assert "Develop fix plan" in on
    assert "Prevention measures" in ended


async def test_an_alarm_without_a_plan_ends_with_nothing_open(chat: Chat) -> None:
    await chat.person("olga").says("/crisis activate Water main burst; where Mill Road; level 2")
    asked = await chat.person("tom").says("/crisis standdown It is none")
    assert "Nothing is open." in asked.text
    await chat.person("sam").says("/crisis log A cat")
    assert "is over" in (await stand_down(chat, asker="hugo")).title


@pytest.mark.doors
async def test_the_report_names_what_is_open_and_is_drafted_again_when_all_is_done(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    await stand_down(chat, "Mended; plan all")
    await chat.bot.pass_time(minutes=16)
    tom = chat.person("tom")
    [first] = [card for card in await tom.direct() if "a draft of the report" in card.title]
    assert "Still open: 10 actions." in first.text
    [data] = (await tom.files(first)).values()
    texts = [paragraph.text for paragraph in read_document(io.BytesIO(data)).paragraphs]
    assert "A-1 Develop fix plan: Tom Okafor" in texts[texts.index("What is still open") :]
    for number in range(1, LATER):
        await tom.says(f"/action done A-{number}")
    await chat.bot.pass_time(minutes=16)
    assert len([card for card in await tom.direct() if "a draft of the report" in card.title]) == 1
    await tom.says(f"/action drop A-{LATER}; why The state does it")
    await chat.bot.pass_time(minutes=16)
    drafts = [card for card in await tom.direct() if "a draft of the report" in card.title]
    assert len(drafts) == 2
    assert "All actions are done." in drafts[-1].text


async def _reopened(chat: Chat) -> None:
    """The crisis was over, ten steps went on, and it goes on as another one whose plan has begun."""
    await begin(chat)
    await take_commander(chat)
    await stand_down(chat, "Mended; plan all")
    await chat.bot.pass_time(minutes=20)
    await chat.person("maria").says(f"/crisis reopen Closed by mistake; crisis {REF}")
    await chat.person("hugo").presses("I confirm it", await chat.person("hugo").finds(f"{AGAIN}: please confirm"))


async def _ended_again(chat: Chat) -> Seen:
    await chat.person("hugo").says(f"/crisis standdown Mended; plan all; crisis {AGAIN}")
    maria = chat.person("maria")
    return await maria.presses("Agree: stand down", await maria.finds(f"{AGAIN}: Hugo Lindqvist asks to stand down"))


async def test_a_reopened_crisis_ends_without_making_its_actions_twice(chat: Chat) -> None:
    await _reopened(chat)
    tom, maria = chat.person("tom"), chat.person("maria")
    await tom.says("/action done A-2")
    await chat.person("hugo").says(f"/crisis standdown Mended; crisis {AGAIN}")
    question = await maria.finds(f"{AGAIN}: Hugo Lindqvist asks to stand down")
    assert "These steps are actions already: Develop fix plan (A-1), " in question.text
    assert "(A-2, done)" in question.text
    assert "go on as actions" not in question.text
    choice = await maria.presses("Choose what goes on", question)
    assert choice.title == f"{AGAIN}: 10 of 15 open steps go on"
    assert "Develop fix plan: already action A-1" in choice.text
    over = await maria.presses("Agree: stand down", question)
    assert "These steps are actions already: Develop fix plan (A-1), " in over.text
    assert await chat.bot.read(lambda store: store.actions.records.about(AGAIN)) == []
    assert len(await chat.bot.read(lambda store: store.actions.records.everything())) == LATER
    plan = await tom.says(f"/crisis plan {AGAIN}; window first-week")
    assert "Goes on as A-1: Develop fix plan" in plan.text
    assert len([card for card in await tom.direct() if "are yours now" in card.text]) == 1


@pytest.mark.doors
async def test_what_was_done_before_a_crisis_was_reopened_may_have_to_be_done_again(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    await stand_down(chat, "Mended; plan all")
    tom = chat.person("tom")
    await tom.says("/action done A-1")
    await chat.bot.pass_time(minutes=20)
    await chat.person("maria").says(f"/crisis reopen The pipe burst again; crisis {REF}")
    await chat.person("hugo").presses("I confirm it", await chat.person("hugo").finds(f"{AGAIN}: please confirm"))
    await _ended_again(chat)
    [again] = await chat.bot.read(lambda store: store.actions.records.about(AGAIN))
    assert (again.ref, again.what) == (f"A-{LATER + 1}", "Develop fix plan")


@pytest.mark.doors
async def test_the_report_of_a_reopened_crisis_names_what_was_open_before_and_is_drafted_again(chat: Chat) -> None:
    await _reopened(chat)
    await _ended_again(chat)
    await chat.bot.pass_time(minutes=16)
    tom, maria = chat.person("tom"), chat.person("maria")
    first = await maria.finds(f"{AGAIN}: a draft of the report")
    assert "Still open: 10 actions." in first.text
    for number in range(1, LATER + 1):
        await tom.says(f"/action done A-{number}")
    await chat.bot.pass_time(minutes=16)
    assert "All actions are done." in (await maria.finds(f"{AGAIN}: a draft of the report")).text
    assert "All actions are done." in (await maria.finds(f"{REF}: a draft of the report")).text

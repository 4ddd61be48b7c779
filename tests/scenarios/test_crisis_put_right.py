"""A crisis is put right: its level, title and place, a line of its log, a report; and it is reopened."""

import pytest

from tests.chat.door import Chat
from tests.scenarios.ended import stand_down
from tests.scenarios.test_crisis_roles import BURST, ROOM, begin, take_commander

REF, AGAIN = "CR-2026-01", "CR-2026-02"


async def _log(chat: Chat, ref: str = REF) -> list[str]:
    return [entry.text for entry in await chat.bot.read(lambda store: store.crisis.log.of(ref))]


async def _timeline(chat: Chat) -> str:
    return (await chat.person("sam").says(f"/crisis timeline {REF}")).text


async def _paged(chat: Chat, ref: str = REF) -> list[str]:
    return [page.person for page in await chat.bot.read(lambda store: store.crisis.pages.of(ref))]


@pytest.mark.parity("Change the level, title or place of a crisis")
async def test_a_higher_level_is_said_to_all_stands_in_the_log_and_pages_what_it_asks(chat: Chat) -> None:
    await begin(chat)
    assert "maria" not in await _paged(chat)
    changed = await chat.person("tom").says("/crisis change 3; what Two mains burst; crisis CR-2026-01")
    assert changed.title == "CR-2026-01 is changed"
    assert "the level from “2, several departments” to “3, the whole city”" in changed.text
    assert "maria" in await _paged(chat)
    assert (await chat.person("maria").finds("you are needed")).title == "Crisis CR-2026-01: you are needed"
    paged = await chat.person("hugo").finds("you are needed")
    assert "Two mains burst" in paged.text
    assert paged.status.startswith("Level 3"), "the first pages say it too"
    city, room = await chat.place("ops"), await chat.place(ROOM)
    for told in (city[-1], room[-1]):
        assert told.title == "CR-2026-01 is level 3, the whole city now"
    assert room[0].title == "CR-2026-01 Two mains burst"
    assert "Two mains burst" in next(card.text for card in city if "a crisis, CR-2026-01" in card.title)
    assert [line for line in await _log(chat) if line.startswith("changes the level from “2, several departments”")]


async def test_a_place_is_put_right_by_who_works_on_it_and_the_level_by_who_decides(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    yuki = chat.person("yuki")
    await chat.person("maria").says("/crisis handover Legal; person @yuki")
    assert "“Mill Lane”" in (await yuki.says("/crisis change ; where Mill Lane")).text
    assert [card.title for card in await chat.place("ops")] == [], "the city does not know of it yet"
    refused = await yuki.says("/crisis change 3")
    assert "changes the level. Please ask them." in refused.text
    outsider = await chat.person("sam").says("/crisis change ; where Mill Yard")
    assert "Only those who work on CR-2026-01" in outsider.text
    same = await yuki.typed("/crisis change ; where Mill Lane")
    assert "Nothing was changed" in str(same)
    crisis = await chat.bot.read(lambda store: store.crisis.records.find(REF))
    assert (crisis.level, crisis.where) == (2, "Mill Lane")


@pytest.mark.doors
async def test_two_who_change_different_things_at_once_keep_both(chat: Chat) -> None:
    await begin(chat)
    tom, maria = chat.person("tom"), chat.person("maria")
    first, second = await tom.opens("/crisis change"), await maria.opens("/crisis change")
    assert first.errors == {}, "nothing is wrong with a form that has just been opened"
    await tom.fills(first, level="3")
    await maria.fills(second, where="Mill Lane")
    crisis = await chat.bot.read(lambda store: store.crisis.records.find(REF))
    assert (crisis.level, crisis.where) == (3, "Mill Lane")


@pytest.mark.parity("Reopen a crisis in its room")
async def test_a_crisis_is_reopened_once_linked_and_in_the_same_room(chat: Chat) -> None:
    await begin(chat)
    await stand_down(chat)
    maria = chat.person("maria")
    form = await maria.opens("Reopen it", await maria.says(f"/crisis status {REF}"))
    assert form.values["crisis"] == REF
    begun = await maria.fills(form, why="It burst again")
    assert begun.title == "CR-2026-02 goes on from CR-2026-01"
    assert {"tom", "hugo"} <= set(await _paged(chat, AGAIN))
    room = await chat.place(ROOM)
    again = next(card for card in room if card.title == "CR-2026-02 Water main burst")
    assert "Goes on from" in again.text
    assert "goes on as CR-2026-02: It burst again" in await _log(chat)
    assert [link.ref for link in await chat.bot.read(lambda store: store.links.of(REF))] == [AGAIN]
    twice = await chat.person("tom").says(f"/crisis reopen Me too; crisis {REF}")
    assert "Maria Lopez reopened CR-2026-01 as CR-2026-02" in twice.text
    await chat.person("hugo").presses("I confirm it", await chat.person("hugo").finds("CR-2026-02: please confirm"))
    assert (await chat.bot.read(lambda store: store.crisis.records.find(AGAIN))).state == "active"
    assert (await chat.place("ops"))[-1].title == "Riverton: a crisis, CR-2026-02"


async def test_while_another_crisis_has_just_begun_it_is_asked_whether_that_is_the_one(chat: Chat) -> None:
    await begin(chat)
    await stand_down(chat)
    maria = chat.person("maria")
    await maria.says("/crisis activate Fire at the depot; level 2")
    asked = await maria.says(f"/crisis reopen It burst again; crisis {REF}")
    assert asked.title == "CR-2026-02 is open already. Is it the same?"
    assert "You wrote: It burst again. Nobody was called for it yet." in asked.text
    begun = await maria.presses("It is another one: reopen", asked)
    assert begun.title == "CR-2026-03 goes on from CR-2026-01"
    assert await maria.presses("It is another one: reopen", asked)
    assert await chat.bot.read(lambda store: store.crisis.records.find("CR-2026-04")) is None
    row = await chat.bot.read(lambda store: store.audit.last(REF))
    assert row.facts == {"reopened_as": "CR-2026-03"}


@pytest.mark.doors
async def test_a_drill_is_reopened_as_a_drill_and_only_by_who_may_call_the_team(chat: Chat) -> None:
    await begin(chat, "; kind drill")
    await stand_down(chat)
    refused = await chat.person("sam").says(f"/crisis reopen Again; crisis {REF}")
    assert "CR-2026-02" not in refused.text
    begun = await chat.person("maria").says(f"/crisis reopen Again; crisis {REF}")
    assert begun.title == "DRILL: CR-2026-02 goes on from CR-2026-01"
    assert (await chat.bot.read(lambda store: store.crisis.records.find(AGAIN))).drill
    assert [card.title for card in await chat.place("ops") if not card.title.startswith("DRILL")] == []


async def test_an_update_that_was_promised_is_asked_for_in_the_reopened_crisis(chat: Chat) -> None:
    await begin(chat)
    felix, maria = chat.person("felix"), chat.person("maria")
    await felix.says("/crisis statement A burst; who Mill Road; since 08:40; do Boil water; next in 2 hours")
    await maria.presses("Approve", await maria.finds("please approve"))
    await stand_down(chat)
    await maria.says(f"/crisis reopen Again; crisis {REF}")
    timers = await chat.bot.read(
        lambda store: [store.time.timers.next_due("crisis.promise", ref) is not None for ref in (REF, AGAIN)]
    )
    assert timers == [False, True]
    board = await maria.says(f"/crisis status {AGAIN}")
    assert "Statement to residents, " in board.text
    assert "Residents: next update promised for 11:00 AM." in board.text


@pytest.mark.parity("Correct a line of the log of a crisis")
async def test_a_line_is_corrected_by_a_new_one_that_says_what_it_corrects(chat: Chat) -> None:
    await begin(chat)
    sam = chat.person("sam")
    wrong = await sam.says("/crisis log Ten houses are dry")
    await sam.says("/crisis log The road is shut")
    form = await sam.opens("Correct it", wrong)
    assert form.values == {"text": "Ten houses are dry"}
    await sam.fills(form, text="Two houses are dry")
    said = "corrects “Ten houses are dry (Mon Nov 23, 9:00 AM)”: Two houses are dry"
    assert f"Mon Nov 23, 9:00 AM Sam Rivers: {said}" in await _timeline(chat)
    assert "Ten houses are dry" in await _log(chat), "what was written stays"
    room = await chat.place(ROOM)
    old = next(card for card in room if "on the timeline" in card.title and "Ten houses" in card.text)
    assert "Sam Rivers corrected this at 9:00 AM: Two houses are dry" in old.text
    assert said in next(card.text for card in room if "on the timeline" in card.title and "corrects" in card.text)
    again = await sam.opens("Correct", await sam.says(f"/crisis correct {REF}"))
    assert again.values == {"text": "Two houses are dry"}
    yuki = chat.person("yuki")
    assert "no line or report that you can correct" in (await yuki.says("/crisis correct")).text


@pytest.mark.parametrize(
    "text", ["Hugo said “wait”: the road is shut", "corrects “ten (Mon Nov 23, 9:00 AM)”: two houses are dry"]
)
async def test_a_line_is_offered_for_correction_as_it_was_written_whatever_stands_in_it(chat: Chat, text: str) -> None:
    await begin(chat)
    sam = chat.person("sam")
    form = await sam.opens("Correct it", await sam.says(f"/crisis log {text}"))
    assert form.values == {"text": text}
    await sam.fills(form, text=f"{text} now")
    again = await sam.opens("Correct", await sam.says(f"/crisis correct {REF}"))
    assert again.values == {"text": f"{text} now"}
    await sam.fills(again, text="Nothing is shut")
    assert f"Sam Rivers: corrects “{text[:40]}" in await _timeline(chat)


async def test_a_line_is_corrected_once_and_then_its_correction_is(chat: Chat) -> None:
    await begin(chat)
    sam, tom = chat.person("sam"), chat.person("tom")
    wrong = await sam.says("/crisis log Ten houses are dry; kind decided")
    early = await tom.opens("Correct", await tom.says(f"/crisis correct {REF}"))
    await sam.fills(await sam.opens("Correct it", wrong), text="Two houses are dry")
    await chat.bot.pass_time(minutes=10)
    late = str(await tom.filled(early, text="Three houses are dry"))
    assert "Sam Rivers corrected it already, Mon Nov 23, 9:00 AM." in late
    assert f"The newer one can be corrected. See: crisis correct {REF}" in late
    assert "Sam Rivers corrected it already" in str(await sam.pressed("Correct it", wrong))
    offered = await sam.says(f"/crisis correct {REF}")
    assert "Two houses" in offered.text
    assert "Ten houses" not in offered.text
    await sam.fills(await sam.opens("Correct", offered), text="Three houses are dry")
    said = "decided: corrects “Two houses are dry (Mon Nov 23, 9:00 AM)”: Three houses are dry"
    assert f"Mon Nov 23, 9:10 AM Sam Rivers: {said}" in await _timeline(chat)


@pytest.mark.parity("Correct a report of a crisis")
async def test_a_report_is_corrected_for_all_who_read_it_once(chat: Chat) -> None:
    await begin(chat)
    felix, maria = chat.person("felix"), chat.person("maria")
    sent = await felix.says("/crisis report Two streets are dry; kind executive")
    await chat.bot.pass_time(minutes=10)
    form = await felix.opens("Correct it", sent)
    done = await felix.fills(form, text="Ten streets are dry")
    assert done.title == "Executive report of CR-2026-01 is corrected"
    for place in (await chat.place("ops"), await maria.direct()):
        old, new = [card for card in place if "executive report" in card.title]
        assert old.title == "CR-2026-01: executive report, corrected since"
        assert "Felix Moreau corrected it" in old.text
        assert new.title == "CR-2026-01: executive report, corrected"
        assert "Ten streets are dry" in new.text
    board = await maria.says(f"/crisis status {REF}")
    assert "Executive report: last 10 minutes ago, next due at 1:00 PM." in board.text, "a correction is no new report"
    late = await felix.pressed("Correct it", sent)
    assert "Felix Moreau corrected it already" in str(late)


@pytest.mark.parity("See only the buttons of a crisis that one may press")
async def test_the_card_of_a_crisis_shows_each_reader_the_buttons_that_they_may_press(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    mine, theirs = [await chat.person(who).says(f"/crisis status {REF}") for who in ("tom", "yuki")]
    only = {"Stand down", "Change it", "Add action"}
    assert only <= set(mine.buttons)
    assert not only & set(theirs.buttons)
    assert "Add to timeline" in theirs.buttons
    plan, board = [await chat.person("yuki").says(line) for line in ("/crisis plan", "/crisis roles")]
    assert not {"Done", "Mine", "Give to", "Close this part", "Hand over", "Take it"} & {
        *plan.buttons,
        *board.buttons,
    }


async def test_who_was_given_a_step_may_say_that_it_is_done(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    tom, yuki = chat.person("tom"), chat.person("yuki")
    await tom.fills(await tom.opens("Give to", await tom.says("/crisis plan")), person="yuki")
    told = await yuki.finds("is yours")
    done = await yuki.fills(await yuki.opens("Done", told), note="")
    assert "1 of 5 done" in done.title

"""Undo: what was just done is taken back, with the messages that went out for it, where nobody has acted on it."""

import pytest

from tests.chat.door import Chat
from tests.chat.seen import Seen
from tests.chat.slack import SlackChat
from tests.chat.teams import TeamsChat
from tests.scenarios.gone import switched_off
from tests.scenarios.peoplefile import change

POTHOLE = "/feedback add Deep pothole; category streets; place Elm Street; via phone"


async def titles(chat: Chat, person: str) -> list[str]:
    return [card.title for card in await chat.person(person).direct()]


async def newest(chat: Chat, place: str) -> Seen:
    return (await chat.place(place))[-1]


@pytest.mark.parity("Undo what you have just done")
async def test_giving_feedback_is_undone_and_the_message_says_that_it_was_taken_back(chat: Chat) -> None:
    olga = chat.person("olga")
    await olga.says(POTHOLE)
    given = await olga.says("/feedback give F-1; to @sam")
    assert "You can undo it for 10 minutes." in given.text
    assert "Olga Brandt gave you F-1" in await titles(chat, "sam")
    undone = await olga.presses("Undo", given)
    assert undone.title == "Undone: F-1 is with nobody yet"
    told = (await chat.person("sam").direct())[-1]
    assert told.title == "Undone: Olga Brandt gave you F-1"
    assert "Olga Brandt undid this at 9:0" in told.text
    assert list(told.buttons) == ["Show F-1"]
    assert "undid that" in (await olga.says("/feedback show F-1")).text
    assert "It is undone already" in (await olga.presses("Undo", given)).text


@pytest.mark.doors
async def test_what_somebody_has_acted_on_or_is_older_than_ten_minutes_stays(chat: Chat) -> None:
    olga = chat.person("olga")
    await olga.says(POTHOLE)
    given = await olga.says("/feedback give F-1; to @sam")
    await chat.person("sam").says("/feedback wait F-1; whom weather; reason Frost")
    refused = await olga.presses("Undo", given)
    assert "Sam Rivers has acted on it since, Mon Nov 23, 9:0" in refused.text
    closed = await olga.says("/feedback close F-1; reason done; answer Filled")
    await chat.bot.pass_time(minutes=11)
    late = await olga.presses("Undo", closed)
    assert "more than 10 minutes old. It can no longer be undone." in late.text
    item = await chat.bot.read(lambda store: store.feedback.records.find("F-1"))
    assert (item.owner, item.state) == ("sam", "closed")


async def test_a_routing_is_undone_where_it_was_posted_and_the_old_place_has_its_card_again(chat: Chat) -> None:
    olga = chat.person("olga")
    await olga.says(POTHOLE)
    routed = await olga.says("/feedback route F-1; department water; reason It is a burst pipe")
    old, new = await newest(chat, "public-works"), await newest(chat, "water")
    assert "Route elsewhere" not in old.buttons
    assert "F-1 is with Water and Sewer now." in old.text
    assert "Route elsewhere" in new.buttons
    undone = await olga.presses("Undo", routed)
    assert undone.title == "Undone: F-1 is with Public Works again"
    assert (await newest(chat, "water")).title.startswith("Undone: F-1 ")
    [old] = [card for card in await chat.place("public-works") if "F-1" in card.title]
    assert "Route elsewhere" in old.buttons
    assert "Public Works" in old.text
    again = await olga.says("/feedback route F-1; department water; reason It is a burst pipe after all")
    assert "F-1 is with Water and Sewer now" in again.title


@pytest.mark.doors
async def test_closing_feedback_is_undone_and_nobody_reads_that_it_is_answered(chat: Chat) -> None:
    await chat.person("owen").says(POTHOLE)
    sam = chat.person("sam")
    await sam.says("/feedback wait F-1; whom weather; reason Frost; until 2026-12-04")
    closed = await sam.says("/feedback close F-1; reason done; answer Filled")
    assert len(await chat.bot.read(lambda store: store.chat.notes.all("owen"))) == 1
    assert (await sam.presses("Undo", closed)).title == "Undone: F-1 is open as before"
    item = await chat.bot.read(lambda store: store.feedback.records.find("F-1"))
    assert (item.state, item.waits_for, str(item.waits_until), item.answer) == ("open", "weather", "2026-12-04", None)
    assert await chat.bot.read(lambda store: store.chat.notes.all("owen")) == []


async def test_an_action_that_was_marked_done_or_given_by_mistake_is_as_before(chat: Chat) -> None:
    sam, olga = chat.person("sam"), chat.person("olga")
    await olga.says("/action add Buy a pump; owner @sam; due friday")
    done = await sam.says("/action done A-1")
    assert (await sam.presses("Undo", done)).title == "Undone: A-1 is still to be done"
    assert await chat.bot.read(lambda store: store.chat.notes.all("olga")) == []
    given = await olga.says("/action assign A-1; owner @grace")
    asked = "A-1: Olga Brandt asks you to act"
    assert asked in await titles(chat, "grace")
    await olga.presses("Undo", given)
    assert f"Undone: {asked}" in await titles(chat, "grace")
    action = await chat.bot.read(lambda store: store.actions.records.find("A-1"))
    assert (action.owner, action.state) == ("sam", "open")


@pytest.mark.doors
async def test_closing_a_risk_or_giving_it_away_is_undone_with_its_actions(chat: Chat) -> None:
    olga = chat.person("olga")
    await olga.says("/risk add Dam gate stuck; likelihood 2; impact 3; owner @sam")
    await olga.says("/risk action R-1; what Measure it; owner @sam; due friday")
    before = len(await titles(chat, "sam"))
    closed = await olga.says("/risk close R-1; reason Mended")
    await olga.presses("Undo", closed)
    given = await olga.says("/risk assign R-1; owner @grace")
    await olga.presses("Undo", given)
    assert "Undone: You look after R-1 now" in await titles(chat, "grace")
    assert len(await titles(chat, "sam")) == before
    risk = await chat.bot.read(lambda store: store.risk.records.find("R-1"))
    action = await chat.bot.read(lambda store: store.actions.records.find("A-1"))
    assert (risk.state, risk.owner, action.state) == ("open", "sam", "open")


@pytest.mark.doors
async def test_the_day_shows_as_open_again_what_was_settled_by_mistake(chat: Chat) -> None:
    """Nobody reads in the morning check that something is done which is not."""
    await chat.person("olga").says(POTHOLE)
    await chat.bot.pass_time(hours=22, minutes=31)
    maria = chat.person("maria")
    [morning] = [card for card in await maria.direct() if card.title.startswith("Good morning")]
    assert "F-1" in morning.text
    closed = await chat.person("sam").says("/feedback close F-1; reason done; answer Filled")
    [morning] = [card for card in await maria.direct() if card.title.startswith("Good morning")]
    assert "Done (answered by Sam Rivers" in morning.text
    await chat.person("sam").presses("Undo", closed)
    [morning] = [card for card in await maria.direct() if card.title.startswith("Good morning")]
    assert "Done (" not in morning.text


GIVEN = {
    "R-1": "/risk assign R-1; owner @grace",
    "F-1": "/feedback give F-1; to @sam",
    "A-1": "/action assign A-1; owner @grace",
}


@pytest.mark.doors
@pytest.mark.parametrize("ref", GIVEN)
async def test_the_morning_check_names_nobody_once_it_is_undone_and_has_its_buttons_again(chat: Chat, ref: str) -> None:
    olga = chat.person("olga")
    await olga.says("/risk add Dam gate stuck; likelihood 4; impact 5; owner @olga")
    await olga.says(POTHOLE)
    await olga.says("/action add Buy a pump; owner @sam; due tomorrow")
    await chat.bot.pass_time(hours=46, minutes=31)
    maria = chat.person("maria")
    before = await maria.finds("Good morning")
    given = await olga.says(GIVEN[ref])
    assert "Given to " in (await maria.finds("Good morning")).text
    await olga.presses("Undo", given)
    after = await maria.finds("Good morning")
    assert after.text.partition("Good morning")[2] == before.text.partition("Good morning")[2]
    assert list(after.buttons) == list(before.buttons)


@pytest.mark.doors
async def test_what_waits_for_the_morning_does_not_go_once_it_is_undone(chat: Chat) -> None:
    olga = chat.person("olga")
    await olga.says(POTHOLE)
    await chat.bot.pass_time(hours=13)
    given = await olga.says("/feedback give F-1; to @sam")
    await olga.presses("Undo", given)
    await chat.bot.pass_time(hours=11)
    assert [title for title in await titles(chat, "sam") if "gave you" in title] == []


async def test_nothing_goes_back_to_somebody_who_is_gone(chat: Chat) -> None:
    olga = chat.person("olga")
    await olga.says("/action add Fix the gate; owner @yuki; due friday")
    given = await olga.says("/action assign A-1; owner @sam")
    await switched_off(chat, "yuki")
    refused = await olga.presses("Undo", given)
    assert "Yuki Tanaka, who had it, has no active account. It stays as it is now" in refused.text
    action = await chat.bot.read(lambda store: store.actions.records.find("A-1"))
    assert action.owner == "sam"


async def test_undo_leaves_no_two_people_who_stand_in_for_each_other(chat: Chat) -> None:
    sam, hugo = chat.person("sam"), chat.person("hugo")
    await sam.says("/city away from today to 2026-12-04 deputy @hugo")
    back = await sam.says("/city back")
    await hugo.says("/city away from today to 2026-12-04 deputy @sam")
    refused = await sam.presses("Undo", back)
    assert "Hugo Lindqvist is away then, and Sam Rivers would stand in." in refused.text
    assert "Sam Rivers:" not in (await sam.says("/city absences")).text


HEAD = 'title = "Director of Public Works"\nroles = ["department_head"]'
DONE_BY_HEAD = {  # what a head did, what is changed in the city's files then, and why it cannot be undone any more
    "close": (
        "/risk close R-1; reason Mended",
        HEAD,
        "Only these roles can undo it: department head, city manager, admin.",
    ),
    "assign": ("/risk assign R-1; owner @grace", HEAD, "You cannot change R-1 yourself. Please ask Sam Rivers"),
    "give": ("/action assign A-1; owner @grace", HEAD, "Only Sam Rivers"),
    "done": ("/action done A-1", HEAD, "Only Sam Rivers"),
    "away": ("/city away from today to 2026-12-04 person @sam", 'head = "olga"', "Only Sam Rivers, the head of"),
    "tick": ("/checklist tick Team stand-up", 'head = "olga"', "Team stand-up is for Sam Rivers (Public Works)"),
}


@pytest.mark.parametrize("act", DONE_BY_HEAD)
async def test_who_may_not_do_it_any_more_cannot_undo_it(chat: Chat, act: str) -> None:
    """A right that was taken from somebody is not used once more by a button that is still there."""
    line, known, why = DONE_BY_HEAD[act]
    sam, olga = chat.person("sam"), chat.person("olga")
    await sam.says("/risk add Dam gate stuck; likelihood 2; impact 3; owner @sam")
    await sam.says("/action add Oil it; owner @sam; due friday")
    done = await olga.says(line)
    file, to = (
        ("people.toml", HEAD.replace('"department_head"', ""))
        if known == HEAD
        else ("departments.toml", 'head = "sam"')
    )
    await change(chat, known, to, file)
    assert why in (await olga.presses("Undo", done)).text
    risk, action, undone = await chat.bot.application.runtime.write(  # an Undo is read to be taken
        lambda store: (store.risk.records.find("R-1"), store.actions.records.find("A-1"), store.undos.take(1))
    )
    assert risk is not None
    assert action is not None
    assert undone is not None
    assert (risk.state, risk.owner) == ("closed" if act == "close" else "open", "grace" if act == "assign" else "sam")
    assert (action.state, action.owner) == ("done" if act == "done" else "open", "grace" if act == "give" else "sam")
    assert undone.undone_at is None


async def test_where_others_read_what_was_done_they_read_that_it_was_taken_back(
    platform_chat: SlackChat | TeamsChat,
) -> None:
    olga, sam = platform_chat.person("olga"), platform_chat.person("sam")
    await olga.says("/action add Buy a pump; owner @sam; due friday")
    done = await sam.says("action done A-1", place="ops")
    await sam.presses("Undo", done)
    said = [card.text for card in await platform_chat.place("ops") if "A-1 " in card.text]
    assert said[0].startswith("A-1 done by Sam Rivers.")
    assert said[1].startswith("Undone: A-1 opened again by Sam Rivers.")
    assert len(said) == 2

"""As people type: marks around a command, a reference alone, a button's label, and a semicolon too many."""

import pytest

from tests.chat.desk import DeskChat
from tests.chat.door import Chat
from tests.chat.slack import SlackChat

RISK = "risk add Dam gate stuck; likelihood 2; impact 3"


@pytest.mark.parity("Type a reference alone and see the record")
async def test_a_reference_alone_shows_its_record(chat: Chat) -> None:
    sam = chat.person("sam")
    await sam.says(f"/{RISK}")
    for line in ("R-1", "r-1.", "R-1.2"):
        card = await sam.says(line)
        assert "Dam gate stuck" in card.text, line
    assert "Dam gate stuck" in (await sam.says("/risk R-1")).text


@pytest.mark.parity("Type a command in bold, in backticks or in quotes")
async def test_a_command_in_bold_in_backticks_or_in_quotes_is_the_command(chat: Chat) -> None:
    sam = chat.person("sam")
    gates = [RISK.replace("Dam", f"Dam {number}") for number in (1, 2, 3)]
    lines = (f"*{gates[0]}*", f"`{gates[1]}`", f"**risk add** {gates[2].removeprefix('risk add ')}")
    for number, line in enumerate(lines, 1):
        assert (await sam.says(line)).title == f"Logged R-{number}"
    titles = await chat.bot.read(lambda store: [store.risk.records.find(f"R-{n}").title for n in (1, 2, 3)])
    assert titles == ["Dam 1 gate stuck", "Dam 2 gate stuck", "Dam 3 gate stuck"]


@pytest.mark.parity("Say what to do with a reference, in any order")
async def test_a_verb_and_a_reference_do_it_or_open_the_form_filled_in(chat: Chat) -> None:
    sam = chat.person("sam")
    await sam.says("/action add Buy a pump; due friday")
    await sam.says("/feedback add Pothole at the gate; category streets; via phone")
    await sam.says("/feedback add Dark lamp; category lights; via phone")
    assert (await sam.says("take F-1")).title == "F-1 is yours now"
    assert (await sam.says("A-1 is done")).title == "A-1 is done"
    form = await sam.opens("/city close F-1")
    assert (form.values["reason"], form.values["answer"]) == ("done", "")
    form = await sam.opens("/feedback F-2 is fixed")
    assert (form.values["feedback"], form.values["reason"]) == ("F-2", "done")
    closed = await sam.says("close F-1 with The pothole is filled")
    assert closed.title.startswith("Closed F-1")
    assert "The pothole is filled" in closed.text


async def test_an_unknown_verb_keeps_its_reference_in_what_is_offered(chat: Chat) -> None:
    sam = chat.person("sam")
    await sam.says("/feedback add Pothole at the gate; category streets; via phone")
    card = await sam.says("frobnicate F-1")
    assert "Pothole at the gate" in (await sam.presses("Show feedback: F-1", card)).text


async def test_words_behind_the_name_of_the_crisis_open_the_form_of_the_alarm(chat: Chat) -> None:
    form = await chat.person("sam").opens("/crisis Fire in city hall")
    assert form.values["what"] == "Fire in city hall"
    assert await chat.bot.read(lambda store: store.crisis.records.open()) == []


async def test_a_semicolon_or_a_colon_behind_a_command_stands_for_a_space(chat: Chat) -> None:
    sam = chat.person("sam")
    assert (await sam.says("risk add; Dam 1 gate stuck; likelihood 2; impact 3")).title == "Logged R-1"
    assert (await sam.says("risk add: Dam 2 gate stuck; likelihood 2; impact 3")).title == "Logged R-2"
    titles = await chat.bot.read(lambda store: [store.risk.records.find(f"R-{n}").title for n in (1, 2)])
    assert titles == ["Dam 1 gate stuck", "Dam 2 gate stuck"]
    asked = await chat.person("maria").typed("/crisis lessons; cause A valve from 1961")
    assert "not a command" not in str(asked)


@pytest.mark.parity("Type what stands on a button")
async def test_the_label_of_a_button_is_as_good_as_its_press(chat: Chat) -> None:
    sam = chat.person("sam")
    assert (await sam.typed("Log a risk")).title == "Log a risk"
    await sam.says(RISK)
    card = await sam.says("Show all")
    assert "Dam gate stuck" in card.text
    assert card.title != "I do not know that"


async def test_the_label_of_a_button_that_asks_first_is_not_pressed_but_shown(chat: Chat) -> None:
    sam = chat.person("sam")
    await sam.says(RISK)
    shown = await sam.says("withdraw")
    assert shown.title == "Is this what you mean?"
    assert (await chat.bot.read(lambda store: store.risk.records.find("R-1"))).state == "open"
    await sam.presses("Withdraw", shown)
    assert (await chat.bot.read(lambda store: store.risk.records.find("R-1"))).state == "withdrawn"


async def test_a_label_that_two_buttons_have_is_asked_about(chat: Chat) -> None:
    sam = chat.person("sam")
    await sam.says(RISK)
    await sam.says("risk add Bridge bearing cracked; likelihood 2; impact 2")
    await sam.says("city absences")
    shown = await sam.says("Withdraw")
    assert shown.title == "Which of these do you mean?"
    assert "Logged R-1" in shown.text
    assert "Logged R-2" in shown.text


async def test_the_button_of_an_answer_to_somebody_else_is_not_pressed(slack_chat: SlackChat) -> None:
    sam = slack_chat.person("sam")
    logged = await sam.says(RISK, place="ops")
    assert "Withdraw" in logged.buttons
    assert (await slack_chat.person("olga").says("Withdraw", place="ops")).title == "I do not know that"
    assert (await sam.says("Withdraw", place="ops")).title == "Is this what you mean?"


@pytest.mark.parametrize("line", ["Hi!", "*help*", "help.", "/city `help`"])
async def test_a_greeting_is_one_however_it_is_written(desk_chat: DeskChat, line: str) -> None:
    assert (await desk_chat.person("sam").says(line)).title.endswith("What do you want to do?")


async def test_a_label_is_typed_with_the_rights_of_who_types_it(chat: Chat) -> None:
    assert (await chat.person("sam").says("Connect this channel")).title == "You cannot do this yourself"


async def test_the_label_of_a_button_that_makes_a_file_is_shown_so_that_its_row_in_the_audit_comes_first(
    chat: Chat,
) -> None:
    olga = chat.person("olga")
    await olga.says(RISK)
    await olga.says("risk list")
    shown = await olga.says("as a spreadsheet")
    assert shown.title == "Is this what you mean?"
    card = await olga.presses("As a spreadsheet", shown)
    assert await olga.files(card)


async def test_the_label_of_a_button_that_has_a_picture_drawn_shows_the_picture(chat: Chat) -> None:
    sam = chat.person("sam")
    await sam.says(RISK)
    await sam.says("risk list")
    card = await sam.says("Matrix")
    assert card.title == "Risk matrix: 1 open risk"

"""Help: what somebody does most, the subjects they need, and a small menu for each with examples to press."""

import pytest

from bot.inbound import Inbound, Pressed
from tests.chat.desk import DeskChat
from tests.chat.door import Chat

USUAL = ["Log residents' feedback", "Log a risk", "Add an action"]
ALWAYS = ["Call the crisis team", "Show what is late"]
SUBJECTS = ["Action", "Crisis", "Feedback", "Risk", "Checklist", "City", "Stand-up"]


@pytest.mark.parity("Ask for help")
async def test_help_asks_what_to_do_with_the_usual_commands_and_the_subjects_that_somebody_needs(chat: Chat) -> None:
    card = await chat.person("sam").says("/city help")
    assert card.title == "What do you want to do?"
    assert list(card.buttons) == [*USUAL, "Show what is waiting for you", *ALWAYS, *SUBJECTS]
    assert "What residents tell the city, and the department that answers." in card.text
    assert "/risk" not in card.text
    form = await chat.person("sam").opens("Log a risk", card)
    assert set(form.values) >= {"title", "likelihood", "impact"}


async def test_what_somebody_does_most_stands_first(desk_chat: DeskChat) -> None:
    olga = desk_chat.person("olga")
    for number in range(1, 4):
        await olga.says(f"/feedback add Pothole {number}; category streets; via phone")
        await olga.says(f"/feedback give F-{number}; to @sam")
    await olga.says("/risk add Dam gate stuck; likelihood 2; impact 2")
    card = await olga.says("help")
    assert list(card.buttons)[:3] == ["Log residents' feedback", "Give it to somebody", "Log a risk"]
    assert list(card.buttons)[4:6] == ALWAYS
    other = await desk_chat.person("sam").says("help")
    assert list(other.buttons)[:3] == USUAL
    desk_chat.bot.clock.advance(days=29)
    assert list((await olga.says("help")).buttons)[:3] == USUAL


@pytest.mark.parametrize(
    ("person", "first", "subject", "has"),
    [
        ("sam", USUAL[0], "Check-in", False),
        ("olga", USUAL[0], "Check-in", True),
        ("ines", "Show what is broken", "Stand-up", True),
        ("maria", "Show the newest morning check", "Stand-up", False),
    ],
)
async def test_a_person_sees_what_their_roles_need(
    desk_chat: DeskChat, person: str, first: str, subject: str, has: bool
) -> None:
    card = await desk_chat.person(person).says("help")
    assert (next(iter(card.buttons)), subject in card.buttons) == (first, has)
    assert len(card.buttons) <= 6 + 8


async def test_what_only_it_needs_is_shown_to_nobody_else(desk_chat: DeskChat) -> None:
    for person, shown in (("sam", False), ("ines", True)):
        card = await desk_chat.person(person).says("help city")
        for line in ("/city accounts", "/city faults", "/city undelivered", "/city clock", "/city places"):
            assert (line in card.text) == shown, (person, line)
    assert (await desk_chat.person("sam").says("city clock")).title != "You cannot do this yourself"


@pytest.mark.parametrize("line", ["/city help risk", "/risk", "/city risk help"])
@pytest.mark.parity("Open the small menu of a subject, and begin with an example")
async def test_the_name_of_a_subject_opens_its_small_menu(chat: Chat, line: str) -> None:
    sam = chat.person("sam")
    card = await sam.says(line)
    assert card.title == "Risk"
    assert "What could go wrong, how bad, who looks after it." in card.text
    assert list(card.buttons)[:2] == ["Log a risk", "List the open risks"]
    form = await sam.opens("Try it", card)
    assert form.values["title"] == "Server room floods"
    assert (form.values["likelihood"], form.values["impact"]) == ("4", "5")
    assert await chat.bot.read(lambda store: store.risk.records.find("R-1")) is None
    lines = await sam.unfolds("How to type each command in one line", card)
    assert "Log a risk: /risk add Server room floods; likelihood 4; impact 5" in lines.text
    assert "You can add: " in lines.text
    assert "[" not in lines.text.partition("How to type")[2]


async def test_the_word_crisis_puts_the_call_first_and_shows_what_is_open(chat: Chat) -> None:
    olga = chat.person("olga")
    card = await olga.says("/crisis")
    assert next(iter(card.buttons)) == "Call the crisis team"
    assert "No crisis is open." in card.text
    await olga.says("/crisis activate Water main burst; where Mill Road; level 2")
    card = await olga.says("/crisis")
    assert list(card.buttons)[:2] == ["Call the crisis team", "Show CR-2026-01"]
    assert "Water main burst" in (await olga.presses("Show CR-2026-01", card)).text


async def test_an_example_that_is_gone_says_what_to_do(desk_chat: DeskChat) -> None:
    pressed = Inbound("desk", "sam", Pressed("help.try", "risk abolish"))
    outcome = await desk_chat.bot.application.runtime.handle(pressed)
    assert 'Write "help"' in str(outcome)


async def test_every_example_is_a_line_that_its_command_understands(desk_chat: DeskChat) -> None:
    for person in ("sam", "maria", "ines"):
        for group in ("action", "city", "checkin", "checklist", "crisis", "feedback", "risk", "standup"):
            card = await desk_chat.person(person).says(f"help {group}")
            assert "How to type each command in one line" in card.text, (person, group)

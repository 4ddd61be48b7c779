"""Plain words: a sentence that is no command is proposed, and logged by a press; danger comes first."""

import re

import pytest

from bot.inbound import Answered, Inbound, Pressed
from handlers.kit.plain import plain
from tests.chat.desk import DeskChat
from tests.chat.door import Chat
from tests.chat.seen import Seen
from tests.chat.slack import SlackChat

POTHOLE = "there is a deep pothole at 12 Elm Street, a resident phoned"


@pytest.mark.parity("Log feedback in plain words, by one press")
async def test_a_sentence_is_proposed_as_feedback_and_logged_by_one_press(chat: Chat) -> None:
    owen = chat.person("owen")
    card = await owen.says(POTHOLE)
    assert card.title == "Log this as feedback?"
    for fact in ("Streets and potholes", "12 Elm Street", "phone", "complaint", "Nothing is saved yet."):
        assert fact in card.text
    assert set(card.buttons) == {"Log it", "Change first", "It is a risk", "No"}
    assert await chat.bot.read(lambda store: store.feedback.records.find("F-1")) is None
    await owen.pressed("Log it", card)
    item = await chat.bot.read(lambda store: store.feedback.records.find("F-1"))
    assert (item.what, item.category, item.place_in_town, item.reached_us_by) == (
        POTHOLE, "streets", "12 Elm Street", "phone",
    )  # fmt: skip


async def test_it_can_be_changed_first_be_a_risk_or_nothing(chat: Chat) -> None:
    owen = chat.person("owen")
    card = await owen.says(POTHOLE)
    form = await owen.opens("Change first", card)
    assert (form.values["what"], form.values["category"], form.values["via"]) == (POTHOLE, "streets", "phone")
    risk = await owen.opens("It is a risk", card)
    assert risk.values["title"] == POTHOLE
    await owen.pressed("No", card)
    assert await chat.bot.read(lambda store: store.feedback.records.find("F-1")) is None


async def test_what_is_not_sure_is_left_open_and_asked_for(desk_chat: DeskChat) -> None:
    owen = desk_chat.person("owen")
    card = await owen.says("the fountain at City Hall makes a strange sound, says a lady")
    assert "About please choose" in " ".join(card.text.split())
    form = await owen.opens("Log it", card)
    assert (form.values["category"], form.values["place"]) == ("", "City Hall")


async def test_a_proposal_is_logged_once_and_by_nobody_else(desk_chat: DeskChat) -> None:
    owen = desk_chat.person("owen")
    card = await owen.says(POTHOLE)
    assert (await owen.presses("Log it", card)).title == "Logged F-1"
    again = await owen.presses("Log it", card)
    assert "logged already" in again.text
    draft = card.buttons["Log it"][1]
    pressed = Inbound("desk", "olga", Pressed("feedback.log", draft))
    refused = await desk_chat.bot.application.runtime.handle(pressed)
    assert isinstance(refused, Answered)
    assert refused.card
    assert "logged already" in plain(refused.card)
    assert await desk_chat.bot.read(lambda store: store.feedback.records.find("F-2")) is None


async def test_no_saves_nothing(desk_chat: DeskChat) -> None:
    owen = desk_chat.person("owen")
    card = await owen.presses("No", await owen.says(POTHOLE))
    assert card.title == "All right, nothing is saved"


@pytest.mark.parametrize(
    "line",
    [
        "fire at the school",
        "smell of gas on Quay Street, a resident phoned",
        "feedback fire at the school",
        "Fire!!",
        "help! fire at the school",
        "help there is a man with a gun",
        "HELP FIRE",
        "risk gas leak",
    ],
)
@pytest.mark.parity("Write of danger, and find the crisis team first")
async def test_words_of_danger_put_the_crisis_team_first(chat: Chat, line: str) -> None:
    sam = chat.person("sam")
    card = await sam.says(line)
    assert card.title == "Is somebody in danger?"
    assert "911" in card.text
    assert next(iter(card.buttons)) == "Call the crisis team"
    form = await sam.opens("Call the crisis team", card)
    assert form.values["what"] == re.sub("^(feedback|help!?|risk) ", "", line, flags=re.IGNORECASE)


async def test_a_risk_in_plain_words_is_proposed_with_its_title_and_owner(desk_chat: DeskChat) -> None:
    card = await desk_chat.person("sam").says("our water engineer retires in march and nobody is trained, owner @hugo")
    assert card.title == "Log this as a risk?"
    form = await desk_chat.person("sam").opens("Fill in the rest", card)
    assert form.values["title"].startswith("our water engineer retires")
    assert form.values["category"] == "staffing"
    assert form.values["owner"] == "@hugo"


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("thanks!", "You are welcome"), ("Hi", "Hello. What do you want to do?"),
        ("please help", "What do you want to do?"), ("good morning", "Hello. What do you want to do?"),
        ("risk lits", "I do not know that"), ("asdf qwer", "I do not know that"),
    ],
)  # fmt: skip
async def test_small_talk_is_answered_as_a_colleague_would(desk_chat: DeskChat, line: str, title: str) -> None:
    assert (await desk_chat.person("sam").says(line)).title == title


async def test_text_of_people_neither_pings_nor_links_in_a_proposal(slack_chat: SlackChat) -> None:
    line = "a resident phoned: <!channel> *pothole* at 3 Elm Street [x](https://evil.example.org)"
    card: Seen = await slack_chat.person("owen").says(line)
    assert card.title == "Log this as feedback?"
    assert "&lt;!channel&gt;" in card.raw.text
    assert "<!channel>" not in card.raw.text


async def test_the_crisis_team_is_called_with_a_long_story_and_whatever_was_typed_before(desk_chat: DeskChat) -> None:
    tom = desk_chat.person("tom")
    for _ in range(61):
        await tom.says("risk list")
    card = await tom.says(f"fire at City Hall {'and more smoke ' * 40}")
    form = await tom.opens("Call the crisis team", card)
    assert (len(form.values["what"]) <= 300, form.values["where"]) == (True, "City Hall")


async def test_a_phone_number_in_a_sentence_opens_the_form_where_it_can_be_taken_out(desk_chat: DeskChat) -> None:
    owen = desk_chat.person("owen")
    card = await owen.says("deep pothole at 12 Elm Street, a resident phoned, call back 212-555-0147")
    form = await owen.opens("Log it", card)
    assert "212-555-0147" in form.values["what"]
    again = await owen.opens("Log it", card)
    assert (await owen.fills(again, what="Deep pothole at 12 Elm Street")).title == "Logged F-1"


@pytest.mark.parametrize(
    ("line", "title", "facts"),
    [
        ("I'm on vacation next week", "Say that you are away?", ("2026-11-30", "2026-12-04")),
        ("off sick today", "Say that you are away?", ("today",)),
        ("i will be away from monday to friday", "Say that you are away?", ("monday", "friday")),
        ("remind me to call the asphalt firm on monday", "Add this as an action?", ("Sam Rivers", "monday")),
        (
            "tell Felix to draft a press note by friday",
            "Add this as an action?",
            ("Felix Moreau", "draft a press note"),
        ),
        ("pothole elm street", "Log this as feedback?", ("Streets and potholes", "elm street")),
        ("log a complaint: dogs bark on Mill Road, says a lady", "Log this as feedback?", ("dogs bark", "Mill Road")),
    ],
)
async def test_what_somebody_means_by_it_is_proposed(
    desk_chat: DeskChat, line: str, title: str, facts: tuple[str, ...]
) -> None:
    card = await desk_chat.person("sam").says(line)
    assert card.title == title
    for fact in facts:
        assert fact in card.text


async def test_an_absence_and_an_action_in_plain_words_fill_their_forms(desk_chat: DeskChat) -> None:
    sam = desk_chat.person("sam")
    form = await sam.opens("Fill in the rest", await sam.says("I'm on vacation next week"))
    assert (form.values["from_day"], form.values["to_day"]) == ("2026-11-30", "2026-12-04")
    assert "away" in (await sam.fills(form)).title
    form = await sam.opens("Fill in the rest", await sam.says("tell Felix to draft a press note by friday"))
    assert (await sam.fills(form)).title == "Added A-1"


@pytest.mark.parametrize(
    "line",
    ["show me all open complaints about potholes", "what is hugo's phone number", "how is transit doing", "potholes"],
)
async def test_what_somebody_asks_of_us_is_no_feedback(desk_chat: DeskChat, line: str) -> None:
    assert (await desk_chat.person("maria").says(line)).title != "Log this as feedback?"


async def test_a_line_that_names_a_record_is_never_new_feedback(desk_chat: DeskChat) -> None:
    sam = desk_chat.person("sam")
    await sam.says("feedback add Deep pothole; category streets; via phone")
    card = await sam.says("F-1 filled the hole with cold asphalt on Elm Street")
    assert card.title == "I do not know that"
    assert any("F-1" in label or "feedback" in label.lower() for label in card.buttons)


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("what waits for me", "What is waiting for you"), ("today", "What is waiting for you"),
        ("who is away", "Who is away"),
        ("what can you do", "What do you want to do?"),
    ],
)  # fmt: skip
async def test_the_citys_own_commands_are_known_in_other_words(desk_chat: DeskChat, line: str, title: str) -> None:
    assert title in (await desk_chat.person("sam").says(line)).title


async def test_what_was_changed_and_sent_first_is_not_logged_once_more_without_a_question(
    desk_chat: DeskChat,
) -> None:
    owen = desk_chat.person("owen")
    card = await owen.says("the lamp flickers all night, a resident phoned")
    form = await owen.opens("Change first", card)
    assert (await owen.fills(form, category="lights")).title == "Logged F-1"
    asked = await owen.presses("Log it", card)
    assert asked.title == "Is it the same? Nothing is saved yet"
    assert "None" not in asked.text
    assert await desk_chat.bot.read(lambda store: store.feedback.records.find("F-2")) is None

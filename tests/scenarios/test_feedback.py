"""Feedback: logged, told to the department, answered and closed, at every door."""

import pytest

from tests.chat.door import Chat

POTHOLE = "/feedback add Deep pothole; category streets; place 12 Elm Street; via phone"


@pytest.mark.parity("Log feedback, and the department is told")
async def test_the_department_is_told_in_its_place(chat: Chat) -> None:
    card = await chat.person("owen").says(POTHOLE)
    assert card.title == "Logged F-1"
    assert "Public Works is told in #public-works" in " ".join(card.text.split())
    [told] = await chat.place("public-works")
    assert told.title == "F-1 Streets and potholes"
    for words in ("Deep pothole", "12 Elm Street", "phone"):
        assert words in told.text


@pytest.mark.parity("Answer feedback, and who logged it is told")
async def test_a_colleague_answers_and_closes_from_the_card(chat: Chat) -> None:
    await chat.person("owen").says(POTHOLE)
    [told] = await chat.place("public-works")
    sam = chat.person("sam")
    form = await sam.opens("Answer and close", told)
    assert form.values == {"reason": "done", "answer": ""}
    card = await sam.fills(form, answer="The pothole is filled.")
    assert card.title == "Closed F-1"
    [told] = await chat.place("public-works")
    assert "The pothole is filled." in told.text
    assert "closed by Sam Rivers" in told.text
    assert set(told.buttons) == {"Reopen", "More"}


async def test_another_category_tells_the_other_department_too(chat: Chat) -> None:
    owen = chat.person("owen")
    logged = await owen.says(POTHOLE)
    form = await owen.opens("Change", logged)
    await owen.fills(form, category="water")
    [told] = await chat.place("water")
    assert told.title == "F-1 Water and sewers"
    [before] = await chat.place("public-works")
    assert before.title == "F-1 Water and sewers"


async def test_only_who_logged_it_can_withdraw_it(chat: Chat) -> None:
    owen = chat.person("owen")
    logged = await owen.says(POTHOLE)
    card = await owen.presses("Withdraw", logged)
    assert card.title == "Withdrew F-1"
    listed = await owen.says("/feedback list")
    assert listed.title == "No open feedback"


async def test_a_category_that_does_not_exist_opens_the_form_with_what_was_typed(chat: Chat) -> None:
    form = await chat.person("owen").opens("/feedback add Deep pothole; category moon; via phone")
    assert form.values["what"] == "Deep pothole"


async def test_three_thousand_characters_come_back_as_they_went_in(chat: Chat) -> None:
    what = ("Zwölf Boxkämpfer jagen Viktor 漢字 🌧 " * 100)[:3000].strip()
    owen = chat.person("owen")
    form = await owen.opens("/feedback add")
    card = await owen.fills(form, what=what, category="streets", via="web")
    assert card.title == "Logged F-1"
    assert (await chat.bot.read(lambda store: store.feedback.records.find("F-1"))).what == what


async def test_a_text_over_the_limit_is_said_before_anything_is_lost(chat: Chat) -> None:
    owen = chat.person("owen")
    form = await owen.opens("/feedback add")
    again = await owen.is_asked_again(form, what="x" * 3001, category="streets", via="web")
    assert "1 character too long" in again.errors["what"]
    assert await chat.bot.read(lambda store: store.feedback.records.find("F-1")) is None

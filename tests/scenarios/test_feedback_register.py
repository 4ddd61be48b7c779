"""The register of feedback: worked on from its card, asked whether it is fixed, its contact sealed, at every door."""

import pytest

from handlers.kit.vault import Vault
from tests.chat.door import Chat
from tests.chat.folded import unfolded
from tests.handlers.feedback.test_contact import all_that_is_kept

LEAK = "/feedback add Leak at the school; category water; place Mill Road 14; via counter; kind request"


@pytest.mark.parity("Work on feedback from its card: take, pause, route, close, reopen")
async def test_all_that_can_be_done_is_on_the_card(chat: Chat) -> None:
    await chat.person("owen").says(LEAK)
    rosa = chat.person("rosa")
    [card] = await chat.place("water")
    assert list(card.buttons) == ["Take it", "Answer and close", "Route elsewhere", "More"]
    more = await rosa.unfolds("More", await rosa.presses("More", card))
    assert {"Pause", "Mark as duplicate", "Give to somebody", "Change"} <= set(more.buttons)
    taken = await rosa.presses("Take it", card)
    assert taken.title == "F-1 is yours now"
    [card] = await chat.place("water")
    assert "Take it" not in card.buttons
    form = await rosa.opens("Pause", card)
    await rosa.fills(form, whom="resident", reason="Asked which cellar", until="2026-12-04")
    [card] = await chat.place("water")
    assert "waiting for the resident until Fri Dec 4" in card.text
    assert "Asked which cellar" in card.text
    await rosa.presses("Resume", card)
    [card] = await chat.place("water")
    form = await rosa.opens("Route elsewhere", card)
    await rosa.fills(form, department="parks", reason="The pipe of the fountain")
    [card] = await chat.place("parks")
    assert "Parks and Recreation" in card.text
    ben = chat.person("ben")
    form = await ben.opens("Answer and close", card)
    await ben.fills(form, answer="The fountain is off until spring.")
    [card] = await chat.place("parks")
    form = await ben.opens("Reopen", card)
    opened = await ben.fills(form, why="It runs again")
    assert opened.title == "F-1 is open again"
    shown = await unfolded(ben, await ben.presses("More", (await chat.place("parks"))[-1]))
    for words in (
        "Owen Fitzroy logged it",
        "Rosa Delgado took it",
        "paused it, waiting for the resident: Asked which cellar",
        "Rosa Delgado routed it from Water and Sewer to Parks and Recreation: The pipe of the fountain",
        "Ben Carver closed it: The fountain is off until spring.",
        "Ben Carver opened it again: It runs again",
    ):
        assert words in shown


@pytest.mark.parity("Keep how a resident is reached, sealed, and open it in private")
async def test_the_contact_is_opened_in_a_form_and_is_written_nowhere(chat: Chat) -> None:
    chat.bot.application.runtime.vault = Vault((bytes(range(32)),))
    owen = chat.person("owen")
    form = await owen.opens("/feedback add")
    logged = await owen.fills(form, what="Leak", category="water", via="phone", contact="Ann Lee, 212-555-0147")
    assert "Ann" not in logged.text
    rosa = chat.person("rosa")
    shown = await rosa.says("/feedback show F-1")
    form = await rosa.opens("Contact", shown)
    assert form.values["contact"] == "Ann Lee, 212-555-0147"
    await chat.bot.settle()
    assert "555-0147" not in await chat.bot.read(all_that_is_kept)
    assert not [message for message in await chat.place("water") if "Ann" in message.text]


@pytest.mark.parity("Say whether what was closed is fixed")
async def test_what_is_not_fixed_is_open_again_with_its_number(chat: Chat) -> None:
    await chat.person("owen").says(LEAK)
    rosa = chat.person("rosa")
    await rosa.says("/feedback close F-1; reason done; answer The pipe is tight")
    await chat.bot.pass_time(days=8)
    today = await rosa.says("/city today")
    assert "F-1 Is it fixed? Leak at the school" in today.text
    form = await rosa.opens("No, open it again", today)
    opened = await rosa.fills(form, why="It drips")
    assert opened.title == "F-1 is open again"


@pytest.mark.parity("Look for feedback: mine, the department's, late, waiting, words")
async def test_a_list_leads_to_the_other_lists(chat: Chat) -> None:
    await chat.person("owen").says(LEAK)
    await chat.person("owen").says("/feedback add Pothole; category streets; via phone")
    rosa = chat.person("rosa")
    card = await rosa.says("/feedback list")
    assert "Open feedback: 2" in card.title
    ours = await rosa.presses("My department", card)
    assert "F-1" in ours.text
    assert "F-2" not in ours.text
    form = await rosa.opens("Look for words", ours)
    found = await rosa.fills(form, words="pothole")
    assert "F-2" in found.text


@pytest.mark.parity("Take the register of feedback away as a spreadsheet")
async def test_a_head_takes_the_register_away(chat: Chat) -> None:
    await chat.person("owen").says(LEAK)
    hugo = chat.person("hugo")
    card = await hugo.says("/feedback export")
    files = await hugo.files(card)
    [data] = [data for name, data in files.items() if name.startswith("feedback-") and name.endswith(".csv")]
    assert "F-1,Leak at the school,request,water,Mill Road 14,counter,open" in data.decode("utf-8-sig")


async def test_the_first_feedback_and_the_spreadsheet_are_reached_by_buttons(chat: Chat) -> None:
    hugo = chat.person("hugo")
    empty = await hugo.says("/feedback list")
    form = await hugo.opens("Log feedback", empty)
    await hugo.fills(form, what="Leak at the school", category="water", via="counter")
    listed = await hugo.says("/feedback list")
    card = await hugo.presses("As a spreadsheet", listed)
    assert [name[-5:] for name in await hugo.files(card)] == [".xlsx"]
    others = await chat.person("owen").says("/feedback list")
    assert "As a spreadsheet" not in others.buttons, "he has no right to it"

"""The same twice: what is open already is asked about before more of it is saved, whatever way it comes."""

import pytest

from handlers.kit.vault import Vault
from storage.database import Store
from tests.chat.desk import DeskChat
from tests.chat.door import Chat
from tests.chat.seen import Seen
from tests.handlers.feedback.test_contact import all_that_is_kept

ASKED = "Is it the same? Nothing is saved yet"
FIRST = "feedback add Deep pothole; category streets; place 12 Elm Street; via phone"
AGAIN = "feedback add A hole by the school; category streets; place Elm Street 40; via counter"
RISK = "risk add Dam gate stuck; likelihood 2; impact 3; owner @olga"
ANN = "Ann Lee, 212-555-0147"


async def count(chat: Chat) -> int:
    return len(await chat.bot.read(lambda store: store.feedback.lists.all()))


@pytest.mark.parity("Add feedback to the same that is open, by one press")
async def test_the_same_feedback_is_added_to_what_is_open_by_one_press(chat: Chat) -> None:
    await chat.person("owen").says(FIRST)
    sam = chat.person("sam")
    card = await sam.says(AGAIN)
    assert card.title == ASKED
    assert "F-1" in card.text
    assert "A hole by the school" in card.text
    assert await count(chat) == 1
    added = await sam.presses("Add to F-1", card)
    assert added.title == "Added to F-1, as F-2"
    item = await chat.bot.read(lambda store: store.feedback.records.find("F-2"))
    assert (item.state, item.original, item.what, item.created_by) == ("closed", "F-1", "A hole by the school", "sam")


async def test_it_is_logged_as_new_by_one_press_and_only_once(desk_chat: DeskChat) -> None:
    await desk_chat.person("owen").says(FIRST)
    sam = desk_chat.person("sam")
    card = await sam.says(AGAIN)
    assert (await sam.presses("No, log it as new", card)).title == "Logged F-2"
    assert "logged already" in (await sam.presses("Add to F-1", card)).text
    assert await count(desk_chat) == 2


@pytest.mark.parametrize(
    "line",
    [
        FIRST.replace("streets", "lights"), FIRST.replace("12 Elm Street", "12 Oak Street"),
        FIRST.replace("place 12 Elm Street; ", ""),
    ],
)  # fmt: skip
async def test_another_category_street_or_no_place_is_not_the_same(desk_chat: DeskChat, line: str) -> None:
    await desk_chat.person("owen").says(FIRST)
    assert (await desk_chat.person("sam").says(line)).title == "Logged F-2"


async def test_what_is_closed_is_not_asked_about_and_not_added_to(desk_chat: DeskChat) -> None:
    await desk_chat.person("owen").says(FIRST)
    sam = desk_chat.person("sam")
    asked = await sam.says(AGAIN)
    await desk_chat.person("olga").says("feedback close F-1; reason done; answer It is filled")
    refused = await sam.presses("Add to F-1", asked)
    assert "F-1 is closed" in refused.text
    assert (await sam.presses("No, log it as new", asked)).title == "Logged F-2"
    await desk_chat.person("olga").says("feedback close F-2; reason done; answer It is filled")
    assert (await sam.says(AGAIN)).title == "Logged F-3"


async def test_a_form_a_sentence_and_a_message_are_asked_about_too(desk_chat: DeskChat) -> None:
    owen, sam = desk_chat.person("owen"), desk_chat.person("sam")
    logged = await owen.says(FIRST)
    asked = await sam.fills(await sam.opens("feedback add A hole"), category="streets", place="Elm Street", via="phone")
    assert asked.title == ASKED
    proposed = await sam.says("pothole at 3 Elm Street, a resident phoned")
    assert (await sam.presses("Log it", proposed)).title == ASKED
    form = await owen.chooses("Log as feedback", logged)
    assert (await owen.fills(form, category="streets", place="9 Elm Street")).title == ASKED
    assert await count(desk_chat) == 1


async def test_a_contact_waits_sealed_and_is_kept_when_it_is_added(desk_chat: DeskChat) -> None:
    desk_chat.bot.application.runtime.vault = Vault((bytes(range(32)),))
    await desk_chat.person("owen").says(FIRST)
    sam = desk_chat.person("sam")
    form = await sam.opens("feedback add A hole")
    asked: Seen = await sam.fills(form, category="streets", place="Elm Street", via="phone", contact=ANN)
    assert asked.title == ASKED
    assert ANN.split(",")[0] not in await desk_chat.bot.read(all_that_is_kept)
    assert (await sam.presses("Add to F-1", asked)).title == "Added to F-1, as F-2"
    seen = await sam.opens("feedback contact F-2")
    assert seen.values["contact"] == ANN
    assert ANN.split(",")[0] not in await desk_chat.bot.read(all_that_is_kept)


def noted(store: Store) -> list[str | None]:
    """What was noted of the first risk."""
    risk = store.risk.records.find("R-1")
    assert risk is not None
    return [event.text for event in store.risk.history.of(risk)]


@pytest.mark.parity("Add to a risk that is open, by one press")
async def test_what_is_known_of_a_risk_is_added_to_it_by_one_press(chat: Chat) -> None:
    await chat.person("tom").says(RISK)
    sam = chat.person("sam")
    card = await sam.says("risk add The dam gates are stuck; likelihood 3; impact 3; details The south one, since May")
    assert card.title == ASKED
    added = await sam.presses("Add to R-1", card)
    assert added.title.startswith("Added to R-1")
    assert await chat.bot.read(lambda store: store.risk.records.find("R-2")) is None
    history = await chat.bot.read(noted)
    assert history[-1] == "The dam gates are stuck; The south one, since May"
    digest = await chat.person("olga").says("city digest")
    assert "Sam Rivers adds to R-1: The dam gates are stuck" in digest.text


async def test_pump_3_is_not_pump_4(desk_chat: DeskChat) -> None:
    sam = desk_chat.person("sam")
    await sam.says("risk add Pump 3 fails in a frost; likelihood 2; impact 2")
    assert (await sam.says("risk add Pump 4 fails in a frost; likelihood 2; impact 2")).title == "Logged R-2"
    assert (await sam.says("risk add Pump 4 may fail in the frost; likelihood 2; impact 2")).title == ASKED

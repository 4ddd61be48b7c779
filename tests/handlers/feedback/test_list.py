"""Feedback lists: mine, the department's, late, waiting, and words in any alphabet."""

import pytest

from tests.chat.desk import DeskChat


@pytest.mark.parametrize(
    ("which", "refs"),
    [
        ("", ["F-1", "F-2", "F-3"]),
        (" mine", ["F-2"]),
        (" department", ["F-1", "F-2"]),
        (" my department", ["F-1", "F-2"]),
        (" waiting", ["F-2"]),
        (" late", ["F-1", "F-3"]),
        (" late department", ["F-1"]),
        (" pothole", ["F-1", "F-2", "F-4"]),
        (" POTHOLE elm", ["F-1"]),
        (" STRASSE", ["F-3"]),
        (" 100%", ["F-4"]),
        (" 1%0", []),
        (" nothing", []),
    ],
)
async def test_what_a_list_shows(desk_chat: DeskChat, which: str, refs: list[str]) -> None:
    owen, sam = desk_chat.person("owen"), desk_chat.person("sam")
    await owen.says("feedback add Deep pothole; category streets; place Elm Street; via phone")
    await owen.says("feedback add Pothole; category streets; place Oak Street; via phone")
    await owen.says("feedback add Ярмарка in der Hauptstraße; category parks; via phone")
    await owen.says("feedback add Pothole 100% open; category streets; via phone")
    await sam.says("feedback close F-4; reason done; answer Filled")
    await sam.says("feedback take F-2")
    await sam.says("feedback wait F-2; whom weather; reason Frost")
    desk_chat.bot.clock.advance(days=14)
    card = await sam.says(f"feedback list{which}")
    assert [ref for ref in ("F-1", "F-2", "F-3", "F-4") if f"{ref} " in card.text] == refs


async def test_the_pages_of_a_search_stay_the_pages_of_that_search(desk_chat: DeskChat) -> None:
    owen = desk_chat.person("owen")
    for number in range(12):
        await owen.says(f"feedback add Pothole {number}; category streets; via phone")
        await owen.says(f"feedback add Lamp {number}; category lights; via phone")
    first = await owen.says("feedback list lamp")
    assert "12" in first.title
    second = await owen.presses("Next", first)
    assert "Lamp 11" in second.text
    assert "Pothole" not in second.text


async def test_a_long_history_is_cut_on_the_card_and_whole_behind_its_button(desk_chat: DeskChat) -> None:
    sam = desk_chat.person("sam")
    await desk_chat.person("owen").says("feedback add Pothole; category streets; via phone")
    for number in range(8):
        await sam.says(f"feedback wait F-1; whom weather; reason Frost {number}")
        await sam.says("feedback resume F-1")
    shown = await sam.says("feedback show F-1")
    assert "Frost 7" in shown.text
    assert "Frost 0" not in shown.text
    whole = await sam.presses("All that happened", shown)
    assert "Owen Fitzroy logged it" in whole.text
    assert "paused the clock, waiting for the weather: Frost 0" in whole.text

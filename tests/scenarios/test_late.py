"""Late: all that should have been done by now is in one list, and each register's own is one press away."""

import pytest

from tests.chat.desk import DeskChat
from tests.chat.door import Chat


@pytest.mark.parity("Read what is late in one list")
async def test_what_is_late_of_every_register_stands_in_one_list(chat: Chat) -> None:
    sam = chat.person("sam")
    assert (await sam.says("/city late")).title.startswith("What is late")
    await sam.says("/feedback add Pothole; category streets; via phone")
    await sam.says("/risk add Dam gate stuck; likelihood 5; impact 5; review 2026-11-27")
    for number in range(5):
        await sam.says(f"/action add Buy pump {number}; due 2026-11-2{number + 4}")
    chat.bot.clock.advance(days=31)
    card = await sam.says("what is late?")
    assert " late" in card.status
    for words in ("Feedback: 1", "Actions: 5", "Risks: 1", "Pothole", "Dam gate stuck", "Buy pump 2"):
        assert words in card.text
    assert "Buy pump 3" not in card.text
    listed = await sam.presses("All late actions", card)
    assert "Buy pump 4" in listed.text
    assert "Dam gate stuck" in (await sam.presses("All late risks", card)).text
    assert "Pothole" in (await sam.says("late feedback")).text
    assert (await sam.says("overdue actions")).title == listed.title


async def test_home_and_help_lead_to_what_is_late(chat: Chat) -> None:
    sam = chat.person("sam")
    for line, label in (("/city today", "What is late"), ("/city help", "Show what is late")):
        assert (await sam.presses(label, await sam.says(line))).title.startswith("What is late")


async def test_a_register_that_breaks_is_named_and_the_others_are_listed(
    desk_chat: DeskChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    sam = desk_chat.person("sam")
    await sam.says("/action add Buy a pump; due 2026-11-24")
    desk_chat.bot.clock.advance(days=7)
    monkeypatch.setattr("storage.risk.search.RiskSearch.worst_first", lambda *_: 1 / 0)
    card = await sam.says("late")
    assert "Buy a pump" in card.text
    assert "Late risks could not be read" in card.text

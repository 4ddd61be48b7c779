"""Status: a card says beside its title how bad it is, in the city's word, at every door."""

import pytest

from tests.chat.door import Chat


@pytest.mark.parity("See at a glance how bad something is")
async def test_a_risk_leads_with_its_level_and_feedback_with_who_waits(chat: Chat) -> None:
    sam = chat.person("sam")
    await sam.says("/risk add Dam gate stuck; likelihood 5; impact 5; owner @sam")
    shown = await sam.says("/risk show R-1")
    assert (shown.title, shown.status) == ("R-1 Dam gate stuck", "Extreme")
    await sam.says("/feedback add Deep pothole; category streets; via phone")
    assert (await sam.says("/feedback show F-1")).status == "open"
    await chat.bot.pass_time(days=14)
    assert (await sam.says("/feedback show F-1")).status == "late"
    await sam.says("/feedback close F-1; reason done; answer Filled")
    assert (await sam.says("/feedback show F-1")).status == "closed"


async def test_a_crisis_says_its_level_and_a_drill_that_it_is_one(chat: Chat) -> None:
    olga = chat.person("olga")
    await olga.says("/crisis activate Levee gives way; level 3")
    assert (await olga.says("/crisis show CR-2026-01")).status == "Level 3, not confirmed yet"
    await chat.person("maria").says("/crisis confirm CR-2026-01")
    assert (await olga.says("/crisis show CR-2026-01")).status == "Level 3, active"
    asked = await olga.says("/crisis activate Practice; level 3; kind drill")
    await olga.presses("It is another one: call the team", asked)
    drill = await olga.says("/crisis show CR-2026-02")
    assert (drill.title, drill.status) == ("DRILL: CR-2026-02 Practice", "DRILL, level 3, not confirmed yet")
    assert "Residents are told nothing" in drill.text


async def test_a_closed_risk_is_not_bad_any_more(chat: Chat) -> None:
    sam = chat.person("sam")
    await sam.says("/risk add Old oak; likelihood 4; impact 4; owner @sam")
    assert (await sam.says("/risk show R-1")).status != "closed"
    await chat.person("maria").says("/risk close R-1; reason It is cut")
    assert (await sam.says("/risk show R-1")).status == "closed"

"""Refused answers: one that Teams always refuses with 500 comes to an end, and no later answer waits behind it."""

import json

import pytest

from tests.chat.teams import TeamsChat
from tests.scenarios.test_trouble import asked, metrics, row_of

TITLE, REFUSED = "No open risks", "Nobody has logged one"


@pytest.mark.parametrize("place", [None, "ops"], ids=["in their own chat", "in a channel"])
async def test_an_answer_that_teams_always_refuses_with_500_ends_as_an_undelivered_row_and_the_next_ones_pass(
    teams_chat: TeamsChat, place: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    chat, bot, sam = teams_chat, teams_chat.bot, teams_chat.person("sam")
    chat.teams.fail("post", times=10_000, how="500", when=lambda request: REFUSED in json.dumps(request))
    await sam.there.message("risk list", conversation=place)
    await bot.settle()
    assert (await row_of(bot, REFUSED)).kind == "answer"
    told = await sam.says("feedback list", place)
    assert told.title == "No open feedback"
    for _ in range(60):
        await bot.pass_time(seconds=30)
    requests = asked(chat, REFUSED)
    as_text = [request for request in requests if "attachments" not in str(request)]
    assert (len(requests), requests[-3:]) == (8, as_text)
    lost = await row_of(bot, REFUSED)
    assert (lost.state, "500" in (lost.error or "")) == ("needs_human", True)
    lines = [record for record in caplog.records if getattr(record, "row", None) == lost.id]
    assert len(lines) == (await metrics(bot))["teams", "silence"] == 16  # each try and each look
    assert TITLE in str(await chat.person("maria").says("city undelivered"))

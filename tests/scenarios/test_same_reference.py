"""Same reference: a message that goes again says so, and names the same record under the same key as the first."""

import json

from tests.chat.slack import SlackChat
from tests.chat.teams import TeamsChat

TITLE = "Crisis CR-2026-01: you are needed"


async def test_a_page_that_goes_again_says_so_and_names_the_same_crisis(platform_chat: SlackChat | TeamsChat) -> None:
    chat, bot = platform_chat, platform_chat.bot
    if isinstance(chat, SlackChat):
        there = chat.slack.dm(chat.slack.user("tom").id).id
        chat.slack.fail("chat.postMessage", how="lost_reply", times=1, when=lambda asked: asked.get("channel") == there)
        chat.slack.fail("conversations.history", how="500", times=10_000)
    else:
        there = chat.teams.personal("tom").id
        chat.teams.fail("send", how="lost_reply", when=lambda asked: asked["conversation"] == there)
    await chat.person("olga").says("/crisis activate Water main burst; level 2")
    for _ in range(8):
        await bot.pass_time(seconds=30)
    first, again = [card for card in await chat.person("tom").direct() if "you are needed" in card.title][:2]
    assert (first.title, again.title) == (TITLE, TITLE)
    assert ["Sent again: it may have arrived before." in card.text for card in (first, again)] == [False, True]
    if isinstance(chat, SlackChat):
        keys = [json.dumps(card.raw.metadata, sort_keys=True) for card in (first, again)]
        assert keys[0] == keys[1] != "null"

"""Same reference: a message that goes again says so, and names the same record under the same key as the first."""

import json

from tests.chat.seen import Seen
from tests.chat.slack import SlackChat
from tests.chat.teams import TeamsChat

TITLE = "Crisis CR-2026-01: you are needed"


def _as_posted(chat: SlackChat | TeamsChat, card: Seen) -> str:
    """What a message said at first; in Slack it is changed when the room of the crisis is there."""
    edits = card.raw.edits if isinstance(chat, SlackChat) else []
    return f"{edits[0].text}\n{edits[0].shown}" if edits else card.text


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
    shown = [_as_posted(chat, card) for card in (first, again)]
    assert ["Sent again: it may have arrived before." in text for text in shown] == [False, True]
    if isinstance(chat, SlackChat):
        keys = [json.dumps(card.raw.metadata, sort_keys=True) for card in (first, again)]
        assert keys[0] == keys[1] != "null"

"""Crisis timeline: lines of people, messages and the bot in one order; what becomes of a message is noted."""

import pytest

from tests.chat.door import Chat
from tests.chat.seen import Seen, SeenForm
from tests.chat.slack import SlackChat
from tests.chat.teams import TeamsChat

ROOM = "crisis:CR-2026-01"
BURST = "/crisis activate Water main burst; where Mill Road; level 2"


async def _added(chat: SlackChat | TeamsChat, place: str = "ops") -> Seen:
    """A message of Sam's that Tom has put on the timeline."""
    await chat.person("olga").says(BURST)
    message = await chat.person("sam").tells("The pumps are running", place=place)
    form = await chat.person("tom").chooses("Add to crisis timeline", message)
    assert isinstance(form, SeenForm)
    added = await chat.person("tom").fills(form)
    assert isinstance(added, Seen)
    assert added.title == "Added to the log of CR-2026-01"
    return message


@pytest.mark.parity("Put a message on the timeline of a crisis")
async def test_a_message_is_put_on_the_timeline_with_its_author(platform_chat: SlackChat | TeamsChat) -> None:
    await _added(platform_chat)
    shown = await platform_chat.person("maria").says("/crisis timeline")
    assert isinstance(shown, Seen)
    assert "Tom Okafor: " in shown.text
    assert "wrote: The pumps are running" in shown.text
    [copy] = [card for card in await platform_chat.place(ROOM) if "on the timeline" in card.title]
    assert "wrote: The pumps are running" in copy.text


async def test_a_message_stands_on_the_timeline_once(platform_chat: SlackChat | TeamsChat) -> None:
    message = await _added(platform_chat)
    form = await platform_chat.person("dana").chooses("Add to crisis timeline", message)
    assert isinstance(form, SeenForm)
    refused = await platform_chat.person("dana").fills(form)
    text = refused.text if isinstance(refused, Seen) else " ".join(refused.errors.values())
    assert "Tom Okafor added this message to CR-2026-01 already" in text


async def test_the_bots_own_copy_of_a_line_is_no_new_one(platform_chat: SlackChat | TeamsChat) -> None:
    await _added(platform_chat)
    [copy] = [card for card in await platform_chat.place(ROOM) if "on the timeline" in card.title]
    form = await platform_chat.person("dana").chooses("Add to crisis timeline", copy)
    assert isinstance(form, SeenForm)
    refused = await platform_chat.person("dana").fills(form)
    text = refused.text if isinstance(refused, Seen) else " ".join(refused.errors.values())
    assert "This is a line of the timeline of CR-2026-01 already" in text


async def test_what_becomes_of_the_message_later_is_noted_and_the_line_stays(
    platform_chat: SlackChat | TeamsChat,
) -> None:
    message = await _added(platform_chat)
    sam = platform_chat.person("sam")
    await sam.changes(message, "The pumps are not running")
    await sam.changes(message, None)
    entries = await platform_chat.bot.read(lambda store: store.crisis_log.of("CR-2026-01"))
    said, edited, deleted = (one for one in entries if one.kind in ("said", "edited", "deleted"))
    assert said.text.endswith("wrote: The pumps are running")
    assert edited.text.endswith("was changed; it says now: The pumps are not running")
    assert deleted.text.endswith("was deleted. Its line stays.")


async def test_a_line_typed_anywhere_shows_in_the_room(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    await chat.person("sam").says("/crisis log Close the valve at Mill Road; kind It was decided")
    [copy] = [card for card in await chat.place(ROOM) if "decided" in card.title]
    assert "Close the valve at Mill Road" in copy.text
    [summary, *_] = await chat.place(ROOM)
    assert "Sam Rivers: decided: Close the valve at Mill Road" in summary.text


async def test_a_long_timeline_has_pages(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    for number in range(12):
        await chat.person("tom").says(f"/crisis log Line {number}")
    shown = await chat.person("tom").says("/crisis timeline")
    assert isinstance(shown, Seen)
    assert "raised the alarm: Water main burst" in shown.text
    turned = await chat.person("tom").presses("Next", shown)
    assert "Line 11" in (turned or (await chat.person("tom").direct())[-1]).text  # type: ignore[union-attr]

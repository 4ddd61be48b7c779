"""Crisis timeline: lines of people, messages and the bot in one order; what becomes of a message is noted."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.chat.door import Chat, Speaker
from tests.chat.seen import Seen
from tests.chat.slack import SlackChat
from tests.chat.teams import TeamsChat
from tests.scenarios.ended import stand_down

ROOM = "crisis:CR-2026-01"
BURST = "/crisis activate Water main burst; where Mill Road; level 2"


async def _added(chat: SlackChat | TeamsChat, place: str = "ops") -> Seen:
    """A message of Sam's that Tom has put on the timeline."""
    await chat.person("olga").says(BURST)
    message = await chat.person("sam").tells("The pumps are running", place=place)
    form = await chat.person("tom").chooses("Add to crisis timeline", message)
    added = await chat.person("tom").fills(form)
    assert added.title == "Added to the timeline of CR-2026-01"
    return message


@pytest.mark.parity("Put a message on the timeline of a crisis")
async def test_a_message_is_put_on_the_timeline_with_its_author(platform_chat: SlackChat | TeamsChat) -> None:
    await _added(platform_chat)
    shown = await platform_chat.person("maria").says("/crisis timeline")
    assert "Tom Okafor: " in shown.text
    assert "wrote: The pumps are running" in shown.text
    [copy] = [card for card in await platform_chat.place(ROOM) if "on the timeline" in card.title]
    assert "wrote: The pumps are running" in copy.text


@pytest.mark.doors
async def test_a_message_stands_on_the_timeline_once(platform_chat: SlackChat | TeamsChat) -> None:
    message = await _added(platform_chat)
    form = await platform_chat.person("dana").chooses("Add to crisis timeline", message)
    refused = await platform_chat.person("dana").filled(form)
    text = refused.text if isinstance(refused, Seen) else " ".join(refused.errors.values())
    assert "Tom Okafor added this message to CR-2026-01 already" in text


@pytest.mark.doors
async def test_the_bots_own_copy_of_a_line_is_no_new_one(platform_chat: SlackChat | TeamsChat) -> None:
    await _added(platform_chat)
    [copy] = [card for card in await platform_chat.place(ROOM) if "on the timeline" in card.title]
    form = await platform_chat.person("dana").chooses("Add to crisis timeline", copy)
    refused = await platform_chat.person("dana").filled(form)
    text = refused.text if isinstance(refused, Seen) else " ".join(refused.errors.values())
    assert "This is a line of the timeline of CR-2026-01 already" in text


async def test_what_becomes_of_the_message_later_is_noted_and_the_line_stays(
    platform_chat: SlackChat | TeamsChat,
) -> None:
    message = await _added(platform_chat)
    sam = platform_chat.person("sam")
    await sam.changes(message, "The pumps are not running")
    await sam.changes(message, None)
    entries = await platform_chat.bot.read(lambda store: store.crisis.log.of("CR-2026-01"))
    said, edited, deleted = (entry for entry in entries if entry.kind in ("said", "edited", "deleted"))
    assert said.text.endswith("wrote: The pumps are running")
    assert edited.text.endswith("was changed; it now says: The pumps are not running")
    assert deleted.text.endswith("was deleted. Its line stays.")


@pytest.mark.doors
async def test_a_line_typed_anywhere_shows_in_the_room(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    await chat.person("sam").says("/crisis log Close the valve at Mill Road; kind It was decided")
    [copy] = [card for card in await chat.place(ROOM) if "decided" in card.title]
    assert "Close the valve at Mill Road" in copy.text
    [summary, *_] = await chat.place(ROOM)
    assert "Sam Rivers: decided: Close the valve at Mill Road" in summary.text


@pytest.mark.doors
async def test_the_message_is_kept_while_somebody_chooses_which_of_two_crises(
    platform_chat: SlackChat | TeamsChat,
) -> None:
    olga, tom = platform_chat.person("olga"), platform_chat.person("tom")
    await olga.says(BURST)
    await platform_chat.bot.pass_time(hours=25)
    await olga.says("/crisis activate Flood; level 1")
    message = await platform_chat.person("sam").writes("The pumps are running", place="ops")
    form = await tom.chooses("Add to crisis timeline", message)
    asked = await tom.fills(form)
    chosen = await tom.opens("CR-2026-02 Flood", asked)
    await tom.fills(chosen)
    [line] = [
        entry
        for entry in await platform_chat.bot.read(lambda store: store.crisis.log.of("CR-2026-02"))
        if entry.kind == "said"
    ]
    assert (line.person, line.text.endswith("wrote: The pumps are running")) == ("tom", True)
    assert line.message_key
    assert line.source.startswith("https://")


@pytest.mark.parity("Take the timeline of a crisis away as a spreadsheet")
async def test_the_timeline_is_taken_away_as_a_spreadsheet(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    tom = chat.person("tom")
    decided = await tom.says("/crisis log Close the valve; kind decided")
    await tom.fills(await tom.opens("Correct it", decided), text="Open it")
    shown = await tom.says("/crisis timeline")
    given = await tom.presses("As a spreadsheet", shown)
    file = (await tom.files(given))["timeline-CR-2026-01.xlsx"]
    rows = list(load_workbook(BytesIO(file)).worksheets[0].iter_rows(values_only=True))
    assert rows[0] == ("Crisis", "When", "Who", "Kind", "What", "Made from")
    said = ("Close the valve", "corrects “Close the valve (Mon Nov 23, 9:00 AM)”: Open it")
    assert [row[:5] for row in rows if row[3] == "decided"] == [
        ("CR-2026-01", "2026-11-23 09:00", "Tom Okafor", "decided", words) for words in said
    ]


async def test_the_summary_has_the_beginning_of_a_long_line_and_the_timeline_all_of_it(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    long = "The pump behind the old mill makes a noise like a tractor. " * 6
    await chat.person("tom").says(f"/crisis log {long}The end.")
    summary, *_ = await chat.place(ROOM)
    assert "The pump behind the old mill" in summary.text
    assert "The end." not in summary.text
    status = await chat.person("tom").says("/crisis status")
    whole = await chat.person("tom").presses("Whole timeline", status)
    assert "The end." in whole.text


async def _turned(tom: Speaker, label: str, shown: Seen) -> Seen:
    """The page that a button leads to, wherever this door puts it."""
    return await tom.presses(label, shown) or (await tom.direct())[-1]


async def _pages(tom: Speaker) -> list[Seen]:
    """The whole timeline, page after page by "Next"."""
    shown = await tom.says("/crisis timeline")
    pages = [shown]
    while "Next" in pages[-1].buttons:
        pages.append(await _turned(tom, "Next", pages[-1]))
    return pages


def _incomplete(lines: list[str], pages: list[Seen]) -> list[str]:
    """The lines that stand whole on no page, and a page that is cut; doors put breaks where their blocks end."""
    shown = ["".join(page.text.split()) for page in pages]
    missing = [line for line in lines if not any("".join(line.split()) in page for page in shown)]
    return [*missing, *(page.text for page in pages if "Cut here" in page.text)]


async def test_a_long_timeline_has_pages(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    for number in range(12):
        await chat.person("tom").says(f"/crisis log Line {number}")
    shown = await chat.person("tom").says("/crisis timeline")
    assert "raised the alarm: Water main burst" in shown.text
    assert "Line 11" in (await _turned(chat.person("tom"), "Next", shown)).text


@pytest.mark.doors
async def test_every_long_line_of_the_timeline_can_be_read_whole(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    tom = chat.person("tom")
    lines = [f"Line {number}: {'the pumps are running, ' * 124}enough".ljust(2899, "!") + "." for number in range(18)]
    for line in lines:
        await tom.says(f"/crisis log {line}")
    pages = await _pages(tom)
    assert _incomplete(lines, pages) == []
    assert {"As a spreadsheet", "Add to it", "Previous"} <= pages[-1].buttons.keys()
    back = [pages[-1]]
    while "Previous" in back[-1].buttons:
        back.append(await _turned(tom, "Previous", back[-1]))
    assert len(back) == len(pages)
    assert _incomplete(lines, back) == []


async def test_a_line_of_very_many_breaks_can_be_read_whole(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    tom = chat.person("tom")
    form = await tom.opens("/crisis log")
    ticks = "\n".join(str(number) for number in range(700))
    await tom.fills(form, text=ticks)
    pages = await _pages(tom)
    assert not [page for page in pages if "Cut here" in page.text]
    shown = [word for page in pages for word in page.text.split() if word.isdigit()]
    assert [str(number) for number in range(700) if str(number) not in shown] == []


async def test_the_status_shows_the_newest_lines_after_long_reports(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    tom = chat.person("tom")
    for number in range(4):
        form = await tom.opens("/crisis report")
        standing = "- two streets are dry, and the pumps run\n" * 48
        await tom.fills(form, text=f"Report {number}\n{standing}", kind="working")
    await tom.says("/crisis log The newest line")
    status = await tom.says("/crisis status")
    assert "Cut here" not in status.text
    assert "working report: Report 3 - two streets" in status.text
    assert "The newest line" in status.text


async def test_right_after_the_end_the_timeline_is_that_of_the_crisis_that_has_ended(chat: Chat) -> None:
    await chat.person("olga").says("/crisis activate Water main burst; where Mill Road; level 2")
    await stand_down(chat)
    shown = await chat.person("olga").says("/crisis timeline")
    assert shown.title == "CR-2026-01: timeline"
    assert "agrees to stand down" in shown.text

"""Checklist: owners are reminded once a day, ticks show everywhere, and nothing that is overdue is lost."""

from datetime import UTC, datetime

import pytest

from tests.chat.door import Chat
from tests.chat.seen import Seen


def at(day: int, clock: str, month: int = 11) -> datetime:
    """A moment of late 2026 by Riverton's wall clock, five hours behind Greenwich."""
    hour, minute = clock.split(":")
    return datetime(2026, month, day, int(hour) + 5, int(minute), 1, tzinfo=UTC)


async def _wait(chat: Chat, until: datetime) -> None:
    await chat.bot.settle()
    chat.bot.clock.set(until)
    await chat.bot.settle()


async def _checklists(chat: Chat, person: str) -> list[Seen]:
    return [card for card in await chat.person(person).direct() if card.title.startswith("Your checklist")]


async def _presses(chat: Chat, person: str, label: str, card: Seen) -> Seen:
    """Press a button of somebody's first card, however old the screen; gives the card that takes its place."""
    told = await chat.person(person).presses(label, card)
    return told or (await _checklists(chat, person))[0]


async def _week(chat: Chat) -> Seen:
    """The newest card of a week in the ops place."""
    return [card for card in await chat.place("ops") if card.title.startswith("Checklist, ")][-1]


async def _done(chat: Chat) -> Seen:
    """What the card of the week says is done, which stands behind a fold."""
    return await chat.person("maria").unfolds("Done", await _week(chat))


async def test_an_owner_is_reminded_and_a_tick_shows_on_the_card_and_in_the_ops_place(chat: Chat) -> None:
    await _wait(chat, at(24, "08:00"))
    [card] = await _checklists(chat, "felix")
    assert card.title == "Your checklist, Tue Nov 24"
    assert "Citizen feedback review" in card.text
    assert "Stakeholder update" in card.text
    assert "Team stand-up" not in card.text
    week = await _week(chat)
    assert week.title == "Checklist, Mon Nov 23 to Sun Nov 29"
    assert "Week 4 of November: 0 of 11" in week.text
    assert "Stakeholder update, Felix Moreau (Communications)" in week.text

    told = await _presses(chat, "felix", "Check off", card)  # the last one on the card
    card = (await _checklists(chat, "felix"))[0]
    for seen in (told, card):
        assert "Stakeholder update, done by Felix Moreau at 8:0" in seen.text
        assert "Done: 1 of 2" in seen.text
    assert "Week 4 of November: 1 of 11" in (await _week(chat)).text

    await chat.person("felix").presses("Uncheck", card)
    card = (await _checklists(chat, "felix"))[0]
    assert "Done: 0 of 2" in card.text
    assert "Week 4 of November: 0 of 11" in (await _week(chat)).text


@pytest.mark.doors
async def test_when_two_tick_at_once_both_see_who_was_first(chat: Chat) -> None:
    await _wait(chat, at(24, "08:00"))
    [stale] = await _checklists(chat, "olga")
    await chat.person("ines").says("/checklist tick Team stand-up")
    told = await _presses(chat, "olga", "Check off", stale)
    assert "Team stand-up was checked off already by Ines Varga at 8:0" in told.text
    card = (await _checklists(chat, "olga"))[0]
    for seen in (told, card, await _done(chat)):
        assert "Team stand-up, done by Ines Varga at 8:0" in seen.text


async def test_a_note_with_a_link_is_given_in_the_form_and_read_by_all(chat: Chat) -> None:
    await _wait(chat, at(24, "08:00"))
    [card] = await _checklists(chat, "victor")
    form = await chat.person("victor").opens("Check off with a note", card)
    told = await chat.person("victor").fills(
        form, item="metrics-review", note="Within plan, see https://intranet.example.org/m."
    )
    assert told.title == "Checked off: Metrics review"
    assert "Metrics review, done by Victor Mensah" in (await _checklists(chat, "victor"))[0].text
    week = await _done(chat)
    assert "Within plan, see" in week.text
    assert "intranet.example.org" in week.text
    added = await chat.person("victor").says("/checklist tick Metrics review; note Council has seen it")
    assert added.title == "Note added: Metrics review"
    week = await _done(chat)
    assert "Within plan, see" in week.text
    assert "Council has seen it" in week.text


@pytest.mark.parity("Skip an item of the checklist for a reason")
async def test_an_item_is_skipped_for_a_reason_that_all_read_and_counts_neither_as_done_nor_as_missed(
    chat: Chat,
) -> None:
    await _wait(chat, at(24, "08:00"))
    [card] = await _checklists(chat, "felix")
    form = await chat.person("felix").opens("Skip an item", card)
    told = await chat.person("felix").fills(form, item="stakeholder-update", reason="No council this week")
    assert told.title == "Skipped: Stakeholder update"
    for seen in ((await _checklists(chat, "felix"))[0], await _done(chat)):
        assert "Stakeholder update, skipped by Felix Moreau at 8:0" in seen.text
        assert "No council this week" in seen.text
    assert "Week 4 of November (1 skipped): 0 of 10" in (await _week(chat)).text
    late = await chat.person("felix").says("/checklist tick Stakeholder update; note Sent")
    assert "Stakeholder update was skipped already by Felix Moreau" in late.title
    undone = await chat.person("felix").presses("Undo", told)
    assert undone.title == "Undone: Stakeholder update is open as before"
    assert "Week 4 of November: 0 of 11" in (await _week(chat)).text


@pytest.mark.doors
async def test_a_tick_that_was_taken_back_by_mistake_is_as_it_was_with_its_note(chat: Chat) -> None:
    await _wait(chat, at(24, "08:00"))
    victor = chat.person("victor")
    await victor.says("/checklist tick Metrics review; note Council has seen it")
    back = await victor.says("/checklist untick Metrics review")
    undone = await victor.presses("Undo", back)
    assert "Metrics review, done by Victor Mensah" in undone.text
    assert "Council has seen it" in undone.text


@pytest.mark.doors
async def test_yesterdays_button_ticks_nothing_and_shows_what_is_open_today(chat: Chat) -> None:
    await _wait(chat, at(24, "08:00"))
    [yesterday] = await _checklists(chat, "olga")
    await _wait(chat, at(25, "08:00"))
    frozen, today = await _checklists(chat, "olga")
    assert "Check off" not in frozen.buttons
    assert "What is open now is in the newer message." in frozen.text
    assert today.title == "Your checklist, Wed Nov 25"
    told = await _presses(chat, "olga", "Check off", yesterday)
    assert "the earlier Team stand-up was not checked off in time. The next one began on Wed Nov 25." in told.text
    assert "Check off" in told.buttons
    assert await chat.bot.read(lambda store: store.checklist.ticks.of(["2026-11-24", "2026-11-25"])) == {}


async def test_what_is_overdue_is_carried_over_and_named_until_it_is_ticked(chat: Chat) -> None:
    await _wait(chat, at(30, "08:00"))
    week = await _week(chat)
    assert week.title == "Checklist, Mon Nov 30 to Sun Dec 6"
    assert "Strategic planning, Lena Hoffmann (Planning and Building), was due Sun Nov 29" in week.text
    assert "Metrics review, Victor Mensah (Finance), was due" not in week.text  # the next one has begun
    mine = await chat.person("lena").says("/checklist mine")
    assert "Overdue, carried over" in mine.text
    told = await chat.person("lena").presses("Check off", mine)
    for seen in (told, await _done(chat)):
        assert "Strategic planning, done by Lena Hoffmann at 8:0" in seen.text


@pytest.mark.doors
async def test_reading_the_morning_check_ticks_it_and_what_is_late_is_named_and_ticked_in_it(chat: Chat) -> None:
    await _wait(chat, at(30, "07:30"))
    maria = chat.person("maria")
    [morning] = [card for card in await maria.direct() if card.title.startswith("Good morning")]
    assert "Lena Hoffmann: Strategic planning, was due Sun Nov 29 (checklist)" in morning.text
    told = await maria.presses("Check off", morning)  # the last thing that waits for her
    assert told.title.startswith("Checked off: ")
    item = told.title.removeprefix("Checked off: ")
    [morning] = [card for card in await maria.direct() if card.title.startswith("Good morning")]
    assert "Done (done by Maria Lopez, 7:3" in morning.text
    await _wait(chat, at(30, "08:00"))
    week = await _done(chat)
    assert "Morning check, done by the bot at 7:3" in week.text
    assert f"{item}, done by Maria Lopez at 7:3" in week.text


@pytest.mark.doors
async def test_a_stand_up_that_was_held_ticks_itself(chat: Chat) -> None:
    await _wait(chat, at(30, "09:00"))
    await chat.person("sam").says("/standup Mill Road swept; next Elm Street")
    assert "Team stand-up, Olga Brandt (Public Works)" in (await _week(chat)).text
    await _wait(chat, at(30, "12:00"))
    assert "Team stand-up, done by the bot at 12:0" in (await _done(chat)).text


async def test_a_deputy_is_asked_and_ticks_and_others_read_whom_to_ask(chat: Chat) -> None:
    await chat.person("victor").says("/city away from today to 2026-11-25 deputy @leila")
    await _wait(chat, at(24, "08:00"))
    assert await _checklists(chat, "victor") == []
    [card] = await _checklists(chat, "leila")
    assert "Leila Haddad stands in for Victor Mensah (Finance), who is away until Wed Nov 25." in card.text
    refused = await chat.person("owen").says("/checklist tick Metrics review")
    assert "Metrics review is for Leila Haddad (Finance). Please ask them to check it off." in refused.text
    await chat.person("leila").presses("Check off", card)  # the last one on the card
    assert "Comprehensive audit, done by Leila Haddad at 8:0" in (await _done(chat)).text


@pytest.mark.doors
async def test_after_an_outage_each_owner_gets_one_message_however_late(chat: Chat) -> None:
    await _wait(chat, at(24, "07:00"))
    await _wait(chat, at(2, "11:00", month=12))  # a Wednesday; five working days went by unsent
    for owner in ("maria", "olga", "felix", "victor", "grace", "marcus", "ines"):
        [card] = await _checklists(chat, owner)
        assert card.title == "Your checklist, Wed Dec 2"
    assert "Council report preparation" in (await _checklists(chat, "maria"))[0].text
    weeks = [card.title for card in await chat.place("ops") if card.title.startswith("Checklist, ")]
    assert weeks == ["Checklist, Mon Nov 30 to Sun Dec 6"]


@pytest.mark.doors
async def test_a_month_ends_with_the_share_done_against_the_month_before(chat: Chat) -> None:
    await _wait(chat, at(24, "08:00"))
    await chat.person("maria").says("/checklist tick Next month preparation")
    await chat.person("maria").says("/checklist tick Morning check")
    await _wait(chat, at(30, "16:30"))
    ops, *_ = [card for card in await chat.place("ops") if "was done" in card.title]
    # November from the 24th: five daily items on three days, five weekly ones and the four of week 4
    assert ops.title == "November 2026: 8% of the checklist was done"
    assert ops.status == "13 not done"
    assert "2 of 24 done" in ops.text
    assert "October" not in ops.text
    assert "Team stand-up, Olga Brandt (Public Works): 3 days" in ops.text
    more = await chat.person("maria").unfolds("8 more that were not done", ops)
    for words in ("Morning check, Maria Lopez (city manager): 2 days", "Strategic planning, Lena Hoffmann"):
        assert words in more.text
    assert any(card.title == ops.title for card in await chat.person("maria").direct())
    await _wait(chat, at(31, "16:30", month=12))
    december = [card for card in await chat.place("ops") if "was done" in card.title][-1]
    assert december.title == "December 2026: 0% of the checklist was done"
    assert "That is 8 percentage points less than in November (8%)." in december.text


async def test_any_month_can_be_shown(chat: Chat) -> None:
    await _wait(chat, at(24, "08:00"))
    await chat.person("lena").says("/checklist tick Strategic planning")
    sam = chat.person("sam")
    november, december = await sam.says("/checklist"), await sam.says("/checklist next month")
    assert november.title == "Checklist of November 2026"
    assert "Strategic planning, done by Lena Hoffmann at 8:0" in november.text
    titles = ("Every working day: 0 of 5", "Every week: 0 of 5", "Week 4, Mon Nov 23 to Sun Nov 29: 1 of 4")
    assert "Done so far: 1 of 14" in november.text, "the counts and the four of week 4 make up the whole"
    for title in titles:
        assert title in november.text
    daily = await sam.unfolds(titles[0], november)
    assert "Citizen feedback review, Communications: 0 of 1" in daily.text
    assert december.title == "Checklist of December 2026"
    assert "Week 1, Mon Nov 30 to Sun Dec 6: 0 of 4" in december.text
    assert (await sam.says("/checklist december")).title == december.title
    later = await sam.unfolds("Week 3, Mon Dec 14 to Sun Dec 20: 0 of 4", december)
    assert "Vendor check-ins, Public Works" in later.text
    march = await sam.says("/checklist march")
    assert "Nothing to show: the checklists began on Tue Nov 24." in march.text
    refused = await sam.says("/checklist the ides")
    assert '"the ides" is not a month I can read. Write march, 2027-03' in refused.text

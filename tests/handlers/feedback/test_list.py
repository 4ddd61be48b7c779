"""Feedback lists: mine, the department's, late, waiting, and words in any alphabet."""

import pytest

from bot.inbound import Answered, Inbound, Pressed
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
    assert "paused it, waiting for the weather: Frost 0" in whole.text


async def test_a_list_says_under_headings_what_is_late_where_with_whom_and_how_old_it_is(desk_chat: DeskChat) -> None:
    owen, sam = desk_chat.person("owen"), desk_chat.person("sam")
    await owen.says("feedback add Pothole; category streets; place 3 Elm Street; via phone")
    await owen.says("feedback add Dark path; category lights; via phone")
    await sam.says("feedback take F-2")
    await sam.says("feedback wait F-2; whom weather; reason Frost; until 2026-12-31")
    desk_chat.bot.clock.advance(days=14)
    await owen.says("feedback add Loose cover; category streets; via phone")
    card = await sam.says("feedback list")
    told = "\n".join(line.strip() for line in card.text.splitlines() if line.strip())
    assert told.index("Late") < told.index("F-1 ") < told.index("On time") < told.index("F-3 ")
    assert told.index("F-3 ") < told.index("Waiting") < told.index("F-2 ")
    assert "3 Elm Street, Public Works: nobody yet, was due Wed Nov 25, 14 days old" in told
    assert "Public Works: Sam Rivers, waiting for the weather until Thu Dec 31, 14 days old" in told
    assert "Public Works: nobody yet, due Wed Dec 9, logged today" in told


async def test_what_nobody_has_is_first_taken_and_what_somebody_has_is_first_answered(desk_chat: DeskChat) -> None:
    sam = desk_chat.person("sam")
    await desk_chat.person("owen").says("feedback add Pothole; category streets; via phone")
    shown = await sam.says("feedback show F-1")
    assert list(shown.buttons)[:2] == ["Take it", "Answer and close"]
    taken = await sam.presses("Take it", shown)
    assert next(iter(taken.buttons)) == "Answer and close"


async def test_closing_asks_only_what_the_chosen_ending_needs(desk_chat: DeskChat) -> None:
    sam = desk_chat.person("sam")
    await desk_chat.person("owen").says("feedback add Pothole; category streets; via phone")
    form = await sam.opens("Answer and close", await sam.says("feedback show F-1"))
    assert form.values == {"reason": "done", "answer": ""}
    again = await sam.is_asked_again(form, reason="done")
    assert "Write one sentence that the resident can read." in again.errors["answer"]
    more = await sam.is_asked_again(again, reason="not-ours", answer="The county paves it")
    assert more.values == {"reason": "not-ours", "answer": "The county paves it", "decided_by": "", "go_to": ""}
    closed = await sam.fills(more, decided_by="The county", go_to="County hall, room 3")
    assert closed.title == "Closed F-1"
    assert "County hall, room 3" in closed.text


async def test_the_title_of_a_list_says_what_it_lists_and_of_nothing_late_that_nothing_is(desk_chat: DeskChat) -> None:
    sam = desk_chat.person("sam")
    assert (await sam.says("feedback list late")).title == "Nothing is late"
    await desk_chat.person("owen").says("feedback add Pothole; category streets; via phone")
    for line, title in (
        ("", "Open feedback: 1, late ones first"),
        ("waiting", "No waiting feedback"),
        ("mine", "No feedback that is yours"),
        ("department", "Feedback for your department: 1"),
        ("pothole", "Feedback with “pothole”: 1"),
        ("dam gate", "No feedback with “dam” and “gate”"),
    ):
        assert (await sam.says(f"feedback list {line}")).title == title


async def test_what_is_late_and_nobodys_is_taken_from_the_list(desk_chat: DeskChat) -> None:
    sam = desk_chat.person("sam")
    await desk_chat.person("owen").says("feedback add Pothole; category streets; via phone")
    await desk_chat.bot.pass_time(days=30)
    late = await sam.says("feedback list late")
    assert late.title == "Late feedback: 1"
    await sam.presses("Take it", late)
    assert "Take it" not in (await sam.says("feedback list late")).buttons


async def test_who_can_do_nothing_else_about_it_is_told_so(desk_chat: DeskChat) -> None:
    await desk_chat.person("owen").says("feedback add Deep pothole; category streets; via phone")
    await desk_chat.person("sam").says("feedback close F-1; reason done; answer Filled")
    pressed = Inbound("desk", "hugo", Pressed("feedback.more", "F-1"), key="an older card")
    told = await desk_chat.bot.application.runtime.handle(pressed)
    assert isinstance(told, Answered)
    assert "There is nothing else that you can do about it." in str(told.card)

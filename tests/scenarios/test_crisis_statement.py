"""Crisis statements: what keeps a bad one back, and what follows from a good one; at every door."""

import pytest

from storage.crisis.reports import Report
from tests.chat.door import Chat
from tests.scenarios.ended import stand_down
from tests.scenarios.test_crisis_roles import ROOM, begin, take_commander

PARTS = {
    "what": "A water main has burst.",
    "who": "Mill Road and Park Street",
    "since": "08:40 today",
    "do": "Boil water before you drink it.",
    "next": "in 2 hours",
}


def line(**parts: str) -> str:
    said = {**PARTS, **parts}
    return "/crisis statement " + "; ".join([said.pop("what"), *(f"{name} {value}" for name, value in said.items())])


async def approved(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    await chat.person("felix").says(line())
    maria = chat.person("maria")
    await maria.presses("Approve", await maria.finds("please approve a statement"))


@pytest.mark.doors
async def test_an_approved_statement_can_be_copied_as_residents_read_it(chat: Chat) -> None:
    await approved(chat)
    [posted] = [card for card in await chat.place(ROOM) if card.title == "CR-2026-01: statement approved"]
    for part in (
        "Riverton: A water main has burst.",
        "Who is affected: Mill Road and Park Street",
        "Since: 08:40 today",
        "What to do: Boil water before you drink it.",
        "Next update: Mon Nov 23, 11:0",
        "You may publish it",
    ):
        assert part in posted.text
    assert "Approved by Maria Lopez" in (await chat.person("felix").finds("statement approved")).text


@pytest.mark.doors
async def test_a_newer_draft_takes_the_place_of_one_that_waits(chat: Chat) -> None:
    await begin(chat)
    await chat.person("felix").says(line())
    maria = chat.person("maria")
    old = await maria.finds("please approve a statement")
    await chat.person("tom").says(line(what="Two water mains have burst."))
    refused = await maria.presses("Approve", old)
    assert "Tom Okafor wrote a newer draft" in refused.text
    new = await maria.finds("please approve a statement")
    assert "Two water mains" in new.text
    await chat.person("dana").presses("Approve", await chat.person("dana").finds("please approve a statement"))
    late = await maria.presses("Approve", new)
    assert "Dana Whitfield decided about it already (approved)" in late.text


@pytest.mark.doors
async def test_nobody_approves_a_statement_of_their_own(chat: Chat) -> None:
    await begin(chat)
    await chat.person("felix").says(line())
    waiting = await chat.bot.read(lambda store: store.crisis.reports.of("CR-2026-01", "statement"))
    dana = chat.person("dana")
    shown = await dana.finds("please approve a statement")
    await dana.says(line(what="Nobody is without water."))
    own = await chat.person("maria").finds("please approve a statement")
    assert "Nobody is without water." in own.text
    refused = await dana.presses("Approve", shown)
    assert "Dana Whitfield wrote a newer draft" in refused.text
    assert [draft.state for draft in waiting] == ["draft"]


@pytest.mark.doors
async def test_what_was_sent_back_is_written_anew_from_what_stood_there(chat: Chat) -> None:
    await begin(chat)
    felix, maria = chat.person("felix"), chat.person("maria")
    await felix.says(line())
    why = await maria.opens("Send back", await maria.finds("please approve a statement"))
    await maria.fills(why, why="Say which streets exactly")
    form = await felix.opens("Write it again", await felix.finds("statement sent back"))
    assert (form.values["who"], form.values["next"]) == ("Mill Road and Park Street", "")
    await felix.fills(form, who="Mill Road 4 to 20", next="in 4 hours")
    assert "Mill Road 4 to 20" in (await maria.finds("please approve a statement")).text


async def test_a_phone_number_in_a_statement_is_asked_about_once(chat: Chat) -> None:
    await begin(chat)
    felix = chat.person("felix")
    form = await felix.opens("/crisis statement")
    hint = await felix.is_asked_again(form, **{**PARTS, "do": "Call Sam at 555-0134-222"})
    assert "This seems to hold a phone number" in hint.errors["do"]
    await felix.fills(hint, **{**PARTS, "do": "Call Sam at 555-0134-222"})
    assert await chat.person("maria").finds("please approve a statement")


@pytest.mark.doors
async def test_a_statement_of_a_drill_says_so_where_it_is_copied(chat: Chat) -> None:
    olga, maria = chat.person("olga"), chat.person("maria")
    await olga.says("/crisis activate Water main burst; level 2; kind drill")
    await maria.presses("I confirm it", await maria.finds("please confirm"))
    await chat.person("tom").says(line())
    await maria.presses("Approve", await maria.finds("please approve a statement"))
    posted = (await chat.place(ROOM))[-1]
    assert posted.title.startswith("DRILL: ")
    assert "DRILL, not for the public" in posted.text
    for card in (posted, await chat.person("tom").finds("statement approved")):
        assert "You may publish" not in card.text
        assert "It was written in a drill: keep it within the team, and do not publish it." in card.text


@pytest.mark.doors
async def test_a_since_that_is_still_to_come_is_asked_back_beside_its_field(chat: Chat) -> None:
    await begin(chat)
    felix = chat.person("felix")
    form = await felix.opens("/crisis statement")
    again = await felix.is_asked_again(form, **{**PARTS, "since": "14:00"})
    assert '"14:00" is still to come.' in again.errors["since"]
    await felix.fills(again, **PARTS)


@pytest.mark.parity("Be asked again about a statement that a crisis has outlived")
async def test_a_draft_from_before_the_end_says_that_it_is_over_and_asks_again_before_it_is_approved(
    chat: Chat,
) -> None:
    await begin(chat)
    await chat.person("felix").says(line(next="in 3 hours"))
    maria = chat.person("maria")
    old = await maria.finds("please approve a statement")
    await chat.bot.pass_time(minutes=10)
    await stand_down(chat)
    over = "CR-2026-01 ended Mon Nov 23, 9:10 AM: does this still hold?"
    assert over in (await maria.finds("please approve a statement")).text
    home = await maria.says("/city today")
    assert over in home.text
    assert "Approve" not in home.buttons
    asked = await maria.presses("Approve", old)
    assert over in asked.text
    assert "Nothing was approved yet." in asked.text
    assert [draft.state for draft in await _statements(chat)] == ["draft"]
    dana = chat.person("dana")
    assert over in (await dana.presses("Approve", await dana.finds("please approve a statement"))).text
    await maria.presses("Approve it anyway", asked)
    assert [draft.state for draft in await _statements(chat)] == ["approved"]


async def test_a_statement_that_is_written_after_the_end_is_approved_at_once(chat: Chat) -> None:
    await begin(chat)
    await stand_down(chat)
    await chat.bot.pass_time(minutes=1)
    await chat.person("felix").says(line() + "; crisis CR-2026-01")
    maria = chat.person("maria")
    question = await maria.finds("please approve a statement")
    assert "is over" not in question.text
    await maria.presses("Approve", question)
    assert [draft.state for draft in await _statements(chat)] == ["approved"]


async def _statements(chat: Chat) -> list[Report]:
    return list(await chat.bot.read(lambda store: store.crisis.reports.of("CR-2026-01", "statement")))

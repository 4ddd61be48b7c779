"""Crisis promise: residents who were promised an update get one, also when the crisis ends before; at every door."""

from datetime import UTC, datetime

import pytest

from tests.chat.door import Chat
from tests.chat.seen import Seen
from tests.scenarios.ended import stand_down
from tests.scenarios.test_crisis_roles import ROOM, begin, take_commander
from tests.scenarios.test_crisis_statement import PARTS, approved, line

LAST = {**PARTS, "what": "The pipe is mended.", "next": ""}


async def _titles(chat: Chat, person: str, words: str) -> list[str]:
    return [card.title for card in await chat.person(person).direct() if words in card.title]


async def _approves(chat: Chat, person: str) -> Seen:
    return await chat.person(person).presses("Approve", await chat.person(person).finds("please approve a statement"))


@pytest.mark.parity("Be reminded of an update that residents were promised")
async def test_whoever_speaks_is_asked_for_the_promised_update_in_time_and_a_late_one_is_named(chat: Chat) -> None:
    await approved(chat)
    [summary, *_] = await chat.place(ROOM)
    assert "Residents: next update promised for 11:0" in summary.text
    await chat.bot.pass_time(hours=1, minutes=31)
    tom = chat.person("tom")
    asked = await tom.finds("residents were promised an update for 11:0")
    put_off = await tom.presses("In 30 minutes", asked)
    assert "I will ask again at 11:0" in put_off.title
    await chat.bot.pass_time(minutes=31)
    assert await tom.finds("residents are waiting for the update promised for 11:0")
    [summary, *_] = await chat.place(ROOM)
    assert "Residents: promised update late since 11:0" in summary.text

    form = await tom.opens("Write it", await tom.finds("residents are waiting for the update"))
    assert form.values["crisis"] == "CR-2026-01"
    await tom.fills(form, **{**PARTS, "what": "The pipe is mended."})
    dana = chat.person("dana")
    await dana.presses("Approve", await dana.finds("please approve a statement"))
    stale = await tom.presses("In 30 minutes", asked)
    assert "Dana Whitfield approved a newer statement since" in stale.text
    assert (await tom.finds("the promised update is out")).buttons == {}


@pytest.mark.doors
async def test_when_the_crisis_ends_whoever_speaks_is_told_that_residents_still_wait(chat: Chat) -> None:
    await approved(chat)
    await chat.bot.pass_time(hours=1)
    await stand_down(chat)
    tom = chat.person("tom")
    told = await tom.finds("residents were promised an update for 11:0")
    assert "The crisis is over. Tell them so in a last statement" in told.text
    form = await tom.opens("Write the last one", told)
    drafted = await tom.fills(form, **LAST)
    assert "none, this is the last one" in drafted.text
    await _approves(chat, "maria")
    assert "No further update is planned." in (await chat.place(ROOM))[-1].text
    assert (await tom.finds("the promised update is out")).buttons == {}
    await chat.bot.pass_time(hours=12)
    assert await _titles(chat, "tom", "residents ") == []


@pytest.mark.doors
async def test_reminders_from_before_the_end_are_done_with_and_the_promised_time_is_kept(chat: Chat) -> None:
    await approved(chat)
    await chat.bot.pass_time(hours=1, minutes=31)
    tom = chat.person("tom")
    asked = await tom.finds("residents were promised an update for 11:0")
    await stand_down(chat)
    [ended] = [card for card in await tom.direct() if "Tom Okafor is asked for the last update." in card.text]
    assert (ended.title, ended.buttons) == ("CR-2026-01 is over", {})
    assert len(await _titles(chat, "tom", "residents were promised an update")) == 1
    await chat.bot.pass_time(minutes=31)
    late = await tom.finds("residents are waiting for the update promised for 11:0")
    assert "The crisis is over." in late.text
    put_off = await tom.presses("In 30 minutes", asked)
    assert "I will ask again at 11:3" in put_off.title


@pytest.mark.doors
async def test_an_update_that_is_late_when_the_crisis_ends_is_still_asked_for(chat: Chat) -> None:
    await approved(chat)
    await chat.bot.pass_time(hours=3)
    await stand_down(chat)
    assert await chat.person("tom").finds("residents are waiting for the update promised for 11:0")
    await chat.bot.pass_time(hours=12)
    assert len(await _titles(chat, "tom", "residents are waiting")) == 1


@pytest.mark.doors
async def test_while_whoever_speaks_is_away_their_deputy_is_asked_also_after_the_end(chat: Chat) -> None:
    await approved(chat)
    await chat.person("tom").says("/city away from today to tomorrow; deputy @marcus")
    await stand_down(chat, asker="dana")
    marcus = chat.person("marcus")
    form = await marcus.opens("Write the last one", await marcus.finds("residents were promised an update"))
    await marcus.fills(form, **LAST)


@pytest.mark.doors
async def test_nobody_waits_for_an_update_once_a_drill_is_over(chat: Chat) -> None:
    await begin(chat, "; kind drill")
    await chat.person("felix").says(line())
    await _approves(chat, "maria")
    await chat.person("felix").says(line())
    await stand_down(chat)
    await chat.bot.pass_time(hours=12)
    assert await _titles(chat, "tom", "residents ") == []
    today = await chat.person("dana").says("/city today")
    assert "a statement waits" not in today.text


@pytest.mark.doors
async def test_what_a_statement_promises_after_the_end_is_followed_up(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    await stand_down(chat)
    await chat.person("felix").says(line(crisis="CR-2026-01"))
    await _approves(chat, "maria")
    await chat.bot.pass_time(hours=1, minutes=31)
    assert await chat.person("tom").finds("residents were promised an update for 11:0")
    await chat.bot.pass_time(minutes=31)
    assert await chat.person("tom").finds("residents are waiting for the update promised for 11:0")


@pytest.mark.doors
async def test_a_draft_of_a_crisis_that_is_over_waits_for_those_who_approve(chat: Chat) -> None:
    await begin(chat)
    await stand_down(chat)
    await chat.person("tom").says("/crisis statement The pipe is mended.; who All; since now; do x; crisis CR-2026-01")
    await chat.bot.settle()
    today = await chat.person("dana").says("/city today")
    assert "CR-2026-01: a statement waits for a second person" in today.text
    chat.bot.clock.set(datetime(2026, 11, 24, 12, 30, 1, tzinfo=UTC))
    await chat.bot.settle()
    morning = await chat.person("maria").finds("Good morning")
    assert "CR-2026-01: a statement waits for a second person" in morning.text


@pytest.mark.doors
async def test_while_the_crisis_is_open_a_statement_says_when_the_next_comes(chat: Chat) -> None:
    await begin(chat)
    tom = chat.person("tom")
    form = await tom.opens("/crisis statement")
    again = await tom.is_asked_again(form, **LAST)
    assert "as long as the crisis is open. Write it like 14:00" in again.errors["next"]
    await tom.fills(again, next="in 2 hours")


@pytest.mark.doors
async def test_a_draft_whose_promised_time_is_past_is_not_approved(chat: Chat) -> None:
    await approved(chat)
    await chat.person("felix").says(line(what="Pumps run.", next="in 1 hour"))
    await chat.bot.pass_time(hours=1, minutes=31)
    refused = await _approves(chat, "maria")
    for words in ("and that is past. Nothing was published.", "Send it back, or write a newer draft with a new time."):
        assert words in refused.text
    assert not [card for card in await chat.place(ROOM) if "Pumps run." in card.text]
    assert "Write it" in (await chat.person("tom").finds("residents were promised an update")).buttons
    form = await chat.person("maria").opens("Send back", refused)
    await chat.person("maria").fills(form, why="Its time is past")
    form = await chat.person("felix").opens("Write it again", await chat.person("felix").finds("statement sent back"))
    assert (form.values["what"], form.values["next"]) == ("Pumps run.", "")


@pytest.mark.doors
async def test_when_a_draft_waits_those_who_approve_are_reminded_not_its_author(chat: Chat) -> None:
    await approved(chat)
    await chat.person("tom").says(line(what="Pumps run.", next="in 5 hours"))
    await chat.bot.pass_time(hours=1, minutes=31)
    assert await _titles(chat, "tom", "an update for 11:0") == []
    maria = chat.person("maria")
    asked = await maria.finds("residents were promised an update for 11:0")
    assert "The draft by Tom Okafor waits" in asked.text
    shown = await maria.presses("Show the draft", asked)
    assert "Pumps run." in shown.text
    await chat.bot.pass_time(minutes=31)
    assert await _titles(chat, "tom", "residents are waiting") == []
    form = await maria.opens("Send back", shown)
    await maria.fills(form, why="Which pumps?")
    await chat.person("tom").says("/crisis log I write it again")
    await chat.bot.pass_time(minutes=31)
    assert await chat.person("tom").finds("residents are waiting for the update promised for 11:0")


@pytest.mark.parity("Read a draft of a statement from the board, and approve it")
async def test_a_draft_is_read_and_decided_from_the_board(chat: Chat) -> None:
    await begin(chat)
    await chat.person("felix").says(line())
    [summary, *_] = await chat.place(ROOM)
    assert "A draft by Felix Moreau waits for a second person." in summary.text
    own = await chat.person("felix").presses("Show the draft", summary)
    assert (own.title, own.buttons) == ("CR-2026-01: Waits for a second person", {})
    shown = await chat.person("grace").presses("Show the draft", summary)
    assert "Boil water" in shown.text
    await chat.person("grace").presses("Approve", shown)
    [summary, *rest] = await chat.place(ROOM)
    assert "Show the draft" not in summary.buttons
    assert "Approved by Grace Kim" in rest[-1].text


@pytest.mark.doors
async def test_a_late_update_is_named_once_however_often_it_is_put_off(chat: Chat) -> None:
    await approved(chat)
    tom = chat.person("tom")
    await chat.bot.pass_time(hours=2, minutes=5)
    await chat.bot.pass_time(minutes=5)
    for _ in range(2):
        await tom.presses("In 30 minutes", await tom.finds("residents are waiting for the update"))
        await chat.bot.pass_time(minutes=31)
    assert await tom.finds("residents are waiting for the update")
    log = await chat.bot.read(lambda store: store.crisis.log.of("CR-2026-01"))
    assert len([entry for entry in log if "is late" in entry.text]) == 1

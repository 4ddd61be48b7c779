"""Actions: the person who is asked is told, sees it every day until it is done, and who asked for it hears of it."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.chat.door import Chat
from tests.chat.folded import unfolded

DAM = "/risk add Dam gate stuck; likelihood 4; impact 5; owner @olga"


async def _at(chat: Chat, day: int, hour: int, minute: int = 0, month: int = 11) -> None:
    """A time of a day by Riverton's clock, which is five hours behind."""
    chat.bot.clock.set(datetime(2026, month, day, hour + 5, minute, 1, tzinfo=UTC))
    await chat.bot.settle()


@pytest.mark.parity("Ask somebody to act on anything")
async def test_an_action_about_a_record_is_asked_of_somebody_who_does_it_and_who_asked_hears_of_it(chat: Chat) -> None:
    sam, olga = chat.person("sam"), chat.person("olga")
    await olga.says(DAM)
    form = await olga.opens("Add action", await olga.says("/risk show R-1"))
    assert form.values["about"] == "R-1"
    added = await olga.fills(form, what="Oil the gate", owner="@sam", due="2026-12-04")
    assert added.title == "Added A-1"
    told = await sam.finds("A-1: Olga Brandt asks you to act on R-1")
    assert "Oil the gate" in told.text
    assert "Fri Dec 4" in told.text
    assert "Actions: 0 of 1 done" in (await olga.says("/risk show R-1")).text
    assert "A-1 Oil the gate (R-1, due Fri Dec 4)" in (await sam.says("/city today")).text
    done = await sam.presses("Done", told)
    assert done.title == "A-1 is done"
    assert "Done" not in (await sam.finds("A-1")).buttons
    assert "Actions: 1 of 1 done" in (await olga.says("/risk show R-1")).text
    assert "Sam Rivers: A-1 Oil the gate" in (await olga.says("/city digest")).text
    assert "Sam Rivers did it" in await unfolded(olga, await olga.says("/action show A-1"))


@pytest.mark.parity("List actions by whose they are, what is late and what they are about")
async def test_actions_are_listed_by_whose_they_are_late_asked_for_and_what_they_are_about(chat: Chat) -> None:
    sam, olga = chat.person("sam"), chat.person("olga")
    await olga.says(DAM)
    await olga.says("/action add Oil the gate; owner @sam; due tomorrow; about R-1")
    await olga.says("/action add Call the mill; due friday")
    assert (await sam.says("/action list mine")).title == "Your open actions: 1"
    asked = await olga.says("/action list asked")
    assert asked.title == "Open actions you asked for: 2"
    assert (await sam.says("/action list late")).title == "Nothing is late"
    await _at(chat, 25, 12)
    late = await olga.presses("Late", asked)
    assert late.title == "Late actions: 1"
    for words in ("late", "A-1 Oil the gate", "Sam Rivers, was due Tue Nov 24, about R-1"):
        assert words in late.text
    about = await olga.says("/action list about r-1")
    assert about.title == "Actions about R-1: 1"
    refused = await olga.says("/action list everything")
    assert '"everything" is not one of: mine, late, asked, done, all, a name, or about R-1.' in refused.text


@pytest.mark.parity("Give an action on, move it or drop it")
async def test_an_action_is_given_on_moved_and_dropped_and_its_history_says_so(chat: Chat) -> None:
    sam, olga = chat.person("sam"), chat.person("olga")
    await olga.says("/action add Oil the gate; owner @sam; due friday")
    told = await sam.finds("A-1: Olga Brandt asks you to act")
    moved = await sam.fills(await sam.opens("Change due date", told), due="2026-12-11", why="Rain is forecast")
    assert moved.title == "A-1 is due Fri Dec 11 now"
    given = await olga.says("/action assign A-1; owner @hugo")
    assert given.title == "A-1 is with Hugo Lindqvist now"
    assert (await chat.person("hugo").finds("A-1: Olga Brandt asks you to act")).title
    assert "Nothing is waiting" in (await sam.says("/city today")).text
    dropped = await chat.person("hugo").says("/action drop A-1; why The gate was replaced")
    assert dropped.title == "A-1 is dropped"
    history = await unfolded(olga, await olga.says("/action show A-1"))
    for line in (
        "Olga Brandt asked Sam Rivers to do it, due Fri Nov 27",
        "Sam Rivers changed the due date to Fri Dec 11: Rain is forecast",
        "Olga Brandt gave it to Hugo Lindqvist",
        "Hugo Lindqvist dropped it: The gate was replaced",
    ):
        assert line in history
    refused = await olga.says("/action done A-1")
    assert "A-1 is dropped by Hugo Lindqvist" in refused.text


@pytest.mark.parity("Open an action again that was done or dropped")
async def test_an_action_that_was_settled_is_opened_again_and_its_owner_and_who_asked_are_told(chat: Chat) -> None:
    sam, olga, hugo = chat.person("sam"), chat.person("olga"), chat.person("hugo")
    await hugo.says("/action add Oil the gate; owner @sam; due friday")
    done = await sam.says("/action done A-1")
    await chat.bot.pass_time(minutes=11)
    assert "more than 10 minutes old. It can no longer be undone." in (await sam.presses("Undo", done)).text
    again = await olga.says("/action reopen A-1; why It sticks again")
    assert again.title == "A-1 is open again"
    assert "Done" in again.buttons
    assert (await sam.finds("A-1: Olga Brandt asks you to act")).title
    assert "Olga Brandt: A-1 Oil the gate (Sam Rivers, due Fri Nov 27)" in (await hugo.says("/city digest")).text
    assert "Olga Brandt opened it again: It sticks again" in await unfolded(hugo, await hugo.says("/action show A-1"))
    assert (await olga.says("/action reopen A-1")).title == "A-1 is open already"
    dropped = await hugo.says("/action drop A-1; why The gate was replaced")
    assert (await hugo.presses("Reopen", dropped)).title == "A-1 is open again"
    traces = await chat.bot.read(lambda store: store.audit.since("A-1", chat.bot.clock.now() - timedelta(days=1), 9))
    assert [str(trace.act) for trace in traces if "reopen" in trace.act] == ["action reopen", "action reopen"]
    await _at(chat, 27, 12)
    await _at(chat, 30, 9)
    assert "A-1 is late" in {message.title for message in await sam.direct()}


async def test_who_may_not_change_an_action_does_not_reopen_it_nor_anybody_one_against_a_closed_risk(
    chat: Chat,
) -> None:
    olga, sam, ben = chat.person("olga"), chat.person("sam"), chat.person("ben")
    await olga.says(DAM)
    await olga.says("/action add Oil the gate; owner @sam; due friday; about R-1")
    await sam.says("/action done A-1")
    assert "Only Sam Rivers or Olga Brandt" in (await ben.says("/action reopen A-1")).text
    shown = (await ben.says("/action show A-1")).buttons
    assert "Reopen" not in shown
    assert "Show R-1" in shown
    await olga.says("/risk close R-1; reason The gate was replaced")
    assert "R-1 is closed by Olga Brandt" in (await sam.says("/action reopen A-1")).text
    assert "Sam Rivers did it" in await unfolded(sam, await sam.says("/action show A-1"))


@pytest.mark.parity("List the actions of somebody, and those that were settled lately")
async def test_actions_are_listed_by_a_name_and_those_settled_lately(chat: Chat) -> None:
    sam, olga = chat.person("sam"), chat.person("olga")
    await sam.says("/action add Oil the gate; owner @olga; due friday")
    await sam.says("/action add Call the mill; due friday")
    assert (await sam.says("/action list olga")).title == "Olga Brandt's open actions: 1"
    assert (await sam.says("/action list late Olga Brandt")).title == "Olga Brandt has no late actions"
    assert (await olga.says("/action list me")).title == "Your open actions: 1"
    await olga.says("/action done A-1")
    await sam.says("/action drop A-2; why It called us")
    lately = await sam.says("/action list done")
    assert lately.title == "Actions done or dropped in the last 30 days: 2"
    assert (await sam.says("/action list done olga")).title == (
        "Olga Brandt's actions done or dropped in the last 30 days: 1"
    )
    assert (await sam.says("/action list all")).title == "No open actions"
    await chat.bot.pass_time(minutes=31 * 24 * 60)
    assert (await sam.says("/action list done")).title == "No actions done or dropped in the last 30 days"


async def test_the_answer_says_that_who_is_given_an_action_is_away(chat: Chat) -> None:
    sam, olga = chat.person("sam"), chat.person("olga")
    await olga.says(DAM)
    await sam.says("/city away from today to friday; deputy @ben")
    mind = "Please note: Sam Rivers is not available (away until Fri Nov 27; Ben Carver stands in)."
    for line in (
        "/action add Oil the gate; owner sam; due friday",
        "/risk action R-1; what Call the mill; owner @sam; due friday",
    ):
        assert mind in (await olga.says(line)).text, line
    await olga.says("/action assign A-1; owner hugo")
    assert mind in (await olga.says("/action assign A-1; owner sam")).text
    await olga.says("/action done A-1")
    assert mind in (await olga.says("/action reopen A-1")).text
    assert "Mind:" not in (await olga.says("/action add Thank the mill; owner hugo; due friday")).text


async def test_me_is_the_person_who_writes(chat: Chat) -> None:
    olga = chat.person("olga")
    await olga.says("/action add Oil the gate; owner myself; due friday")
    assert (await olga.says("/action list mine")).title == "Your open actions: 1"
    await olga.says("/action assign A-1; owner sam")
    for word in ("me", "Me"):
        assert (await olga.says(f"/action assign A-1; owner {word}")).title.startswith("A-1 is with Olga Brandt")
    await olga.says("/risk add Dam gate stuck; likelihood 4; impact 5; owner @me")
    assert "Olga Brandt" in (await olga.says("/risk list owner me")).text


@pytest.mark.parity("Delegate a line of the morning check")
async def test_the_first_lines_of_the_morning_check_are_delegated_and_say_to_whom(chat: Chat) -> None:
    maria, sam = chat.person("maria"), chat.person("sam")
    await chat.person("olga").says(DAM)
    await _at(chat, 24, 7, 31)
    check = await maria.finds("Good morning")
    form = await maria.opens("Delegate", check)
    given = await maria.fills(form, owner="@sam", what="Call the crane", due="2026-11-26")
    assert given.title == "Sam Rivers is asked: A-1"
    assert "Call the crane" in (await sam.finds("A-1: Maria Lopez asks you to act on R-1")).text
    check = await maria.finds("Good morning")
    assert "Given to Sam Rivers as A-1, due Thu Nov 26. R-1 Dam gate stuck" in check.text
    await _at(chat, 25, 9)
    assert "A-1 is due tomorrow" in {message.title for message in await sam.direct()}
    await _at(chat, 30, 9)  # the next working day: Thanksgiving is over
    assert "A-1 is late" in {message.title for message in await sam.direct()}
    line = "A-1 Call the crane (Sam Rivers, R-1, was due Thu Nov 26: LATE)"
    own = "A-1 Call the crane (R-1, was due Thu Nov 26)"
    assert f"Sam Rivers: {own}" in (await maria.finds("Good morning")).text
    assert line in (await maria.says("/city digest")).text


async def test_only_those_concerned_change_an_action(chat: Chat) -> None:
    await chat.person("olga").says(DAM)
    await chat.person("maria").says("/action add Oil the gate; owner @sam; due friday; about R-1")
    ben = chat.person("ben")
    for line in ("done A-1", "assign A-1; owner @ben", "move A-1; due monday", "drop A-1; why No"):
        refused = await ben.says(f"/action {line}")
        assert "Only Sam Rivers or Maria Lopez" in refused.text
    shown = await ben.says("/action show A-1")
    assert not {"Done", "Drop"} & set(shown.buttons)
    assert (await chat.person("olga").says("/action done A-1")).title == "A-1 is done"  # she looks after R-1


async def test_who_may_not_change_a_risk_asks_for_nothing_about_it_and_a_closed_risk_takes_its_actions_along(
    chat: Chat,
) -> None:
    olga = chat.person("olga")
    await olga.says(DAM)
    refused = await chat.person("ben").says("/action add Oil the gate; due friday; about R-1")
    assert "You cannot change R-1 yourself." in refused.text
    await olga.says("/action add Oil the gate; owner @sam; due friday; about R-1")
    await olga.says("/risk close R-1; reason The gate was replaced")
    assert "dropped by Olga Brandt" in (await olga.says("/action show A-1")).text
    assert "A-1" not in (await chat.person("sam").says("/city today")).text
    await olga.says("/risk reopen R-1; reason It sticks again")
    assert "A-1 Oil the gate" in (await chat.person("sam").says("/city today")).text


async def test_what_somebody_dropped_stays_dropped_whatever_reason_they_typed(chat: Chat) -> None:
    olga = chat.person("olga")
    await olga.says(DAM)
    for what in ("Oil the gate", "Call the crane"):
        await olga.says(f"/action add {what}; owner @sam; due friday; about R-1")
    await olga.says("/action drop A-1; why R-1 is closed")
    closed = await olga.says("/risk close R-1; reason The gate was replaced")
    await olga.presses("Undo", closed)
    today = (await chat.person("sam").says("/city today")).text
    assert "A-1" not in today
    assert "A-2 Call the crane" in today
    await olga.says("/risk close R-1; reason The gate was replaced")
    assert "R-1 is closed" in (await olga.says("/action show A-2")).text
    await olga.says("/risk reopen R-1; reason It sticks again")
    today = (await chat.person("sam").says("/city today")).text
    assert "A-1" not in today
    assert "A-2 Call the crane" in today


async def test_somebody_who_is_away_is_not_waited_for_their_deputy_may_finish_it(chat: Chat) -> None:
    sam, olga = chat.person("sam"), chat.person("olga")
    await chat.person("maria").says("/action add Oil the gate; owner @sam; due friday")
    await sam.says("/city away from today to friday; deputy @ben")
    assert "A-1 Oil the gate" in (await chat.person("ben").says("/city today")).text
    assert (await chat.person("ben").says("/action done A-1")).title == "A-1 is done"
    assert (await olga.says("/action done A-1")).title == "A-1 is done already"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("add Oil the gate; due 2020-01-01", "is in the past. Choose today or a later day."),
        ("add Oil the gate; due 1 nov", "2026-11-01 is in the past. Write 2027-11-01 if you mean next year."),
        ("add Oil the gate; due friday; about R-99", 'There is no "R-99" that you can see.'),
        ("add Oil the gate; due friday; owner @nobody", 'I know nobody called "@nobody".'),
        ("done A-99", 'There is no action "A-99".'),
        ("move A-1; due 2020-01-01", "is in the past. Choose today or a later day."),
        ("show oil", 'There is no action "OIL".'),
    ],
)
async def test_bad_input_is_told_what_to_do_and_keeps_nothing(desk_chat: Chat, line: str, sentence: str) -> None:
    await desk_chat.person("olga").says("/action add Oil the gate; owner @sam; due friday")
    olga, asks_again = desk_chat.person("olga"), line.startswith(("add", "move"))
    form = await olga.opens(f"/action {line}") if asks_again else None
    said = " ".join(form.errors.values()) if form else (await olga.says(f"/action {line}")).text
    assert sentence in said
    kept = await desk_chat.bot.read(lambda store: store.actions.records.everything())
    assert [(action.ref, action.state) for action in kept] == [("A-1", "open")]

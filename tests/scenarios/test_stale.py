"""Stale: a message whose record has changed says how it is now, or that nobody needs it any more, at every door."""

from datetime import UTC, datetime

import pytest

from tests.chat.door import Chat
from tests.chat.seen import Seen
from tests.chat.slack import SlackChat
from tests.wires.slack.workspace import Message

EVENING = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # 20:00 in Riverton, on the Monday
MORNING = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # 07:00
CHECK = datetime(2026, 11, 24, 12, 30, 1, tzinfo=UTC)  # the morning check
DIGEST = datetime(2026, 11, 24, 13, 30, 1, tzinfo=UTC)


def _there(chat: SlackChat, message: Seen) -> Message:
    """A message as it is now, also one that only one person sees."""
    return next(
        post for post in chat.slack.timeline if (post.channel, post.ts) == (message.raw.channel, message.raw.ts)
    )


async def _at(chat: Chat, moment: datetime) -> None:
    """Move the clock, and do what is due by then."""
    await chat.bot.settle()
    chat.bot.clock.set(moment)
    await chat.bot.settle()


@pytest.mark.parity("A message about a record that changed since is brought up to date, or taken back")
async def test_an_owners_message_says_how_the_risk_is_now_and_loses_its_buttons_when_it_is_closed(chat: Chat) -> None:
    await chat.person("sam").says("/risk add Pump fails; likelihood 2; impact 2; owner @olga")
    told = await chat.person("olga").finds("you look after it")
    assert "Pump fails" in told.text
    await chat.person("sam").says("/risk update R-1; title Pump has failed")
    assert "Pump has failed" in (await chat.person("olga").finds("you look after it")).text
    await chat.person("olga").says("/risk close R-1; reason Replaced")
    over = await chat.person("olga").finds("you look after it")
    assert "Not needed anymore: R-1 is closed now." in over.text
    assert not over.buttons


@pytest.mark.parametrize(
    ("line", "ref", "close"),
    [
        ("risk add Pump fails; likelihood 2; impact 2", "R-1", "/risk close R-1; reason Replaced"),
        (
            "feedback add Deep pothole; category streets; via phone",
            "F-1",
            "/feedback close F-1; reason done; answer Filled",
        ),
    ],
)
async def test_the_answer_to_who_logged_something_offers_to_withdraw_it_for_ten_minutes_and_no_change_once_closed(
    chat: Chat, line: str, ref: str, close: str
) -> None:
    sam = chat.person("sam")
    await sam.says(line)
    assert "Withdraw" in (await sam.finds(f"Logged {ref}")).buttons
    await chat.bot.pass_time(minutes=11)
    later = await sam.finds(f"Logged {ref}")
    assert "Change" in later.buttons
    assert "Withdraw" not in later.buttons
    await chat.person("olga").says(close)
    assert "Change" not in (await sam.finds(f"Logged {ref}")).buttons


async def test_pages_and_the_answer_to_who_raised_it_say_that_the_alarm_is_confirmed(chat: Chat) -> None:
    tom, hugo, olga = chat.person("tom"), chat.person("hugo"), chat.person("olga")
    await tom.says("crisis activate Water main burst; level 2")
    await hugo.presses("On my way", await hugo.finds("you are needed"))
    await chat.person("maria").says("/crisis confirm CR-2026-01")
    for person in (tom, hugo, olga):
        assert not [card for card in await person.direct() if "not confirmed yet" in card.text]
    assert "On my way" in (await olga.finds("you are needed")).buttons
    assert "I cannot come after all" in (await hugo.finds("your answer")).buttons
    assert "is confirmed" in (await tom.finds("CR-2026-01 is confirmed")).title
    assert not [card for card in await tom.direct() if "must confirm it" in card.text]


async def test_what_ended_in_the_night_is_not_told_in_the_morning(chat: Chat) -> None:
    chat.bot.clock.set(EVENING)
    maria, hugo, olga, sam = (chat.person(name) for name in ("maria", "hugo", "olga", "sam"))
    await maria.says("/city away from today to friday deputy @hugo")
    await sam.says("/risk add Dam gate stuck; likelihood 2; impact 2; owner @sam")
    await sam.says("/risk accept R-1; until 2026-12-05; why It is replaced soon; approver @olga")
    await chat.bot.pass_time(minutes=10)
    await maria.says("/city back")
    await maria.says("/risk close R-1; reason It was replaced")
    chat.bot.clock.set(MORNING)
    assert await hugo.direct() == []
    assert await olga.direct() == []


async def test_who_was_told_that_they_stand_in_is_told_that_it_is_over(chat: Chat) -> None:
    maria, hugo = chat.person("maria"), chat.person("hugo")
    await maria.says("/city away from today to friday deputy @hugo")
    assert await hugo.finds("You stand in for Maria Lopez")
    await maria.says("/city back")
    assert "Not needed anymore" in (await hugo.finds("You stand in for Maria Lopez")).text
    assert await hugo.finds("Maria Lopez is back")


async def test_news_of_an_answer_is_not_told_after_the_item_was_opened_again(chat: Chat) -> None:
    owen, sam = chat.person("owen"), chat.person("sam")
    for what in ("Deep pothole", "Broken light"):
        await owen.says(f"/feedback add {what}; category streets; via phone")
    for ref in ("F-1", "F-2"):
        await sam.says(f"/feedback close {ref}; reason done; answer It is mended")
    await sam.says("/feedback reopen F-1; why It broke again")
    await _at(chat, DIGEST)
    told = await owen.finds("Your day")
    assert "F-1" not in told.text
    assert "F-2 “Broken light” is answered" in told.text
    await sam.says("/feedback reopen F-2; why It broke again")
    now = await owen.finds("Your day")
    assert "is answered" not in now.text
    assert "Nothing here is due or new anymore." in now.text


async def test_the_morning_check_names_the_new_owner_and_what_is_open_again(chat: Chat) -> None:
    await chat.person("sam").says("/risk add Dam gate stuck; likelihood 2; impact 2; owner @sam; review 2026-11-24")
    await chat.person("sam").says("/risk add Pump fails; likelihood 2; impact 2; owner @sam; review 2026-11-24")
    await _at(chat, CHECK)
    maria = chat.person("maria")
    assert "R-1 Dam gate stuck" in (await maria.finds("Good morning")).text
    shown = await maria.says("/city handover @sam to @ben")
    await maria.presses("Hand over", shown)
    assert "Given to Ben Carver. R-1 Dam gate stuck" in (await maria.finds("Good morning")).text
    await chat.person("olga").says("/risk assign R-1; owner @olga")
    assert "Given to Olga Brandt. R-1 Dam gate stuck" in (await maria.finds("Good morning")).text
    await maria.says("/risk close R-1; reason It was replaced")
    assert "Done (closed by Maria Lopez, 7:30 AM)" in (await maria.finds("Good morning")).text
    await maria.says("/risk reopen R-1; reason It is stuck again")
    again = (await maria.finds("Good morning")).text
    assert "Done (closed" not in again
    assert "Open again, 7:30 AM: R-1 Dam gate stuck" in again
    await chat.bot.pass_time(minutes=20)
    await maria.says("/risk close R-1; reason It was replaced after all")
    assert "Done (closed by Maria Lopez, 7:50 AM): R-1 Dam gate stuck" in (await maria.finds("Good morning")).text
    await chat.bot.pass_time(minutes=20)
    await maria.says("/risk reopen R-1; reason It is stuck for good")
    newest = (await maria.finds("Good morning")).text
    assert "Open again, 7:30 AM" not in newest
    assert "Open again, 8:10 AM: R-1 Dam gate stuck" in newest


@pytest.mark.parity("A button on a card that is older than its record asks again before it acts")
async def test_a_button_on_a_card_that_is_older_than_its_record_asks_again(chat: Chat) -> None:
    sam, rosa = chat.person("sam"), chat.person("rosa")
    await sam.says("/feedback add Deep pothole; category streets; via phone")
    await sam.says("/feedback wait F-1; whom weather; reason Too cold; until 2026-12-01")
    old = await rosa.says("/feedback show F-1")
    await chat.bot.pass_time(minutes=1)
    await sam.says("/feedback give F-1; to @ben")
    await chat.bot.pass_time(minutes=1)
    asked = await rosa.presses("Resume", old)
    assert asked.title == "F-1 has changed since this card was written"
    assert "Sam Rivers changed it" in asked.text
    assert "Nothing was changed yet." in asked.text
    assert "waiting for" in (await rosa.says("/feedback show F-1")).text
    done = await rosa.presses("Do it anyway", asked)
    assert done.title == "F-1 is not paused anymore"


async def test_a_card_that_was_brought_up_to_date_and_ones_own_change_ask_nothing(chat: Chat) -> None:
    sam, rosa = chat.person("sam"), chat.person("rosa")
    await sam.says("/feedback add Deep pothole; category streets; via phone")
    mine = await rosa.says("/feedback show F-1")
    await chat.bot.pass_time(minutes=1)
    await rosa.says("/feedback wait F-1; whom weather; reason Too cold; until 2026-12-01")
    await chat.bot.pass_time(minutes=1)
    assert "has changed since" not in (await rosa.presses("Take it", mine)).title
    await sam.says("/feedback give F-1; to @ben")
    await chat.bot.pass_time(minutes=1)
    [posted] = [card for card in await chat.place("public-works") if card.title.startswith("F-1")]
    assert "has changed since" not in (await rosa.presses("Resume", posted)).title


async def test_in_slack_a_card_that_one_person_sees_loses_its_buttons_once_one_has_acted(slack_chat: SlackChat) -> None:
    sam = slack_chat.person("sam")
    logged = await sam.says("/feedback add Deep pothole; category streets; via phone")
    assert logged.raw.ephemeral_to
    await sam.presses("Show", logged)
    assert "Withdraw" in str(_there(slack_chat, logged).blocks)  # it has only been read
    done = await sam.presses("Withdraw", logged)
    now = _there(slack_chat, logged)
    assert done.title == "Withdrew F-1"
    assert "Withdrew F-1" in str(now.blocks)
    assert "feedback.withdraw" not in str(now.blocks)


async def test_in_slack_a_form_from_such_a_card_leaves_its_answer_there(slack_chat: SlackChat) -> None:
    sam = slack_chat.person("sam")
    logged = await sam.says("/feedback add Deep pothole; category streets; via phone")
    await sam.fills(await sam.opens("Change", logged), place="12 Elm Street")
    await slack_chat.bot.settle()
    assert "Changed F-1" in str(_there(slack_chat, logged).blocks)


async def test_in_slack_the_answer_takes_the_place_of_the_question_which_one_is_meant(slack_chat: SlackChat) -> None:
    tom = slack_chat.person("tom")
    await tom.says("/crisis activate Water main burst; level 1")
    another = await tom.says("/crisis activate Bridge closed; level 1")
    await tom.presses("It is another one: call the team", another)
    asked = await tom.says("/crisis log The valve is shut")
    assert asked.raw.ephemeral_to
    form = await tom.opens("CR-2026-01 Water main burst", asked)
    await tom.fills(form)
    await slack_chat.bot.settle()
    now = str(_there(slack_chat, asked).blocks)
    assert "Which crisis do you mean?" not in now
    assert "The valve is shut" in now


async def test_in_slack_a_list_keeps_its_buttons(slack_chat: SlackChat) -> None:
    sam = slack_chat.person("sam")
    for what in ("Bridge sinks", "Road floods"):
        await sam.says(f"/risk add {what}; likelihood 2; impact 2; owner @sam; review 2026-11-23")
    for what in ("Measure it", "Fix it"):
        await sam.says(f"/action add {what}; owner @sam; due 2026-11-23")
    today = await sam.says("/city today")
    done = next(label for label in today.buttons if label.startswith("Done"))
    await sam.presses(done, today)
    assert not _there(slack_chat, today).edits

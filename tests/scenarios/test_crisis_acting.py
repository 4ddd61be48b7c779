"""Crisis acting: who acts has answered their page and is not called again; at every door."""

import pytest

from tests.chat.door import Chat
from tests.scenarios.ended import stand_down

ROOM = "crisis:CR-2026-01"
BURST = "/crisis activate Water main burst; where Mill Road; level 2"
COUNTS = "took part, which counts as “on my way”."


async def _status(chat: Chat) -> str:
    status = await chat.person("maria").says("/crisis status")
    return status.text


async def _minutes(chat: Chat, minutes: int) -> None:
    for _ in range(minutes):
        await chat.bot.pass_time(minutes=1)


@pytest.mark.parity("Answer a page of a crisis by acting")
async def test_whoever_writes_a_line_has_answered_their_page_and_is_called_no_more(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    tom = chat.person("tom")
    await tom.says("/crisis log I close the valve")
    page = await tom.finds("you took part at 9:")
    assert page.title.endswith("“on my way”")
    assert "I cannot come after all" in page.buttons
    assert "On my way" not in page.buttons
    status = await _status(chat)
    assert "Tom Okafor: on my way (9:" in status
    assert "Marcus Bell: no answer yet" in status, "nobody has the role yet"
    assert await tom.finds("will you take a role?")
    await tom.says("/crisis log The valve is closed")
    await _minutes(chat, 12)
    assert not [card for card in await tom.direct() if "you are needed" in card.title]
    lines = await chat.bot.read(lambda store: [line.text for line in store.crisis.log.of("CR-2026-01")])
    assert lines.count(f"Tom Okafor {COUNTS}") == 1
    await tom.presses("I cannot come after all", page)
    await tom.says("/crisis log Marcus takes over")
    status = await _status(chat)
    assert "Tom Okafor: cannot come" in status, "a line does not take back what somebody said themselves"
    assert "Marcus Bell: no answer yet" in status


@pytest.mark.doors
async def test_whoever_takes_a_role_comes_although_they_said_that_they_cannot(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    tom = chat.person("tom")
    await tom.presses("I cannot come", await tom.finds("you are needed"))
    roles = await tom.says("/crisis roles")
    await tom.presses("Take it", roles)
    status = await _status(chat)
    assert "Tom Okafor: on my way (9:" in status
    assert f"Tom Okafor {COUNTS}" in status
    assert await tom.finds("you took part at 9:")


@pytest.mark.doors
async def test_whoever_raises_the_alarm_is_called_like_everybody_until_they_act(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    await _minutes(chat, 6)
    olga = chat.person("olga")
    assert (await olga.finds("you are needed (page 2)")).buttons
    await olga.says("/crisis log I stand on Mill Road")
    assert "Olga Brandt: on my way (9:" in await _status(chat)


@pytest.mark.doors
async def test_whoever_agrees_that_it_is_over_has_answered_too(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    await stand_down(chat, asker="tom", second="hugo")
    status = await chat.person("maria").says("/crisis status CR-2026-01")
    assert "Tom Okafor: on my way" in status.text
    assert "Hugo Lindqvist: on my way" in status.text
    assert not [card for card in await chat.person("hugo").direct() if "you do not need to come" in card.title]
    assert await chat.person("felix").finds("you do not need to come")

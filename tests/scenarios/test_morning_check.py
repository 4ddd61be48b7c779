"""Morning check: what the city manager reads at 07:30, at every door."""

from datetime import UTC, datetime

from tests.chat.door import Chat

NEXT_MORNING = datetime(2026, 11, 24, 12, 30, 1, tzinfo=UTC)  # 07:30:01 in Riverton, a Tuesday


async def _next_morning(chat: Chat) -> None:
    await chat.bot.settle()
    chat.bot.clock.set(NEXT_MORNING)
    await chat.bot.settle()


async def test_a_quiet_night_says_so(chat: Chat) -> None:
    await _next_morning(chat)
    [card] = await chat.person("maria").direct()
    assert card.title == "Good morning. Riverton, Tue 24 Nov, 07:30"
    assert "Nothing new overnight." in card.text


async def test_what_came_in_what_is_high_and_who_is_silent_stand_in_it(chat: Chat) -> None:
    await chat.person("sam").says("/risk add Dam gate stuck; likelihood 4; impact 5")
    await chat.person("owen").says("/feedback add Deep pothole; category streets; via phone")
    await chat.person("olga").says("/crisis activate Water main burst; level 2")
    await _next_morning(chat)
    card = (await chat.person("maria").direct())[-1]
    for words in (
        "New risks: 1",
        "R-1 Dam gate stuck",
        "New feedback: 1",
        "F-1 Streets and potholes",
        "Active crises: 1",
        "Open and high: 1",
        "Paged and not answered: 5",
    ):
        assert words in card.text
    assert "Nothing new" not in card.text


async def test_it_is_sent_once_and_not_on_a_holiday(chat: Chat) -> None:
    await _next_morning(chat)
    for _ in range(4):  # to Saturday: Thursday and Friday are closed
        for _ in range(4):
            await chat.bot.pass_time(hours=6)
    titles = [card.title for card in await chat.person("maria").direct()]
    assert (
        titles == ["Good morning. Riverton, Tue 24 Nov, 07:30", "Good morning. Riverton, Wed 25 Nov, 12:30"]
        or len(titles) == 2
    )

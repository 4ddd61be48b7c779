"""Taking over: outside a crisis, who is asked for what somebody left behind reads it by the next working morning, and
so does who is above; at every door."""

from datetime import UTC, datetime

import pytest

from tests.chat.door import Chat
from tests.chat.seen import Seen
from tests.scenarios.gone import GONE
from tests.scenarios.peoplefile import change

BRIDGE = "/risk add Bridge sinks; likelihood 2; impact 2; owner @sam; review 2027-03-01"
DAYS = {24: "Tue", 25: "Wed"}


async def digest_of(chat: Chat, person: str, day: int) -> Seen | None:
    """What somebody reads at 08:30 in Riverton on a day of November."""
    for hour, minute in ((12, 31), (13, 31)):  # the morning check comes an hour before
        chat.bot.clock.set(max(chat.bot.clock.now(), datetime(2026, 11, day, hour, minute, tzinfo=UTC)))
        await chat.bot.settle()
    cards = [card for card in await chat.person(person).direct() if card.title == f"Your day: {DAYS[day]} Nov {day}"]
    return cards[-1] if cards else None


@pytest.mark.parity("Read what falls to you from somebody who cannot be asked")
async def test_who_takes_over_reads_it_the_next_morning_and_so_does_the_city_manager(chat: Chat) -> None:
    await chat.person("olga").says(BRIDGE)
    await GONE["switched off"](chat, "sam")
    card = await digest_of(chat, "olga", 24)
    assert card is not None
    assert "Sam Rivers has no active account: you are asked instead for risks (1)" in card.text
    morning = await chat.person("maria").finds("Good morning")
    assert "Sam Rivers has no active account: Olga Brandt is asked instead for risks (1)" in morning.text
    again = await digest_of(chat, "olga", 25)  # it is told once
    assert again is None


@pytest.mark.parametrize("way", ["left", "away"])
async def test_it_is_said_whatever_the_reason(desk_chat: Chat, way: str) -> None:
    await desk_chat.person("olga").says(BRIDGE)
    await GONE[way](desk_chat, "sam")
    card = await digest_of(desk_chat, "olga", 24)
    assert "you are asked instead for risks (1)" in str(card)


async def test_the_head_reads_that_a_deputy_takes_over(desk_chat: Chat) -> None:
    await change(desk_chat, 'id = "sam"', 'id = "sam"\ndeputy = "ben"')
    await desk_chat.person("olga").says(BRIDGE)
    await GONE["switched off"](desk_chat, "sam")
    taken, above = await digest_of(desk_chat, "ben", 24), await digest_of(desk_chat, "olga", 24)
    assert "Sam Rivers has no active account: you are asked instead for risks (1)" in str(taken)
    assert above is not None
    assert "Sam Rivers has no active account: Ben Carver is asked instead for risks (1)" in above.text
    assert "Hand it over" in above.buttons


async def test_what_was_handed_over_meanwhile_is_not_said(desk_chat: Chat) -> None:
    await desk_chat.person("olga").says(BRIDGE)
    await GONE["switched off"](desk_chat, "sam")
    await digest_of(desk_chat, "olga", 24)
    shown = await desk_chat.person("olga").says("/city handover @sam to @ben")
    await desk_chat.person("olga").presses("Hand over", shown)
    assert "you are asked" not in (await desk_chat.person("olga").says("/city digest")).text


async def test_a_head_whose_seat_somebody_else_has_today_is_named_to_both(desk_chat: Chat) -> None:
    await GONE["switched off"](desk_chat, "felix")
    found = [await digest_of(desk_chat, person, 24) for person in desk_chat.bot.application.runtime.city().people]
    assert any("Felix" in str(card) and "you are asked" in str(card) for card in found)


async def test_who_is_away_with_a_deputy_has_arranged_it_themselves(desk_chat: Chat) -> None:
    await change(desk_chat, 'id = "sam"', 'id = "sam"\ndeputy = "ben"')
    await desk_chat.person("olga").says(BRIDGE)
    await GONE["away"](desk_chat, "sam")
    assert "you are asked" not in str(await digest_of(desk_chat, "ben", 24))

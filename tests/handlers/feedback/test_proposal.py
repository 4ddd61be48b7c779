"""Feedback proposals: many reports of one kind in one area propose a risk, once, and one tap logs it."""

import pytest

from handlers.feedback.record import area_of
from handlers.kit.city.reading import read_city
from tests.chat.bot import RIVERTON
from tests.chat.desk import DeskChat
from tests.chat.seen import Seen

CITY = read_city(RIVERTON)


async def potholes(chat: DeskChat, *places: str) -> None:
    for place in places:
        told = await chat.person("owen").says(f"feedback add Pothole; category streets; place {place}; via phone")
        if "No, log it as new" in told.buttons:
            await chat.person("owen").presses("No, log it as new", told)
    await chat.bot.settle()


async def proposed(chat: DeskChat) -> list[Seen]:
    return [card for card in await chat.person("olga").direct() if card.title.startswith("Is there a risk")]


def test_an_area_is_the_citys_or_else_the_street() -> None:
    places = {
        "12 Elm Street": "elm street", "Elm Street 7b": "elm street", "elm  street, at the school": "elm street",
        "14 Mill Road": "Mill District", "behind the Old Mill": "Mill District", "12": "12",
        "3 elm st.": "elm street", "St. Mary's Church": "st mary s church",
    }  # fmt: skip
    assert {place: area_of(CITY, place) for place in places} == places
    assert area_of(CITY, None) is None


@pytest.mark.doors
async def test_the_fifth_in_one_area_within_two_weeks_proposes_a_risk_to_the_head_once(desk_chat: DeskChat) -> None:
    await potholes(desk_chat, "1 Elm Street", "2 Elm Street", "3 Oak Street", "3 Elm Street")
    await desk_chat.bot.pass_time(days=15)
    await potholes(desk_chat, "4 Elm Street", "5 Elm Street", "6 Elm Street", "7 Elm Street")
    assert await proposed(desk_chat) == []
    await potholes(desk_chat, "8 Elm Street", "9 Elm Street", "10 Elm Street")
    [card] = await proposed(desk_chat)
    assert card.title == "Is there a risk behind 5 pieces of feedback?"
    assert await desk_chat.bot.read(lambda store: store.risk.records.find("R-1")) is None


async def test_one_tap_logs_the_risk_linked_with_every_item(desk_chat: DeskChat) -> None:
    await potholes(desk_chat, *(f"{number} Elm Street" for number in range(1, 6)))
    [card] = await proposed(desk_chat)
    olga = desk_chat.person("olga")
    logged = await olga.presses("Log a risk", card)
    assert logged.title == "Logged R-1"
    risk = await desk_chat.bot.read(lambda store: store.risk.records.find("R-1"))
    assert (risk.title, risk.owner) == ("Streets and potholes, Elm Street: 5 reports from residents", "olga")
    assert (risk.department, risk.review_on is None) == ("public-works", False)
    links = await desk_chat.bot.read(lambda store: store.links.of("R-1"))
    assert [link.ref for link in links] == [f"F-{number}" for number in range(1, 6)]
    shown = await olga.says("feedback show F-3")
    assert "It led to R-1." in shown.text
    again = await olga.presses("Log a risk", card)
    assert "Olga Brandt has logged R-1 from it already." in again.text
    [card] = await proposed(desk_chat)
    assert set(card.buttons) == {"Show"}


async def test_what_was_logged_too_fast_is_withdrawn_and_stays_linked(desk_chat: DeskChat) -> None:
    await potholes(desk_chat, *(f"{number} Elm Street" for number in range(1, 6)))
    [card] = await proposed(desk_chat)
    olga = desk_chat.person("olga")
    logged = await olga.presses("Log a risk", card)
    withdrawn = await olga.presses("Withdraw", logged)
    assert withdrawn.title == "Withdrew R-1"
    assert (await desk_chat.bot.read(lambda store: store.risk.records.find("R-1"))).state == "withdrawn"
    shown = await olga.says("feedback show F-3")
    assert "It led to R-1." in shown.text


async def test_a_declined_one_logs_nothing(desk_chat: DeskChat) -> None:
    await potholes(desk_chat, *(f"{number} Elm Street" for number in range(1, 6)))
    [card] = await proposed(desk_chat)
    await desk_chat.person("olga").presses("Not a risk", card)
    [card] = await proposed(desk_chat)
    assert "Olga Brandt does not see a risk in it." in card.text
    assert await desk_chat.bot.read(lambda store: store.risk.records.find("R-1")) is None

"""Presses: what people do most takes at most three presses beside a typed sentence."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from playwright.async_api import Locator, Page, expect

from tests.bot.desk.conftest import Open
from tests.chat.desk import DeskChat

WEDNESDAY = datetime(2026, 11, 25, 15, 0, 1, tzinfo=UTC)  # 10:00:01 in Riverton, when heads of departments are asked
MOST = 3
pytestmark = pytest.mark.doors


@dataclass
class Hands:
    """Somebody's hands at a window of the desk, and how often they have pressed something."""

    page: Page
    presses: int = 0

    async def says(self, line: str) -> None:
        await self.page.fill("#text", line)
        await self.page.press("#text", "Enter")

    async def press(self, what: Locator) -> None:
        self.presses += 1
        await what.click()

    async def choose(self, question: str, answer: str) -> None:
        """An answer of a list, which is one choice on a phone."""
        self.presses += 1
        await self.page.get_by_label(question).select_option(label=answer)

    def button(self, label: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("button", name=label)

    async def reads(self, title: str) -> None:
        await expect(self.page.locator(".message h3", has_text=title).last).to_be_visible()
        assert self.presses <= MOST, f"{title}: {self.presses} presses"


async def test_somebody_logs_a_pothole(open_desk: Open) -> None:
    hands = Hands(await open_desk("?as=sam", width=390, height=844))
    await hands.says("/feedback add Deep pothole at 12 Elm Street")
    await hands.choose("What is it about?", "Streets and potholes")
    await hands.choose("How did it reach us?", "phone")
    await hands.press(hands.button("Add").and_(hands.page.locator("[type=submit]")))
    await hands.reads("Logged F-1")


async def test_a_head_of_department_finds_what_is_late(open_desk: Open, desk_chat: DeskChat) -> None:
    await desk_chat.person("owen").says("/feedback add Deep pothole; category streets; via phone")
    await desk_chat.bot.pass_time(days=21)
    hands = Hands(await open_desk("?as=olga", width=390, height=844))
    await hands.press(hands.button("What is waiting for you"))
    await hands.reads("What is waiting for you")
    await expect(hands.page.locator(".message").last).to_contain_text("F-1")
    await hands.says("/feedback list")
    await hands.press(hands.button("Late").last)
    await expect(hands.page.locator(".message").last).to_contain_text("Deep pothole")
    assert hands.presses <= MOST


async def test_somebody_of_the_team_takes_a_role(open_desk: Open, desk_chat: DeskChat) -> None:
    await desk_chat.person("olga").says("/crisis activate Water main burst; where Mill Road; level 2")
    await desk_chat.person("maria").says("/crisis confirm CR-2026-01")
    await desk_chat.bot.settle()
    hands = Hands(await open_desk("?as=tom", width=390, height=844))
    await hands.press(hands.button("On my way").last)
    await hands.says("/crisis roles")
    await hands.press(hands.button(re.compile("Take it: .*Commander")).last)
    await expect(hands.page.locator(".message").last).to_contain_text("Tom Okafor")
    assert hands.presses <= MOST


async def test_somebody_sees_what_waits_for_them_from_any_channel(open_desk: Open) -> None:
    hands = Hands(await open_desk("?as=sam&in=risks", width=390, height=844))
    await hands.press(hands.button("What is waiting for you"))
    await hands.reads("What is waiting for you")


async def test_a_head_of_department_answers_the_check_in(open_desk: Open, desk_chat: DeskChat) -> None:
    await desk_chat.bot.settle()
    desk_chat.bot.clock.set(WEDNESDAY)
    await desk_chat.bot.settle()
    hands = Hands(await open_desk("?as=hugo", width=390, height=844))
    await hands.press(hands.button("Answer").last)
    await hands.press(hands.page.get_by_role("radio", name="4"))
    for question, answer in (("Open requests", "12"), ("Overtime hours", "8"), ("Water main breaks", "0")):
        await hands.page.get_by_label(question).fill(answer)
    await hands.press(hands.page.locator("dialog [type=submit]"))
    await hands.reads("Thank you")


async def test_a_form_that_is_opened_again_begins_at_what_was_chosen(open_desk: Open, desk_chat: DeskChat) -> None:
    await desk_chat.bot.settle()
    desk_chat.bot.clock.set(WEDNESDAY)
    await desk_chat.bot.settle()
    line = (
        "/checkin department water; health 4; open requests 12; overtime hours 8; main breaks 0; risk A pump; help None"
    )
    await desk_chat.person("hugo").says(line)
    hands = Hands(await open_desk("?as=hugo", width=390, height=844))
    await hands.press(hands.button("Change").last)
    await expect(hands.page.get_by_role("radio", name="4")).to_be_focused()

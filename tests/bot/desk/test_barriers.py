"""Barriers: axe-core finds nothing on the desk's pages that keeps somebody from reading or using them."""

from functools import partial
from typing import Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from handlers.kit.messages import Card
from storage.database import Store
from tests.bot.cards import SHARED
from tests.bot.desk.conftest import Open
from tests.chat.bot import MONDAY
from tests.chat.desk import DeskChat

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
SEEN = (  # by Olga, in the order of a day
    "help",
    "city today",
    "risk add Dam gate stuck; likelihood 4; impact 5; owner @olga; review friday",
    "risk list",
    "risk show R-1",
    "risk matrix",
    "risk history R-1",
    "feedback add Deep pothole, two cars damaged; category streets; place 12 Elm Street; via phone",
    "feedback take F-1",
    "feedback list",
    "feedback show F-1",
    "action add Buy salt; owner @sam; due friday",
    "action list",
    "city coming",
    "standup Mill Road swept; next Crossings; blocker No road paint left",
    "checklist mine",
    "crisis activate Water main burst; where Mill Road 4 to 20; level 2",
    "crisis status",
    "crisis log Pumps are running",
    "city contacts",
    "city places",
    "risk lits",
    "help risk",
)
ON_A_PHONE = "innerWidth < 400 && document.querySelector('#flow') !== null"
TARGETS = "button, select, textarea, input[type=text], summary, nav a, .file a, .levels label"
CLUMSY = """targets => {
    const small = [...document.querySelectorAll(targets)]
        .filter(target => target.checkVisibility() && target.getBoundingClientRect().height < 44);
    const wide = [document.documentElement, document.querySelector("#flow"), document.querySelector("#sheet")]
        .filter(part => part.scrollWidth > part.clientWidth);
    return [
        ...small.map(target => `lower than a finger's 44 pixels: ${target.outerHTML.slice(0, 160)}`),
        ...wide.map(part => `scrolls sideways: ${part.tagName}`),
    ];
}"""
Screen = tuple[int, Literal["light", "dark"]]
SCREENS = [
    pytest.param([(1280, "light"), (360, "dark")], id="wide and light, phone and dark"),
    pytest.param([(1280, "dark"), (360, "light")], id="wide and dark, phone and light", marks=pytest.mark.doors),
]


@pytest.mark.parametrize("screens", SCREENS)
async def test_nothing_keeps_anybody_out(open_desk: Open, desk_chat: DeskChat, screens: list[Screen]) -> None:
    windows = [await open_desk("?as=olga", width=width, height=800, scheme=scheme) for width, scheme in screens]
    found = [barrier for window in windows for barrier in await beginning(window)]
    for line in SEEN:
        await desk_chat.person("olga").says(line)
    await desk_chat.bot.application.runtime.write(partial(put, list(SHARED.values())))
    found += [barrier for window in windows for barrier in await going_on(window, desk_chat.bot.url)]
    assert not found, "\n".join(found)


async def beginning(page: Page) -> list[str]:
    """What is in the way of a newcomer, who writes a command."""
    found = await barriers(page, "a newcomer's page")
    await page.locator("#text").press_sequentially("/ri")
    await page.press("#text", "ArrowDown")
    return found + await barriers(page, "commands to choose from")


async def going_on(page: Page, desk: str) -> list[str]:
    """What is in the way in a conversation, its questions and forms, in channels, and on the pages about cityops."""
    await page.goto(f"{desk}/?as=olga")
    for fold in await page.locator(".fold").all():
        await fold.evaluate("fold => { fold.open = true; }")
    found = await barriers(page, "a conversation")
    await page.get_by_role("button", name="Withdraw").first.click()
    found += await barriers(page, "a question before a button is believed")
    await page.keyboard.press("Escape")
    await say(page, "/risk add Dam gate stuck; impact 5; review someday")
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.locator("dialog [role=alert]")).to_be_visible()
    found += await barriers(page, "a form with a mistake")
    for address in ("?as=olga&in=risks", "?as=olga&in=crisis:CR-2026-01", "privacy", "terms"):
        await page.goto(f"{desk}/{address}")
        found += await barriers(page, address)
    return found


def put(cards: list[Card], store: Store) -> None:
    """Cards in Olga's conversation, as if the bot had said them."""
    for number, card in enumerate(cards):
        store.chat.desk.put(f"shared {number}", "dm:olga", card.model_dump_json(), MONDAY)


async def say(page: Page, line: str) -> None:
    await page.fill("#text", line)
    await page.press("#text", "Enter")


async def barriers(page: Page, shown: str) -> list[str]:
    """What axe-core finds in a window: the rule, where, and why; and what is hard to use on a phone."""
    result = await Axe().run(page, options=RULES)
    clumsy = await page.evaluate(CLUMSY, TARGETS) if await page.evaluate(ON_A_PHONE) else []
    return [f"{shown}: {what}" for what in clumsy] + [
        f"{shown}: {violation['id']}: {node['html'][:160]}: {node.get('failureSummary', '')}"
        for violation in result.response["violations"]
        for node in violation["nodes"]
    ]

"""``python -m tests.pictures.readme``: the pictures of README, of the invented city as it is on one day.

Two are photographs of the desk in a browser; the others are drawings, made as ``make pictures`` draws cards.
"""

import asyncio
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from bot.demo.making import play
from bot.inbound import Answered, Gesture, Inbound, Pressed, Typed
from handlers.kit.messages import Card
from tests.chat.bot import Bot, settings_for
from tests.chat.clock import SetClock
from tests.pictures.__main__ import pages

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
NOW = datetime.fromisoformat("2026-11-18T14:40:00+00:00")  # 9:40 in Riverton, a Wednesday
REF = "CR-2026-03"
BURST: tuple[tuple[str, Gesture], ...] = (  # the first half hour of a crisis, of which the board is shown
    (
        "rosa",
        Typed("crisis activate Water main burst; where Mill Road 4 to 20; level 3; scenario infrastructure; kind real"),
    ),
    *((person, Pressed("crisis.coming", REF)) for person in ("tom", "hugo", "ines", "felix", "olga")),
    ("tom", Pressed("crisis.take", f"{REF} commander")),
    *((person, Pressed("crisis.confirm", REF)) for person in ("maria", "tom")),
    ("ines", Pressed("crisis.take", f"{REF} technical")),
    ("felix", Pressed("crisis.take", f"{REF} communications")),
    ("hugo", Typed(f"crisis log The valve at Mill Road 2 is closed, the water is falling; crisis {REF}")),
    ("tom", Typed(f"crisis log Two water tankers go to the school; kind decided; crisis {REF}")),
)
LINES = {"morning": ("maria", "city morning"), "crisis": ("tom", "crisis status")}
PLACES = {"morning": "?as=maria", "crisis": f"?as=tom&in=crisis:{REF}"}
WITH = {"morning": "Good morning", "crisis": "Who is coming"}  # what the card says that is shown
TALLEST = 900  # pixels of a drawing; what is below is left out


async def draw() -> None:
    """Draw every picture again."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary) / "riverton.db"
        settings = settings_for(Path(temporary), database_url=f"sqlite:///{file}")
        await asyncio.to_thread(play, settings, file, NOW)
        bot = Bot(settings, clock=SetClock(NOW))
        await bot.start()
        try:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(
                    executable_path=shutil.which("chromium"), args=["--no-sandbox"]
                )
                await _pictures(browser, bot, "morning")
                for person, what in BURST:
                    await _does(bot, person, what)
                    await bot.pass_time(minutes=2)
                await _pictures(browser, bot, "crisis")
                await browser.close()
        finally:
            await bot.stop()


async def _pictures(browser: Browser, bot: Bot, name: str) -> None:
    person, line = LINES[name]
    await _desk(browser, bot, name)
    card = await _does(bot, person, Typed(line))
    assert card is not None
    await _drawings(browser, bot, name, card)


async def _does(bot: Bot, person: str, what: Gesture) -> Card | None:
    outcome = await bot.application.runtime.handle(Inbound("desk", person, what))
    assert isinstance(outcome, Answered), outcome
    assert outcome.ok, outcome
    return outcome.card


async def _desk(browser: Browser, bot: Bot, name: str) -> None:
    window = await browser.new_page(viewport={"width": 1100, "height": 820}, reduced_motion="reduce")
    await window.goto(f"{bot.url}/{PLACES[name]}")
    card = window.locator(".message", has_text=WITH[name]).last
    await card.evaluate("card => card.scrollIntoView({block: 'start'})")
    await window.screenshot(path=FOLDER / f"desk-{name}.png")
    await window.close()


async def _drawings(browser: Browser, bot: Bot, name: str, card: Card) -> None:
    drawn = pages(card, bot.application.runtime.city())
    for door in ("slack", "teams"):
        window = await browser.new_page(viewport={"width": 640, "height": 200}, reduced_motion="reduce")
        await window.set_content(str(drawn[door]))
        await window.add_style_tag(content=".folded { display: none }")
        height = min(TALLEST, await window.evaluate("document.documentElement.scrollHeight"))
        await window.set_viewport_size({"width": 640, "height": height})
        await window.screenshot(path=FOLDER / f"{door}-{name}.png")
        await window.close()


if __name__ == "__main__":
    asyncio.run(draw())
    print(f"drawn again in {FOLDER}")

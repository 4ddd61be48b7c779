"""``make pictures``: write one PNG for each card at each door into a folder, for people to look at."""

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Literal

from markupsafe import Markup
from playwright.async_api import async_playwright

from bot.desk.forms import form_html
from bot.desk.render import render as desk_card
from bot.inbound import Asking
from bot.slack.forms import Origin, modal
from bot.slack.render import render as slack_message
from bot.teams.forms import People, form_card
from bot.teams.render import adaptive
from handlers.kit.city.model import City
from handlers.kit.city.reading import read_city
from handlers.kit.forms import FormPage
from handlers.kit.messages import Card
from tests.chat.bot import RIVERTON
from tests.pictures.cards import cards
from tests.pictures.slack_page import slack_page
from tests.pictures.teams_page import teams_page

CSS = Path(__file__).parents[2] / "bot" / "desk" / "static" / "desk.css"
Scheme = Literal["light", "dark"]
SCREENS: tuple[tuple[str, int, Scheme], ...] = (("wide", 720, "light"), ("phone", 390, "light"))
DARK: tuple[tuple[str, int, Scheme], ...] = (("dark", 360, "dark"),)  # the colors of the desk are our own


def pages(shown: Card | FormPage, city: City) -> dict[str, Markup]:
    """The card or form as each door draws it."""
    names = {person.id: person.name for person in city.people.values()}
    if isinstance(shown, FormPage):
        view = modal(shown, {}, Origin(None, None))
        form = form_html(Asking(shown), city)
        return {
            "slack": slack_page(view["blocks"], view["title"]["text"]),
            "teams": teams_page(form_card(shown, People(names, {}), "dialog")),
            "desk": _on_desk(Markup('<dialog open id="sheet">{}</dialog>').format(form)),
        }
    return {
        "slack": slack_page(slack_message(shown, names)["blocks"]),
        "teams": teams_page(adaptive(shown, {}, opens=lambda _: False)),
        "desk": _on_desk(Markup('<ol id="messages"><li class="message bot">{}</li></ol>').format(desk_card(shown))),
    }


def _on_desk(inside: Markup) -> Markup:
    style = Markup(CSS.read_text(encoding="utf-8"))
    return Markup("<!doctype html><meta charset=utf-8><style>{} body{{display:block;padding:16px}}</style>{}").format(
        style, inside
    )


async def draw(folder: Path) -> int:
    """Draw everything, and give the number of pictures."""
    city, count = read_city(RIVERTON), 0
    with tempfile.TemporaryDirectory() as temporary:
        shown = await cards(Path(temporary))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, card in shown:
            for door, page in pages(card, city).items():
                for size, width, scheme in SCREENS + (DARK if door == "desk" else ()):
                    height = 900 if isinstance(card, FormPage) else 200  # a sheet scrolls inside its window
                    window = await browser.new_page(
                        viewport={"width": width, "height": height}, reduced_motion="reduce", color_scheme=scheme
                    )
                    await window.set_content(str(page))
                    await window.screenshot(path=folder / f"{door}-{size}-{name}.png", full_page=True)
                    await window.close()
                    count += 1
        await browser.close()
    return count


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "data/pictures")
    target.mkdir(parents=True, exist_ok=True)
    print(f"{asyncio.run(draw(target))} pictures in {target}")

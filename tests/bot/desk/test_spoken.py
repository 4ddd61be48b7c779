"""Spoken: a screen reader says every word of a card's plain text at the desk, as Chromium tells it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

import bot.desk
from bot.desk.render import render
from handlers.kit.figures import Progress
from handlers.kit.messages import Card, Heading, Table, flat
from handlers.kit.plain import plain
from tests.bot.cards import SHARED
from tests.pictures.cards import cards

CSS = (Path(bot.desk.__file__).parent / "static" / "desk.css").read_text()
PAGE = f'<!doctype html><html lang="en"><title>Cards</title><style>{CSS}</style><main></main></html>'
SHOW = """html => {
    document.querySelector("main").innerHTML = html;
    document.querySelectorAll("details").forEach(fold => { fold.open = true; });
}"""
AS_SHOWN = {"[x]": "Done", "[ ]": "Open", "Picture:": "", "File:": "Save"}  # marks of plain text, and the desk's words
Node = dict[str, Any]


async def test_each_kind_of_word_is_spoken_whole(browser: Browser) -> None:
    missing = await unspoken(browser, SHARED.items())
    assert not missing, "\n".join(missing)


@pytest.mark.doors
async def test_every_card_is_spoken_whole(browser: Browser, tmp_path: Path) -> None:
    shown = [(name, card) for name, card in await cards(tmp_path) if isinstance(card, Card)]
    assert len(shown) > 100
    missing = await unspoken(browser, shown)
    assert not missing, "\n".join(missing)


async def unspoken(browser: Browser, shown: Iterable[tuple[str, Card]]) -> list[str]:
    """What is missing of each card: words, or the parts by which a screen reader finds its way."""
    page = await browser.new_page()
    chromium = await page.context.new_cdp_session(page)
    await page.set_content(PAGE)
    missing = []
    for name, card in shown:
        await page.evaluate(SHOW, str(render(card)))
        tree = await chromium.send("Accessibility.getFullAXTree")
        nodes = [node for node in tree["nodes"] if not node.get("ignored")]
        words = Counter(words_of(said_plainly(card))) - Counter(words_of(" ".join(said(nodes))))
        missing += [f"{name}: {word}" for word in words]
        missing += [f"{name}: {part}" for part in (Counter(parts_of(card)) - Counter(found(nodes)))]
    await page.close()
    return missing


def said_plainly(card: Card) -> str:
    text = plain(card)
    for mark, shown in AS_SHOWN.items():
        text = text.replace(mark, shown)
    return text


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def said(nodes: list[Node]) -> Iterator[str]:
    """The texts of a page, what its pictures mean, and where its links lead."""
    for node in nodes:
        match node["role"]["value"]:
            case "StaticText" | "image":
                yield node["name"]["value"]
            case "link":
                yield from (str(known["value"]["value"]) for known in node["properties"] if known["name"] == "url")


def parts_of(card: Card) -> Iterator[str]:
    """What a card consists of for somebody who moves from part to part."""
    if card.title or card.status:
        yield "heading 3"
    for word in flat(card.body):
        match word:
            case Heading(text=text):
                yield f"heading 4 {text}"
            case Table():
                yield from ("columnheader" for _ in word.columns)
                yield from ("rowheader" for _ in word.rows)
            case Progress(label=label, done=done, of=of):
                yield f"progressbar {label or word.said} {done} of {of}"


def found(nodes: list[Node]) -> Iterator[str]:
    for node in nodes:
        role, name = node["role"]["value"], node.get("name", {}).get("value", "")
        known = {found["name"]: found["value"].get("value") for found in node.get("properties", [])}
        if role == "heading":
            yield "heading 3" if known["level"] == 3 else f"heading {known['level']} {name}"
        elif role == "progressbar":
            yield f"progressbar {name} {node['value']['value']} of {known['valuemax']}"
        else:
            yield role

"""A real browser for the desk."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from playwright.async_api import Browser, Error, Page, async_playwright

from tests.chat.desk import DeskChat

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run"]  # fmt: skip
Open = Callable[..., Awaitable[Page]]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium, the system's own or the one that playwright installs."""
    async with async_playwright() as playwright:
        try:
            browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        except Error:
            if os.environ.get("REQUIRE_BROWSER") == "1":
                raise
            pytest.skip("there is no chromium; install one with: playwright install chromium")
        yield browser
        await browser.close()


@pytest.fixture
async def open_desk(desk_chat: DeskChat, browser: Browser) -> AsyncIterator[Open]:
    """Opens a window on the desk; at the end none of them has had an error in its script."""
    errors: list[str] = []

    async def window(query: str = "?as=sam", width: int = 1280, height: int = 800, scheme: str = "light") -> Page:
        context = await browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        page = await context.new_page()
        page.set_default_timeout(5000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(f"{desk_chat.bot.url}/{query}")
        return page

    yield window
    assert errors == []

"""A real browser for the desk."""

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.chat.desk import DeskChat

QUIET = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run", "--hide-scrollbars", "--mute-audio", "--disable-renderer-backgrounding",
         "--disable-background-timer-throttling", "--disable-backgrounding-occluded-windows",
         "--log-level=3"]  # fmt: skip
Open = Callable[..., Awaitable[Page]]


@pytest.fixture(scope="session")
def chromium() -> Iterator[str]:
    """One Chromium for all tests, the system's own or the one that playwright installs; gives where it listens."""
    program = shutil.which("chromium") or asyncio.run(_installed())
    if not Path(program).exists():
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("there is no chromium")
        pytest.skip("there is no chromium; install one with: playwright install chromium")
    with TemporaryDirectory(prefix="cityops-chromium-", ignore_cleanup_errors=True) as folder:
        command = (program, *QUIET, "--remote-debugging-port=0", f"--user-data-dir={folder}")
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as running:
            assert running.stderr is not None
            said = (re.search(r"DevTools listening on (ws://\S+)", line) for line in running.stderr)
            yield next(found[1] for found in said if found)
            running.terminate()


async def _installed() -> str:
    async with async_playwright() as playwright:
        return playwright.chromium.executable_path


@pytest.fixture
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        yield await playwright.chromium.connect_over_cdp(chromium)


@pytest.fixture
async def open_desk(desk_chat: DeskChat, browser: Browser) -> AsyncIterator[Open]:
    """Open windows on the desk; at the end, none of them may have had an error in its script."""
    errors: list[str] = []
    opened: list[BrowserContext] = []

    async def window(
        query: str = "?as=sam", width: int = 1280, height: int = 800, scheme: Literal["light", "dark"] = "light"
    ) -> Page:
        context = await browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
        )
        opened.append(context)
        page = await context.new_page()
        page.set_default_timeout(5000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(f"{desk_chat.bot.url}/{query}")
        return page

    yield window
    for context in opened:
        await context.close()
    assert errors == []

"""The desk in a real browser: by keyboard alone, on a phone, in several windows, and when the connection is lost."""

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

import bot.desk
from handlers.kit.catalogue import catalogue
from handlers.kit.context import Request
from handlers.kit.declared import Command
from handlers.kit.messages import Card, File
from tests.bot.desk.conftest import Open
from tests.chat.desk import DeskChat

LOG_RISK = "/risk add Dam gate stuck; likelihood 4; impact 5"
CSS = (Path(bot.desk.__file__).parent / "static" / "desk.css").read_text()


def export(_request: Request) -> Card:
    """Give a file, for these tests."""
    return Card("Export", File(name="Brücke.csv", data=b"a,b"))


async def say(page: Page, line: str) -> None:
    await page.fill("#text", line)
    await page.press("#text", "Enter")


async def test_a_newcomer_logs_a_risk_with_the_keyboard_alone(open_desk: Open) -> None:
    page = await open_desk("?as=sam")
    await page.get_by_role("button", name="Log a risk").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("What could happen?")).to_be_focused()
    await page.keyboard.type("Dam gate stuck")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await page.keyboard.press("Tab")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.locator(".message h3")).to_contain_text("Logged R-1")
    await expect(page.locator(".message dl")).to_contain_text("1 rare")


async def test_a_form_that_does_not_fit_keeps_what_was_typed_and_shows_where_to_go_on(open_desk: Open) -> None:
    page = await open_desk("?as=sam")
    await say(page, "/risk add Dam gate stuck; impact 5; review someday")
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_role("radio", name="1 rare")).to_be_focused()
    await expect(page.get_by_label("What could happen?")).to_have_value("Dam gate stuck")
    await expect(page.get_by_label("Look at it again on")).to_have_value("someday")
    await expect(page.locator("dialog [role=alert]")).to_have_text("2 answers do not fit yet. Nothing was saved.")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.locator("#text")).to_be_focused()


@pytest.mark.doors
async def test_escape_throws_nothing_away_that_was_filled_in_without_asking(open_desk: Open) -> None:
    page = await open_desk("?as=sam")
    await say(page, "/risk add Dam gate stuck")
    dialog, title = page.get_by_role("dialog"), page.get_by_label("What could happen?")
    await expect(dialog).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await say(page, "/risk add")
    await expect(title).to_be_focused()
    await page.keyboard.type("Mill Road floods")
    for _ in range(3):  # a browser would close at the second Escape in a row
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("button", name="Keep filling in")).to_be_focused()
        await expect(page.get_by_role("button", name="Add", exact=True)).to_be_hidden()
        await page.keyboard.press("Escape")
        await expect(title).to_be_focused()
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.locator("dialog [role=alert]")).to_contain_text("do not fit yet")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Keep filling in").click()
    await expect(title).to_have_value("Mill Road floods")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Throw away").click()
    await expect(dialog).to_have_count(0)


@pytest.mark.doors
async def test_a_line_comes_back_when_its_form_is_left_and_not_when_it_was_sent_or_thrown_away(
    open_desk: Open,
) -> None:
    page = await open_desk("?as=sam")
    dialog, line, box = page.get_by_role("dialog"), f"{LOG_RISK}; review someday", page.locator("#text")
    for leave in ("Escape", "Cancel"):
        await say(page, line)
        await expect(dialog).to_be_visible()
        await expect(box).to_have_value("")
        await (page.keyboard.press("Escape") if leave == "Escape" else page.get_by_role("button", name=leave).click())
        await expect(dialog).to_have_count(0)
        await expect(box).to_have_value(line)
    await say(page, line)
    await page.get_by_label("What could happen?").fill("Mill Road floods")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Throw away").click()
    await expect(dialog).to_have_count(0)
    await expect(box).to_have_value("")
    await say(page, line)
    await page.get_by_label("Look at it again on").fill("")
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.locator(".message h3").last).to_contain_text("Logged R-1")
    await expect(box).to_have_value("")


@pytest.mark.doors
async def test_only_the_thread_scrolls_when_it_is_long(open_desk: Open, desk_chat: DeskChat) -> None:
    for number in range(6):
        await desk_chat.person("sam").says(f"/risk add Dam gate {number} stuck; likelihood 5; impact 5")
    page = await open_desk("?as=sam&in=risks")
    await page.set_viewport_size({"width": 900, "height": 500})
    await expect(page.locator(".message")).to_have_count(6)
    assert await page.evaluate("document.querySelector('#flow').scrollHeight > innerHeight")
    assert await page.locator("#flow .unseen").count() > 0
    assert await page.evaluate("document.documentElement.scrollHeight <= innerHeight")


@pytest.mark.doors
async def test_a_file_is_saved_and_one_that_is_there_no_longer_says_so(
    open_desk: Open, desk_chat: DeskChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy = Command("toy export", export, "help", None, True, "")
    monkeypatch.setitem(catalogue.commands, toy.name, toy)
    page = await open_desk("?as=sam")
    await say(page, "toy export")
    link = page.get_by_role("link", name="Save Brücke.csv")
    async with page.expect_download() as begun:
        await link.click()
    download = await begun.value
    assert download.suggested_filename == "Brücke.csv"
    assert (await asyncio.to_thread(Path(await download.path()).read_bytes)) == b"a,b"
    await desk_chat.bot.pass_time(hours=25)
    async with page.expect_popup() as opened:
        await link.click()
    await expect((await opened.value).locator("body")).to_contain_text("ask cityops for it again")
    await expect(link).to_be_visible()


@pytest.mark.doors
async def test_another_window_sees_a_post_at_once_and_counts_what_it_has_not_read(
    open_desk: Open, desk_chat: DeskChat
) -> None:
    olga, tom = await open_desk("?as=olga&in=risks"), await open_desk("?as=tom")
    await expect(olga.locator(".empty")).to_be_visible()
    await desk_chat.person("sam").says(LOG_RISK)
    await expect(olga.locator(".message h3")).to_contain_text("R-1 Dam gate stuck")
    await expect(tom.get_by_role("link", name="#risks 1 unread")).to_be_visible()
    await expect(tom).to_have_title("(1) cityops · Riverton")
    await tom.reload()
    await expect(tom.get_by_role("link", name="#risks 1 unread")).to_be_visible()
    await tom.get_by_role("link", name="#risks").click()
    await expect(tom.locator(".message h3")).to_contain_text("R-1 Dam gate stuck")
    await expect(tom).to_have_title("#risks · Riverton")


@pytest.mark.doors
async def test_a_button_asks_before_it_is_believed(open_desk: Open, desk_chat: DeskChat) -> None:
    page = await open_desk("?as=sam")
    await say(page, LOG_RISK)
    await page.get_by_role("button", name="Withdraw").click()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Withdraw").click()
    await page.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
    await expect(page.locator(".message h3").last).to_contain_text("Withdrew R-1")
    await expect(page.locator(".message h3")).to_have_count(2)


@pytest.mark.doors
async def test_a_line_can_be_recalled_and_broken(open_desk: Open) -> None:
    page = await open_desk("?as=sam")
    await say(page, "help risk")
    await expect(page.locator(".message")).to_have_count(2)
    await say(page, "help")
    await expect(page.locator(".message")).to_have_count(4)
    for line in ("help", "help risk", "help risk"):
        await page.press("#text", "ArrowUp")
        await expect(page.locator("#text")).to_have_value(line)
    await page.press("#text", "ArrowDown")
    await expect(page.locator("#text")).to_have_value("help")
    await page.press("#text", "Shift+Enter")
    await expect(page.locator("#text")).to_have_value("help\n")


@pytest.mark.doors
async def test_what_is_typed_outlives_a_failure_and_a_reload(open_desk: Open) -> None:
    page = await open_desk("?as=sam")
    await page.route("**/desk/say", lambda route: route.abort())
    await say(page, LOG_RISK)
    await expect(page.locator("#notice")).to_contain_text("Nothing you wrote is lost")
    await expect(page.locator("#text")).to_have_value(LOG_RISK)
    await page.reload()
    await expect(page.locator("#text")).to_have_value(LOG_RISK)
    await page.unroute("**/desk/say")
    await page.press("#text", "Enter")
    await expect(page.locator(".message h3")).to_contain_text("Logged R-1")
    await expect(page.locator("#text")).to_have_value("")


async def test_a_lost_connection_is_said_plainly_and_found_again(open_desk: Open, desk_chat: DeskChat) -> None:
    page = await open_desk("?as=olga&in=risks")
    await expect(page.locator(".empty")).to_be_visible()
    [door] = desk_chat.bot.application.doors
    await page.context.set_offline(True)
    await door.stop()  # cuts the window off, which cannot connect again at once
    await expect(page.locator("#connection")).to_contain_text("The connection was lost")
    await desk_chat.person("sam").says(LOG_RISK)
    await page.context.set_offline(False)
    await expect(page.locator(".message h3")).to_contain_text("R-1 Dam gate stuck", timeout=10_000)
    await expect(page.locator("#connection")).to_be_empty()


@pytest.mark.doors
async def test_nothing_scrolls_sideways_on_a_phone(open_desk: Open) -> None:
    page = await open_desk("?as=ines", width=390, height=844)
    await expect(page.get_by_role("link", name="#risks")).to_be_hidden()
    await page.get_by_role("button", name="Channels").click()
    await expect(page.get_by_role("link", name="#risks")).to_be_visible()
    await page.keyboard.press("Escape")
    await say(page, f"/risk add {'a' * 110}; likelihood 1; impact 1; owner @sam")
    await say(page, "/city places")
    await expect(page.locator("table")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    assert await page.evaluate("document.querySelector('#flow').scrollWidth") == 390
    await say(page, "/risk add")
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await page.evaluate("(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(sheet)") == 0


async def test_another_person_is_chosen_in_the_same_window(open_desk: Open) -> None:
    page = await open_desk("?as=tom&in=crisis")
    await page.get_by_label("You are").select_option("sam")
    await expect(page.locator("#notice")).to_contain_text("#crisis is open to:")
    assert await page.evaluate("document.body.dataset.in") == "dm:sam"


PAIRS = [
    ("ink", "ground", 4.5), ("ink", "sheet", 4.5), ("ink", "tint", 4.5), ("ink", "sunk", 4.5),
    ("quiet", "ground", 4.5), ("quiet", "sheet", 4.5), ("accent", "sheet", 4.5), ("accent", "tint", 4.5),
    ("on-accent", "accent", 4.5), ("danger", "sheet", 4.5), ("danger", "danger-tint", 4.5),
    ("edge", "sheet", 3), ("edge", "ground", 3), ("accent", "ground", 3), ("danger", "ground", 3),
]  # fmt: skip


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_colours_have_the_contrast_that_wcag_aa_asks(scheme: int) -> None:
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", blocks[scheme]))
    for front, back, least in PAIRS:
        found = contrast(colours[front], colours[back])
        assert found >= least, f"{front} on {back}: {found:.2f}"


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.2, 1.4.3)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


async def test_the_board_of_a_crisis_fits_a_laptops_screen(open_desk: Open, desk_chat: DeskChat) -> None:
    await desk_chat.person("olga").says("crisis activate Water main burst; where Mill Road 4 to 20; level 2")
    await desk_chat.person("maria").says("crisis confirm")
    for line in ("Pumps are running", "Tankers are at the school", "Two streets are without water"):
        await desk_chat.person("tom").says(f"crisis log {line}")
    page = await open_desk("?as=tom", width=1440, height=900)
    await say(page, "crisis status")
    board = page.locator(".bot .card").filter(has_text="Who is coming").last
    height = await board.evaluate("card => card.getBoundingClientRect().height")
    assert 300 < height <= 735  # of 900, beside the head and the line to write in

"""Typing at the desk: commands are completed, a line that did not work is kept, and answers are read from their top."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.bot.desk.conftest import Open
from tests.bot.desk.test_app import page as page_of
from tests.bot.desk.test_browser import say
from tests.chat.desk import DeskChat


async def options(page: Page) -> list[str]:
    return [str(await option.locator("b").text_content()) for option in await page.locator("#commands li").all()]


async def top_of(message: Locator) -> float:
    """How many pixels below the upper edge of the conversation a message begins."""
    script = (
        "message => message.getBoundingClientRect().top - document.querySelector('#flow').getBoundingClientRect().top"
    )
    return float(await message.evaluate(script))


async def test_the_commands_offered_are_those_that_a_person_may_use(desk_chat: DeskChat) -> None:
    async def offered(person: str) -> set[str]:
        _, shown = await page_of(desk_chat, f"?as={person}")
        return {option.get_text() for option in shown.select("#commands b")}

    sam, ines = await offered("sam"), await offered("ines")
    assert {"/help", "/risk add", "/city today"} <= sam & ines
    assert "/action export" in ines - sam


async def test_a_command_is_completed_by_keyboard(open_desk: Open) -> None:
    page = await open_desk("?as=sam")
    box, listed = page.locator("#text"), page.get_by_role("listbox", name="Commands")
    await box.press_sequentially("/risk a")
    await expect(listed).to_be_visible()
    assert (await options(page))[0] == "/risk add"
    await expect(page.locator("#offered")).to_contain_text("arrows choose")
    await box.press("ArrowUp")
    await box.press("ArrowDown")
    await expect(page.locator("#commands li[aria-selected=true]")).to_contain_text("Log a risk")
    chosen = await page.locator("#commands li[aria-selected=true]").get_attribute("id")
    await expect(box).to_have_attribute("aria-activedescendant", str(chosen))
    await box.press("Escape")
    await expect(listed).to_be_hidden()
    await expect(box).to_have_value("/risk a")
    await box.press_sequentially("d")
    await box.press("ArrowDown")
    await box.press("Enter")
    await expect(box).to_have_value("/risk add ")
    await expect(listed).to_be_hidden()
    await box.press("Enter")
    await expect(page.get_by_label("What could happen?")).to_be_focused()


@pytest.mark.doors
async def test_a_command_is_found_by_what_it_does_and_taken_by_a_tap(open_desk: Open) -> None:
    page = await open_desk("?as=sam")
    await page.locator("#text").press_sequentially("/pothole")
    await expect(page.get_by_role("listbox")).to_be_hidden()
    await page.locator("#text").fill("")
    await page.locator("#text").press_sequentially("/residents")
    assert await options(page) == ["/feedback add"]
    await page.locator("#commands li").click()
    await expect(page.locator("#text")).to_have_value("/feedback add ")
    await expect(page.locator("#text")).to_be_focused()


async def test_a_line_that_did_not_work_stays_until_a_suggestion_did(open_desk: Open) -> None:
    page = await open_desk("?as=sam")
    await say(page, "help")
    await expect(page.locator(".message")).to_have_count(2)
    await say(page, "risk lits")
    await expect(page.get_by_role("heading", name="I do not know that")).to_be_visible()
    await expect(page.locator("#text")).to_have_value("risk lits")
    for key, line in (("ArrowUp", "help"), ("ArrowDown", "risk lits")):
        await page.press("#text", key)
        await expect(page.locator("#text")).to_have_value(line)
    await page.get_by_role("button", name="List the open risks").click()
    await expect(page.locator(".message h3").last).to_contain_text("No open risks")
    await expect(page.locator("#text")).to_have_value("")


@pytest.mark.doors
async def test_what_a_sentence_means_can_be_changed_and_its_form_left_and_opened_again(open_desk: Open) -> None:
    page = await open_desk("?as=sam")
    sentence = "There is a deep pothole at 12 Elm Street"
    await say(page, sentence)
    for leaves in (True, False):
        await page.get_by_role("button", name="Change first").click()
        await expect(page.get_by_label("What did the resident tell us?")).to_have_value(sentence)
        await expect(page.get_by_label("How did it reach us?")).to_be_focused()
        if leaves:
            await page.keyboard.press("Escape")
            await expect(page.get_by_role("dialog")).to_be_hidden()
    await page.get_by_label("How did it reach us?").select_option(label="phone")
    await page.locator("dialog [type=submit]").click()
    await expect(page.get_by_role("heading", name="Logged F-1")).to_be_visible()
    await expect(page.locator("#text")).to_have_value("")


async def test_a_long_answer_is_read_from_its_top(open_desk: Open, desk_chat: DeskChat) -> None:
    page = await open_desk("?as=sam", height=600)
    await say(page, "help")
    answer = page.locator(".message").last
    await expect(page.locator(".message")).to_have_count(2)
    assert 0 <= await top_of(answer) < 30
    await page.reload()
    assert 0 <= await top_of(answer) < 30


@pytest.mark.doors
async def test_what_came_while_somebody_read_further_up_is_read_from_the_first(
    open_desk: Open, desk_chat: DeskChat
) -> None:
    for number in range(4):
        await desk_chat.person("sam").says(f"/risk add Dam gate {number} stuck; likelihood 5; impact 5")
    page = await open_desk("?as=olga&in=risks", height=500)
    await page.locator("#flow").evaluate("flow => { flow.scrollTop = 0; }")
    for number in range(4, 7):
        await desk_chat.person("sam").says(f"/risk add Dam gate {number} stuck; likelihood 5; impact 5")
    await expect(page.locator(".message")).to_have_count(7)
    await page.get_by_role("button", name="New messages below").click()
    assert 0 <= await top_of(page.locator(".message").nth(4)) < 30


@pytest.mark.doors
async def test_the_focus_stays_on_the_button_to_the_next_page(open_desk: Open, desk_chat: DeskChat) -> None:
    for number in range(22):
        await desk_chat.person("sam").says(f"/risk add Risk {number}; likelihood 1; impact 1")
    page = await open_desk("?as=sam")
    await say(page, "/risk list")
    await page.get_by_role("button", name="Next").focus()
    for number in (2, 3):
        await page.keyboard.press("Enter")
        await expect(page.get_by_text(f"Page {number} of 3")).to_be_visible()

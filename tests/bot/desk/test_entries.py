"""The menu of a message on the desk: what can be made of the message, by people who see it and have the right."""

from bs4 import BeautifulSoup
from playwright.async_api import expect

from tests.bot.desk.conftest import Open
from tests.bot.desk.html import text_of, the, value_of
from tests.bot.desk.test_app import LOG_RISK, page, send, told
from tests.chat.desk import DeskChat


async def test_every_message_that_hangs_has_the_entries_and_what_passes_by_has_none(desk_chat: DeskChat) -> None:
    await desk_chat.person("sam").says(LOG_RISK)
    _, shown = await page(desk_chat, "?as=sam")
    for message in shown.select(".message"):
        entries = {button.get_text(): button["data-from-message"] for button in message.select(".entries button")}
        assert entries == {
            "Log as risk": "risk add", "Log as feedback": "feedback add", "Add to crisis timeline": "crisis log",
        }  # fmt: skip
    for message in await told(desk_chat, "say", **{"in": "feedback", "text": "help"}):
        assert message.select(".entries") == []


async def test_the_form_has_the_words_the_address_and_the_name_of_the_message(desk_chat: DeskChat) -> None:
    await desk_chat.person("sam").says(LOG_RISK)
    _, shown = await page(desk_chat, "?as=maria&in=risks")
    [message] = shown.select(".message")
    status, text = await from_message(desk_chat, int(value_of(message, "data-id")))
    assert status == 200
    form = the(BeautifulSoup(text.encode().decode("unicode_escape"), "html.parser"), "form")
    address, name = f"{desk_chat.bot.url}/?in=risks#{message['id']}", f"desk:risks/{message['data-id']}"
    assert value_of(form, "data-target").endswith(f"|{address} {name}")
    assert "Dam gate stuck" in text_of(form, "textarea")


async def from_message(chat: DeskChat, message: object, **more: object) -> tuple[int, str]:
    body = {"as": "maria", "in": "risks", "command": "feedback add", "message": message, **more}
    return await send(chat, "from-message", **body)


async def test_a_message_is_read_only_where_it_hangs_and_only_by_those_who_see_it(desk_chat: DeskChat) -> None:
    await desk_chat.person("olga").says("/crisis activate Water main burst; where Mill Road; level 2")
    await desk_chat.bot.settle()
    room = "crisis:CR-2026-01"
    _, shown = await page(desk_chat, f"?as=maria&in={room}")
    message = int(value_of(the(shown, ".message"), "data-id"))
    assert (await from_message(desk_chat, message, **{"in": room}))[0] == 200
    for who, where, status in (("maria", "risks", 404), ("sam", "dm:sam", 404), ("sam", room, 403)):
        answer = await from_message(desk_chat, message, **{"as": who, "in": where})
        assert answer[0] == status
        assert "Water main" not in answer[1]
    for strange in (None, 0, -1, "1", 2**60, 999):
        assert (await from_message(desk_chat, strange, **{"in": room}))[0] == 404


async def test_with_the_keyboard_alone(open_desk: Open, desk_chat: DeskChat) -> None:
    await desk_chat.person("owen").says("/feedback add Deep pothole; category streets; via phone")
    await desk_chat.bot.settle()
    sam = await open_desk("?as=sam&in=public-works")
    await sam.locator(".entries summary").focus()
    await expect(sam.locator(".entries")).to_have_css("opacity", "1")
    await sam.keyboard.press("Enter")
    await sam.keyboard.press("Escape")
    await expect(sam.get_by_role("button", name="Log as risk")).to_be_hidden()
    await sam.keyboard.press("Enter")
    await sam.get_by_role("button", name="Log as risk").focus()
    await sam.keyboard.press("Enter")
    await sam.get_by_label("What could happen?").fill("Deep pothole")
    await sam.get_by_label("3 possible").check()
    await sam.get_by_label("5 severe").check()
    await sam.get_by_role("button", name="Add", exact=True).click()
    await expect(sam.get_by_role("heading", name="Logged R-1")).to_be_visible()
    link = sam.get_by_role("link", name="The message", exact=True)
    opened = await open_desk(str(await link.get_attribute("href")).removeprefix(f"{desk_chat.bot.url}/"))
    await expect(opened.locator(".message:target h3")).to_contain_text("F-1 Streets and potholes")


async def test_a_message_that_is_gone_is_said_on_the_page(open_desk: Open, desk_chat: DeskChat) -> None:
    await desk_chat.person("sam").says(LOG_RISK)
    page = await open_desk("?as=sam")
    await page.evaluate("document.querySelectorAll('.message').forEach((one) => { one.dataset.id = 999; })")
    await page.locator(".entries summary").last.click()
    await page.get_by_role("button", name="Log as risk").last.click()
    await expect(page.locator("#notice")).to_have_text("This message is not here anymore.")

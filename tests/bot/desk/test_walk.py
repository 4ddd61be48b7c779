"""Walk: a morning at the desk in a real browser, on a wide screen and on a phone."""

import pytest
from playwright.async_api import expect

from tests.bot.desk.conftest import Open
from tests.chat.desk import DeskChat


@pytest.mark.parametrize(("width", "height"), [(1280, 800), pytest.param(390, 844, marks=pytest.mark.doors)])
async def test_risks_and_a_page_from_one_person_to_the_others(
    open_desk: Open, desk_chat: DeskChat, width: int, height: int
) -> None:
    sam = await open_desk("?as=sam", width=width, height=height)
    risks = await open_desk("?as=olga&in=risks", width=width, height=height)

    await sam.fill("#text", "/risk add Dam gate stuck; likelihood 4; impact 5")
    await sam.press("#text", "Enter")
    await expect(sam.get_by_role("heading", name="Logged R-1")).to_be_visible()
    await desk_chat.bot.settle()
    await expect(risks.get_by_role("heading", name="R-1 Dam gate stuck")).to_be_visible()

    await sam.fill("#text", "/risk add")
    await sam.press("#text", "Enter")
    await sam.get_by_label("What could happen?").fill("Bridge bearing cracked")
    await sam.get_by_label("3 possible").check()
    await sam.get_by_label("5 severe").check()
    await sam.get_by_label("Who looks after it?").select_option(label="Olga Brandt, Director of Public Works")
    await sam.get_by_role("button", name="Add", exact=True).click()
    await expect(sam.get_by_role("heading", name="Logged R-2")).to_be_visible()
    await desk_chat.bot.settle()
    await expect(risks.get_by_role("heading", name="R-2 Bridge bearing cracked")).to_be_visible()

    tom = await open_desk("?as=tom", width=width, height=height)
    await desk_chat.person("olga").says("/crisis activate Water main burst; where Mill Road; level 2")
    await desk_chat.bot.settle()
    crisis = await open_desk("?as=maria&in=crisis:CR-2026-01", width=width, height=height)
    await expect(tom.get_by_role("heading", name="Crisis CR-2026-01: you are needed")).to_be_visible()
    async with tom.expect_response("**/desk/press"):
        await tom.get_by_role("button", name="On my way").click()
    await desk_chat.bot.settle()
    await expect(tom.get_by_role("button", name="I cannot come after all")).to_be_visible()
    await expect(crisis.get_by_text("1 on the way")).to_be_visible()
    await crisis.get_by_text("Names: 10 called").click()
    await expect(crisis.get_by_text("Tom Okafor: on my way (9:00 AM)")).to_be_visible()

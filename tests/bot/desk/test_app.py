"""The desk as its page uses it: what people see, do and hear."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from aiohttp import StreamReader
from bs4 import BeautifulSoup, Tag

from tests.bot.desk.html import text_of, the, value_of
from tests.chat.desk import DeskChat

LOG_RISK = "/risk add Dam gate stuck; likelihood 4; impact 5"


async def page(chat: DeskChat, query: str = "") -> tuple[int, BeautifulSoup]:
    async with chat.web.get(f"{chat.bot.url}/{query}") as response:
        return response.status, BeautifulSoup(await response.text(), "html.parser")


async def channels(chat: DeskChat, person: str) -> list[str]:
    _, shown = await page(chat, f"?as={person}")
    return [value_of(link, "data-channel") for link in shown.select("nav a")]


async def send(chat: DeskChat, gesture: str, **body: object) -> tuple[int, str]:
    body = {"as": "sam", "in": "dm:sam", "key": str(uuid4()), **body}
    headers = {"Origin": chat.bot.url}
    async with chat.web.post(f"{chat.bot.url}/desk/{gesture}", json=body, headers=headers) as response:
        return response.status, await response.text()


async def told(chat: DeskChat, gesture: str, **body: object) -> list[Tag]:
    status, text = await send(chat, gesture, **body)
    assert status == 200, text
    answer = json.loads(text)
    return [the(BeautifulSoup(html, "html.parser"), "li") for html in [*answer.get("said", []), *_instead(answer)]]


def _instead(answer: dict[str, str]) -> list[str]:
    return [answer["instead"]] if "instead" in answer else []


@asynccontextmanager
async def listening(chat: DeskChat, person: str, after: str = "") -> AsyncIterator[StreamReader]:
    async with chat.web.get(f"{chat.bot.url}/desk/events?as={person}&after={after}") as response:
        assert response.content_type == "text/event-stream"
        assert await response.content.readline() == b"retry: 1000\n"
        yield response.content


async def heard(stream: StreamReader) -> dict[str, Any]:
    while True:
        line = await asyncio.wait_for(stream.readline(), 5)
        if line.startswith(b"data: "):
            news: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
            return news


async def test_the_address_of_a_window_says_who_it_is(desk_chat: DeskChat) -> None:
    _, shown = await page(desk_chat, "?as=sam&in=risks")
    assert text_of(shown, "#who option[selected]") == "Sam Rivers, Street Supervisor"
    assert text_of(shown, "h1") == "#risks"


async def test_a_newcomer_is_the_first_of_the_city_and_is_told_how_to_begin(desk_chat: DeskChat) -> None:
    _, shown = await page(desk_chat)
    assert the(shown, "body")["data-as"] == "maria"
    assert text_of(shown, ".empty h2") == "Hello Maria, this is the desk."
    offered = {chip["data-say"] for chip in shown.select(".chips button")}
    assert {"help", "/risk add", "/feedback add"} <= offered


async def test_an_empty_channel_says_what_will_appear_there(desk_chat: DeskChat) -> None:
    _, shown = await page(desk_chat, "?as=sam&in=risks")
    assert text_of(shown, ".empty p").startswith("New risks at level High or above, as they are logged.")


async def test_people_see_their_own_conversation_first_and_the_places_open_to_them(desk_chat: DeskChat) -> None:
    seen = await channels(desk_chat, "sam")
    assert seen[:3] == ["dm:sam", "ops", "risks"]
    assert "crisis" not in seen
    assert "crisis" in await channels(desk_chat, "tom")


async def test_a_channel_that_is_not_open_to_somebody_is_refused(desk_chat: DeskChat) -> None:
    for channel in ("crisis", "dm:tom", "crisis:CR-2026-01", "nowhere"):
        status, shown = await page(desk_chat, f"?as=sam&in={channel}")
        assert (status, the(shown, "body")["data-in"]) == (403, "dm:sam")
        assert text_of(shown, "#notice")
        assert (await send(desk_chat, "say", **{"in": channel, "text": "help"}))[0] == 403
        url = f"{desk_chat.bot.url}/desk/channel"
        async with desk_chat.web.get(url, params={"as": "sam", "in": channel}) as response:
            assert response.status == 403


async def test_somebody_unknown_is_not_there(desk_chat: DeskChat) -> None:
    assert (await page(desk_chat, "?as=nobody"))[0] == 404


async def test_a_conversation_is_still_there_after_a_reload(desk_chat: DeskChat) -> None:
    await desk_chat.person("sam").says(LOG_RISK)
    _, shown = await page(desk_chat, "?as=sam")
    mine, answer = shown.select(".message")
    assert text_of(mine, ".name") == "You"
    assert text_of(mine, ".text") == LOG_RISK
    assert text_of(answer, "h3") == "Logged R-1 Extreme"
    assert text_of(answer, "time") == "9:00 AM"
    assert text_of(shown, ".day") == "Mon Nov 23, 2026"


async def test_in_a_channel_an_answer_is_for_the_asker_alone_and_is_kept_nowhere(desk_chat: DeskChat) -> None:
    _, answer = await told(desk_chat, "say", **{"in": "feedback", "text": "help"})
    assert "Only you can see this" in answer.get_text()
    assert not answer.has_attr("data-id")
    _, shown = await page(desk_chat, "?as=sam&in=feedback")
    assert shown.select(".message") == []


async def test_the_same_gesture_sent_twice_is_done_once(desk_chat: DeskChat) -> None:
    key = str(uuid4())
    first = await told(desk_chat, "say", key=key, text=LOG_RISK)
    again = await told(desk_chat, "say", key=key, text=LOG_RISK)
    assert [message["id"] for message in first] == [message["id"] for message in again]
    assert len(await desk_chat.place("risks")) == 1


async def test_a_button_that_turns_a_page_changes_its_card_in_its_place(desk_chat: DeskChat) -> None:
    for number in range(12):
        await desk_chat.person("sam").says(f"/risk add Risk {number}; likelihood 1; impact 1")
    _, card = await told(desk_chat, "say", text="/risk list")
    button = the(card, 'button[data-action="risk.page"]')
    gesture = {
        "action": button["data-action"],
        "value": button["data-value"],
        "message": int(value_of(card, "data-id")),
    }
    [turned] = await told(desk_chat, "press", **gesture)
    assert turned["id"] == card["id"]
    _, shown = await page(desk_chat, "?as=sam")
    assert "Page 2 of 2" in shown.select(".message")[-1].get_text()


async def test_a_card_of_a_channel_changes_only_in_this_window_when_the_answer_is_for_the_asker(
    desk_chat: DeskChat,
) -> None:
    await desk_chat.person("sam").says(LOG_RISK)
    await desk_chat.bot.settle()
    _, shown = await page(desk_chat, "?as=sam&in=risks")
    posted = the(shown, ".message")
    gesture = {"in": "risks", "action": "risk.page", "value": "0", "message": int(value_of(posted, "data-id"))}
    [turned] = await told(desk_chat, "press", **gesture)
    assert turned["id"] == posted["id"]
    assert "Only you can see this" in turned.get_text()
    _, again = await page(desk_chat, "?as=sam&in=risks")
    assert str(the(again, ".message")) == str(posted)


async def test_nobody_changes_a_message_of_another_channel(desk_chat: DeskChat) -> None:
    await desk_chat.person("tom").says("help")
    _, shown = await page(desk_chat, "?as=tom")
    his = int(value_of(shown.select(".message")[-1], "data-id"))
    await told(desk_chat, "press", action="risk.page", value="0", message=his)
    _, again = await page(desk_chat, "?as=tom")
    assert the(again, "#messages") == the(shown, "#messages")


async def test_what_is_posted_is_heard_at_once_by_those_who_see_the_channel(desk_chat: DeskChat) -> None:
    async with listening(desk_chat, "olga") as olga, listening(desk_chat, "tom") as tom:
        await desk_chat.person("sam").says(LOG_RISK)
        for stream in (olga, tom):
            news = await heard(stream)
            assert (news["channel"], news["edited"]) == ("risks", False)
            assert "R-1 Dam gate stuck" in news["html"]


async def test_nobody_hears_what_is_not_theirs(desk_chat: DeskChat) -> None:
    async with listening(desk_chat, "olga") as olga:
        await desk_chat.person("tom").says("help")  # stays between Tom and the bot
        await desk_chat.person("sam").says(LOG_RISK)
        assert (await heard(olga))["channel"] == "risks"


async def test_a_change_is_heard_and_takes_the_place_of_the_old(desk_chat: DeskChat) -> None:
    sam = desk_chat.person("sam")
    logged = await sam.says(LOG_RISK)
    async with listening(desk_chat, "olga") as olga:
        await sam.presses("Withdraw", logged)
        news = await heard(olga)
    assert (news["channel"], news["edited"]) == ("risks", True)
    assert "withdrawn by Sam Rivers" in news["html"]
    assert "changed 9:00 AM" in news["html"]


async def test_a_window_that_was_away_hears_what_it_missed(desk_chat: DeskChat) -> None:
    await desk_chat.person("sam").says(LOG_RISK)
    async with listening(desk_chat, "olga", after="0") as olga:
        assert (await heard(olga))["channel"] == "risks"


async def test_windows_are_let_go_when_the_desk_closes(desk_chat: DeskChat) -> None:
    async with listening(desk_chat, "olga") as olga:
        [door] = desk_chat.bot.application.doors
        await door.stop()
        await asyncio.wait_for(olga.read(), 5)


async def test_what_makes_no_sense_is_refused_with_a_sentence(desk_chat: DeskChat) -> None:
    for body in ({"text": 1}, {"key": "mine", "text": "help"}, {"as": None, "text": "help"}, {"in": 7, "text": "help"}):
        status, why = await send(desk_chat, "say", **body)
        assert (status, why[-1]) == (400, ".")


async def test_odd_texts_are_answered(desk_chat: DeskChat) -> None:
    for text in ("half a pair \ud83d", "zero \x00 byte", "x" * 100_000):
        assert (await send(desk_chat, "say", text=text))[0] == 200


async def test_an_odd_message_number_harms_nothing(desk_chat: DeskChat) -> None:
    for message in (0, -1, 2**70, "1", True, None):
        assert (await send(desk_chat, "press", action="risk.page", value="0", message=message))[0] == 200


async def test_an_odd_place_to_go_on_from_harms_nothing(desk_chat: DeskChat) -> None:
    for number, after in enumerate(("-1", "9" * 40, "x", "٣"), start=1):
        async with listening(desk_chat, "olga", after) as olga:
            await desk_chat.person("sam").says(LOG_RISK.replace("Dam", f"Dam {number}"))
            assert f"R-{number} Dam" in (await heard(olga))["html"]


async def test_only_the_desks_own_files_are_served(desk_chat: DeskChat) -> None:
    for name, status in (
        ("desk.css", 200),
        ("desk.js", 200),
        ("complete.js", 200),
        ("sheet.js", 200),
        ("thread.js", 200),
        ("icon.svg", 200),
        ("..%2fapp.py", 404),
        ("x", 404),
    ):
        async with desk_chat.web.get(f"{desk_chat.bot.url}/desk/static/{name}") as response:
            assert response.status == status, name

"""Desk: people at the desk, through its real routes."""

from base64 import b64decode
from typing import Any
from uuid import uuid4

from aiohttp import ClientSession
from bs4 import BeautifulSoup, Tag
from yarl import URL

from tests.chat.bot import Bot
from tests.chat.door import Chat, Speaker, Told
from tests.chat.seen import Seen, SeenForm, saved_as


class DeskSpeaker(Speaker):
    def __init__(self, bot: Bot, person: str, web: ClientSession) -> None:
        super().__init__(bot, person)
        self.web = web
        self.last: tuple[str, dict[str, Any]] | None = None

    async def typed(self, line: str, place: str | None = None) -> Seen | SeenForm:
        told = await self._post("say", place, text=line)
        assert told is not None, f"nothing was said to {line!r}"
        return told

    async def pressed(self, label: str, message: Seen) -> Told:
        button, channel = message.buttons[label]
        pressed = {"action": button["data-action"], "value": button["data-value"]}
        posted = BeautifulSoup(message.raw, "html.parser").select_one("[data-id]")
        return await self._post("press", channel, **pressed, message=int(str(posted["data-id"])) if posted else None)

    async def chosen(self, entry: str, message: Seen) -> Told:
        item = BeautifulSoup(message.raw, "html.parser").li
        assert item is not None
        [command] = [
            button["data-from-message"] for button in item.select("[data-from-message]") if button.get_text() == entry
        ]
        return await self._post("from-message", message.place, command=command, message=int(str(item["data-id"])))

    async def filled(self, form: SeenForm, **values: str) -> Seen | SeenForm:
        target, nonce, channel = form.raw
        told = await self._post("submit", channel, target=target, nonce=nonce, values={**form.values, **values})
        assert told is not None, "nothing was said to the form"
        return told

    async def files(self, message: Seen, place: str | None = None) -> dict[str, bytes]:
        """The pictures in a message, and what its links lead to."""
        page, found = BeautifulSoup(message.raw, "html.parser"), {}
        for picture in page.select("img"):
            found["picture.png"] = b64decode(str(picture["src"]).removeprefix("data:image/png;base64,"))
        for link in page.select(".file a"):
            async with self.web.get(URL(self.bot.url + str(link["href"]), encoded=True)) as got:
                assert got.status == 200, await got.text()
                found[saved_as(got)] = await got.read()
        return found

    async def delivered_again(self) -> None:
        assert self.last is not None
        await self._send(*self.last)

    async def direct(self) -> list[Seen]:
        await self.bot.settle()
        return [card for card in await messages(self.web, self.bot, self.person, f"dm:{self.person}") if card.title]

    async def _post(self, gesture: str, place: str | None, **what: Any) -> Told:
        channel = place or f"dm:{self.person}"
        self.last = gesture, {"as": self.person, "in": channel, "key": str(uuid4()), **what}
        told = await self._send(*self.last)
        if form := told.get("form"):
            return _form(form, channel)
        fragments = [told["instead"]] if told.get("instead") else told["said"]
        return _message(fragments[-1], channel) if fragments else None

    async def _send(self, gesture: str, body: dict[str, Any]) -> Any:
        headers = {"Origin": self.bot.url}
        async with self.web.post(f"{self.bot.url}/desk/{gesture}", json=body, headers=headers) as response:
            assert response.status == 200, await response.text()
            told = await response.json()
        await self.bot.settle()
        return told


class DeskChat(Chat):
    name = "desk"

    def __init__(self, bot: Bot, web: ClientSession) -> None:
        self.bot, self.web = bot, web

    def person(self, name: str) -> DeskSpeaker:
        return DeskSpeaker(self.bot, name, self.web)

    async def place(self, name: str) -> list[Seen]:
        await self.bot.settle()
        return await messages(self.web, self.bot, "maria", name)


async def messages(web: ClientSession, bot: Bot, person: str, channel: str) -> list[Seen]:
    """The messages of a channel, as somebody reads them."""
    async with web.get(f"{bot.url}/desk/channel", params={"as": person, "in": channel}) as response:
        assert response.status == 200, await response.text()
        told = await response.json()
    return [_message(fragment, channel) for fragment in told["messages"]]


def _message(fragment: str, channel: str) -> Seen:
    page = BeautifulSoup(fragment, "html.parser")
    title = page.find("h3")
    buttons = {button.get_text(): (button, channel) for button in page.select("button[data-action]")}
    for menu in page.select(".entries"):
        menu.decompose()
    chip = title.find("span", class_="chip") if title else None
    status = chip.get_text() if chip else ""
    heading = title.get_text().removesuffix(status).rstrip() if title else ""
    return Seen(heading, page.get_text("\n"), buttons, fragment, channel, status)


def _form(fragment: str, channel: str) -> SeenForm:
    form = BeautifulSoup(fragment, "html.parser").form
    assert form is not None
    title = form.find("h2")
    assert title is not None
    fields = form.select("input[name], textarea[name], select[name]")
    values: dict[str, str] = {str(field["name"]): "" for field in fields}
    for field in fields:
        values[str(field["name"])] = _value(field) or values[str(field["name"])]
    errors = {str(error["id"]).removeprefix("error-"): error.get_text() for error in form.select(".error")}
    return SeenForm(title.get_text(), values, errors, (form["data-target"], form["data-nonce"], channel))


def _value(field: Tag) -> str:
    if field.name == "select":
        chosen = field.select_one("option[selected]")
        return str(chosen["value"]) if chosen else ""
    if field.name == "textarea":
        return field.get_text().removeprefix("\n")
    if field.get("type") == "radio":
        return str(field["value"]) if field.has_attr("checked") else ""
    return str(field.get("value", ""))

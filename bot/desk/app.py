"""App: the desk's routes: from what the page sends to a request, and from its outcome to what the page shows."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from aiohttp import web

from bot.desk.channels import Channel, channels_of, may_see, own_channel
from bot.desk.forms import form_html, read_submission
from bot.desk.gestures import Gesture, is_kept, keep, passing_by
from bot.desk.guard import HEADERS, guarded
from bot.desk.hub import Closed, Event, Hub, News
from bot.desk.message import message_html
from bot.desk.messenger import DeskMessenger
from bot.desk.page import View, navigation, page
from bot.downloads import FILE, kept_file
from bot.inbound import Answered, Asking, FromMessage, Pressed, Submitted, Typed
from bot.invented import is_invented
from bot.post import Messenger
from bot.runtime import Runtime
from bot.settings import Settings
from handlers.kit.city.model import City
from handlers.kit.city.people import Person
from handlers.kit.messages import Card
from handlers.kit.plain import plain
from handlers.kit.speaking import DESK
from storage.chat.desk import DeskMessage
from storage.database import DatabaseUnavailable, Store

STATIC = Path(__file__).parent / "static"
FILES = frozenset(path.name for path in STATIC.iterdir())
LATEST = 100  # messages shown of a channel
MISSED = 200  # messages sent one by one to a window that was away; beyond that it reads its channel again
LARGEST = 2**53  # the largest number that a browser keeps exactly
HEARTBEAT = 15  # seconds; a window that is gone is noticed when something is written to it


class DeskDoor:
    """The door in the browser."""

    platform = DESK
    ready = True

    def __init__(self, runtime: Runtime, settings: Settings) -> None:
        self.runtime, self.settings, self.hub = runtime, settings, Hub()
        self.invented = runtime.database.read(is_invented)
        self.messenger: Messenger = DeskMessenger(runtime, self.hub)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", guarded(self.show_page)),
            web.get("/desk/channel", guarded(self.show_channel)),
            web.get("/desk/events", guarded(self.stream), allow_head=False),
            web.post("/desk/say", guarded(self.say)),
            web.post("/desk/press", guarded(self.press)),
            web.post("/desk/submit", guarded(self.submit)),
            web.post("/desk/from-message", guarded(self.from_message)),
            web.get("/desk/static/{name}", guarded(self.static)),
            web.get(f"/desk/files/{FILE}", guarded(self.file)),
        ]

    async def knock(self) -> None:
        """There is no platform behind the desk that knows the time."""

    async def start(self) -> None:
        """There is nothing to connect: the web server shows the desk."""

    async def stop(self) -> None:
        """Let the open windows go, so that the server need not wait for them."""
        self.hub.tell(Closed())

    async def show_page(self, request: web.Request) -> web.Response:
        city = self.runtime.city()
        person = self._person(request.query.get("as") or next(iter(city.people)))
        wanted = request.query.get("in") or own_channel(person.id)
        view = await self._view(person, wanted)
        if view is None:
            view = await self._view(person, own_channel(person.id), notice=_not_open(city, person, wanted))
            assert view is not None, "one's own conversation is always there"
        return web.Response(text=page(view), content_type="text/html", status=403 if view.notice else 200)

    async def show_channel(self, request: web.Request) -> web.Response:
        """What a window reads again after it was away: its channels and the latest messages."""
        person = self._person(request.query.get("as", ""))
        wanted = request.query.get("in", "")
        view = await self._view(person, wanted)
        if view is None:
            raise web.HTTPForbidden(text=_not_open(self.runtime.city(), person, wanted))
        messages = [message_html(message, person, view.city, view.catalogue) for message in view.messages]
        return web.json_response({"nav": navigation(view), "messages": messages, "newest": view.newest})

    async def static(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name not in FILES:
            raise web.HTTPNotFound(text="There is no such file.")
        return web.FileResponse(STATIC / name)

    async def file(self, request: web.Request) -> web.StreamResponse:
        return await kept_file(self.runtime, request.match_info["file"], request.match_info["name"])

    async def say(self, request: web.Request) -> web.Response:
        body = await _body(request)
        return await self._do(self._gesture(body, Typed(_text(body, "text"))))

    async def press(self, request: web.Request) -> web.Response:
        body = await _body(request)
        return await self._do(self._gesture(body, Pressed(_text(body, "action"), _text(body, "value"))))

    async def submit(self, request: web.Request) -> web.Response:
        body = await _body(request)
        try:
            submitted = read_submission(body)
        except ValueError as problem:
            raise web.HTTPBadRequest(text=str(problem)) from None
        return await self._do(self._gesture(body, submitted))

    async def from_message(self, request: web.Request) -> web.Response:
        """An entry of a message's menu, with the message's words and a link to it."""
        body = await _body(request)
        gesture = self._gesture(body, FromMessage(_text(body, "command"), ""))
        message = gesture.message and await self._read(lambda store: store.chat.desk.find(gesture.message))
        if not message or message.channel != gesture.channel:
            raise web.HTTPNotFound(text="This message is not here anymore.")
        link = f"{request.url.origin()}/?{urlencode({'in': message.channel})}#message-{message.id}"
        text = plain(Card.model_validate_json(message.card))
        author = self.runtime.city().people[message.said_by].name if message.said_by else None
        key = f"{DESK}:{message.channel}/{message.id}"
        what = FromMessage(_text(body, "command"), text, link, key, author)
        return await self._do(replace(gesture, what=what))

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: what was missed since ``after``, then all that is new in what this person sees."""
        person = self._person(request.query.get("as", ""))
        after = request.headers.get("Last-Event-ID") or request.query.get("after", "")
        response = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
        with self.hub.listening() as queue, suppress(ConnectionResetError):
            await response.prepare(request)
            await response.write(b"retry: 1000\n\n")
            for chunk in await self._missed(person, after):
                await response.write(chunk)
            while not isinstance(event := await _next(queue), Closed):
                if (now := self.runtime.city().people.get(person.id)) is None:  # they left people.toml meanwhile
                    break
                if chunk := self._event(now, event) if event else b": still here\n\n":
                    await response.write(chunk)
        return response

    async def _missed(self, person: Person, after: str) -> list[bytes]:
        if not (after.isascii() and after.isdigit()):
            return []
        last = min(int(after[:20]), LARGEST)
        missed = await self._read(lambda store: store.chat.desk.since(last, MISSED))
        if len(missed) == MISSED:
            return [READ_AGAIN]
        return [chunk for message in missed if (chunk := self._event(person, News(message, edited=False)))]

    def _event(self, person: Person, event: Event) -> bytes:
        """One event as the browser reads it; empty for what this person does not see."""
        city = self.runtime.city()
        if not isinstance(event, News):
            return READ_AGAIN
        if not may_see(city, person, event.message.channel):
            return b""
        message = event.message
        said = {"id": message.id, "channel": message.channel, "edited": event.edited}
        text = json.dumps({**said, "html": message_html(message, person, city, self.runtime.catalogue)})
        number = "" if event.edited else f"id: {message.id}\n"
        return f"{number}data: {text}\n\n".encode()

    async def _do(self, gesture: Gesture) -> web.Response:
        outcome = await self.runtime.handle(gesture.inbound)
        if isinstance(outcome, Asking):
            return web.json_response({"form": form_html(outcome, self.runtime.city())})
        return web.json_response(await self._answer(gesture, outcome))

    async def _answer(self, gesture: Gesture, answered: Answered) -> dict[str, Any]:
        """What the page is to show: ``said`` at the end, or ``instead`` of the card whose button was pressed; ``ok`` is
        false for what did not work, and is to be mended."""
        shown = partial(message_html, viewer=gesture.person, city=self.runtime.city(), catalogue=self.runtime.catalogue)
        now = self.runtime.clock.now()
        kept: list[News] = []
        if is_kept(gesture, answered):
            with suppress(DatabaseUnavailable):
                kept = await self.runtime.write(partial(keep, gesture, answered, now))
        for news in kept:
            self.hub.tell(news)
        if kept:
            return {"ok": answered.ok, "said": [shown(news.message) for news in kept]}
        passing = [shown(message, only_you=True) for message in passing_by(gesture, answered, now)]
        if answered.replaces and passing:
            return {"ok": answered.ok, "said": [], "instead": passing[0]}
        return {"ok": answered.ok, "said": passing}

    def _person(self, name: str) -> Person:
        if (person := self.runtime.city().people.get(name)) is None:
            raise web.HTTPNotFound(text=f'Nobody in people.toml has the id "{name}". Open / and choose who you are.')
        return person

    def _gesture(self, body: Mapping[str, Any], what: Typed | Pressed | Submitted | FromMessage) -> Gesture:
        city, person, channel = self.runtime.city(), self._person(_text(body, "as")), _text(body, "in")
        if not may_see(city, person, channel):
            raise web.HTTPForbidden(text=_not_open(city, person, channel))
        try:
            key = str(UUID(_text(body, "key")))
        except ValueError:
            raise web.HTTPBadRequest(text="Each gesture has a key of its own, a UUID.") from None
        message = body.get("message")
        known = isinstance(message, int) and 0 < message <= LARGEST
        return Gesture(person, channel, key, what, message if known else None)

    async def _view(self, person: Person, wanted: str, notice: str = "") -> View | None:
        """What somebody sees in a channel, or None when it is not theirs to see."""
        city = self.runtime.city()

        def read(store: Store) -> tuple[list[Channel], list[DeskMessage], int]:
            channels = channels_of(city, person, store.chat.places.bound(DESK))
            open_here = wanted in {channel.id for channel in channels}
            return channels, store.chat.desk.latest(wanted, LATEST) if open_here else [], store.chat.desk.newest()

        channels, messages, newest = await self._read(read)
        here = next((channel for channel in channels if channel.id == wanted), None)
        if here is None:
            return None
        return View(city, self.runtime.catalogue, person, channels, here, messages, newest, notice, self.invented)

    async def _read(self, work: Any) -> Any:
        try:
            return await self.runtime.read(work)
        except DatabaseUnavailable:
            raise web.HTTPServiceUnavailable(text="The database does not answer. Please try again.") from None


READ_AGAIN = b"event: read-again\ndata: {}\n\n"


async def _next(queue: "asyncio.Queue[Event]") -> Event | None:
    """The next event, or None when it is time for a sign of life."""
    with suppress(TimeoutError):
        return await asyncio.wait_for(queue.get(), HEARTBEAT)
    return None


async def _body(request: web.Request) -> Mapping[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        body = None
    if request.content_type != "application/json" or not isinstance(body, dict):
        raise web.HTTPBadRequest(text="The desk takes one JSON object.")
    return body


def _text(body: Mapping[str, Any], name: str) -> str:
    if not isinstance(value := body.get(name), str):
        raise web.HTTPBadRequest(text=f'"{name}" is missing, or is no text.')
    return value.encode("utf-8", "ignore").decode("utf-8")  # a lone surrogate cannot be stored


def _not_open(city: City, person: Person, channel: str) -> str:
    place = city.places.get(channel)
    if place is None:
        return f"{person.name} has no such channel. You see {person.name}'s own conversation instead."
    roles = ", ".join(role.replace("_", " ") for role in place.open_to)
    title = Channel(place.id, place.name, "").title
    return f"{title} is open to: {roles}. You see {person.name}'s own conversation instead."

"""Legal: what the bot keeps, for how long and for whom, and who runs it, for everybody: /privacy and /terms."""

import base64
import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web
from markupsafe import Markup

from bot.templates import templates_in
from handlers.kit.city.model import City

if TYPE_CHECKING:
    from jinja2 import Template

STYLE = Markup(Path(__file__).with_name("legal.css").read_text(encoding="utf-8"))  # noqa: S704  # our own file
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
Section = tuple[str, tuple[str, ...]]  # a heading, and what stands under it

PRIVACY: tuple[Section, ...] = (
    (
        "What is kept",
        (
            "Who you are: your name, your work e-mail address and your account in Slack or Teams, so that cityops "
            "knows who is speaking and can write to you.",
            "What you tell it: risks, residents' feedback, crises and what was done about them, with your name and the "
            "time. Please leave out the names and phone numbers of residents.",
            "How a resident can be reached, if they want an answer and a colleague enters it where it is asked for. It "
            "is sealed. The person who answers the resident can open it, and each time is recorded.",
            "When you are away and who stands in for you, if you or a colleague say so; never why.",
            "A record of who changed what and when, without the words. It is never altered.",
            "cityops hears what is written to it, what mentions it, its buttons and forms, and a message that somebody "
            "makes a record of, with its later changes where Slack or Teams reports them. Slack also hands it what is "
            "said in the channels it is in. It keeps nothing else that people write to each other.",
        ),
    ),
    (
        "Where, and for how long",
        (
            "In a database that the city runs. Risks, feedback, crises and people stay until the city removes them; "
            "the record of changes stays.",
            "A message that cityops has sent, a line of a digest and a form that somebody began are kept for 7 days. "
            "After that, only where and when it was sent remains.",
            "A file behind a link works for 24 hours and is removed after that.",
            "What is posted in Slack or Teams is kept there, under the rules that the city has set for them.",
        ),
    ),
    (
        "Who sees it",
        (
            "People who work for the city, as far as their role allows, and everybody in the channel that a message "
            "was posted to. The city's IT can read the database.",
            "A link to a file opens for everybody who has the link. Files behind links hold no contact data of "
            "residents; the crisis card holds numbers to call.",
            "Nothing is sold, and nothing is used for advertising. This page sets no cookies.",
        ),
    ),
    (
        "Your questions",
        ("You may ask what is kept about you, and have mistakes put right. Write to the contact below.",),
    ),
)
TERMS: tuple[Section, ...] = (
    (
        "Who may use it",
        (
            "People who work for the city, for the city's work. What you may do in it follows from your role.",
            "The city's rules for work accounts hold here too.",
        ),
    ),
    (
        "What to write, and what not",
        (
            "What you log is read by colleagues and stays. Write what is needed, and write it fairly.",
            "Leave out passwords, and the names, phone numbers and health information of residents.",
            "What you log or change is recorded with your name and the time.",
        ),
    ),
    (
        "What it cannot do",
        (
            "cityops does not call the emergency services. When somebody is in danger, first call the emergency "
            "number.",
            "It can be down, and Slack, Teams or the network can be down. Have another way to reach each other in a "
            "crisis.",
            "A file that it gives out with a link can be passed on. Treat the link like the file.",
        ),
    ),
    ("The program", ("cityops is free software under the MIT license, and comes without a warranty.",)),
)


class About:
    """Two pages that anybody may read, whichever doors are open."""

    def __init__(self, city: Callable[[], City]) -> None:
        self.city = city

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/privacy", self.privacy), web.get("/terms", self.terms)]

    async def privacy(self, _request: web.Request) -> web.Response:
        return _response(self.city(), "Privacy", "What cityops keeps about you, and who sees it.", PRIVACY)

    async def terms(self, _request: web.Request) -> web.Response:
        return _response(self.city(), "Terms of use", "What cityops is for, and what it is not for.", TERMS)


def _response(city: City, title: str, about: str, sections: Iterable[Section]) -> web.Response:
    text = legal_page(city, title, about, sections)
    return web.Response(text=text, content_type="text/html", charset="utf-8", headers=HEADERS)


@dataclass(frozen=True)
class Contact:
    """How to reach the people who run the bot: what stands around an e-mail address, which can be tapped."""

    before: str
    email: str = ""
    after: str = ""


def legal_page(city: City, title: str, about: str, sections: Iterable[Section]) -> Markup:
    """The whole document; nothing is fetched from anywhere."""
    filled = _template().render(
        city=city, title=title, about=about, sections=sections, style=STYLE, contact=_contact(city)
    )
    return Markup(filled)  # noqa: S704  # the template escapes


@cache
def _template() -> "Template":
    return templates_in(Path(__file__).parent).get_template("legal.html")


def _contact(city: City) -> Contact:
    contact = city.facts.contact or "the city's IT"
    if found := EMAIL.search(contact):
        return Contact(contact[: found.start()], found[0], contact[found.end() :])
    return Contact(contact)

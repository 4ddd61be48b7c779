"""Page: the desk as one person sees it: who they are, their channels, and the conversation."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from markupsafe import Markup

from bot.desk.channels import Channel
from bot.desk.message import day_of, message_html
from bot.desk.render import joined
from handlers.kit.catalogue import Catalogue
from handlers.kit.city.model import City
from handlers.kit.city.people import Person
from handlers.kit.policy import ROLES, may
from storage.chat.desk import DeskMessage


@dataclass(frozen=True)
class View:
    """What one window shows. ``notice`` is a sentence above the message box; ``newest`` the newest message anywhere."""

    city: City
    catalogue: Catalogue
    person: Person
    channels: Sequence[Channel]
    here: Channel
    messages: Sequence[DeskMessage] = field(default=())
    newest: int = 0
    notice: str = ""


def page(view: View) -> Markup:
    """The whole document; nothing in it is inline script or style."""
    return Markup(
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><title>{name} · {city}</title>'
        '<link rel="icon" href="/desk/static/icon.svg"><link rel="stylesheet" href="/desk/static/desk.css">'
        '<script type="module" src="/desk/static/desk.js"></script></head>'
        '<body data-as="{person}" data-in="{here}" data-newest="{newest}">'
        '<a class="skip" href="#text">Skip to the message box</a>{side}{main}'
        '<dialog id="sheet"></dialog></body></html>'
    ).format(
        name=titled(view.here),
        city=view.city.name,
        person=view.person.id,
        here=view.here.id,
        newest=view.newest,
        side=_side(view),
        main=_main(view),
    )


def titled(channel: Channel) -> str:
    return channel.name if channel.private else f"#{channel.name}"


def navigation(view: View) -> Markup:
    """The channels as links; each window says in its address who it is and where."""
    links = joined(Markup("<li>{}</li>").format(_link(view, channel)) for channel in view.channels)
    return Markup("<ul>{}</ul>").format(links)


def _link(view: View, channel: Channel) -> Markup:
    address = "/?" + urlencode({"as": view.person.id, "in": channel.id})
    current = Markup(' aria-current="page"') if channel == view.here else ""
    tag = Markup('<a href="{}" data-channel="{}"{}><span class="name">{}</span><span class="unread" hidden></span></a>')
    return tag.format(address, channel.id, current, titled(channel))


def _side(view: View) -> Markup:
    people = joined(_somebody(person, person.id == view.person.id) for person in view.city.people.values())
    return Markup(
        '<header id="side"><div class="top"><p class="city">{city}<span>the desk of cityops</span></p>'
        '<button type="button" id="menu" class="plain" aria-expanded="false" aria-controls="drawer">'
        '<span class="name">Channels</span><span class="unread" hidden></span></button></div>'
        '<div id="drawer"><div class="who"><label for="who">You are</label><select id="who">{people}</select>'
        '<p class="note">{roles}</p></div><nav aria-label="Channels">{links}</nav></div></header>'
    ).format(city=view.city.name, people=people, roles=_roles(view.person), links=navigation(view))


def _somebody(person: Person, is_chosen: bool) -> Markup:
    chosen = Markup(" selected") if is_chosen else ""
    label = f"{person.name}, {person.title}" if person.title else person.name
    return Markup('<option value="{}"{}>{}</option>').format(person.id, chosen, label)


def _roles(person: Person) -> str:
    held = [role.replace("_", " ") for role in ROLES if role in person.all_roles]
    return f"{person.title + '. ' if person.title else ''}{'Role' if len(held) == 1 else 'Roles'}: {', '.join(held)}"


def _main(view: View) -> Markup:
    return Markup(
        '<main><div class="head"><h1>{name}</h1><p class="note">{purpose}</p></div>'
        '<p id="connection" role="status"></p>'
        '<div id="flow" tabindex="0" role="log" aria-label="Messages in {name}">'
        '<ol id="messages">{messages}</ol>{empty}</div>'
        '<button type="button" id="newer" class="primary" hidden>New messages below</button>'
        '<div class="foot">{chips}<p id="notice" role="alert">{notice}</p>'
        '<form id="say"><label class="unseen" for="text">Write in {name}</label>'
        '<textarea id="text" rows="1" placeholder="Write a command, or help" autocomplete="off"></textarea>'
        '<button type="submit" class="primary">Send</button></form>'
        "<noscript>The desk needs JavaScript. Please switch it on for this page.</noscript></div></main>"
    ).format(
        name=titled(view.here),
        purpose=view.here.purpose,
        messages=thread(view),
        empty=_empty(view),
        chips=_chips(view),
        notice=view.notice,
    )


def _empty(view: View) -> Markup:
    """What a newcomer reads where nothing is posted yet."""
    if view.here.private:
        title = f"Hello {view.person.name.split()[0]}, this is the desk."
        text = "Write to cityops below, or begin with one of the buttons. Choose another person to see what they see."
    else:
        title, text = (
            f"Nothing in {titled(view.here)} yet",
            "What cityops posts here appears by itself, for all who see it.",
        )
        text = f"{view.here.purpose}. {text}" if view.here.purpose else text
    return Markup('<div class="empty"><h2>{}</h2><p>{}</p></div>').format(title, text)


def _chips(view: View) -> Markup:
    """What there is to begin with, from the catalogue: everything that can be added, and help."""
    offered = [("What can you do?", "help")]
    offered += [
        (command.help.rstrip("."), f"/{command.name}")
        for command in view.catalogue.commands.values()
        if command.asks and command.name.endswith(" add") and may(view.person.all_roles, command.needs)
    ]
    tag = Markup('<button type="button" class="plain" data-say="{}">{}</button>')
    return Markup('<div class="chips">{}</div>').format(joined(tag.format(say, label) for label, say in offered))


def thread(view: View) -> Markup:
    """The messages, with a line where a new day begins."""
    parts, day = [], ""
    for message in view.messages:
        if (begun := day_of(message, view.city)) != day:
            parts.append(Markup('<li class="day">{}</li>').format(begun))
        parts.append(message_html(message, view.person, view.city, view.catalogue))
        day = begun
    return joined(parts)

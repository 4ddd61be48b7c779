"""Page: the desk as one person sees it: who they are, their channels, and the conversation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from bot.desk.channels import Channel
from bot.desk.message import day_of, message_html
from bot.desk.render import filled
from bot.invented import EMPTY
from handlers.kit.catalogue import Catalogue
from handlers.kit.city.model import City
from handlers.kit.city.people import Person
from handlers.kit.policy import ROLES, may
from storage.chat.desk import DeskMessage

INVENTED = f"All of this is invented. To begin with an empty city: {EMPTY}"


@dataclass(frozen=True)
class View:
    """What one window shows. ``notice`` is a sentence above the message box; ``newest`` the newest message anywhere;
    ``invented`` says that nothing of it is real."""

    city: City
    catalogue: Catalogue
    person: Person
    channels: Sequence[Channel]
    here: Channel
    messages: Sequence[DeskMessage] = field(default=())
    newest: int = 0
    notice: str = ""
    invented: bool = False


@dataclass(frozen=True)
class Entry:
    """A message of the thread; ``begins`` is the day that begins with it."""

    begins: str
    message: Markup


@dataclass(frozen=True)
class Empty:
    """What a newcomer reads where nothing is posted yet."""

    title: str
    text: str


def page(view: View) -> Markup:
    """The whole document; nothing in it is inline script or style."""
    return filled(
        "page.html",
        city=view.city,
        person=view.person,
        here=view.here,
        newest=view.newest,
        notice=view.notice,
        invented=INVENTED if view.invented else "",
        roles=_roles(view.person),
        navigation=navigation(view),
        thread=thread(view),
        empty=_empty(view),
        chips=_chips(view),
        commands=_commands(view),
    )


def navigation(view: View) -> Markup:
    """The channels as links; each window says in its address who it is and where."""
    return filled("navigation.html", channels=view.channels, here=view.here, person=view.person)


def _roles(person: Person) -> str:
    held = [role.replace("_", " ") for role in ROLES if role in person.all_roles]
    return f"{person.title + '. ' if person.title else ''}{'Role' if len(held) == 1 else 'Roles'}: {', '.join(held)}"


def _empty(view: View) -> Empty:
    if view.here.private:
        return Empty(
            f"Hello {view.person.name.split()[0]}, this is the desk.",
            "Write to cityops below, or begin with one of the buttons. Choose another person to see what they see.",
        )
    text = "What cityops posts here appears by itself, for everybody who can see this channel."
    return Empty(f"Nothing in {view.here.title} yet", f"{view.here.purpose}. {text}" if view.here.purpose else text)


def _chips(view: View) -> list[tuple[str, str]]:
    """What there is to begin with, from the catalogue: everything that can be added, and help."""
    return [
        ("What can you do?", "help"),
        *(
            (command.help.rstrip("."), f"/{command.name}")
            for command in view.catalogue.commands.values()
            if command.asks and command.name.endswith(" add") and may(view.person.all_roles, command.needs)
        ),
    ]


def _commands(view: View) -> list[tuple[str, str]]:
    """What this person may type, with what it does: what begins something first, then the others by their groups."""
    roles, catalogue = view.person.all_roles, view.catalogue
    usual = catalogue.usual(roles)
    others = [command for group in catalogue.groups for command in catalogue.group(group) if command not in usual]
    allowed = [*usual, *(command for command in others if may(roles, command.needs))]
    return [("/help", "What I can do"), *((f"/{command.name}", command.help.rstrip(".")) for command in allowed)]


def thread(view: View) -> Iterator[Entry]:
    """The messages, with a line where a new day begins."""
    day = ""
    for message in view.messages:
        begun = day_of(message, view.city)
        shown = message_html(message, view.person, view.city, view.catalogue)
        yield Entry(begun if begun != day else "", shown)
        day = begun

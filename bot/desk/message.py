"""Message: one message of a conversation on the desk, as somebody sees it."""

from markupsafe import Markup

from bot.desk.render import filled, render
from handlers.kit.catalogue import Catalogue
from handlers.kit.city.model import City
from handlers.kit.city.people import Person
from handlers.kit.declared import Command
from handlers.kit.messages import Card
from handlers.kit.policy import may
from storage.chat.desk import DeskMessage


def message_html(
    message: DeskMessage, viewer: Person, city: City, catalogue: Catalogue, *, only_you: bool = False
) -> Markup:
    """One message as somebody sees it; one without an id is shown in this window alone."""
    name, kind = _by(message, viewer, city)
    return filled(
        "message.html",
        message=message,
        kind=kind,
        only_you=only_you,
        day=day_of(message, city),
        name=name,
        clock=city.calendar.clock(message.at),
        marks=_marks(message, city, only_you),
        said=render(Card.model_validate_json(message.card)),
        entries=_entries(viewer, catalogue) if message.id else [],
    )


def _marks(message: DeskMessage, city: City, only_you: bool) -> list[str]:
    """What is said of a message beside its time."""
    return [
        *(["Only you can see this"] if only_you else []),
        *(["Sent again"] if message.sent_again else []),
        *([f"changed {city.calendar.clock(message.edited_at)}"] if message.edited_at else []),
    ]


def _entries(viewer: Person, catalogue: Catalogue) -> list[Command]:
    """The menu of a message: what can be made of it."""
    return [command for command in catalogue.from_messages if may(viewer.all_roles, command.needs)]


def _by(message: DeskMessage, viewer: Person, city: City) -> tuple[str, str]:
    """Who said it, and how the message is drawn."""
    if message.said_by is None:
        return "cityops", "bot"
    if message.said_by == viewer.id:
        return "You", "own"
    somebody = city.people.get(message.said_by)
    return (somebody.name if somebody else message.said_by), "other"


def day_of(message: DeskMessage, city: City) -> str:
    """The day of a message, as a heading."""
    return city.calendar.spoken_date(city.calendar.local(message.at).date())

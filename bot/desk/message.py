"""Message: one message of a conversation on the desk, as somebody sees it."""

from markupsafe import Markup

from bot.desk.render import joined, render
from handlers.kit.catalogue import Catalogue
from handlers.kit.city.model import City
from handlers.kit.city.people import Person
from handlers.kit.messages import Card
from handlers.kit.policy import may
from storage.chat.desk import DeskMessage


def message_html(
    message: DeskMessage, viewer: Person, city: City, catalogue: Catalogue, *, only_you: bool = False
) -> Markup:
    """One message as somebody sees it; one without an id is shown in this window alone."""
    name, kind = _by(message, viewer, city)
    marks = [("Only you can see this", only_you), ("Sent again", bool(message.sent_again))]
    if message.edited_at:
        marks.append((f"changed {city.calendar.clock(message.edited_at)}", True))
    said = joined(Markup('<span class="mark">{}</span>').format(mark) for mark, holds in marks if holds)
    known = Markup(' id="message-{}" data-id="{}"').format(message.id, message.id) if message.id else ""
    return Markup(
        '<li class="message {}{}"{} data-day="{}"><p class="by"><span class="name">{}</span>'
        '<time datetime="{}">{}</time>{}</p>{}{}</li>'
    ).format(
        kind,
        " only-you" if only_you else "",
        known,
        day_of(message, city),
        name,
        message.at.isoformat(),
        city.calendar.clock(message.at),
        said,
        render(Card.model_validate_json(message.card)),
        _entries(viewer, catalogue) if message.id else "",
    )


def _entries(viewer: Person, catalogue: Catalogue) -> Markup:
    """The menu of a message: what can be made of it."""
    offered = [command for command in catalogue.from_messages if may(viewer.all_roles, command.needs)]
    tag = Markup('<button type="button" class="plain" data-from-message="{}">{}</button>')
    entries = joined(tag.format(command.name, command.from_message) for command in offered)
    menu = Markup(
        '<details class="entries"><summary>More<span class="unseen"> for this message</span></summary>{}</details>'
    )
    return menu.format(entries) if offered else Markup("")


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
    local = city.calendar.local(message.at)
    return f"{local:%A} {local.day} {local:%B %Y}"

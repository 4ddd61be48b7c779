"""Places: which channel is which place of the city."""

from handlers.kit.city.model import City
from handlers.kit.context import Request
from handlers.kit.errors import UserError
from handlers.kit.forms import Form, Options, ask
from handlers.kit.messages import Card, Note, Table, Text
from handlers.kit.reconnect import send_what_holds
from handlers.kit.registry import command
from handlers.kit.speaking import DESK


def _places(city: City) -> Options:
    return tuple((place.id, place.name) for place in city.places.values())


class WhichPlace(Form):
    place: str = ask("Which place is this channel?", options=_places)


@command("city connect", asks=WhichPlace, needs="city.connect", example="/city connect risks")
def connect(request: Request, form: WhichPlace) -> Card:
    """Connect this channel."""
    if request.channel is None or request.platform == DESK:
        raise UserError("On the desk every place is there already. Say this in the channel you want to connect.")
    if request.private:
        raise UserError("This is a direct conversation. Say this in the channel you want to connect.")
    if getattr(request.city.places[form.place], request.platform, None):
        raise UserError(
            f"city/places.toml says which channel {form.place} is. Change it there, or remove it there first."
        )
    request.store.chat.places.bind(form.place, request.platform, request.channel, request.now)
    request.audit(form.place, platform=request.platform)
    return Card(
        f"This channel is now the place “{form.place}”",
        Text(request.city.places[form.place].purpose or "The city's messages for this place arrive here."),
        Note(send_what_holds(request, request.platform, form.place)),
        audience="room",
    )


@command("city places", needs="help", reads_only=True)
def list_places(request: Request) -> Card:
    """Show which places are connected."""
    bound = {platform: request.store.chat.places.bound(platform) for platform in request.platforms if platform != DESK}
    if not bound:
        return _at_the_desk(request)
    rows = tuple(
        (
            place.name,
            place.purpose,
            *("connected" if place.id in known else "not connected" for known in bound.values()),
        )
        for place in request.city.places.values()
    )
    columns = ("Place", "What it is for", *(platform.capitalize() for platform in bound))
    return Card("Places", Table(columns=columns, rows=rows))


def _at_the_desk(request: Request) -> Card:
    """The answer at the desk, where there is nothing to connect: who sees which place."""
    rows = tuple((place.name, place.purpose, _or_everybody(place.open_to)) for place in request.city.places.values())
    return Card(
        "Places",
        Table(columns=("Place", "What it is for", "Open to"), rows=rows),
        Note("On the desk every place is there already. With Slack or Teams, this shows which channels are connected."),
    )


def _or_everybody(roles: tuple[str, ...]) -> str:
    return "everybody" if "staff" in roles else ", ".join(role.replace("_", " ") for role in roles)

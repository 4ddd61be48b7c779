"""Places: which channel is which place of the city."""

from collections.abc import Sequence

from handlers.kit.city.model import City
from handlers.kit.context import Request
from handlers.kit.errors import UserError
from handlers.kit.forms import Form, Options, ask
from handlers.kit.inline import Status
from handlers.kit.messages import Button, Buttons, Card, Note, Table, Text
from handlers.kit.reconnect import send_what_holds
from handlers.kit.registry import action, command
from handlers.kit.speaking import DESK, spoken_platform
from storage.chat.places import Channel

IN_TABLE = {"archived": "archived", "gone": "gone", "not a member": "the bot is not a member"}


def _places(city: City) -> Options:
    return tuple((place.id, place.name) for place in city.places.values())


class WhichPlace(Form):
    place: str = ask("Which place is this channel?", options=_places, default="")


@command("city connect", asks=WhichPlace, needs="city.connect", example="/city connect risks")
def connect(request: Request, form: WhichPlace) -> Card:
    """Connect this channel."""
    if request.channel is None or request.platform == DESK:
        raise UserError("At the desk every place is there already. Say this in the channel you want to connect.")
    if request.private:
        raise UserError("This is a direct conversation. Say this in the channel you want to connect.")
    return _connected(request, form.place) if form.place else _which(request)


def _which(request: Request) -> Card:
    """The question, in the channel itself: what is asked elsewhere would no longer be about it."""
    free = [place for place in request.city.places.values() if not getattr(place, request.platform, None)]
    buttons = (Button(place.name, "city.connect", place.id) for place in free)
    return Card("Which place is this channel?", Buttons(*buttons), audience="room")


@action("city.connect", needs="city.connect", replaces=True)
def connect_as(request: Request, value: str) -> Card:
    """Connect this channel as the place of the button."""
    if value not in request.city.places:
        raise UserError(f'There is no place "{value}" anymore. Write: city places.')
    return connect(request, WhichPlace(place=value))


def _connected(request: Request, place: str) -> Card:
    if getattr(request.city.places[place], request.platform, None):
        raise UserError(f"city/places.toml says which channel {place} is. Change it there, or remove it there first.")
    entrance, channel = request.enter(), request.channel or ""
    if entrance.refused:
        raise UserError(entrance.refused)
    request.store.chat.places.bind(
        place, request.platform, channel, request.now, name=entrance.name, link=entrance.link, team=entrance.team
    )
    request.audit(place, platform=request.platform)
    return Card(
        f"This channel is now the place “{place}”",
        Text(request.city.places[place].purpose or "The city's messages for this place arrive here."),
        Note(send_what_holds(request, request.platform, place)),
        audience="room",
    )


@command("city places", needs="help", reads_only=True, shown_to="city.connect")
def list_places(request: Request) -> Card:
    """Show which places are connected."""
    found = {platform: request.store.chat.places.known(platform) for platform in request.platforms if platform != DESK}
    if not found:
        return _at_the_desk(request)
    states = {place: [_state(known.get(place)) for known in found.values()] for place in request.city.places}
    rows = tuple((place.name, place.purpose, *states[place.id]) for place in request.city.places.values())
    columns = ("Place", "What it is for", *(spoken_platform(platform) for platform in found))
    closed = any(channel.closed for known in found.values() for channel in known.values())
    how = 'Fix the channel, or connect another one: write there "city connect" and the name of the place.'
    fix = (Note(how),) if closed else ()
    status = _status([state for of_place in states.values() for state in of_place])
    return Card("Places", Table(columns=columns, rows=rows), *fix, status=status)


def _state(channel: Channel | None) -> Status:
    """What a channel is to its place, in a cell of the table."""
    if channel is None:
        return Status("neutral", "not connected")
    name = f"#{channel.name}" if channel.name else ""
    if channel.closed:
        return Status("critical", f"{name}: {IN_TABLE[channel.closed]}" if name else IN_TABLE[channel.closed])
    return Status("good", f"connected: {name}" if name else "connected")


def _status(states: Sequence[Status]) -> Status:
    """Whether every place can be written to, or how many cannot."""
    closed = sum(state.level == "critical" for state in states)
    missing = sum(state.level == "neutral" for state in states)
    said = [f"{count} {what}" for count, what in ((closed, "closed"), (missing, "not connected")) if count]
    if not said:
        return Status("good", "all connected")
    return Status("critical" if closed else "warning", ", ".join(said))


def _at_the_desk(request: Request) -> Card:
    """The answer at the desk, where there is nothing to connect: who sees which place."""
    rows = tuple((place.name, place.purpose, _or_everybody(place.open_to)) for place in request.city.places.values())
    return Card(
        "Places",
        Table(columns=("Place", "What it is for", "Open to"), rows=rows),
        Note("At the desk every place is there already. With Slack or Teams, this shows which channels are connected."),
    )


def _or_everybody(roles: tuple[str, ...]) -> str:
    return "everybody" if "staff" in roles else ", ".join(role.replace("_", " ") for role in roles)

"""Crisis here: in whose room something was said."""

from handlers.crisis.record import PLACE
from handlers.kit.context import Context, Request
from handlers.kit.speaking import DESK
from storage.crisis.records import Crisis


def crisis_here(context: Context) -> Crisis | None:
    """The crisis in whose room this was said, open or over; of several that share the room, the newest."""
    place = _room(context) if isinstance(context, Request) and context.channel else None
    crisis = context.store.crisis.records.find(place.removeprefix(f"{PLACE}:")) if place else None
    while crisis is not None and (after := context.store.crisis.records.goes_on_as(crisis.ref)):
        crisis = after
    return crisis


def in_room(request: Request) -> dict[str, str]:
    """Fill in the form of a command with the crisis in whose room it is opened: in Teams it is sent from elsewhere."""
    crisis = crisis_here(request)
    return {"crisis": crisis.ref} if crisis else {}


def crisis_meant(context: Context) -> Crisis | None:
    """The crisis in whose room this was said; elsewhere the only one that is open."""
    if here := crisis_here(context):
        return here
    running = context.store.crisis.records.open()
    return running[0] if len(running) == 1 else None


def meant_here(request: Request) -> dict[str, str]:
    """The same for what an open crisis alone takes; elsewhere than in a room, with the only one that is open."""
    meant = crisis_meant(request)
    return {"crisis": meant.ref} if meant else {}


def _room(request: Request) -> str | None:
    """The room where this was said, if it is one of a crisis."""
    there = request.thread or request.channel
    if request.platform == DESK:
        return there if there and there.startswith(f"{PLACE}:") else None
    bound = request.store.chat.places.bound(request.platform)
    rooms = {channel.partition("|")[0]: place for place, channel in bound.items() if place.startswith(f"{PLACE}:")}
    return rooms.get(str(there))  # what follows a channel is how it is reached

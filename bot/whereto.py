"""Whereto: the channel or the account that a row of the outbox goes to, as far as it is known by now."""

from dataclasses import dataclass

from handlers.kit.city.model import City
from handlers.kit.speaking import DESK
from storage.chat.outbox import LETTER, OutboxRow
from storage.database import Store


@dataclass(frozen=True)
class Whereto:
    """The platform's own ids; ``addresses`` are those by which somebody without a known account is found."""

    channel: str | None
    account: str | None = None
    addresses: tuple[str, ...] = ()


def whereto(row: OutboxRow, store: Store, city: City) -> Whereto | None:
    """Where a row goes; None while nobody knows yet."""
    if row.place.startswith("dm:"):
        return _to_person(row, store, city)
    if row.platform == LETTER:  # its gateway alone opens the address
        return Whereto(None)
    match row.kind:
        case "post" | "update":
            return _to_place(row, store)
        case "make_place":  # its room is to come; in Teams it becomes a thread of the place it falls back to
            return Whereto(store.chat.places.channel(row.payload["fallback"], row.platform))
        case "invite":
            room = store.chat.places.channel(row.payload["place"], row.platform)
            return Whereto(room) if room else None
        case _:  # a pin goes where its post is; an answer and a file need no place
            return Whereto(row.channel)


def _to_person(row: OutboxRow, store: Store, city: City) -> Whereto:
    """Where somebody reads; a row about a message that is posted already has its channel."""
    channel = row.place if row.platform == DESK else row.channel
    if row.channel:
        return Whereto(channel)
    person = row.place.removeprefix("dm:")
    known = city.people.get(person)
    account, direct = store.chat.people.reach(row.platform, person) or (None, None)
    if account is None and known and row.platform == "slack":  # Teams writes to nobody by that id
        account = known.slack
    return Whereto(channel or direct, account, known.addresses if known else ())


def _to_place(row: OutboxRow, store: Store) -> Whereto | None:
    """The channel of a place, or the one in which its post is already."""
    if row.channel:
        return Whereto(row.channel)
    channel = row.place if row.platform == DESK else store.chat.places.channel(row.place, row.platform)
    return Whereto(channel) if channel is not None else None

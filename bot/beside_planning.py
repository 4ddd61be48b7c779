"""Beside planning: what is found out about the city's files and lost messages every hour, and what is written of it.

What is found is found on a reader; each work that comes of it is a transaction of its own, between requests.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from bot.batches import Work
from bot.cityfiles import CityFiles
from bot.runtime import Runtime
from handlers.faults import tell_left_out
from handlers.kit.context import SYSTEM
from handlers.kit.faults import CITY_FILE
from handlers.kit.incidents import refresh_incident
from handlers.kit.left_behind import PART as LEFT_BEHIND
from handlers.kit.left_behind import left_behind
from handlers.kit.reconnect import send_what_holds
from handlers.kit.undelivered import drop, needless
from storage.chat.outbox import OutboxRow
from storage.database import Store


def city_to_keep(runtime: Runtime, store: Store) -> list[Work]:
    """Keep what the bot goes by, for a start with files that make no sense, and name those that do not."""
    if not isinstance(city := runtime.city, CityFiles):
        return []
    texts, now = city.texts, runtime.clock.now()
    wrong = {f"{CITY_FILE}{name}": problem for name, problem in city.problems.items()}
    kept = texts == store.city_texts.all()
    return [
        *([] if kept else [lambda store: store.city_texts.keep(texts, now)]),
        *_renamed(CITY_FILE, wrong, now, store),
    ]


def what_is_left(runtime: Runtime, store: Store) -> list[Work]:
    """Name what open records name and the city's files do not any more, until it is moved or put back."""
    found = {f"{LEFT_BEHIND}{gone.name}": gone.line for gone in left_behind(runtime.context(store))}
    return _renamed(LEFT_BEHIND, found, runtime.clock.now(), store)


def lost_and_needless(runtime: Runtime, store: Store) -> list[Work]:
    """Nobody has to decide about lost messages of which the time is over."""
    return [partial(_drop, runtime, row, why) for row, why in needless(runtime.context(store))]


def _drop(runtime: Runtime, row: OutboxRow, why: str, store: Store) -> None:
    context = runtime.context(store)
    drop(context, row, why)
    if row.incident:
        refresh_incident(context, row.incident)
    context.write_audit(SYSTEM, "lost messages")


def _renamed(begins: str, found: Mapping[str, str], now: datetime, store: Store) -> list[Work]:
    """Name these as what is wrong, by part, and none beside them whose names begin so."""
    gone = [fault.part for fault in store.faults.all() if fault.part.startswith(begins) and fault.part not in found]
    return [
        *(partial(_clear, part) for part in gone),
        *(partial(_note, part, problem, now) for part, problem in found.items()),
    ]


def _clear(part: str, store: Store) -> None:
    store.faults.clear(part)


def _note(part: str, problem: str, now: datetime, store: Store) -> None:
    store.faults.note(part, problem, now)


def say_left_out(runtime: Runtime, files: Sequence[str], store: Store) -> None:
    """Say to the admins that the bot was started without files that it had before."""
    context = runtime.context(store)
    tell_left_out(context, files)
    context.write_audit(SYSTEM, "city files left out")


def places_to_bind(runtime: Runtime, store: Store) -> list[Work]:
    """The places whose channels city/places.toml names, and that are bound to no such channel."""
    bound = {platform: store.chat.places.bound(platform) for platform in runtime.platforms}
    return [
        partial(_bind, runtime, place.id, platform, channel)
        for place in runtime.city().places.values()
        for platform, known in bound.items()
        if (channel := getattr(place, platform, None)) and known.get(place.id) != channel
    ]


def _bind(runtime: Runtime, place: str, platform: str, channel: str, store: Store) -> None:
    """Bind a place, and send there what still holds of what was lost; one that breaks is set aside alone."""
    context = runtime.context(store)

    def bind() -> None:
        store.chat.places.bind(place, platform, channel, context.now)
        send_what_holds(context, platform, place)

    context.apart(f"place {place} in {platform}", bind)
    if context.noted:
        context.write_audit(SYSTEM, "place connected")

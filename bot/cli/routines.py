"""Routines: what the bot will send by itself, and sending one now."""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date
from functools import partial
from itertools import groupby

from bot.assembly import build_runtime
from bot.cli.caller import caller
from bot.clock import RealClock
from bot.piecework import send_by_hand
from bot.settings import Settings, read_settings
from handlers.kit.catalogue import Catalogue
from handlers.kit.city.model import City
from handlers.kit.city.reading import read_city
from handlers.kit.coming import Coming, slots
from handlers.kit.coming import schedule as coming_days
from handlers.kit.declared import Routine
from handlers.kit.duty import Duties
from handlers.kit.errors import ConfigurationError
from handlers.kit.registry import load
from handlers.kit.roster import Roster
from handlers.kit.seats import spoken_seat
from handlers.kit.speaking import chats
from scheduler.ledger import Ledger
from storage import schema
from storage.database import Database, is_there
from storage.faults import in_words
from storage.soundness import check_sound


def schedule(options: argparse.Namespace) -> int:
    """Print what is sent on the coming days, with the reason for each skip; exit code 1 when a routine breaks."""
    import handlers
    import scheduler

    settings = read_settings()
    city = read_city(settings.city_dir)
    first = options.first or city.calendar.today(RealClock().now())
    routines, broken = _sound(load(handlers, scheduler), city, first, options.days)
    coming = _asking(settings, city, lambda duties: coming_days(routines, city, first, options.days, duties))
    if options.json:
        print(json.dumps([_as_json(sending) for sending in coming]))
    else:
        print("\n".join(_lines(coming, city)) or "Nothing is sent on these days.")
    for line in broken:
        print(line, file=sys.stderr)
    return 1 if broken else 0


def _sound(catalogue: Catalogue, city: City, first: date, days: int) -> tuple[list[Routine], list[str]]:
    """The routines whose times and seats can be worked out, and a line for each that breaks over them."""
    sound, broken = [], []
    for routine in catalogue.routines.values():
        try:
            list(slots(routine, city, first, days))
            sound.append(routine)
        except Exception as problem:
            broken.append(f"{routine.name}: its times cannot be worked out ({in_words(problem)})")
    return sound, broken


def _asking(
    settings: Settings, city: City, question: Callable[[Callable[[date], Duties]], list[Coming]]
) -> list[Coming]:
    """The answer with who cannot be asked; where no bot has run yet, everybody can."""
    if not is_there(settings.database_url):
        return question(partial(Duties, city))
    database = Database(settings.database_url, new=False)
    try:
        check_sound(database)
        if schema.known_version(database) != schema.NEWEST:
            return question(partial(Duties, city))
        return database.read(lambda store: question(Roster(store, city, chats(settings.platforms)).on))
    finally:
        database.close()


def send(options: argparse.Namespace) -> int:
    """Send one routine now; the running bot delivers it within seconds. Exit code 1 when it breaks over a seat."""
    runtime = build_runtime(read_settings())
    try:
        routine, city = _routine(runtime.catalogue, options.routine), runtime.city()
        day = options.date or city.calendar.today(runtime.clock.now())
        ledger = Ledger(runtime.catalogue, runtime.platforms)
        told, broken = asyncio.run(send_by_hand(runtime, ledger, routine, day, caller()))
    finally:
        runtime.database.close()
    if told or not broken:
        whom = _names(told, city) or (routine.to if isinstance(routine.to, str) else "nobody")
        print(f"Queued {routine.name} for {whom}. The running bot delivers it within seconds.")
    for fault in broken:
        about = f" ({spoken_seat(city, fault.about)})" if fault.about else ""
        print(f"{fault.part}{about} broke and was set aside; see: python -m bot doctor", file=sys.stderr)
    return 1 if broken else 0


def _routine(catalogue: Catalogue, name: str) -> Routine:
    """Raises ConfigurationError where there is none of this name."""
    if routine := catalogue.routines.get(name):
        return routine
    known = ", ".join(catalogue.routines)
    raise ConfigurationError("send", name, f"there is no such routine; known are: {known}")


def _names(people: Iterable[str | None], city: City) -> str:
    return ", ".join(city.people[person].name for person in people if person and person in city.people)


def _as_json(row: Coming) -> dict[str, str | None]:
    utc = row.local.astimezone(UTC).isoformat()
    return {"routine": row.routine, "local": row.local.isoformat(), "utc": utc, "to": row.to, "skipped": row.skipped}


def _lines(coming: Sequence[Coming], city: City) -> Iterator[str]:
    """A line for each sending; those of one routine at one moment stand together."""
    for (local, name, skipped), group in groupby(coming, lambda coming: (coming.local, coming.routine, coming.skipped)):
        seats = ", ".join(_to(coming, city) for coming in group)
        line = f"{local:%a %Y-%m-%d %H:%M %z}  {name}  to {seats}"
        yield f"{line}  skipped: {skipped}" if skipped else line


def _to(sending: Coming, city: City) -> str:
    seat = spoken_seat(city, sending.to)
    name = city.people[sending.person].name if sending.person and sending.person in city.people else ""
    return f"{name} ({seat})" if name and name not in seat else seat

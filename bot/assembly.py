"""Assembly: the database, the city and the catalogue put together, without a door: all that a command needs."""

from datetime import timedelta
from functools import partial

import handlers
import scheduler
from bot.cityfiles import CityFiles
from bot.clock import MachineClock, RealClock
from bot.clock_recall import recall
from bot.opening import open_database
from bot.runtime import Runtime
from bot.settings import Settings
from bot.tickets import Patience
from handlers.feedback.before import open_those_of_before
from handlers.kit.catalogue import Catalogue
from handlers.kit.city.model import City
from handlers.kit.coming import Times, times_of
from handlers.kit.errors import ConfigurationError
from handlers.kit.registry import load
from handlers.kit.vault import Vault
from storage.database import Database, is_there


def build_runtime(
    settings: Settings,
    clock: MachineClock | None = None,
    patience: Patience = Patience(),
    database: Database | None = None,
) -> Runtime:
    """The database at its newest shape, the city, the catalogue and the right time: all that a command needs.

    Raises ConfigurationError, DatabaseUnavailable, and what :func:`open_database` raises where no open database is
    given.
    """
    catalogue = load(handlers, scheduler)
    file = str(settings.city_dir / "routines.toml")
    if database is None and is_there(settings.database_url):
        database = open_database(settings)
    kept = partial(_city_texts, database) if database else dict[str, str]
    city = CityFiles(settings.city_dir, lambda facts: _check_routines(facts, catalogue, file), kept)
    vault, clock = Vault(settings.contact_keys), clock or RealClock()
    database = database or open_database(settings)
    runtime = Runtime(database, city, catalogue, clock, settings.platforms, patience, vault, settings.gateways)
    database.read(partial(recall, runtime.clock))
    open_those_of_before(database, city(), runtime.clock.now())
    return runtime


def _city_texts(database: Database) -> dict[str, str]:
    """The city's files as they last made sense to a bot on this database."""
    return database.read(lambda store: store.city_texts.all())


def _check_routines(city: City, catalogue: Catalogue, file: str) -> None:
    """Raise ConfigurationError where routines.toml names an unknown routine, or leaves one no time to be sent."""
    for name in city.routines:
        if name not in catalogue.routines:
            raise ConfigurationError(file, name, f"no such routine; known are {', '.join(catalogue.routines)}")
        times = times_of(catalogue.routines[name], city)
        if times.late_until is not None and times.late_until <= times.at:
            fix = f"{times.late_until:%H:%M} is not after at = {times.at:%H:%M}; set a later late_until"
            raise ConfigurationError(file, f"{name}.late_until", fix)
        if not _is_ever_sent(times, city):
            fix = f'"{times.on}" is never a day on which the city works; choose another, or closed = "send anyway"'
            raise ConfigurationError(file, f"{name}.on", fix)


def _is_ever_sent(times: Times, city: City) -> bool:
    """Whether a rule has a day in the next two years on which something is sent."""
    today = city.calendar.today(RealClock().now())
    first_days = (today + timedelta(days=30 * number) for number in range(24))
    return any(
        skip is None for first in first_days for _, skip in city.calendar.days(times.on, first, 30, times.closed)
    )

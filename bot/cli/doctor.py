"""Doctor: what is wrong with the set-up, and how to fix it."""

import argparse
import os
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from bot.cli.asking import asked, compared
from bot.clock import RealClock
from bot.clock_recall import recall
from bot.findings import Finding
from bot.invented import EMPTY, is_invented
from bot.last_heard import last_heard
from bot.settings import Settings, read_settings
from bot.trusted_clock import TrustedClock
from handlers.city_clock import clocks_in_doubt
from handlers.kit.city.files import REQUIRED, read_texts
from handlers.kit.city.model import City
from handlers.kit.city.reading import read_city
from handlers.kit.context import Context
from handlers.kit.faults import CITY_FILE, fault_line, stuck
from handlers.kit.joining import dispute_line
from handlers.kit.left_behind import left_behind
from handlers.kit.lists import counted
from handlers.kit.reach import unreachable, unreachable_line
from handlers.kit.registry import load
from handlers.kit.speaking import chats, spoken_platform
from handlers.kit.vault import key_id
from storage import schema
from storage.database import Database, Store
from storage.runlock import AlreadyRunning, take_run_lock
from storage.soundness import check_sound
from storage.trouble import DatabaseUnavailable, DatabaseUnusable

NO_BOT: Finding = (True, "no bot is running on this database")


def doctor(options: argparse.Namespace) -> int:
    """Print one line for each thing checked; exit code 1 when something has to be fixed."""
    settings = read_settings()
    city = read_city(settings.city_dir)
    people, departments = counted(len(city.people), "person", "people"), counted(len(city.departments), "department")
    findings = [
        (True, f"settings: platforms {', '.join(settings.platforms) or 'none'}"),
        (
            True,
            f"city: {city.name}, {people}, {departments}",
        ),
        *_routines(city),
        *_words(city),
        *_addresses(settings),
        *_beside_chat(settings, city),
        *_database(settings, city),
        *asked(settings),
        *(compared(settings, city, Path(options.manifest)) if options.manifest else ()),
    ]
    for well, line in findings:
        print(f"{'ok      ' if well else 'to fix  '} {line}")
    return 0 if all(well for well, _ in findings) else 1


def _routines(city: City) -> Iterator[Finding]:
    """Whether routines.toml changes only routines that exist."""
    import handlers
    import scheduler

    known = load(handlers, scheduler).routines
    for name in city.routines:
        if name not in known:
            meant = get_close_matches(name, known, 1) or sorted(known)
            yield False, f"routines.toml: there is no routine {name}; known: {', '.join(meant)}"


def _words(city: City) -> Iterator[Finding]:
    """Whether words.toml has words for what is there."""
    for key in city.words_for_nothing():
        yield False, f"words.toml: {key} names nothing of this city; fix the name, or remove the line"


def _addresses(settings: Settings) -> Iterator[Finding]:
    if not settings.platforms:
        yield False, "no platform is set up; see README.md, Connecting Slack"
    if settings.slack and not settings.slack_app_token and not settings.public_url:
        yield False, "PUBLIC_URL is not set; set it to the https address under which Slack reaches the bot"
    if settings.teams_app_id and not settings.public_url:
        yield False, "PUBLIC_URL is not set; Teams gives people files only with links under it"
    if settings.public_url and not settings.public_url.startswith("https://"):
        yield False, "PUBLIC_URL is not https; Slack and Teams speak to https only"


def _beside_chat(settings: Settings, city: City) -> Iterator[Finding]:
    """Whether pages wake people, and somebody outside hears when the bot is down; nothing is sent."""
    ways = ", ".join(settings.gateways)
    yield True, f"pages outside chat: {ways or 'none; at night a chat message may go unnoticed'}"
    called = dict.fromkeys(person for role in city.crisis.role for person in role.people)
    for person in called if settings.pager_url else ():
        if person not in city.phones:
            yield False, f"person {city.people[person].name}: the pager needs their number; add it to contacts.toml"
    yield True, f"heartbeat: {'every minute' if settings.heartbeat_url else 'none; set HEARTBEAT_URL to be alarmed'}"
    shelf = settings.shelf_dir.absolute()
    there = next(path for path in (shelf, *shelf.parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        yield False, f"SHELF_DIR: {there} is not a folder the bot may write to; the crisis card is kept there"


def _database(settings: Settings, city: City) -> Iterator[Finding]:
    """Raises DatabaseUnusable for one that is damaged or newer than this program: then nothing else can be said."""
    try:
        database = Database(settings.database_url, new=False)
    except DatabaseUnusable as problem:
        yield False, f"database: {problem}"
        return
    running = _running(settings)  # before the first connection: closing a file takes SQLite's own locks on it away
    try:
        check_sound(database, quick=False)
        shape = schema.known_version(database)
        if shape != schema.NEWEST:
            yield False, "database: it has an older schema or none; run: python -m bot db upgrade"
            return
        yield True, f"database: it answers, schema {shape}"
        if database.read(is_invented):
            yield True, f"database: all of it is invented; to begin with an empty city: {EMPTY}"
        yield running
        yield from database.read(lambda store: list(_kept(store, settings, city, stands=running == NO_BOT)))
    except DatabaseUnusable:
        raise
    except DatabaseUnavailable as problem:
        yield False, f"database: it does not answer ({problem}); check DATABASE_URL"
    finally:
        database.close()


def _contacts(store: Store, settings: Settings) -> Iterator[Finding]:
    """Whether every contact opens, and how many are sealed with an older key."""
    ours = [key_id(key) for key in settings.contact_keys]
    for key, count in store.feedback.contacts.by_key().items():
        sealed = counted(count, "is sealed with", "are sealed with")
        if key not in ours:
            yield False, f"contacts: {sealed} a key that CONTACT_KEY does not have; add it after a comma"
        elif key != ours[0]:
            yield True, f"contacts: {sealed} an older key; keep it in CONTACT_KEY"


def _running(settings: Settings) -> Finding:
    try:
        lock = take_run_lock(settings.database_url)
    except AlreadyRunning:
        return True, "a bot is running on this database"
    if lock:
        lock.close()
    return NO_BOT if lock else (True, "PostgreSQL: any number of bots may run")


def _kept(store: Store, settings: Settings, city: City, *, stands: bool) -> Iterator[Finding]:
    """Whom and what the bot cannot reach, which contacts it cannot open, what broke and, unless no bot runs
    (``stands``), what has not succeeded for too long."""
    yield from _contacts(store, settings)
    for platform in chats(settings.platforms):
        yield from last_heard(store, city.calendar, platform)
        yield from _places(store, city, platform)
    clock = TrustedClock(RealClock())
    recall(clock, store)
    context = Context(store=store, city=city, now=clock.now(), platforms=settings.platforms)
    yield from _clock(clock, context)
    for person, why in unreachable(context):
        yield False, f"person {unreachable_line(person, why)}"
    for gone in left_behind(context):
        yield False, gone.line
    for dispute in store.chat.disputes.waiting():
        yield False, f"account: {dispute_line(context, dispute)} Decide as an admin: city accounts"
    lost = store.chat.undelivered.count()
    yield not lost, f"messages that could not be delivered: {lost}" + ("; see: city undelivered" if lost else "")
    yield from _files_gone(store, settings)
    for line in () if stands else stuck(context):
        yield False, line
    for fault in store.faults.all():
        yield False, f"set aside: {fault_line(city.calendar, fault)}"
    count, bad = store.audit.first_bad_row()
    yield bad is None, f"audit: {counted(count, 'row')}" if bad is None else f"audit: row {bad} was tampered with"


def _files_gone(store: Store, settings: Settings) -> Iterator[Finding]:
    """The files of the city with which a bot last ran, and that are not there now."""
    named = {fault.part for fault in store.faults.all()}
    there = read_texts(settings.city_dir)
    for name in sorted(store.city_texts.all()):
        if name not in there and f"{CITY_FILE}{name}" not in named:
            instead = "" if name in REQUIRED else ", or the bot starts without it"
            gone = f"city: {settings.city_dir / name} was there when a bot last ran, and is gone; put it back{instead}"
            yield False, gone


def _places(store: Store, city: City, platform: str) -> Iterator[Finding]:
    """Which places are no channel yet, or one in which nothing can be said."""
    known = store.chat.places.known(platform)
    name = spoken_platform(platform)
    for place in city.places.values():
        if place.id not in known and getattr(place, platform) is None:
            yield False, f"place {place.id}: not connected; say in its {name} channel: city connect {place.id}"
        elif place.id in known and (closed := known[place.id].closed):
            way = f"fix it, or say in another channel: city connect {place.id}"
            yield False, f"place {place.id}: its {name} channel: {closed}; {way}"


def _clock(clock: TrustedClock, context: Context) -> Iterator[Finding]:
    """Whether this machine's clock may be wrong, and those of the bots that run."""
    in_doubt = clocks_in_doubt(context)
    for line in in_doubt:
        yield False, f"clock: {line}"
    if clock.doubt and not in_doubt:
        shown, known = clock.machine.now(), context.calendar.spoken(clock.now())
        yield False, f"clock: this machine shows {shown:%Y-%m-%d %H:%M} UTC, but it is {known} or later: set it right"
    elif not in_doubt:
        yield True, "clock: it is right, as far as this machine and the database know"

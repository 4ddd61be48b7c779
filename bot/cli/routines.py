"""Routines: what the bot will send by itself, and sending one now."""

import argparse
import asyncio
import getpass
import json
from datetime import UTC

from bot.application import build_runtime
from bot.clock import RealClock
from bot.settings import read_settings
from handlers.kit.errors import ConfigurationError
from scheduler.ledger import Coming, Ledger
from scheduler.ledger import schedule as coming_days


def schedule(options: argparse.Namespace) -> int:
    """Print what is sent on the coming days, with the reason for each skip."""
    import handlers
    import scheduler
    from handlers.kit.city import read_city
    from handlers.kit.registry import load

    city = read_city(read_settings().city_dir)
    first = options.first or city.calendar.today(RealClock().now())
    coming = coming_days(load(handlers, scheduler), city, first, options.days)
    if options.json:
        print(json.dumps([_as_json(one) for one in coming]))
    else:
        print("\n".join(_as_line(one) for one in coming) or "Nothing is sent on these days.")
    return 0


def send(options: argparse.Namespace) -> int:
    """Send one routine now; the running bot delivers it within seconds."""
    runtime = build_runtime(read_settings())
    try:
        routine = runtime.catalogue.routines.get(options.routine)
        if routine is None:
            known = ", ".join(runtime.catalogue.routines)
            raise ConfigurationError("send", options.routine, f"there is no such routine; known are: {known}")
        city, now = runtime.city(), runtime.clock.now()
        day = options.date or city.calendar.today(now)
        ledger = Ledger(runtime.catalogue, runtime.platforms)
        by = f"command line: {getpass.getuser()}"[:60]
        person = asyncio.run(runtime.write(lambda store: ledger.fire_by_hand(routine, day, by, store, city, now)))
    finally:
        runtime.database.close()
    print(f"Queued {routine.name} for {person.name}. The running bot delivers it within seconds.")
    return 0


def _as_json(one: Coming) -> dict[str, str | None]:
    utc = one.local.astimezone(UTC).isoformat()
    return {"routine": one.routine, "local": one.local.isoformat(), "utc": utc, "to": one.to, "skipped": one.skipped}


def _as_line(one: Coming) -> str:
    line = f"{one.local:%a %Y-%m-%d %H:%M %z}  {one.routine}  to {one.to.replace('_', ' ')}"
    return f"{line}  skipped: {one.skipped}" if one.skipped else line

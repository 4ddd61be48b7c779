"""Faults: what broke and was set aside, as IT reads it, and which part of the bot does not succeed any more."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from handlers.kit.context import Context
from handlers.kit.lists import counted
from handlers.kit.time.calendar import Calendar
from storage.faults import Fault

PARTS = {  # what the bot does all the time, and what people call it
    "planning": "planning routines",
    "firing": "running timers",
    "delivery": "delivering messages",
    "writing": "writing to the database",
}
STALE = timedelta(seconds=40)  # with a check every 15 seconds, it is known within a minute
CITY_FILE = "city file "  # before a file's name: such a part stays set aside until the file is right
READ = timedelta(seconds=55)  # the same for a process that reads the row which such a check has written


def fault_line(calendar: Calendar, fault: Fault) -> str:
    """One part that is set aside: what, over whom or what it broke first, since when, how often, and why."""
    about = f" ({fault.about})" if fault.about else ""
    often = (
        f"since {calendar.spoken(fault.since)}, {counted(fault.count, 'time')}"
        if fault.count > 1
        else calendar.spoken(fault.since)
    )
    return f"{fault.part}{about}, {often}: {fault.error}"


def stuck_lines(calendar: Calendar, worked_at: Mapping[str, datetime], now: datetime, stale: timedelta) -> list[str]:
    """The parts of the bot that have not succeeded for too long, with when they last did."""
    return [
        f"{PARTS.get(part, part)} has not succeeded since {calendar.spoken(at)}"
        for part, at in worked_at.items()
        if now - at > stale
    ]


def mark(part: str) -> str:
    """The name of the mark that says when a part of the bot last succeeded."""
    return f"worked {part}"


def stuck(context: Context) -> list[str]:
    """The parts that do not succeed, by the rows that a running bot writes."""
    found = {part: context.store.time.checkpoints.at(mark(part)) for part in PARTS}
    return stuck_lines(context.calendar, {part: at for part, at in found.items() if at}, context.now, READ)

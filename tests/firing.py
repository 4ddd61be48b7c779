"""Firing: what a look of the bot plans and fires, at once."""

from datetime import datetime

from handlers.kit.city.model import City
from scheduler.ledger import Ledger
from scheduler.planning import Planning
from storage.database import Database
from storage.time.timers import DueTimer


def plan(database: Database, ledger: Ledger, city: City, now: datetime) -> None:
    """Plan what is to come, and write each portion of it, behind what the planning left for the writer."""
    for change in database.read(Planning(ledger, city, now).changes):
        database.submit_write(change).result()


def fire_timer(database: Database, ledger: Ledger, timer: DueTimer, city: City, now: datetime) -> None:
    """Fire one timer; one that is prepared is prepared on a reader first."""
    prepared = database.read(lambda store: ledger.prepare_timer(timer, store, city, now))
    database.submit_write(lambda store: ledger.fire_timer(timer, store, city, now, prepared)).result()

"""Told: a ledger on a real database that is told the time."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import text

from handlers.kit.catalogue import Catalogue
from handlers.kit.city.model import City
from handlers.kit.city.routines import RoutineFacts
from handlers.kit.context import Context
from handlers.kit.declared import Routine
from handlers.kit.messages import Card
from scheduler.ledger import Ledger
from storage.database import Database
from tests.firing import plan

MONDAY = date(2026, 11, 23)


def at(clock: str, day: date = MONDAY) -> datetime:
    """A moment by Riverton's wall clock, five hours behind Greenwich in November."""
    return datetime.combine(day, time.fromisoformat(clock), UTC) + timedelta(hours=5)


def tea(context: Context) -> Card:
    """Say that tea is ready."""
    return Card("Tea")


TEA = Routine("tea", tea, time(7, 30), "working days", "city_manager", time(12), notice=True, repeat=True)


@dataclass
class Bot:
    """A ledger on a real database that is told the time."""

    database: Database
    city: City
    catalogue: Catalogue = field(default_factory=lambda: Catalogue(routines={"tea": TEA}))

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.catalogue, ("desk",))

    def plan(self, now: datetime) -> None:
        plan(self.database, self.ledger, self.city, now)

    def fire(self, now: datetime) -> int:
        """Fire all that is due, one transaction each, as the application does, and give how many there were."""
        occurrences = self.database.read(lambda store: self.ledger.due_occurrences(store, now, 50))
        timers = self.database.read(lambda store: self.ledger.due_timers(store, now, 50))
        for occurrence in occurrences:
            self._fire_one(occurrence, self.ledger.fire, now)
        for timer in timers:
            self._fire_one(timer, self.ledger.fire_timer, now)
        return len(occurrences) + len(timers)

    def _fire_one(self, due: Any, fire: Callable[..., None], now: datetime) -> None:
        try:
            self.database.write(lambda store: fire(due, store, self.city, now))
        except Exception as problem:
            error = str(problem)
            self.database.write(lambda store: self.ledger.broke(due, store, self.city, now, error))

    def look(self, now: datetime) -> int:
        self.plan(now)
        return self.fire(now)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.database.read(lambda store: store.connection.execute(text(statement)).all())]

    @property
    def sent(self) -> list[str]:
        """The titles of what was queued, in order."""
        cards = self.rows("SELECT card FROM outbox ORDER BY id")
        return [Card.model_validate_json(card).title for (card,) in cards]

    @property
    def states(self) -> list[tuple[str, str]]:
        return [(str(day), state) for day, state in self.rows("SELECT day, state FROM occurrences ORDER BY day")]


def changed(city: City, **facts: Any) -> City:
    return replace(city, routines={"tea": RoutineFacts(**facts)})

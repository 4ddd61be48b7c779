"""Ledger: each occurrence and each timer once: plan, fire, catch up, expire.

An occurrence is keyed by (routine, local date, seat), so neither a restart, a second replica nor a changed hour makes
two. Firing one is one transaction: its state, its cards in the outbox and its audit row.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handlers.kit.city import City, Person
from handlers.kit.context import SYSTEM, Context
from handlers.kit.messages import Card, Note, Text
from handlers.kit.registry import Catalogue, Routine
from storage.database import Store
from storage.occurrences import Occurrence
from storage.timers import DueTimer

log = logging.getLogger("cityops.ledger")
PLANNED_AHEAD = timedelta(hours=48)


@dataclass(frozen=True)
class Coming:
    """One sending to come: when (city's wall clock), to whom, or the reason it is skipped."""

    routine: str
    local: datetime
    to: str
    skipped: str | None


@dataclass(frozen=True)
class Times:
    """When a routine speaks, as the city has it."""

    at: time
    on: str
    late_until: time


def times_of(routine: Routine, city: City) -> Times:
    """The routine's own times, with what city/routines.toml changes."""
    own = city.routines.get(routine.name)
    return Times(
        (own and own.at) or routine.at, (own and own.on) or routine.on, (own and own.late_until) or routine.late_until
    )


def schedule(catalogue: Catalogue, city: City, first: date, days: int) -> list[Coming]:
    """What is sent on these days, in order of time."""
    coming = [
        Coming(routine.name, city.calendar.local(city.calendar.instant(day, times.at)), routine.to, skip)
        for routine in catalogue.routines.values()
        for times in (times_of(routine, city),)
        for day, skip in city.calendar.days(times.on, first, days)
    ]
    return sorted(coming, key=lambda one: (one.local, one.routine))


def holder(city: City, seat: str) -> Person:
    """Who sits on a seat: the first person with the role."""
    return city.with_role(seat)[0]


@dataclass(frozen=True)
class Ledger:
    """Plans and fires; it is told the time and waits for nothing."""

    catalogue: Catalogue
    platforms: tuple[str, ...]

    def plan(self, store: Store, city: City, now: datetime) -> None:
        """Plan today and the next 48 hours; what was planned and not sent follows the city's changes.

        A routine that is new begins from now on: what it would have sent this morning was not missed, however often
        the rest of the day is planned.
        """
        store.occurrences.drop_unknown(list(self.catalogue.routines))
        for routine in self.catalogue.routines.values():
            days = list(self._days(routine, city, now))
            first = store.occurrences.first_day(routine.name)
            store.occurrences.drop_others(routine.name, routine.to, city.calendar.today(now), [day for day, *_ in days])
            for day, due_at, skip in days:
                if due_at >= now or (first is not None and day >= first):
                    store.occurrences.plan(routine.name, day, routine.to, due_at, skip)

    def _days(self, routine: Routine, city: City, now: datetime) -> Iterator[tuple[date, datetime, str | None]]:
        times, today = times_of(routine, city), city.calendar.today(now)
        last = city.calendar.today(now + PLANNED_AHEAD)
        for day, skip in city.calendar.days(times.on, today, (last - today).days + 1):
            yield day, city.calendar.instant(day, times.at), skip

    def due(self, store: Store, now: datetime) -> tuple[list[Occurrence], list[DueTimer]]:
        """What is to be fired now."""
        return store.occurrences.due(now), store.timers.due(now)

    def fire(self, occurrence: Occurrence, store: Store, city: City, now: datetime) -> None:
        """Send one occurrence, or let it expire when it is too late for it; does nothing when it was fired already."""
        routine = self.catalogue.routines[occurrence.routine]
        person = holder(city, occurrence.seat)
        context = self._context(store, city, now)
        until = city.calendar.instant(occurrence.day, times_of(routine, city).late_until)
        if now > until:
            self._expire(context, routine, occurrence, person, until)
            return
        if not store.occurrences.end(occurrence.id, "sent", now, person=person.id):
            return
        self._send(context, routine, person)
        context.note(f"{routine.name} {occurrence.day}", to=person.id)
        context.leave_trace(SYSTEM, f"routine {routine.name}")

    def fire_by_hand(self, routine: Routine, day: date, by: str, store: Store, city: City, now: datetime) -> Person:
        """Send a routine now because somebody asked; gives whom it went to."""
        context, person = self._context(store, city, now), holder(city, routine.to)
        store.occurrences.by_hand(routine.name, day, routine.to, now, person.id)
        self._send(context, routine, person)
        context.note(f"{routine.name} {day}", to=person.id, by_hand=True)
        context.leave_trace(by, f"routine {routine.name}")
        return person

    def fire_timer(self, timer: DueTimer, store: Store, city: City, now: datetime) -> None:
        """Call a timer's function; does nothing when it was fired or cancelled already."""
        if not store.timers.end(timer.id, "fired"):
            return
        context = self._context(store, city, now)
        self.catalogue.timers[timer.kind].function(context, timer.subject, timer.step)
        if context.wrote:
            context.leave_trace(SYSTEM, f"timer {timer.kind}")

    def broke(self, what: Occurrence | DueTimer, store: Store, now: datetime, error: str) -> None:
        """Set aside what cannot be fired, so that it is neither lost nor tried for ever; the morning check names it."""
        if isinstance(what, DueTimer):
            store.timers.end(what.id, "failed", error)
        else:
            store.occurrences.end(what.id, "needs_human", now, reason=error[:400])

    def _send(self, context: Context, routine: Routine, person: Person) -> None:
        card: Card | None = routine.function(context)
        if card is not None:
            context.post(f"dm:{person.id}", card, priority="prompt", repeat=True)

    def _expire(
        self, context: Context, routine: Routine, occurrence: Occurrence, person: Person, until: datetime
    ) -> None:
        calendar = context.city.calendar
        reason = f"the bot was down until {calendar.spoken(context.now)}"
        if not context.store.occurrences.end(occurrence.id, "expired", context.now, reason=reason, person=person.id):
            return
        title = f"The {routine.name.replace('-', ' ')} of {calendar.spoken(occurrence.due_at)} was not sent"
        card = Card(title, Text(f"It is of use until {calendar.clock(until)}, and {reason}."), Note(routine.help))
        context.post(f"dm:{person.id}", card, priority="digest", repeat=True)
        context.note(f"{routine.name} {occurrence.day}", expired=True)
        context.leave_trace(SYSTEM, f"routine {routine.name}")

    def _context(self, store: Store, city: City, now: datetime) -> Context:
        return Context(store=store, city=city, now=now, platforms=self.platforms)

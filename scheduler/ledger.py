"""Ledger: each occurrence and each timer once: plan, fire, catch up, expire.

An occurrence is keyed by (routine, local date, seat), so neither a restart, a second replica nor a changed hour makes
two. Firing one is one transaction: its state, its cards in the outbox and its audit row.
"""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers.kit.catalogue import Catalogue, Routine
from handlers.kit.city import City
from handlers.kit.coming import seats_of, slots, times_of
from handlers.kit.context import SYSTEM, Context, Sending
from handlers.kit.duty import Sitting
from handlers.kit.messages import Card, Note, Text
from handlers.kit.roster import Roster
from handlers.kit.speaking import chats
from storage.database import Store
from storage.occurrences import Occurrence
from storage.timers import DueTimer

log = logging.getLogger("cityops.ledger")
PLANNED_AHEAD = timedelta(hours=48)
PLANNED = "planned"  # the mark of the moment from which on all is planned


@dataclass(frozen=True)
class Ledger:
    """Plans and fires; it is told the time and waits for nothing."""

    catalogue: Catalogue
    platforms: tuple[str, ...]
    gateways: tuple[str, ...] = ()

    def plan(self, store: Store, city: City, now: datetime) -> None:
        """Plan what has become due since the last planning, and the next 48 hours.

        What was planned and not sent follows the city's changes. What is new begins from now on: what it would have
        sent this morning was not missed.
        """
        since = min(store.marks.at(PLANNED) or now, now)
        store.occurrences.drop_unknown(list(self.catalogue.routines))
        for routine in self.catalogue.routines.values():
            self._plan(routine, store, city, since, now)
        store.marks.set(PLANNED, now)

    def _plan(self, routine: Routine, store: Store, city: City, since: datetime, now: datetime) -> None:
        first, last = city.calendar.today(since), city.calendar.today(now + PLANNED_AHEAD)
        known = store.occurrences.from_day(routine.name, first)
        for day, due_at, seat, skip in slots(routine, city, first, (last - first).days + 1):
            planned = known.pop((day, seat), None)
            if planned is not None:
                store.occurrences.replan(planned, due_at, skip)
            elif due_at >= since:
                store.occurrences.plan(routine.name, day, seat, due_at, skip)
        for planned in known.values():
            store.occurrences.drop(planned)

    def due(self, store: Store, now: datetime, *, in_doubt: bool = False) -> tuple[list[Occurrence], list[DueTimer]]:
        """What is to be fired now; while the clock is in doubt, only the timers of a crisis."""
        if in_doubt:
            return [], store.timers.due_of(self.catalogue.counting_seconds, now)
        return store.occurrences.due(now), store.timers.due(now)

    def fire(self, occurrence: Occurrence, store: Store, city: City, now: datetime) -> None:
        """Send one occurrence, let it expire when it is too late for it, or skip it for somebody who is away.

        Does nothing when it was fired already.
        """
        routine = self.catalogue.routines[occurrence.routine]
        sits = self._sits(occurrence.seat, store, city, now)
        sending = self._sending(routine, occurrence.day, occurrence.seat, sits.person, store, city, now)
        newer = store.occurrences.newer(occurrence, now)
        if late := self._too_late(routine, occurrence, newer, city, now):
            self._expire(sending, routine, occurrence, late, told=not newer)
        elif sits.skipped:
            if store.occurrences.end(occurrence.id, "skipped", now, reason=sits.skipped, person=sits.person):
                sending.note(sending.ref, skipped=True)
                sending.leave_trace(SYSTEM, f"routine {routine.name}")
        elif store.occurrences.end(occurrence.id, "sent", now, person=sits.person):
            self._send(sending, routine)
            sending.note(sending.ref, to=sits.person)
            sending.leave_trace(SYSTEM, f"routine {routine.name}")

    def fire_by_hand(
        self, routine: Routine, day: date, by: str, store: Store, city: City, now: datetime
    ) -> list[str | None]:
        """Send a routine now because somebody asked, in quiet hours too; gives whom it went to."""
        told = []
        for seat in seats_of(routine, city, day):
            sits = self._sits(seat, store, city, now)
            if sits.skipped:
                continue
            sending = self._sending(routine, day, seat, sits.person, store, city, now)
            store.occurrences.by_hand(routine.name, day, seat, now, sits.person)
            self._send(sending, routine, priority="answer")
            sending.note(sending.ref, to=sits.person, by_hand=True)
            sending.leave_trace(by, f"routine {routine.name}")
            told.append(sits.person)
        return told

    def fire_timer(self, timer: DueTimer, store: Store, city: City, now: datetime) -> None:
        """Call a timer's function; does nothing when it was fired or cancelled already."""
        if not store.timers.end(timer.id, "fired"):
            return
        context = Context(store=store, city=city, now=now, platforms=self.platforms, gateways=self.gateways)
        self.catalogue.timers[timer.kind].function(context, timer.subject, timer.step)
        if context.wrote:
            context.leave_trace(SYSTEM, f"timer {timer.kind}")

    def broke(self, what: Occurrence | DueTimer, store: Store, now: datetime, error: str) -> None:
        """Set aside what cannot be fired, so that it is neither lost nor tried for ever; the morning check names it."""
        if isinstance(what, DueTimer):
            store.timers.end(what.id, "failed", error)
        else:
            store.occurrences.end(what.id, "needs_human", now, reason=error[:400])

    def _send(self, sending: Sending, routine: Routine, priority: str = "prompt") -> None:
        card: Card | None = routine.function(sending)
        if card is not None:
            sending.post(f"dm:{sending.person}", card, about=sending.ref, priority=priority, repeat=routine.repeat)

    def _too_late(self, routine: Routine, occurrence: Occurrence, newer: bool, city: City, now: datetime) -> str | None:
        """Why an occurrence is not sent any more, or None while it is of use."""
        until = times_of(routine, city).late_until
        if until is not None and now > city.calendar.instant(occurrence.day, until):
            return f"the bot was down until {city.calendar.spoken(now)}"
        return "a newer one was due as well" if newer else None

    def _expire(self, sending: Sending, routine: Routine, occurrence: Occurrence, reason: str, *, told: bool) -> None:
        """Let an occurrence expire; of several in a row, only the last one gives notice."""
        store, calendar = sending.store, sending.city.calendar
        if not store.occurrences.end(occurrence.id, "expired", sending.now, reason=reason, person=sending.person):
            return
        if routine.notice and told:
            title = f"The {routine.name.replace('-', ' ')} of {calendar.spoken(occurrence.due_at)} was not sent"
            until = times_of(routine, sending.city).late_until
            use = f"It is of use until {until:%H:%M}, and {reason}." if until else f"It was not sent: {reason}."
            card = Card(title, Text(use), Note(routine.help))
            sending.post(f"dm:{sending.person}", card, priority="prompt", repeat=True)
        sending.note(sending.ref, expired=True)
        sending.leave_trace(SYSTEM, f"routine {routine.name}")

    def _sits(self, seat: str, store: Store, city: City, now: datetime) -> Sitting:
        """Who is asked on a seat today."""
        return Roster(store, city, chats(self.platforms)).on(city.calendar.today(now)).seat(seat)

    def _sending(
        self, routine: Routine, day: date, seat: str, person: str | None, store: Store, city: City, now: datetime
    ) -> Sending:
        return Sending(
            store=store, city=city, now=now, platforms=self.platforms, gateways=self.gateways,
            routine=routine.name, day=day, seat=seat, person=person or SYSTEM,
        )  # fmt: skip

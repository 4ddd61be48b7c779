"""Ledger: each occurrence and each timer once: plan, fire, catch up, expire.

An occurrence is keyed by (routine, local date, seat), so neither a restart, a second replica nor a changed hour makes
two. Firing one is one transaction: its state, its cards in the outbox and its audit row.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from handlers.kit.catalogue import Catalogue
from handlers.kit.city.model import City
from handlers.kit.coming import missed_card, seats_of, slots, times_of
from handlers.kit.context import SYSTEM, Context, Sending
from handlers.kit.declared import Routine
from handlers.kit.duty import Sitting
from handlers.kit.messages import Card, Note, Text
from handlers.kit.parts import Broken, Part
from handlers.kit.roster import Roster
from handlers.kit.speaking import chats
from storage.database import Store
from storage.time.occurrences import Occurrence
from storage.time.timers import DueTimer

log = logging.getLogger("cityops.ledger")
PLANNED_AHEAD = timedelta(hours=48)
PLANNED = "planned"  # the mark of the last planning


@dataclass(frozen=True)
class Ledger:
    """Plans and fires; it is told the time and waits for nothing."""

    catalogue: Catalogue
    platforms: tuple[str, ...]
    gateways: tuple[str, ...] = ()

    def plan(self, store: Store, city: City, now: datetime) -> None:
        """Plan what has become due since the last planning, and the next 48 hours.

        What was planned and not sent follows the city's changes. What is new begins from now on: what it would have
        sent this morning was not missed. A routine that breaks is set aside; when it works again, it is planned from
        the moment it broke.
        """
        since = min(store.time.checkpoints.at(PLANNED) or now, now)
        broke_at = {fault.part: fault.since for fault in store.faults.all()}
        context = self._context(store, city, now)
        store.time.occurrences.drop_unknown(list(self.catalogue.routines))
        parts = [
            Part(part, partial(self._plan, routine, context, min(since, broke_at.get(part, since))))
            for routine in self.catalogue.routines.values()
            for part in (planning_of(routine),)
        ]
        for part, seats in zip(parts, context.each_apart(parts), strict=True):
            if part.name in broke_at and not isinstance(seats, Broken) and not any(map(_is_broken, seats)):
                store.faults.clear(part.name)
        store.time.checkpoints.set(PLANNED, now)

    def _plan(self, routine: Routine, context: Context, since: datetime) -> list[Broken | None]:
        """Plan every seat of a routine; a seat that breaks is set aside alone."""
        city, store = context.city, context.store
        first, last = city.calendar.today(since), city.calendar.today(context.now + PLANNED_AHEAD)
        known = store.time.occurrences.from_day(routine.name, first)
        coming = list(slots(routine, city, first, (last - first).days + 1))
        for key in known.keys() - {(day, seat) for day, _, seat, _ in coming}:
            store.time.occurrences.drop(known[key])

        def plan(day: date, due_at: datetime, seat: str, skip: str | None) -> None:
            planned = known.get((day, seat))
            if planned is not None:
                store.time.occurrences.replan(planned, due_at, skip)
            elif due_at >= since:
                store.time.occurrences.plan(routine.name, day, seat, due_at, skip)

        return context.each_apart([Part(planning_of(routine), partial(plan, *slot), slot[2]) for slot in coming])

    def due_occurrences(self, store: Store, now: datetime, most: int, in_doubt: bool = False) -> Sequence[Occurrence]:
        """The sendings that are to be fired now, at most so many, oldest first; none while the clock is in doubt."""
        return [] if in_doubt else store.time.occurrences.due(now, most)

    def due_timers(self, store: Store, now: datetime, most: int, in_doubt: bool = False) -> Sequence[DueTimer]:
        """The timers that are to be fired now, in the same way; while the clock is in doubt, only those of a crisis."""
        if in_doubt:
            return store.time.timers.due_of(self.catalogue.counting_seconds, now, most)
        return store.time.timers.due(now, most)

    def fire(self, occurrence: Occurrence, store: Store, city: City, now: datetime) -> None:
        """Send one occurrence, let it expire when it is too late for it, or skip it for somebody who is away.

        Does nothing when it was fired already.
        """
        routine = self.catalogue.routines[occurrence.routine]
        sits = self._sits(occurrence.seat, store, city, now)
        sending = self._sending(routine, occurrence.day, occurrence.seat, sits.person, store, city, now)
        newer = store.time.occurrences.newer(occurrence, now)
        if late := self._too_late(routine, occurrence, newer, city, now):
            self._expire(sending, routine, occurrence, late, told=not newer)
        elif sits.skipped:
            if store.time.occurrences.end(occurrence.id, "skipped", now, reason=sits.skipped, person=sits.person):
                sending.audit(sending.ref, skipped=True)
                sending.write_audit(SYSTEM, f"routine {routine.name}")
        elif store.time.occurrences.end(occurrence.id, "sent", now, person=sits.person):
            self._send(sending, routine)
            sending.audit(sending.ref, to=sits.person)
            sending.write_audit(SYSTEM, f"routine {routine.name}")
            store.faults.sound(f"routine {routine.name}", occurrence.seat)

    def fire_by_hand(
        self, routine: Routine, day: date, by: str, store: Store, city: City, now: datetime
    ) -> tuple[list[str | None], list[Broken]]:
        """Send a routine now because somebody asked, in quiet hours too; gives whom it went to, and what broke: a seat
        is set aside alone."""

        def fire(seat: str) -> list[str | None]:
            sits = self._sits(seat, store, city, now)
            if sits.skipped:
                return []
            sending = self._sending(routine, day, seat, sits.person, store, city, now)
            store.time.occurrences.by_hand(routine.name, day, seat, now, sits.person)
            self._send(sending, routine, priority="answer")
            sending.audit(sending.ref, to=sits.person, by_hand=True)
            sending.write_audit(by, f"routine {routine.name}")
            return [sits.person]

        context = self._context(store, city, now)
        seats = context.apart(f"seats of routine {routine.name}", partial(seats_of, routine, city, day))
        if isinstance(seats, Broken):
            return [], [seats]
        told = context.each_apart([Part(f"routine {routine.name}", partial(fire, seat), seat) for seat in seats])
        to = [person for persons in told if not isinstance(persons, Broken) for person in persons]
        return to, [broken for broken in told if isinstance(broken, Broken)]

    def fire_timer(self, timer: DueTimer, store: Store, city: City, now: datetime) -> None:
        """Call a timer's function; does nothing when it was fired or cancelled already."""
        if not store.time.timers.end(timer.id, "fired"):
            return
        context = self._context(store, city, now)
        self.catalogue.timers[timer.kind].function(context, timer.subject, timer.step)
        if context.wrote:
            context.write_audit(SYSTEM, f"timer {timer.kind}")

    def broke(self, what: Occurrence | DueTimer, store: Store, city: City, now: datetime, error: str) -> None:
        """Set aside what cannot be fired, so that it is neither lost nor tried for ever, and name it to IT.

        People who wait for a routine that gives notice are told.
        """
        if isinstance(what, DueTimer):
            if store.time.timers.end(what.id, "failed", error):
                store.faults.note(f"timer {what.kind}", error, now, about=f"{what.subject} {what.step}")
        elif store.time.occurrences.end(what.id, "needs_human", now, reason=error):
            store.faults.note(f"routine {what.routine}", error, now, about=what.seat)
            context = self._context(store, city, now)
            context.apart(f"notice of routine {what.routine}", partial(self._give_notice, what, context))

    def _give_notice(self, occurrence: Occurrence, context: Context) -> None:
        routine = self.catalogue.routines.get(occurrence.routine)
        if routine is None or not routine.notice:
            return
        sits = self._sits(occurrence.seat, context.store, context.city, context.now)
        if sits.person:
            name = routine.name.replace("-", " ")
            card = Card(
                f"The {name} could not be made", Text("Something in it broke. IT has been told."), Note(routine.help)
            )
            context.post(f"dm:{sits.person}", card, priority="prompt", repeat=True)

    def _send(self, sending: Sending, routine: Routine, priority: str = "prompt") -> None:
        card: Card | None = routine.function(sending)
        if card is not None:
            draws = sending.ref if routine.name in self.catalogue.drawers else None
            sending.post(
                f"dm:{sending.person}", card, ref=sending.ref, priority=priority, repeat=routine.repeat, draws=draws
            )

    def _too_late(self, routine: Routine, occurrence: Occurrence, newer: bool, city: City, now: datetime) -> str | None:
        """Why an occurrence is not sent any more, or None while it is still wanted."""
        until = times_of(routine, city).late_until
        if until is not None and now > city.calendar.instant(occurrence.day, until):
            return f"the bot was down until {city.calendar.spoken(now)}"
        return "a newer one was due as well" if newer else None

    def _expire(self, sending: Sending, routine: Routine, occurrence: Occurrence, reason: str, *, told: bool) -> None:
        """Let an occurrence expire; of several in a row, only the last one gives notice."""
        if not sending.store.time.occurrences.end(
            occurrence.id, "expired", sending.now, reason=reason, person=sending.person
        ):
            return
        if routine.notice and told:
            card = missed_card(sending.city, routine, occurrence.due_at, reason)
            sending.post(f"dm:{sending.person}", card, priority="prompt", repeat=True)
        sending.audit(sending.ref, expired=True)
        sending.write_audit(SYSTEM, f"routine {routine.name}")

    def _sits(self, seat: str, store: Store, city: City, now: datetime) -> Sitting:
        """Who is asked on a seat today."""
        return Roster(store, city, chats(self.platforms)).on(city.calendar.today(now)).seat(seat)

    def _context(self, store: Store, city: City, now: datetime) -> Context:
        return Context(store=store, city=city, now=now, platforms=self.platforms, gateways=self.gateways)

    def _sending(
        self, routine: Routine, day: date, seat: str, person: str | None, store: Store, city: City, now: datetime
    ) -> Sending:
        return Sending(
            store=store, city=city, now=now, platforms=self.platforms, gateways=self.gateways,
            routine=routine.name, day=day, seat=seat, person=person or SYSTEM,
        )  # fmt: skip


def planning_of(routine: Routine) -> str:
    """The name under which the planning of a routine is set aside."""
    return f"planning of routine {routine.name}"


def _is_broken(found: object) -> bool:
    return isinstance(found, Broken)

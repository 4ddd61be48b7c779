"""Ledger: each occurrence and each timer once: fire, catch up, expire.

An occurrence is keyed by (routine, local date, seat), so neither a restart, a second replica nor a changed hour makes
two. Firing one is one transaction: its state, its cards in the outbox and its audit row.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from handlers.kit.catalogue import Catalogue
from handlers.kit.city.model import City
from handlers.kit.coming import missed_card, seats_of, times_of
from handlers.kit.context import SYSTEM, Context, Sending
from handlers.kit.declared import Routine
from handlers.kit.duty import Sitting
from handlers.kit.messages import Card, Text
from handlers.kit.parts import Broken, Part
from handlers.kit.pieces import Write
from scheduler.batch import counts_of
from storage.database import Store
from storage.time.occurrences import Occurrence
from storage.time.timers import DueTimer

log = logging.getLogger("cityops.ledger")
Due = Occurrence | DueTimer


@dataclass(frozen=True)
class Ledger:
    """Fires what is planned; it is told the time and waits for nothing."""

    catalogue: Catalogue
    platforms: tuple[str, ...]
    gateways: tuple[str, ...] = ()

    @property
    def _in_pieces(self) -> frozenset[str]:
        return frozenset(name for name, routine in self.catalogue.routines.items() if routine.in_pieces)

    def due_occurrences(self, store: Store, now: datetime, most: int, in_doubt: bool = False) -> Sequence[Occurrence]:
        """The sendings that are to be fired now, at most so many, oldest first; none while the clock is in doubt, nor
        those in pieces."""
        return [] if in_doubt else store.time.occurrences.due(now, most, besides=self._in_pieces)

    def due_in_pieces(self, store: Store, now: datetime, most: int, in_doubt: bool = False) -> Sequence[Occurrence]:
        """The sendings in pieces that are to begin or go on now, in the same way."""
        return [] if in_doubt else store.time.occurrences.due_of(self._in_pieces, now, most)

    def due_timers(self, store: Store, now: datetime, most: int, in_doubt: bool = False) -> Sequence[DueTimer]:
        """The timers that are to be fired now, in the same way; while the clock is in doubt, only those of a crisis."""
        return self.due_in_a_crisis(store, now, most) if in_doubt else store.time.timers.due(now, most)

    def due_in_a_crisis(self, store: Store, now: datetime, most: int, in_doubt: bool = False) -> Sequence[DueTimer]:
        """The timers of a crisis that are to be fired now, whether the clock is in doubt or not."""
        return store.time.timers.due_of(self.catalogue.counting_seconds, now, most)

    def fire(self, occurrence: Occurrence, store: Store, city: City, now: datetime) -> None:
        """Send one occurrence, let it expire when it is too late for it, or skip it for somebody who is away.

        Does nothing when it was fired already.
        """
        routine = self.catalogue.routines[occurrence.routine]
        sending, sits = self.seated(routine, occurrence.day, occurrence.seat, store, city, now)
        if self.is_over(occurrence, sending, sits):
            return
        if store.time.occurrences.end(occurrence.id, "sent", now, person=sits.person):
            self._send(sending, routine)
            sending.audit(sending.ref, to=sits.person)
            sending.write_audit(SYSTEM, f"routine {routine.name}")
            store.faults.sound(f"routine {routine.name}", occurrence.seat)

    def is_over(self, occurrence: Occurrence, sending: Sending, sits: Sitting) -> bool:
        """Whether an occurrence is not to be sent any more: it is too late for it, or who would get it is away. Then it
        ends."""
        store, now, routine = sending.store, sending.now, self.catalogue.routines[occurrence.routine]
        newer = store.time.occurrences.newer(occurrence, now)
        if late := self._too_late(routine, occurrence, newer, sending.city, now):
            self._expire(sending, routine, occurrence, late, told=not newer)
        elif (why := sits.skipped) and store.time.occurrences.end(
            occurrence.id, "skipped", now, reason=why, person=sits.person
        ):
            sending.audit(sending.ref, skipped=True)
            sending.write_audit(SYSTEM, f"routine {routine.name}")
        return bool(late or sits.skipped)

    def fire_by_hand(
        self, routine: Routine, day: date, by: str, store: Store, city: City, now: datetime
    ) -> tuple[list[str | None], list[Broken]]:
        """Send a routine now because somebody asked, in quiet hours too; gives whom it went to, and what broke: a seat
        is set aside alone."""

        def fire(seat: str) -> list[str | None]:
            sending, sits = self.seated(routine, day, seat, store, city, now)
            if sits.skipped:
                return []
            store.time.occurrences.by_hand(routine.name, day, seat, now, sits.person)
            self._send(sending, routine, by)
            sending.audit(sending.ref, to=sits.person, by_hand=True)
            sending.write_audit(by, f"routine {routine.name}")
            return [sits.person]

        context = self.context(store, city, now)
        seats = self._seats(routine, day, context)
        if isinstance(seats, Broken):
            return [], [seats]
        told = context.each_apart([Part(f"routine {routine.name}", partial(fire, seat), seat) for seat in seats])
        to = [person for persons in told if not isinstance(persons, Broken) for person in persons]
        return to, [broken for broken in told if isinstance(broken, Broken)]

    def begin_by_hand(
        self, routine: Routine, day: date, store: Store, city: City, now: datetime
    ) -> tuple[list[tuple[Occurrence, str | None]], list[Broken]]:
        """The same for one in pieces: its occurrences, each with whom it is for, that are to be worked off now."""
        seats, begun = self._seats(routine, day, self.context(store, city, now)), list[tuple[Occurrence, str | None]]()
        if isinstance(seats, Broken):
            return [], [seats]
        for seat in seats:
            sits = self.seated(routine, day, seat, store, city, now)[1]
            if not sits.skipped:
                number = store.time.occurrences.by_hand(routine.name, day, seat, now, sits.person)
                begun.append((Occurrence(number, routine.name, day, seat, now), sits.person))
        return begun, []

    def _seats(self, routine: Routine, day: date, context: Context) -> Sequence[str] | Broken:
        return context.apart(f"seats of routine {routine.name}", partial(seats_of, routine, context.city, day))

    def prepare_timer(self, timer: DueTimer, store: Store, city: City, now: datetime) -> Write | None:
        """What a timer that is ``prepared`` has to write, on a reader. Raises what its function raises."""
        declared, context = self.catalogue.timers[timer.kind], self.context(store, city, now)
        return declared.function(context, timer.subject, timer.step) if declared.prepared else None

    def fire_timer(
        self, timer: DueTimer, store: Store, city: City, now: datetime, prepared: Write | None = None
    ) -> None:
        """Call a timer's function, or write what it has prepared; does nothing when it was fired or cancelled
        already."""
        if not store.time.timers.end(timer.id, "fired"):
            return
        context, declared = self.context(store, city, now), self.catalogue.timers[timer.kind]
        if not declared.prepared:
            declared.function(context, timer.subject, timer.step)
        elif prepared:
            prepared(context)
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
            context = self.context(store, city, now)
            context.apart(f"notice of routine {what.routine}", partial(self._give_notice, what, context))

    def _give_notice(self, occurrence: Occurrence, context: Context) -> None:
        routine = self.catalogue.routines.get(occurrence.routine)
        if routine is None or not routine.notice:
            return
        sits = context.duties.seat(occurrence.seat)
        if sits.person:
            card = Card(
                f"The {routine.spoken} could not be made",
                Text("Something in it broke. IT has been told. To see what waits for you now: city today"),
            )
            context.post(f"dm:{sits.person}", card, priority="prompt", repeat=True)

    def _send(self, sending: Sending, routine: Routine, by: str | None = None) -> None:
        card: Card | None = routine.function(sending)
        if card is not None:
            self.post(sending, routine, by, card)

    def post(self, sending: Sending, routine: Routine, by: str | None, card: Card) -> None:
        """Queue the card of a routine for who sits on the seat; at once, where somebody has asked for it."""
        draws, priority = sending.ref if routine.name in self.catalogue.drawers else None, "answer" if by else "prompt"
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
        sending.audit(sending.ref, expired=True, **counts_of(sending.store, occurrence.id))
        sending.write_audit(SYSTEM, f"routine {routine.name}")

    def context(self, store: Store, city: City, now: datetime) -> Context:
        return Context(store=store, city=city, now=now, platforms=self.platforms, gateways=self.gateways)

    def seated(
        self, routine: Routine, day: date, seat: str, store: Store, city: City, now: datetime
    ) -> tuple[Sending, Sitting]:
        """A sending of a routine, and who sits on its seat today."""
        sending = Sending(
            store=store, city=city, now=now, platforms=self.platforms, gateways=self.gateways,
            routine=routine.name, day=day, seat=seat, person=SYSTEM,
        )  # fmt: skip
        sits = sending.duties.seat(seat)
        sending.person = sits.person or SYSTEM
        return sending, sits

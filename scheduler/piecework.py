"""Piecework: the occurrences of routines that are sent in pieces: prepared on a reader, written between requests.

Each piece has a row (occurrence, key) in the transaction that writes it. So a process may die anywhere, and two may
work on the same occurrence: who goes on finds what is still to be written. The occurrence ends with the last piece.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from handlers.kit.city.model import City
from handlers.kit.context import SYSTEM, Sending
from handlers.kit.declared import Routine
from handlers.kit.duty import Sitting
from handlers.kit.parts import Broken
from handlers.kit.pieces import Piece
from scheduler.batch import AT_ONCE, BROKE, WRITTEN, Batch, Ready, Span, counts_of
from scheduler.ledger import Ledger
from storage.database import Store
from storage.time.occurrences import Occurrence


@dataclass(frozen=True)
class Piecework:
    """What is done of one occurrence in one transaction; somebody (``by``) may have asked for it."""

    ledger: Ledger
    occurrence: Occurrence
    by: str | None = None
    tries: Counter[str] = field(default_factory=Counter)  # how often a piece was prepared in vain, by its key
    needless: set[str] = field(default_factory=set)  # the keys for which there is nothing to write
    broken: list[Broken] = field(default_factory=list)

    @property
    def routine(self) -> Routine:
        return self.ledger.catalogue.routines[self.occurrence.routine]

    def begin(self, city: City, now: datetime, store: Store) -> bool:
        """Whether it is to be prepared now: it may have ended, be too late, or be for somebody who is away.

        What was asked before this moment is committed then, so that the reader sees it.
        """
        return self._open(city, now, store) is not None

    def prepare(self, city: City, now: datetime, store: Store) -> Ready:
        """The next pieces, on a reader. Raises what the routine raises."""
        sending, _ = self._seated(city, now, store)
        sending.done, seen = store.time.pieces.done(self.occurrence.id) | self.needless, store.audit.length()
        pieces, more = list[Piece](), False
        for piece in self.routine.function(sending):
            if piece.write is None:
                self.needless.add(piece.key)
            elif piece.key not in sending.done:
                pieces.append(piece)
                if more := piece.alone or len(pieces) >= AT_ONCE:
                    break
        return Ready(pieces, now, sending.person, seen, more)

    def write(self, ready: Ready, city: City, now: datetime, store: Store) -> Ready | None:
        """Write the next of these pieces, for some milliseconds; gives what is left to be done, None when the
        occurrence has ended. What was prepared for somebody who is not asked any more is prepared again."""
        span, sending = Span(), self._open(city, now, store)
        if sending is None:
            return None
        if sending.person != ready.person:
            return replace(ready, pieces=(), more=True)
        if ready.pieces:
            give = partial(self.ledger.post, sending, self.routine, self.by)
            ready = Batch(sending, self.occurrence.id, self.tries, give).write(ready, span)
            self.broken.extend(sending.broken)
        if ready.pieces or ready.more:
            return ready
        self._end(ready, sending)
        return None

    def _open(self, city: City, now: datetime, store: Store) -> Sending | None:
        """The sending as it is now; None when it has ended, which it does when it is too late for it."""
        if not store.time.occurrences.take(self.occurrence.id, now):
            return None
        sending, sits = self._seated(city, now, store)
        over = not self.by and self.ledger.is_over(self.occurrence, sending, sits)
        return None if over else sending

    def _seated(self, city: City, now: datetime, store: Store) -> tuple[Sending, Sitting]:
        return self.ledger.seated(self.routine, self.occurrence.day, self.occurrence.seat, store, city, now)

    def _end(self, ready: Ready, sending: Sending) -> None:
        """End it with its row in the audit; where every piece broke, all of it did."""
        occurrence, store, counts = self.occurrence, sending.store, counts_of(sending.store, self.occurrence.id)
        if counts.keys() == {BROKE} and not self.by:
            self.ledger.broke(occurrence, store, sending.city, sending.now, "every piece of it broke")
            return
        person = None if sending.person == SYSTEM else sending.person
        if not self.by:
            store.time.occurrences.end(occurrence.id, "sent", ready.at, person=person)
        asked = {"by_hand": True} if self.by else {}
        sending.audit(sending.ref, to=person, **{WRITTEN: 0, **counts}, **asked)
        sending.write_audit(self.by or SYSTEM, f"routine {self.routine.name}")
        store.faults.sound(f"routine {self.routine.name}", occurrence.seat)

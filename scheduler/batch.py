"""Batch: the pieces of an occurrence that are written in one transaction, for a few milliseconds."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from time import monotonic
from typing import TypeVar

from handlers.kit.context import SYSTEM, Sending
from handlers.kit.errors import NotNeeded
from handlers.kit.messages import Card
from handlers.kit.parts import Broken, Part
from handlers.kit.pieces import Outdated, Piece
from storage.database import Store

LONGEST = 0.02  # seconds for which a batch holds the writer; what waits goes between two of them
AT_ONCE = 500  # pieces that are prepared together, so that they are written soon, and a large city takes no more memory
SHORTEST = 0.00001  # seconds that a work takes at least
TRIES = 3  # how often a piece is prepared because its records change; then it is written as it was prepared

T = TypeVar("T")
WRITTEN, LEFT_OUT, BROKE, OUTDATED = "written", "left out", "broke", "outdated"


def _ends() -> float:
    return monotonic() + LONGEST


@dataclass
class Span:
    """The time for which a batch holds the writer, from when this is made; ``count`` works of it are begun."""

    count: int = 0
    _until: float = field(default_factory=_ends)
    _since: float = 0.0  # when the first work began

    def next(self, works: Sequence[T]) -> Sequence[T]:
        """The next of these works: the first one, then as many as should fit into half of the time that is left."""
        now = monotonic()
        if not self.count:
            self._since, fits = now, 1
        else:
            each = max((now - self._since) / self.count, SHORTEST)
            fits = max(0, int((self._until - now) / 2 / each))
        few = works[self.count : self.count + fits]
        self.count += len(few)
        return few


@dataclass(frozen=True)
class Ready:
    """Pieces that a reader has prepared at a moment for a person, when the audit had ``seen`` rows; ``more`` says that
    others are to be prepared when these are written."""

    pieces: Sequence[Piece]
    at: datetime
    person: str
    seen: int
    more: bool


@dataclass(frozen=True)
class Batch:
    """What is written of an occurrence in one transaction. ``tries`` counts how often a piece was prepared in vain, by
    its key; ``give`` queues a card for who sits on the seat."""

    sending: Sending
    occurrence: int
    tries: Counter[str]
    give: Callable[[Card], None]

    def write(self, ready: Ready, span: Span) -> Ready:
        """Write pieces until the time is over, at least one; gives what is left to be done. A piece that breaks is set
        aside, and the others are written."""
        outdated, changed = False, self.sending.store.audit.named_after(ready.seen)
        while few := span.next(ready.pieces):
            outdated = OUTDATED in self._write(few, changed) or outdated
        if self.sending.noted:
            self.sending.write_audit(SYSTEM, f"routine {self.sending.routine}")
        return replace(ready, pieces=ready.pieces[span.count :], more=ready.more or outdated)

    def _write(self, pieces: Sequence[Piece], changed: frozenset[str]) -> list[str | Broken]:
        part, store = f"routine {self.sending.routine}", self.sending.store
        self.sending.roster.read([piece.key for piece in pieces])
        parts = [Part(part, partial(self._written, piece, changed), piece.key) for piece in pieces]
        states = self.sending.each_apart(parts)
        for piece, state in zip(pieces, states, strict=True):
            if isinstance(state, Broken):
                store.time.pieces.set(self.occurrence, piece.key, BROKE)
            self.tries[piece.key] += state == OUTDATED
        self.sending.broken += [piece.write for piece in pieces if isinstance(piece.write, Broken)]
        return states

    def _written(self, piece: Piece, changed: frozenset[str]) -> str | Broken:
        """What becomes of a piece, as things stand now."""
        pieces, is_last_try = self.sending.store.time.pieces, self.tries[piece.key] >= TRIES
        if piece.about & changed and not is_last_try:
            return OUTDATED
        if not pieces.add(self.occurrence, piece.key):
            return WRITTEN  # by somebody else in the meantime
        if isinstance(piece.write, Broken):
            return piece.write
        self.sending.as_prepared = is_last_try
        try:
            card = piece.write(self.sending) if piece.write else None
        except NotNeeded:
            pieces.set(self.occurrence, piece.key, LEFT_OUT)
            return LEFT_OUT
        except Outdated:
            if is_last_try:
                raise
            pieces.remove(self.occurrence, piece.key)
            return OUTDATED
        if card is not None:
            self.give(card)
        return WRITTEN


def counts_of(store: Store, occurrence: int) -> dict[str, int]:
    """How many pieces of an occurrence were written, left out and broke, for the audit."""
    return {state.replace(" ", "_"): count for state, count in store.time.pieces.counts(occurrence).items()}

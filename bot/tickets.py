"""Tickets: a request that nobody has begun in time is withdrawn; one that has begun answers later.

The door and the database thread agree under a lock whether the answer still finds somebody waiting: either it is
given at once, or its outbox row is part of the same transaction.
"""

import asyncio
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Patience:
    """How long a door waits, in seconds: Slack closes after 3 (platform rule), the rest is the way there and back."""

    begin: float = 2.0
    answer: float = 2.5


class Withdrawn(Exception):
    """The request had not begun in time; it never will."""


class Late(Exception):
    """The request is being worked on, and ``waiting`` ends with it; its answer comes through the outbox."""

    def __init__(self, waiting: "asyncio.Future[Any]") -> None:
        super().__init__()
        self.waiting = waiting


@dataclass
class Ticket:
    """One request's agreement: ``late`` when the door has left, ``sealed`` when the transaction is about to commit."""

    late: bool = False
    sealed: bool = False
    _lock: Lock = field(default_factory=Lock)

    def leave(self) -> bool:
        """The door stops waiting; False when the answer is about to come."""
        with self._lock:
            self.late = not self.sealed
            return self.late

    def seal(self) -> bool:
        """The transaction is about to commit; True when the door has left, so that the answer must be queued."""
        with self._lock:
            self.sealed = True
            return self.late


async def wait_for(future: "Future[T]", waiting: "asyncio.Future[T]", ticket: Ticket, patience: Patience) -> T:
    """The result of a queued request, which ``waiting`` wraps; raises Withdrawn or Late when it takes too long."""
    if (await asyncio.wait({waiting}, timeout=patience.begin))[0]:
        return waiting.result()
    if future.cancel():
        raise Withdrawn
    if (await asyncio.wait({waiting}, timeout=patience.answer - patience.begin))[0] or not ticket.leave():
        return await waiting
    raise Late(waiting)

"""Cut: a real runtime and database, with a routine in pieces that greets everybody."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import time
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import text

from bot.piecework import work_off
from bot.runtime import Runtime
from handlers.kit.catalogue import Catalogue
from handlers.kit.context import Sending
from handlers.kit.declared import Routine
from handlers.kit.errors import NotNeeded
from handlers.kit.messages import Card
from handlers.kit.pieces import Piece, refs_in
from handlers.kit.seats import EVERYBODY
from scheduler.batch import Ready
from scheduler.ledger import Ledger
from scheduler.piecework import Piecework
from storage.database import Store
from storage.time.occurrences import Occurrence
from tests.scheduler.told import MONDAY, at

T = TypeVar("T")


def greet(sending: Sending) -> Iterator[Piece]:
    """Say hello to everybody, with the newest risk."""
    newest = sending.store.risk.records.find("R-1")
    words = f"Hello. R-1: {newest.title}" if newest else "Hello."
    for person in sending.city.people:
        yield Piece(person, partial(say_hello, person, words), refs_in(words))


def say_hello(person: str, words: str, sending: Sending) -> None:
    if sending.duties.why_not(person):
        raise NotNeeded("they are not there any more")
    sending.post(f"dm:{person}", Card(words))


GREET = Routine("greet", greet, time(8, 30), "every day", EVERYBODY, time(16), in_pieces=True)


@dataclass
class Cut:
    """What a look does with the greeting, batch by batch."""

    runtime: Runtime
    planned: Occurrence
    routine: Routine = GREET

    @property
    def ledger(self) -> Ledger:
        return Ledger(Catalogue(routines={"greet": self.routine}), self.runtime.platforms)

    def work(self, by: str | None = None) -> Piecework:
        return Piecework(self.ledger, self.planned, by)

    async def goes_on(self) -> None:
        await work_off(self.runtime, self.work())

    def prepared(self, work: Piecework) -> Ready:
        return self.runtime.database.read(partial(work.prepare, self.runtime.city(), self.runtime.clock.now()))

    def written(self, work: Piecework, ready: Ready) -> Ready | None:
        return self.write(partial(work.write, ready, self.runtime.city(), self.runtime.clock.now()))

    def write(self, work: Callable[[Store], T]) -> T:
        return self.runtime.database.write(work)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        return [
            tuple(row)
            for row in self.runtime.database.read(lambda store: store.connection.execute(text(statement)).all())
        ]

    @property
    def greeted(self) -> list[str]:
        """Whom a greeting is queued for, in order."""
        asked = "SELECT place FROM outbox WHERE card LIKE '%Hello.%' ORDER BY id"
        return [place.removeprefix("dm:") for (place,) in self.rows(asked)]

    @property
    def state(self) -> str:
        [(state,)] = self.rows("SELECT state FROM occurrences WHERE routine = 'greet'")
        return str(state)

    @property
    def audited(self) -> list[str]:
        return [facts for (facts,) in self.rows("SELECT facts FROM audit WHERE act = 'routine greet' ORDER BY number")]


def begun(runtime: Runtime, seat: str = EVERYBODY, routine: Routine = GREET) -> Cut:
    """The greeting of Monday, which is due."""

    def plan(store: Store) -> Occurrence:
        store.time.occurrences.plan("greet", MONDAY, seat, at("08:30"), None)
        [due] = store.time.occurrences.due_of(["greet"], at("08:30"), 50)
        return due

    return Cut(runtime, runtime.database.write(plan), routine)

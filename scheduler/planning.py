"""Planning: which occurrences there are to be, worked out on a reader and written in portions."""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import TypeVar

from handlers.kit.city.model import City
from handlers.kit.coming import slots
from handlers.kit.declared import Routine
from handlers.kit.parts import Broken, Part
from scheduler.ledger import Ledger
from storage.database import DatabaseUnavailable, Store
from storage.time.occurrences import Planned

log = logging.getLogger("cityops.planning")
AHEAD = timedelta(hours=48)
PLANNED = "planned"  # the mark of the last planning
AT_ONCE = 100  # occurrences in one portion: a few milliseconds
T = TypeVar("T")
Slot = tuple[date, datetime, str, str | None]  # a day, when it is due, its seat and the reason to skip it
Change = Callable[[Store], None]


@dataclass(frozen=True)
class Planning:
    """One planning, at a moment: what has become due since the last one, and the next 48 hours.

    What was planned and not sent follows the city's changes. What is new begins from now on: what it would have sent
    this morning was not missed. A routine or a seat that breaks is set aside alone; when it works again, it is planned
    from the moment it broke.
    """

    ledger: Ledger
    city: City
    now: datetime
    broken: set[str] = field(default_factory=set)  # the names of the parts that broke

    def changes(self, store: Store) -> list[Change]:
        """What is to be written, in this order, each a portion; this only reads."""
        since = min(store.time.checkpoints.at(PLANNED) or self.now, self.now)
        broke_at = {fault.part: fault.since for fault in store.faults.all()}
        parts = {
            part: Part(part, partial(self._of, routine, store, min(since, broke_at.get(part, since))))
            for routine in self.ledger.catalogue.routines.values()
            for part in (planning_of(routine),)
        }
        found = self.ledger.context(store, self.city, self.now).each_apart(list(parts.values()))
        self.broken.update(found.part for found in found if isinstance(found, Broken))
        portions = [portion for changes in found if not isinstance(changes, Broken) for portion in changes]
        return [self._drop_unknown, *portions, partial(self._finish, parts.keys() & broke_at.keys())]

    def _of(self, routine: Routine, store: Store, since: datetime) -> list[Change]:
        """The changes of one routine."""
        city = self.city
        first, last = city.calendar.today(since), city.calendar.today(self.now + AHEAD)
        known = store.time.occurrences.from_day(routine.name, first)
        coming = list(slots(routine, city, first, (last - first).days + 1))
        gone = [known[key] for key in known.keys() - {(day, seat) for day, _, seat, _ in coming}]
        new = [slot for slot in coming if (slot[0], slot[2]) not in known and slot[1] >= since]
        again = [(known[slot[0], slot[2]], slot) for slot in coming if (slot[0], slot[2]) in known]
        moved = [(planned, slot) for planned, slot in again if planned.is_moved(slot[1], slot[3])]
        return [
            *(partial(self._drop, routine, some) for some in _portions(gone)),
            *(partial(self._move, routine, some) for some in _portions(moved)),
            *(partial(self._plan, routine, some) for some in _portions(new)),
        ]

    def _drop(self, routine: Routine, some: Sequence[Planned], store: Store) -> None:
        self._each(routine, [(planned.seat, partial(_take_back, planned, store)) for planned in some], store)

    def _move(self, routine: Routine, some: Sequence[tuple[Planned, Slot]], store: Store) -> None:
        move = store.time.occurrences.replan
        changes = [(slot[2], partial(move, planned, slot[1], slot[3])) for planned, slot in some]
        self._each(routine, changes, store)

    def _plan(self, routine: Routine, some: Sequence[Slot], store: Store) -> None:
        """Plan these together; where one breaks, each alone."""
        plan = partial(store.time.occurrences.plan_all, routine.name)
        try:
            store.attempt(lambda: plan(some))
        except DatabaseUnavailable:
            raise
        except Exception:
            log.debug("an occurrence cannot be planned; each is planned alone", exc_info=True)
            self._each(routine, [(slot[2], partial(plan, [slot])) for slot in some], store)

    def _each(self, routine: Routine, changes: Sequence[tuple[str, Callable[[], None]]], store: Store) -> None:
        """Make each change of a seat; one that breaks is set aside alone."""
        parts = [Part(planning_of(routine), change, seat) for seat, change in changes]
        found = self.ledger.context(store, self.city, self.now).each_apart(parts)
        self.broken.update(part.part for part in found if isinstance(part, Broken))

    def _drop_unknown(self, store: Store) -> None:
        store.time.occurrences.drop_unknown(list(self.ledger.catalogue.routines))

    def _finish(self, broken_before: Collection[str], store: Store) -> None:
        """Say up to when all is planned, and which routines can be planned again."""
        for part in set(broken_before) - self.broken:
            store.faults.clear(part)
        store.time.checkpoints.set(PLANNED, self.now)


def _take_back(planned: Planned, store: Store) -> None:
    """Take back an occurrence, with what is written of it: its number may be given again."""
    if store.time.occurrences.drop(planned):
        store.time.pieces.remove_all(planned.id)


def planning_of(routine: Routine) -> str:
    """The name under which the planning of a routine is set aside."""
    return f"planning of routine {routine.name}"


def _portions(things: Sequence[T]) -> Iterator[Sequence[T]]:
    return (things[start : start + AT_ONCE] for start in range(0, len(things), AT_ONCE))

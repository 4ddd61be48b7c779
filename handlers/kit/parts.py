"""Parts: what each feature contributes, behind a savepoint of its own; what breaks is set aside, and the rest goes on.

Where many contribute, all of them run behind one savepoint first, which costs two statements however many they are.
Only when one breaks, all is taken back and each runs again behind its own.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Generic, TypeVar

from handlers.kit.acting import Acting
from handlers.kit.errors import UnknownAccount
from handlers.kit.messages import Note, capitalized
from handlers.kit.persons import Persons
from storage.faults import in_words
from storage.trouble import DatabaseUnavailable

MOST_LOST = 20  # people over whom a part breaks who are found one by one; where they are more, all of it is broken
log = logging.getLogger("cityops.parts")
T = TypeVar("T")
Instead = TypeVar("Instead")
Given = TypeVar("Given", covariant=True)


@dataclass(frozen=True)
class Part(Generic[Given]):
    """One contribution: ``name`` is what it is set aside under, such as "routine standup"; ``about`` whom or what it
    runs for, an id or a reference."""

    name: str
    function: Callable[[], Given]
    about: str = ""


@dataclass(frozen=True)
class SetPart(Generic[Given]):
    """One contribution that answers for a set of people at once: what it gives for each of them, by their ids."""

    name: str
    function: Callable[[Persons], Mapping[str, Given]]
    persons: Persons


@dataclass(frozen=True)
class Broken:
    """In the place of what a part gives: it broke and was set aside."""

    part: str
    about: str = ""


@dataclass(kw_only=True)
class Parts(Acting):
    """What a transaction asks of the features. ``noted`` is what the audit will say of it."""

    noted: list[tuple[str | None, Mapping[str, Any]]] = field(default_factory=list)
    begun: set[str] = field(default_factory=set)  # the records that begin here, by reference
    broken: list[Broken] = field(default_factory=list)  # each part once
    undone: list[str] = field(default_factory=list)  # what should have followed and broke, as people read it
    undos: list[int] = field(default_factory=list)  # what this does and can be taken back, see kit/undo
    meets: bool = False  # whether an account that nobody knows is introduced, and all of it run again
    _together: bool = False

    def apart(self, name: str, function: Callable[[], T], *, about: str = "") -> T | Broken:
        """What one contribution gives, or Broken: then what it wrote is taken back, and it is named to IT."""
        [found] = self.each_apart([Part(name, function, about)])
        return found

    def each_apart(self, parts: Sequence[Part[T]]) -> list[T | Broken]:
        """What each of several contributions gives, in their order, or Broken in its place.

        A contribution may run twice, so it changes nothing but what this transaction keeps. Raises DatabaseUnavailable.
        """
        if self._together:
            return [self._run(part) for part in parts]
        if len(parts) > 1 and (found := self._all_together(parts)) is not None:
            return [*found]
        return list(map(self._alone, parts))

    def sets_apart(self, parts: Sequence[SetPart[T]]) -> list[Mapping[str, T | Broken]]:
        """What each of several contributions gives for its people, in their order, by person.

        One that breaks is asked again for each half of the people, until only those are left over whom it breaks: they
        alone have Broken. When these are many, nobody looks any further: a half over which it breaks has Broken as a
        whole. It may run as often as that takes. Raises DatabaseUnavailable.
        """
        if self._together:
            return [self._run_set(part) for part in parts]
        found = self._together_or_none(lambda: [self._run_set(part) for part in parts]) if len(parts) > 1 else None
        return [*found] if found is not None else [self._set_alone(part, set()) for part in parts]

    def _set_alone(self, part: SetPart[T], lost: set[str]) -> Mapping[str, T | Broken]:
        """What it gives for its people; ``lost`` are those over whom it broke so far."""

        def in_halves(problem: Exception) -> Mapping[str, T | Broken]:
            halves = part.persons.halves() if len(lost) < MOST_LOST else []
            if not halves:
                those = [person.id for person in part.persons.each()]
                lost.update(those)
                self._set_aside(Broken(part.name, next(iter(those), "")), problem)
                return {person: Broken(part.name, person) for person in those}
            apart = [self._set_alone(replace(part, persons=half), lost) for half in halves]
            return {person: given for half in apart for person, given in half.items()}

        return self._or_else(lambda: self._run_set(part), in_halves)

    def draw_last(self) -> None:
        """Draw what is to be refreshed when the transaction ends; a card that breaks is set aside."""
        wanted, self.to_draw = dict(self.to_draw), []
        drawn = self.each_apart([Part("card", draw, ref) for ref, draw in wanted.items()])
        self.refresh_each({ref: card for ref, card in zip(wanted, drawn, strict=True) if not isinstance(card, Broken)})

    def _all_together(self, parts: Sequence[Part[T]]) -> list[T] | None:
        return self._together_or_none(lambda: [self._run(part) for part in parts])

    def _together_or_none(self, work: Callable[[], T]) -> T | None:
        """What parts give when none of them breaks, nor any part that they ask in turn; None when one does."""
        self._together = True
        try:
            return self._attempt(work)
        except DatabaseUnavailable:
            raise
        except Exception:
            log.debug("a part broke; each runs again behind a savepoint of its own", exc_info=True)
            return None
        finally:
            self._together = False

    def _alone(self, part: Part[T]) -> T | Broken:
        return self._or_else(lambda: self._run(part), partial(self._set_aside, Broken(part.name, part.about)))

    def _or_else(self, work: Callable[[], T], broke: Callable[[Exception], Instead]) -> T | Instead:
        """What ``work`` gives behind a savepoint; what ``broke`` gives when it breaks."""
        try:
            return self._attempt(work)
        except DatabaseUnavailable:
            raise
        except Exception as problem:
            if self.meets and isinstance(problem, UnknownAccount):
                raise
            return broke(problem)

    def _set_aside(self, broken: Broken, problem: Exception) -> Broken:
        """Name it to IT, once however many people or records it broke over."""
        if all(fault.part != broken.part for fault in self.broken):
            log.error("a part broke and was set aside", exc_info=problem, extra={"part": broken.part})
            self.broken.append(broken)
            self.store.faults.note(broken.part, in_words(problem), self.now, broken.about)
        return broken

    def _run(self, part: Part[T]) -> T:
        found = part.function()
        self.store.faults.sound(part.name, part.about)
        return found

    def _run_set(self, part: SetPart[T]) -> Mapping[str, T]:
        found = part.function(part.persons)
        self.store.faults.sound_of(part.name, part.persons)
        return found

    def _attempt(self, work: Callable[[], T]) -> T:
        """Run it behind a savepoint; when it breaks, what it noted is taken back with what it wrote."""
        wrote, noted, broken, undone = self.wrote, len(self.noted), len(self.broken), len(self.undone)
        sent, told, undos, to_draw = len(self.sent), len(self.told), len(self.undos), len(self.to_draw)

        def take_back() -> None:
            self.wrote = wrote
            del self.noted[noted:], self.broken[broken:], self.undone[undone:], self.sent[sent:], self.told[told:]
            del self.undos[undos:], self.to_draw[to_draw:]

        def from_the_start() -> T:
            take_back()
            return work()

        try:
            return self.store.attempt(from_the_start)
        except Exception:
            take_back()
            raise


def missing(what: str) -> Note:
    """What people read in the place of a part that broke."""
    return Note(missing_line(what))


def missing_line(what: str) -> str:
    """The same as a line of text."""
    return f"{capitalized(what)} could not be read. IT has been told."

"""Independence: who may still judge a risk, worked out by going through its history from the first event."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from handlers.kit.city.model import City
from handlers.kit.city.risks import LEVELS
from storage.risk.history import Event
from storage.risk.records import Risk

JUDGED = ("reviewed", "confirmed")


@dataclass
class Record:
    """For each person: whether they took part in the risk, and its highest level, since somebody else judged it."""

    city: City
    risk: Risk
    involved: dict[str, bool] = field(default_factory=dict)
    highest: dict[str, int] = field(default_factory=dict)

    def live_through(self, events: Sequence[Event]) -> "Record":
        """Go through the whole history, or only the logging when nothing happened since. Each event that claims to be
        an independent judgment must be one."""
        for person in self.city.people:
            self.involved[person] = person == self.risk.created_by
            self.highest[person] = self._level(self.risk.standing) if not events else 0
        scores: tuple[object, ...] | None = None
        owner = None
        for event in events:
            if event.what != "logged":
                claimed = event.what in JUDGED and self.may(event.person, owner)
                assert event.independent == claimed, event
            changed = scores is not None and event.scores != scores
            scores, owner = event.scores, event.owner
            standing = self._standing(event)
            for person in self.city.people:
                if event.independent and person != event.person:
                    self.involved[person], self.highest[person] = False, 0
                self.involved[person] |= person == event.owner or (changed and person == event.person)
                self.highest[person] = max(self.highest[person], standing)
        for person in self.city.people:
            self.involved[person] |= person == self.risk.owner
            self.highest[person] = max(self.highest[person], self._level(self.risk.standing))
        return self

    def has_right(self, person: str) -> bool:
        level = LEVELS[self.highest[person]]
        return not self.city.people[person].all_roles.isdisjoint(self.city.risks.levels[level].accept)

    def may(self, person: str, owner: str | None = None) -> bool:
        """Whether somebody may judge it alone."""
        return person in self.city.people and self.has_right(person) and not self.involved[person] and person != owner

    def is_second(self, person: str) -> bool:
        return "department_head" in self.city.people[person].all_roles and not self.involved[person]

    def asked(self, by: str) -> tuple[str | None, bool]:
        """Who is asked when nobody is named, and whether they decide alone; the department's head before others."""
        department = self.city.departments.get(self.risk.department or "")
        people = sorted(self.city.people, key=lambda person: not department or person != department.head)
        if alone := [person for person in people if person != by and self.may(person)]:
            return alone[0], True
        right = [person for person in people if self.has_right(person)]
        seconds = [person for person in people if person != by and self.is_second(person)]
        paired = [first for first in right if any(second != first for second in seconds)]
        return (right[0] if paired else None), False

    def _level(self, score: tuple[int, int]) -> int:
        return LEVELS.index(self.city.risks.level_of(*score).id)

    def _standing(self, event: Event) -> int:
        left = (event.residual_likelihood, event.residual_impact)
        if event.residual_confirmed and left[0] and left[1]:
            return self._level((left[0], left[1]))
        assert event.likelihood
        assert event.impact
        return self._level((event.likelihood, event.impact))

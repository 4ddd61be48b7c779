"""Time: what it keeps, each table and its questions under one name."""

from datetime import datetime
from functools import cached_property

from storage.base import Questions
from storage.time.absences import Absences
from storage.time.checkpoints import Checkpoints
from storage.time.clock_steps import ClockSteps
from storage.time.clocks import Clocks
from storage.time.occurrences import Occurrences
from storage.time.pieces import Pieces
from storage.time.timers import Timers


class TimeStore(Questions):
    """What is due, what was sent, and the clocks, within one transaction."""

    absences = cached_property(lambda time: Absences(time.connection))
    checkpoints = cached_property(lambda time: Checkpoints(time.connection))
    clock_steps = cached_property(lambda time: ClockSteps(time.connection))
    clocks = cached_property(lambda time: Clocks(time.connection))
    occurrences = cached_property(lambda time: Occurrences(time.connection))
    pieces = cached_property(lambda time: Pieces(time.connection))
    timers = cached_property(lambda time: Timers(time.connection))

    def next_due(self) -> datetime | None:
        """When the next sending or timer is due; None when nothing is planned."""
        return min(filter(None, (self.occurrences.next_due(), self.timers.first_due())), default=None)

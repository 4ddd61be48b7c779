"""Trusted clock: the time that the bot goes by: the machine's, unless somebody sets that wrongly.

A machine's clock may be set a month ahead and back a minute later. What was computed in that minute must be right all
the same, so a step of more than a few minutes is not followed: the time goes on as the seconds pass, and the clock is
in doubt until somebody who knows says which is right (docs/decisions/0013). So is a small step that is too large
together with those of the last hour; then the time goes on from before the first of them.
"""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from bot.answers import Answers
from bot.clock import MachineClock

MOST = timedelta(minutes=10)  # by which a clock may be set, or differ from another, with no question asked
NOTICED = timedelta(seconds=1)
WITHIN = 3600.0  # seconds in which small steps count together, as one of their size
NOTED_EVERY = 600.0  # seconds between two moments that are kept to compare with, while nobody sets the clock
AT_ONCE = 1.0  # seconds within which both readings of a clock were taken together


@dataclass(frozen=True)
class Doubt:
    """The machine's clock shows something else than the time that passed says.

    ``at_least`` says that the trusted time is only the newest moment that is known: it is later by now.
    """

    began: float  # in monotonic seconds
    at_least: bool = False


class TrustedClock:
    """The machine's clock, with steps of up to ten minutes followed at once and larger ones held in doubt."""

    def __init__(self, machine: MachineClock) -> None:
        self.machine = machine
        self.answers = Answers(machine)
        self.doubt: Doubt | None = None
        self.unproven = False  # there was nothing to compare it with at the start
        self.far_ahead = False  # of all that was known at the start: it is wrong, or the bot was off for long
        self._agreed = self._read()  # a moment, and the monotonic seconds at which it was right
        self._followed = deque([self._agreed])  # the same for about the last hour, the first moment from before it
        self._one_decides = Lock()

    @property
    def boot(self) -> str:
        return self.machine.boot

    def now(self) -> datetime:
        """The trusted moment; it notices by itself when the clock is set, and when that is undone."""
        wall, seconds = self._read()
        with self._one_decides:
            trusted = self._at(seconds)
            fits = self._fits(wall - trusted)
            if fits and self._adds_up_to_little(wall, seconds):
                self._follow(wall, seconds, wall - trusted)
                return wall
            if fits:
                self._agreed = self._before_the_hour(seconds)
            self.doubt = self.doubt or Doubt(seconds)
            return self._at(seconds)

    def monotonic(self) -> float:
        return self.machine.monotonic()

    async def until(self, moment: datetime) -> None:
        await self.machine.until(self.machine.now() + (moment - self.now()))

    def stamp(self) -> float:
        """Seconds since 1970, to compare the signatures of others with."""
        self.now()  # follows a small step
        return self.machine.stamp() - (self.step.total_seconds() if self.doubt else 0.0)

    @property
    def step(self) -> timedelta:
        """By how much the machine's clock is ahead of the trusted time."""
        wall, seconds = self._read()
        return wall - self._at(seconds)

    @property
    def anchor(self) -> tuple[datetime, float]:
        """The trusted moment and its monotonic seconds: what the next start on this boot goes on from."""
        now, (_, seconds) = self.now(), self._read()
        return now, seconds

    def trust(self, moment: datetime, seconds: float | None = None, *, at_least: bool = False) -> timedelta:
        """Go by this moment, which was right at these monotonic seconds (now, unless given); gives by how much that
        moves the trusted time. The machine's clock is in doubt when it shows another."""
        current = self.monotonic()
        with self._one_decides:
            before = self._at(current)
            self._agreed, self.doubt = (moment, current if seconds is None else seconds), None
            self._followed = deque([self._agreed])
            moved = self._at(current) - before
            self.doubt = Doubt(current, at_least=True) if at_least else None
        self.now()
        return moved

    def trust_machine(self) -> timedelta:
        """Go by what the machine's clock shows; gives by how much that moves the trusted time."""
        return self.trust(*self._read())

    def _fits(self, step: timedelta) -> bool:
        """Whether the machine's clock may be right: close enough, or not before what is known to be past."""
        return abs(step) <= MOST or (self.doubt is not None and self.doubt.at_least and step > timedelta())

    def _adds_up_to_little(self, wall: datetime, seconds: float) -> bool:
        """Whether this, with the small steps of the last hour, is a small step too; what ends a doubt is right."""
        moment, then = self._before_the_hour(seconds)
        return self.doubt is not None or abs(wall - moment - timedelta(seconds=seconds - then)) <= MOST

    def _before_the_hour(self, seconds: float) -> tuple[datetime, float]:
        """The moment that was agreed on an hour ago, or the oldest since."""
        while len(self._followed) > 1 and self._followed[1][1] <= seconds - WITHIN:
            self._followed.popleft()
        return self._followed[0]

    def _follow(self, wall: datetime, seconds: float, step: timedelta) -> None:
        if self.doubt:
            self._followed = deque([(wall, seconds)])
        elif abs(step) >= NOTICED or seconds - self._followed[-1][1] >= NOTED_EVERY:
            self._followed.append((wall, seconds))
        self.doubt, self._agreed = None, (wall, seconds)

    def _at(self, seconds: float) -> datetime:
        moment, then = self._agreed
        return moment + timedelta(seconds=seconds - then)

    def _read(self) -> tuple[datetime, float]:
        """What the clock shows and its monotonic seconds, read together: a process that stood still in between, or
        whose machine was suspended just then, reads again."""
        while True:
            before = self.machine.monotonic()
            wall, after = self.machine.now(), self.machine.monotonic()
            if after - before < AT_ONCE:
                return wall, after

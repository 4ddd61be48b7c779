"""Faults: what tests can break on purpose, and the pace that Slack demands."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from .workspace import Json

BURST = 5
POSTS_PER_SECOND = 1.0
BEFORE = ("drop", "500", "429")
AFTER = ("lost_reply", "500_after", "hang")


@dataclass
class Fault:
    """How the next `times` calls of a method go wrong; any other word in `how` is an error code of Slack."""

    method: str
    times: int
    how: str
    retry_after: int | str
    when: Callable[[Json], bool] | None

    def strikes(self, method: str, args: Json) -> bool:
        """Whether this call is one of them; counts it."""
        if self.method not in (method, "*") or self.times <= 0 or (self.when and not self.when(args)):
            return False
        self.times -= 1
        return True


class Pace:
    """About one post a second into each channel, after a short burst."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.buckets: dict[str, tuple[float, float]] = {}

    def wait(self, channel: str) -> int:
        """Seconds until this channel takes another post; 0 takes one now."""
        left, since = self.buckets.get(channel, (float(BURST), self.now()))
        left = min(float(BURST), left + max(0.0, self.now() - since) * POSTS_PER_SECOND)
        if left < 1:
            self.buckets[channel] = (left, self.now())
            return max(1, math.ceil((1 - left) / POSTS_PER_SECOND))
        self.buckets[channel] = (left - 1, self.now())
        return 0

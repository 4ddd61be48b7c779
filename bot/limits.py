"""Limits: how many commands and announcements there were within a minute, by one account and by all together.

Each process counts for itself and in memory: what is to be stopped is a flood, not the one command too many. What is
beyond somebody's own limit is not counted among all, so that one flood holds nobody else up.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from threading import Lock

from bot.inbound import Inbound
from handlers.kit.city.city import LimitFacts
from handlers.kit.context import Request
from handlers.kit.errors import UserError

MINUTE = 60.0  # seconds
EVERYBODY = ""
Counted = tuple[int, int]  # within the last minute: of one account, and of all


@dataclass(frozen=True)
class Pace:
    """How busy somebody who asks has been: the count of commands with this one, and what counts an announcement, once
    however often the request runs."""

    commands: Counted
    announced: Callable[[], Counted]


NO_PACE = Pace((1, 1), lambda: (1, 1))


class Limits:
    """Counts by kind and by who asks, at monotonic seconds; the doors' loop and the database's threads ask it alike."""

    def __init__(self) -> None:
        self._times: dict[tuple[str, str], deque[float]] = {}
        self._lock = Lock()

    def pace(self, inbound: Inbound, now: float, most: LimitFacts) -> Pace:
        """Count a command, and be ready to count what it announces; a terminal on this machine is not held to it."""
        if inbound.platform == "say":
            return NO_PACE
        who = f"{inbound.platform}:{inbound.account}"
        return Pace(
            self.count("commands", who, now, most.commands_a_minute),
            cache(lambda: self.count("announcements", who, now, most.announcements_a_minute)),
        )

    def count(self, kind: str, who: str, now: float, most: int) -> Counted:
        """Count one more; gives how many there were within the last minute: of this one, and of all."""
        with self._lock:
            own = self._counted((kind, who), now)
            of_all = self._counted((kind, EVERYBODY), now, adds=own <= most)
            if len(self._times) > 1000:
                self._times = {key: times for key, times in self._times.items() if times and times[-1] > now - MINUTE}
        return own, of_all

    def _counted(self, key: tuple[str, str], now: float, *, adds: bool = True) -> int:
        times = self._times.setdefault(key, deque())
        if adds:
            times.append(now)
        while times and times[0] <= now - MINUTE:
            times.popleft()
        return len(times)


def check_pace(request: Request, what: str, counted: Counted) -> None:
    """Raise UserError when there were too many within a minute, and nobody of the crisis team has allowed more."""
    limits = request.city.facts.limits
    most, most_of_all = getattr(limits, f"{what}_a_minute"), getattr(limits, f"{what}_a_minute_by_all")
    if counted[0] <= most and counted[1] <= most_of_all:
        return
    if request.store.allowances.holds(request.person.id, request.now):
        return
    whose = f"You have sent {most}" if counted[0] > most else f"Everybody together has sent {most_of_all}"
    raise UserError(
        f"{whose} {what} within a minute, which is the limit. Nothing was saved. Please wait a minute and send it "
        "again. Is it urgent? The crisis team can allow more: crisis allow"
    )

"""Faults: what tests can break on purpose, and the pace that Teams demands."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from .records import Json

POSTS = ("create", "send", "reply")
READS = ("members", "member", "team", "channels")
WRITES_IN = ((1, 7), (2, 8), (30, 60), (3600, 1800))  # so many in so many seconds, for each conversation
READS_IN = ((1, 14), (2, 16), (30, 120), (3600, 3600))


@dataclass
class Fault:
    """How the next `times` calls of an operation go wrong; `post` is any of POSTS, `*` any at all."""

    operation: str
    times: int
    how: str
    retry_after: int | str | None
    when: Callable[[Json], bool] | None

    def strikes(self, operation: str, args: Json) -> bool:
        """Whether this call is one of them; counts it."""
        meant = self.operation in (operation, "*") or (self.operation == "post" and operation in POSTS)
        if not meant or self.times <= 0 or (self.when and not self.when(args)):
            return False
        self.times -= 1
        return True

    @property
    def acts(self) -> bool:
        """Whether the call takes effect all the same."""
        return self.how in ("lost_reply", "hang") or self.how.endswith("_after")

    @property
    def status(self) -> int:
        """The status it answers with; 0 when `how` is a drop or an error code."""
        found = re.fullmatch(r"(\d{3})(_after)?", self.how)
        return int(found[1]) if found else 0


class Pace:
    """How much one conversation takes, measured on the workspace's clock."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.taken: dict[tuple[bool, str], list[float]] = {}

    def wait(self, operation: str, conversation: str) -> int:
        """Seconds until this conversation takes another such call; 0 takes one now."""
        reads = operation in READS
        if not reads and operation not in POSTS:
            return 0
        now, times = self.now(), self.taken.setdefault((reads, conversation), [])
        for seconds, most in READS_IN if reads else WRITES_IN:
            recent = [moment for moment in times if moment > now - seconds]
            if len(recent) >= most:
                return max(1, math.ceil(recent[-most] + seconds - now))
        times.append(now)
        return 0

"""Timing: how long a message may take, and how many are on their way to one platform at once."""

from dataclasses import dataclass

from bot.ruling import URGENT


@dataclass(frozen=True)
class Timing:
    """In seconds. A request is given up before its lease ends, and the history is read only after it has settled:
    the order request < lease < settle is what keeps two workers from sending one row.

    ``turn`` is how long a transaction goes on settling and claiming, so that nobody waits long behind it. With its last
    row it stays below the 10 ms of those that may share a commit (storage/commits.py).
    """

    request: float = 12
    lease: float = 20
    settle: float = 30
    turn: float = 0.008


@dataclass(frozen=True)
class Room:
    """How many messages are on their way to one platform at once, of which ``kept`` places are for pages and answers:
    nobody in a hurry waits behind an announcement to everybody. Teams takes 50 requests a second from one app."""

    at_once: int = 50
    kept: int = 20

    def for_(self, priority: int) -> int:
        """How many may be on their way when one of this priority goes."""
        return self.at_once if priority <= URGENT else self.at_once - self.kept

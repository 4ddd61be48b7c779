"""Held back: a platform that tells several conversations to wait means all; then only what is urgent goes there."""

from collections import defaultdict

from bot.claims import Lane
from bot.clock import Clock

SEVERAL = 2  # conversations; one alone may be busy by itself


class HeldBack:
    """Which platforms have said to several conversations at once that it is too much, and until when they said so.

    Slack counts the messages of a workspace beside those of a conversation, Teams those of an app; neither says which
    of its limits it was (the rate limits of chat.postMessage, and of bots in Teams).
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._until = defaultdict[str, dict[Lane, float]](dict)  # monotonic seconds, by platform and conversation

    def told_to_wait(self, lane: Lane, seconds: float) -> None:
        """A platform took nothing in a conversation, and named a time."""
        self._until[lane[0]][lane] = self.clock.monotonic() + seconds

    def until(self, platform: str) -> float | None:
        """Until when only what is urgent goes there, in monotonic seconds; None while everything does."""
        now, waits = self.clock.monotonic(), self._until[platform]
        for lane in [lane for lane, until in waits.items() if until <= now]:
            del waits[lane]
        return sorted(waits.values())[-SEVERAL] if len(waits) >= SEVERAL else None

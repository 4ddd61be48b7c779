"""Hub: tells every open window what was posted or changed."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from storage.chat.desk import DeskMessage

WAITING = 100  # events a window may be behind; one that is further behind reads everything again


@dataclass(frozen=True)
class News:
    """A message that is new or was edited."""

    message: DeskMessage
    edited: bool


@dataclass(frozen=True)
class ReadAgain:
    """More has changed than can be sent one by one."""


@dataclass(frozen=True)
class Closed:
    """The door closes; no more comes."""


Event = News | ReadAgain | Closed


@dataclass
class Hub:
    """The open windows of this process, each with a queue of its own."""

    listeners: set[asyncio.Queue[Event]] = field(default_factory=set)

    @contextmanager
    def listening(self) -> Iterator[asyncio.Queue[Event]]:
        """A queue that fills until the block ends."""
        queue: asyncio.Queue[Event] = asyncio.Queue(WAITING)
        self.listeners.add(queue)
        try:
            yield queue
        finally:
            self.listeners.discard(queue)

    def tell(self, event: Event) -> None:
        """Tell every window, and wait for none."""
        for queue in self.listeners:
            if queue.full() or isinstance(event, Closed):
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait(event if isinstance(event, Closed) else ReadAgain())
            else:
                queue.put_nowait(event)

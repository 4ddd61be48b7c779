"""Held: what people hold in each feature, declared with ``@held``: it can be handed over, and passes to a stand-in
while its holder cannot be asked."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from handlers.kit.duty import Asked


@dataclass(frozen=True)
class Held:
    """One thing that somebody holds: what it is about, the line people read, who holds it (an id), in which department
    it is (an id or None), and its record; ``stands_in`` is who does it in their place already, where the feature has a
    line of its own."""

    ref: str
    line: str
    holder: str
    department: str | None = None
    record: Any = None
    stands_in: str | None = None


@dataclass(frozen=True)
class Fallen:
    """Something whose holder cannot be asked, and who is."""

    held: Held
    asked: Asked


@dataclass(frozen=True)
class Holding:
    """What people hold of one feature, such as risks; people read the lowest ``order`` first.

    ``function`` gives what some people hold, ``holders`` everybody who holds anything. ``move`` gives one thing to
    somebody else; ``stays`` says why it cannot be theirs, nothing when it can.
    """

    name: str
    function: Callable[..., list[Held]]
    holders: Callable[..., Collection[str]]
    move: Callable[..., None]
    stays: Callable[..., str]
    order: int


def anybody(_context: Any, _held: Held, _to: str) -> str:
    """Say that nothing stands in the way: anybody may get it."""
    return ""

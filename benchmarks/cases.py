"""Cases: what is measured, against which floor of the same run, and how much it may be."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from benchmarks.workshop import Workshop

Compared = Literal["ratio", "more", "ours"]


@dataclass(frozen=True)
class Case:
    """One thing that is measured.

    ``compared`` says what the bound is about: ours as a ratio to the floor, how much more ours is, or ours alone.
    ``why`` is the reason of the bound; without a bound the figure is only kept. ``unit`` is that of floor and ours;
    where more is better, as with messages a second, ``is_least`` says that the bound is the least.
    """

    name: str
    unit: str
    why: str
    bound: float | None = None
    compared: Compared = "ratio"
    is_least: bool = False

    def measured(self, ours: float, floor: float | None = None, note: str = "") -> "Figure":
        """The figure of a run; ``note`` says in a few words what it is the figure of."""
        assert floor is not None or self.compared == "ours", f"{self.name} needs a floor"
        return Figure(self, ours, floor, note)


@dataclass(frozen=True)
class Figure:
    """What a run gave for a case; floor and ours are both of that run."""

    case: Case
    ours: float
    floor: float | None
    note: str = ""

    @property
    def value(self) -> float:
        """What the bound is about."""
        if self.floor is None or self.case.compared == "ours":
            return self.ours
        return self.ours / self.floor if self.case.compared == "ratio" else self.ours - self.floor

    @property
    def is_within(self) -> bool | None:
        """Whether it keeps to its bound; None where there is none."""
        if self.case.bound is None:
            return None
        return self.value >= self.case.bound if self.case.is_least else self.value <= self.case.bound


Measure = Callable[["Workshop"], Coroutine[Any, Any, list[Figure]]]


@dataclass(frozen=True)
class Group:
    """Cases that are measured together, because they share what has to be built for them."""

    cases: tuple[Case, ...]
    measure: Measure

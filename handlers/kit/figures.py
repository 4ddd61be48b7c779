"""Figures: numbers on a card that people decide by, and how far something is."""

from typing import Annotated, Any, Literal

from pydantic import Field

from handlers.kit.inline import Frozen, Status


class Figure(Frozen):
    """A number that people decide by: what it counts, its value as it is read, and how bad that is."""

    label: str
    value: str
    status: Status | None = None

    @property
    def named(self) -> str:
        """What it counts and how bad that is, beside or below the value."""
        return f"{self.label} ({self.status.label})" if self.status else self.label


class Figures(Frozen):
    """A few numbers side by side."""

    word: Literal["figures"] = "figures"
    figures: tuple[Figure, ...] = ()

    def __init__(self, *figures: Figure, **rest: Any) -> None:
        super().__init__(**({"figures": figures} if figures else {}), **rest)


class Progress(Frozen):
    """How far something is: so many of so many; without a label, so many of so many are done."""

    word: Literal["progress"] = "progress"
    label: str
    done: int
    of: Annotated[int, Field(gt=0)]

    def __init__(self, label: str, done: int, of: int, **rest: Any) -> None:
        super().__init__(label=label, done=done, of=of, **rest)  # type: ignore[call-arg]

    @property
    def said(self) -> str:
        """The whole of it in words."""
        return f"{self.label}: {self.done} of {self.of}" if self.label else f"{self.done} of {self.of} done"

"""Work on the store that has its values from a loop, each its own."""

from collections.abc import Callable
from typing import TypeVar, TypeVarTuple

Given = TypeVar("Given")
Result = TypeVar("Result")
Values = TypeVarTuple("Values")


def bound(work: Callable[[Given, *Values], Result], *values: *Values) -> Callable[[Given], Result]:
    """The work with these values, however the loop goes on; a lambda's defaults would do it too, without types."""
    return lambda given: work(given, *values)

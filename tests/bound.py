"""Bound: work on the store with the values that a loop has at that moment."""

from collections.abc import Callable
from typing import TypeVar, TypeVarTuple

Given = TypeVar("Given")
Result = TypeVar("Result")
Values = TypeVarTuple("Values")


def bound(work: Callable[[Given, *Values], Result], *values: *Values) -> Callable[[Given], Result]:
    """Bind the work to these values, however the loop goes on; a lambda's defaults would do it too, without types."""
    return lambda given: work(given, *values)

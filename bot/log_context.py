"""Log context: what is under way, with each line of the log about it: ids and references, never what people wrote.

Where no log is written there is none: a command on a terminal does not even load structlog.
"""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from contextvars import copy_context
from typing import Any, TypeVar

from storage.database import Store

UNDER_WAY = "under_way"  # a dict: what a thread of the database finds out is known to the loop too
T = TypeVar("T")


def _variables() -> Any:
    """structlog's context, where bot/logs.py has loaded it."""
    return sys.modules.get("structlog.contextvars")


def under_way(**facts: object) -> AbstractContextManager[None]:
    """Say these facts with each line, until it ends; those that are None are left out."""
    if not (variables := _variables()):
        return nullcontext()
    around = variables.get_contextvars().get(UNDER_WAY, {})
    told: AbstractContextManager[None] = variables.bound_contextvars(**{UNDER_WAY: {**around, **facts}})
    return told


def found(**facts: object) -> None:
    """Say these facts too, now that they are known."""
    if variables := _variables():
        variables.get_contextvars().get(UNDER_WAY, {}).update(facts)


def on_thread(work: Callable[[Store], T]) -> Callable[[Store], T]:
    """The same work, whose lines say on a thread of the database what is under way here."""
    if not _variables():
        return work
    here = copy_context()
    return lambda store: here.run(work, store)

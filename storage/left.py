"""Left: what a transaction that only reads leaves to be written, such as a part that broke; the writer does it soon."""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from storage.base import LEFT

log = logging.getLogger("cityops.database")
T = TypeVar("T")
Works = list[Callable[[Any], object]]  # functions of a Store that may write


def leaving(work: Callable[[Any], T], left: Works) -> Callable[[Any], T]:
    """The same work, which gathers in ``left`` what it would have written."""

    def reading(store: Any) -> T:
        store.connection.info[LEFT] = left
        try:
            return work(store)
        finally:
            del store.connection.info[LEFT]

    return reading


def write_left(submit: Callable[[Callable[[Any], None]], "Future[None]"], left: Works) -> None:
    """Queue what was left; nobody waits for it, so what goes wrong with it is logged."""

    def write(store: Any) -> None:
        for work in left:
            work(store)

    if not left:
        return
    try:
        submit(write).add_done_callback(_say_what_broke)
    except RuntimeError:  # the database is being closed, and its threads take nothing new
        log.warning("what a reader left was not written, because the bot stops")


def _say_what_broke(written: "Future[None]") -> None:
    if problem := written.exception():
        log.error("what a reader left could not be written", exc_info=problem)

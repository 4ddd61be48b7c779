"""Paging: how long lists are read from a platform, page by page and no faster than it allows."""

from datetime import timedelta

from bot.post import Result, Wait

TRIES = 5  # of one page
FIRST, MOST = 3, 300  # seconds to wait where the platform names none, and at most


def wait_for_page(result: Result, tried: int) -> timedelta | None:
    """How long to wait until a page is asked for again; None when it would not help, or was done often enough."""
    if not isinstance(result, Wait) or tried >= TRIES:
        return None
    return timedelta(seconds=min(result.seconds or FIRST, MOST))

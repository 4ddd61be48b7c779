"""Notices: on PostgreSQL one replica's commit wakes the others; a replica that misses one looks again seconds later."""

import asyncio
import logging
from collections.abc import Callable

from psycopg import AsyncConnection, OperationalError
from sqlalchemy import make_url

log = logging.getLogger("cityops.notices")
CHANNEL = "cityops"
AGAIN_AFTER = 2  # seconds, when the connection was lost
IDLE = 30  # seconds after which the system asks whether the server is still there


async def listen(url: str, own: str, wake: Callable[[], None]) -> None:
    """Call ``wake`` for every notice that is not of our ``own`` making, until cancelled; connects again by itself."""
    while True:
        try:
            await _listen_once(url, own, wake)
        except OperationalError as problem:
            log.warning("the connection that hears of other replicas was lost", extra={"why": type(problem).__name__})
        await asyncio.sleep(AGAIN_AFTER)


async def _listen_once(url: str, own: str, wake: Callable[[], None]) -> None:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    async with await AsyncConnection.connect(address, autocommit=True, keepalives_idle=IDLE) as connection:
        await connection.execute(f"LISTEN {CHANNEL}")
        wake()  # for what was queued while nobody listened
        async for notice in connection.notifies():
            if notice.payload != own:
                wake()

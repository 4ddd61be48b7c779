"""Clock steps: nothing goes out twice or is lost, however often a clock is set, no matter who says that it is right."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.application import Application
from storage.chat.outbox import outbox
from storage.database import Store
from storage.time.occurrences import occurrences
from tests.chat.bot import settings_for
from tests.chat.clock import SetClock
from tests.sqlite import unhurried

EARLY = datetime.fromisoformat("2026-11-30T11:00+00:00")  # a Monday, 06:00 in Riverton
EVENING, LOOK = EARLY + timedelta(hours=6), timedelta(minutes=20)
Ended = dict[tuple[str, str, str], str]  # how each occurrence ended

_usual: list[Ended] = []  # how those of a day end when nobody sets the clock

SETTING = st.tuples(
    st.integers(0, 14),  # at which look the clock is set
    st.timedeltas(timedelta(days=-400), timedelta(days=400)),
    st.integers(1, 2),  # for how many looks
    st.booleans(),  # whether an admin says that it is right
)


async def _day(steps: list[tuple[int, timedelta, int, bool]]) -> tuple[Ended, Counter[str]]:
    """How the occurrences of a day end, and how often each was posted to somebody."""
    with TemporaryDirectory() as folder:
        clock = SetClock(EARLY)
        application = Application(settings_for(Path(folder)), clock=clock)
        unhurried(application.runtime.database)
        look = 0
        await _look(application)
        while clock.true < EVENING:
            for at, step, lasts, is_believed in steps:
                if look in (at, at + lasts):
                    clock.step_wall(seconds=step.total_seconds() * (1 if look == at else -1))
                if look == at and is_believed:
                    await _look(application)
                    await application.runtime.write(_believe)
            clock.true += LOOK
            look += 1
            await _look(application)
        await _look(application)
        await application.runtime.write(_believe)
        for _ in range(3):
            clock.true += LOOK
            await _look(application)
        found = await application.runtime.read(_ended), await application.runtime.read(_posted)
        await application.stop()
        return found


async def _look(application: Application) -> None:
    """Everything that a look does, except delivery."""
    for step in (application.watching, application.planning, application.firing, application.working_off):
        await step.take()


def _believe(store: Store) -> None:
    for clock in store.time.clocks.in_doubt(datetime.min.replace(tzinfo=EARLY.tzinfo)):
        store.time.clocks.believe(clock)


def _ended(store: Store) -> Ended:
    rows = store.connection.execute(select(occurrences).where(occurrences.c.due_at <= EVENING))
    return {(row.routine, str(row.day), row.seat): row.state for row in rows}


def _posted(store: Store) -> Counter[str]:
    rows = store.connection.execute(select(outbox.c.place, outbox.c.about).where(outbox.c.kind == "post"))
    return Counter(f"{row.place} {row.about}" for row in rows if row.about and " 2026-11-30 " in row.about)


@pytest.mark.doors
@settings(max_examples=4)
@given(steps=st.lists(SETTING, min_size=1, max_size=3))
async def test_nothing_is_sent_twice_or_lost(steps: list[tuple[int, timedelta, int, bool]]) -> None:
    if not _usual:
        _usual.append((await _day([]))[0])
    ended, posted = await _day(steps)
    assert set(posted.values()) <= {1}
    assert set(ended) >= set(_usual[0])
    assert "planned" not in ended.values()
    if not any(is_believed for *_, is_believed in steps):
        assert ended == _usual[0]

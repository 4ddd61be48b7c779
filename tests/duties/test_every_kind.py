"""Every kind: for each thing held by somebody who cannot be asked, one person who can be is asked instead."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.kit.catalogue import catalogue
from handlers.kit.context import Context
from handlers.kit.duty import AWAY, LEFT, OFF, UNREACHABLE
from handlers.kit.moved import fallen, moved_duties
from handlers.kit.waiting import waiting_for
from tests.bound import bound
from tests.duties.town import PLATFORM, Town, hold_everything, town_settings

WAYS = (LEFT, OFF, UNREACHABLE, AWAY)
HOLDER = "tom"
LISTED = ("risks", "actions", "blockers", "check-ins", "steps in crises")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.doors)])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    opened = Town(town_settings(request, tmp_path))
    yield opened
    opened.close()


def lose(town: Town, person: str, way: str) -> None:
    """Make somebody unable to be asked."""
    now = town.clock.now()
    match way:
        case "left":
            town.becomes(left=[person])
        case "switched off":
            town.runtime.database.write(
                lambda store: store.chat.people.set_state(PLATFORM, f"U{person}", "deactivated")
            )
        case "unreachable":
            town.runtime.database.write(lambda store: store.chat.people.not_reached(PLATFORM, person, "blocked", now))
        case _:
            town.says(person, "/city away from today to friday")


def test_for_every_kind_of_thing_one_person_is_asked_who_can_be(town: Town) -> None:
    for way in WAYS:
        town.begin()
        hold_everything(town, HOLDER)
        lose(town, HOLDER, way)
        before = town.newest()
        town.read(bound(lambda store, way: all_fall_to_somebody(town.context(store), way), way))
        for span in (timedelta(minutes=1), timedelta(hours=2), timedelta(hours=22)):
            town.wait(span)
        written = {row.person for row in town.written_since(before)}
        assert written
        assert HOLDER not in written or way not in (LEFT, OFF)
        lines = town.read(
            lambda store: [line.text for section in moved_duties(town.context(store)) for line in section.lines]
        )
        assert any(line.startswith("Tom Okafor ") for line in lines), lines


def all_fall_to_somebody(context: Context, way: str) -> None:
    assert context.duties.why_not(HOLDER) == way
    reading: dict[str, list[str]] = defaultdict(list)
    for person in context.everybody():
        if context.duties.why_not(person.id) is None:
            for waiting in waiting_for(context, person, catalogue.todos):
                for task in waiting.tasks:
                    reading[task.ref].append(person.id)
    for name, holding in catalogue.holdings.items():
        [duty] = [duty for duty in fallen(context, name) if duty.held.holder == HOLDER]
        assert context.duties.why_not(duty.asked.person) is None, name
        assert duty.asked.why == way
        assert not holding.stays(context, duty.held, duty.asked.person), name
        reads = reading[duty.held.ref]
        assert duty.asked.person in reads or name not in ("feedback", "decisions about risks"), name
        assert reads == [duty.asked.person] or name not in LISTED, (name, reads)

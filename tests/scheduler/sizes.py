"""Sizes: a bot without doors for a city of any size, whose statements to the database are counted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.assembly import build_runtime
from bot.runtime import Runtime
from handlers.kit.context import Context
from scheduler.ledger import Ledger
from storage.chat.people import Met
from storage.crisis.tasks import CrisisTask
from storage.database import Store
from storage.risk.records import Risk
from tests.chat.bot import settings_for
from tests.chat.clock import SetClock

EACH_OF_A_CREW = 10  # one person in so many has a stand-up
MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 14, 0, 30, tzinfo=UTC)  # 09:00 in Riverton
YESTERDAY, LONG_AGO = NOW - timedelta(days=1), MONDAY - timedelta(days=40)
PERSON = '\n[[person]]\nid = "p{0}"\nname = "P {0}"\nemail = "p{0}@riverton.example.org"\n'
DEPARTMENT = '\n[[department]]\nid = "d{0}"\nname = "D {0}"\nhead = "p{0}"\nplace = "ops"\n'


CREW = '\n[[team]]\nid = "crew"\nname = "Crew"\nplace = "ops"\nmembers = {0}\n'


@dataclass(frozen=True)
class Size:
    """How many people and departments there are beside those of Riverton, and how many rows of each kind."""

    people: int = 0
    departments: int = 0
    rows: int = 0


class Sized:
    """The real runtime and ledger of such a city, on a database of its own."""

    def __init__(self, folder: Path, size: Size) -> None:
        settings = settings_for(folder)
        _write_people(settings.city_dir, size)
        self.runtime: Runtime = build_runtime(settings, SetClock(NOW))
        self.ledger = Ledger(self.runtime.catalogue, settings.platforms)
        self.runtime.database.write(lambda store: _fill(store, size.rows))

    def send(self, store: Store, routine: str) -> None:
        """Send a routine, as the ledger does, or prepare one that is sent in pieces."""
        known, city = self.runtime.catalogue.routines[routine], self.runtime.city()
        if known.in_pieces:  # what it takes to prepare it; each piece is written for itself
            assert isinstance(known.to, str)
            list(known.function(self.ledger.seated(known, MONDAY, known.to, store, city, NOW)[0]))
            assert store.faults.all() == []
            return
        _, broken = self.ledger.fire_by_hand(known, MONDAY, "ines", store, city, NOW)
        assert broken == []
        assert [fault.part for fault in store.faults.all()] == []

    def statements(self, work: Callable[[Store], object]) -> list[str]:
        """What is said to the database by some work, of which nothing is kept."""
        said: list[str] = []

        def counted(store: Store) -> None:
            driver: Any = store.connection.connection.dbapi_connection
            driver.set_trace_callback(said.append)
            try:
                work(store)
            finally:
                driver.set_trace_callback(None)
            raise _TakenBackError

        try:
            self.runtime.database.write(counted)
        except _TakenBackError:
            return said
        raise AssertionError("what was counted is taken back")

    def context(self, store: Store) -> Context:
        return self.runtime.context(store)

    def close(self) -> None:
        self.runtime.database.close()


class _TakenBackError(Exception):
    """Ends a transaction of which nothing is to be kept."""


def _write_people(city: Path, size: Size) -> None:
    with (city / "people.toml").open("a", encoding="utf-8") as file:
        for number in range(size.people):
            own = f'department = "d{number % size.departments}"\n' if size.departments else ""
            file.write(PERSON.format(number) + own)
    with (city / "departments.toml").open("a", encoding="utf-8") as file:
        file.writelines(DEPARTMENT.format(number) for number in range(size.departments))
    with (city / "standup.toml").open("a", encoding="utf-8") as file:
        file.write(CREW.format([f"p{number}" for number in range(0, size.people, EACH_OF_A_CREW)]))


def _fill(store: Store, rows: int) -> None:
    """So many rows of each kind: for people who are there, for one who is away, and by some who were only met."""
    store.time.absences.add("tom", MONDAY, MONDAY + timedelta(days=3), "sam", by="tom", at=YESTERDAY)
    crises = [_crisis(store, "over") for _ in range(rows)]
    active = [_crisis(store, "active") for _ in range(min(rows, 1))]
    for number in range(rows):
        met = f"slack-u{number}"
        store.chat.people.add(Met(met, f"U {number}", None), YESTERDAY)
        for owner in ("sam", "hugo", "tom", None):
            _risk(store, owner, met)
        for owner in ("sam", "tom"):
            action = store.actions.records.add(
                what="Oil it", about=None, owner=owner, due_on=MONDAY, by=met, at=YESTERDAY
            )
            draws = f"action.told {action.ref} open {owner}"
            store.chat.notes.add(owner, action.ref, "It was moved", (), YESTERDAY, draws)
        for owner in ("sam", "ben", "tom", None):
            _feedback(store, owner, met)
        store.standup.blockers.add("streets", LONG_AGO, "tom", "No road paint", YESTERDAY)
    for crisis in active:
        for number in range(rows):
            owner = "tom" if number % 2 else "sam"
            step = CrisisTask(crisis, f"s{number}", number, "first", "Call", "commander", YESTERDAY, owner)
            store.crisis.tasks.add_all([step])
        store.crisis.pages.add(crisis, "hugo", YESTERDAY)
    assert len(crises) == rows


def _crisis(store: Store, state: str) -> str:
    crisis = store.crisis.records.add(what="Burst", where=None, level=2, by="olga", at=YESTERDAY, year=2026)
    closed = {"closed_at": NOW, "closed_by": "maria", "reason": "Mended"} if state == "over" else {}
    store.crisis.records.change(crisis, state=state, confirmed_by="maria", confirmed_at=YESTERDAY, **closed)
    return crisis.ref


def _risk(store: Store, owner: str | None, by: str) -> None:
    known: Risk = store.risk.records.add(
        title="Dam", likelihood=4, impact=4, owner=owner, review_on=LONG_AGO, by=by, at=YESTERDAY,
        department="public-works",
    )  # fmt: skip
    store.risk.history.add(known, known, "logged", by=by, at=YESTERDAY)
    store.risk.acceptances.add(
        known.number, level="high", why="It is watched", until=MONDAY + timedelta(days=9),
        approver="maria" if owner else "tom", asked_by=by, asked_at=YESTERDAY,
    )  # fmt: skip


def _feedback(store: Store, owner: str | None, by: str) -> None:
    given: dict[str, Any] = {
        "what": "Pothole", "category": "streets", "place_in_town": None, "reached_us_by": "phone", "by": by,
        "at": YESTERDAY, "owner": owner, "due_at": YESTERDAY, "first_department": "public-works",
    }  # fmt: skip
    item = store.feedback.records.add(**given)
    store.feedback.contact_requests.add(item.number, by, "To ask where it is", YESTERDAY)
    store.feedback.records.add(**{**given, "state": "closed", "closed_at": YESTERDAY, "check_on": MONDAY})

"""World: a bot without doors on one database, emptied for every life, and what random steps need from it."""

import asyncio
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Literal, TypeVar

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import delete, func, select

from bot.assembly import build_runtime
from bot.inbound import Answered, Asking, Gesture, Inbound, Outcome, Pressed, Submitted, Typed
from bot.settings import Settings
from handlers.kit.messages import Text
from handlers.kit.plain import plain_word
from scheduler.ledger import Ledger
from storage.audit import audit
from storage.base import metadata
from storage.database import Store
from storage.time.timers import timers
from tests.chat.clock import SetClock
from tests.firing import fire_timer
from tests.sqlite import unhurried

T = TypeVar("T")
BEGIN = datetime(2026, 11, 23, 14, tzinfo=UTC)  # 09:00 in Riverton, a Monday; Thanksgiving, Christmas and more follow
HEADS = {"olga": "public-works", "priya": "parks"}
PEOPLE = ("sam", "ben", "owen", "olga", "priya", "maria")
KEPT = (
    "risks", "risk_history", "risk_actions", "acceptances", "links", "feedback", "feedback_events", "contacts",
    "proposals", "timers", "outbox", "posts", "notes", "drafts", "counters",
)  # fmt: skip
SPANS = st.sampled_from([timedelta(minutes=15), timedelta(hours=2), timedelta(hours=7), timedelta(days=1),
                         timedelta(days=3, hours=5), timedelta(days=20), timedelta(days=100)])  # fmt: skip
Ending = Literal["done", "as it was", "refused", "asked"]
MANY = os.environ.get("LIVES")  # how many lives; they are random each time, and the shortest that fails is searched for
FEW = {"sqlite": 5, "postgresql": 3}  # without LIVES; the other database need only show the same


def lives(database: str) -> settings:
    """How many lives a test runs, and of how many steps."""
    if MANY:
        return settings(max_examples=int(MANY), stateful_step_count=50)
    return settings(max_examples=FEW[database], stateful_step_count=35, derandomize=True, phases=[Phase.generate])


class World:
    """What random steps act on: the real runtime, ledger and database, and a clock that the steps move."""

    def __init__(self, keys: Settings) -> None:
        self.clock = SetClock(BEGIN)
        self.runtime = build_runtime(keys, self.clock)
        unhurried(self.runtime.database)
        self.ledger = Ledger(self.runtime.catalogue, keys.platforms)
        self._loop = asyncio.Runner()
        self._numbers = count(1)
        self._audited = 0

    def begin(self) -> None:
        """Forget every life before, apart from its audit, and begin on the same Monday."""
        self.clock.set(BEGIN)
        self._audited = self.runtime.database.write(_emptied)

    def close(self) -> None:
        """Check that the audit of all lives is whole, and close the database."""
        count_, bad = self.read(lambda store: store.audit.first_bad_row())
        assert count_ > 0
        assert bad is None
        self._loop.close()
        self.runtime.database.close()

    def read(self, work: Callable[[Store], T]) -> T:
        return self.runtime.database.read(work)

    def rows(self) -> dict[str, list[Any]]:
        """All that a step may change, table by table."""
        kept = (metadata.tables[name] for name in KEPT)
        tables = {table.name: select(table).order_by(*table.primary_key) for table in kept}
        tables["audit"] = select(audit).where(audit.c.number > self._audited).order_by(audit.c.number)
        return self.read(lambda store: {name: list(store.connection.execute(query)) for name, query in tables.items()})

    def handle(self, person: str, what: Gesture) -> Outcome:
        return self._loop.run(self.runtime.handle(Inbound("say", person, what)))

    def form(self, target: str, values: Mapping[str, str]) -> Submitted:
        return Submitted(target, f"form {next(self._numbers)}", values)

    def fire(self) -> None:
        """Fire what is due now, and what that makes due at once; anything that breaks ends the test."""
        city, now = self.runtime.city(), self.clock.now()
        while due := self.read(lambda store: self.ledger.due_timers(store, now, 50)):
            for timer in due:
                fire_timer(self.runtime.database, self.ledger, timer, city, now)

    def pass_time(self, span: timedelta, *, down: bool) -> None:
        """Let time pass and fire each thing when it is due, or all of it late when the bot was ``down``."""
        end = self.clock.now() + span
        while not down and (moment := self.read(_next_due)) and moment < end:
            self.clock.set(moment)
            self.fire()
        self.clock.set(end)
        self.fire()


class Lives(RuleBasedStateMachine):
    """One life: what holds for every step, in either register."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        world.begin()

    def step(self, ending: Ending, person: str, what: Gesture) -> None:
        """Take one step and check that it ends as it must: done and audited, without effect, refused with a sentence,
        or answered by a form for what is missing."""
        before = self.world.rows()
        outcome = self.world.handle(person, what)
        after = self.world.rows()
        said = sentences(outcome)
        if ending == "asked":
            assert isinstance(outcome, Asking), said
            assert said == []
            assert after == before
            return
        if ending == "refused":
            assert not isinstance(outcome, Answered) or not outcome.ok, f"{said} should have been refused"
            assert said, "refused without a sentence"
            assert all(sentence.endswith(".") for sentence in said), said
            assert "Nothing was saved. Please tell IT" not in " ".join(said), said
            assert after == before
            return
        assert isinstance(outcome, Answered), said
        assert outcome.ok, said
        traces = after.pop("audit")[len(before.pop("audit")) :]
        assert {trace.person for trace in traces} == ({person} if ending == "done" or traces else set())
        assert (after == before) == (ending == "as it was"), said
        self.world.fire()

    def says(self, ending: Ending, person: str, command: str, typed: bool, **values: str) -> None:
        """Take a step by a command: in a line, or in the form when something is left out or ``typed`` is False."""
        if typed and all(values.values()):
            first, *rest = values.items()
            line = "; ".join([f"{command} {first[1]}", *(f"{name.replace('_', ' ')} {value}" for name, value in rest)])
            self.step(ending, person, Typed(line))
        else:
            self.step(ending, person, self.world.form(command, values))

    def presses(self, ending: Ending, person: str, action: str, ref: str) -> None:
        self.step(ending, person, Pressed(action, ref))

    def teardown(self) -> None:
        assert self.world.read(lambda store: store.faults.all()) == []


def done_if(may: bool) -> Ending:
    return "done" if may else "refused"


def sentences(outcome: Outcome) -> list[str]:
    """What a person who was refused reads: beside the fields, or on the card without what they typed."""
    if not isinstance(outcome, Answered):
        return list(outcome.page.errors.values())
    words = outcome.card.body if outcome.card else ()
    texts = [plain_word(word) for word in words if isinstance(word, Text)]
    return [text for text in texts if not text.startswith("Your text:")]


def _emptied(store: Store) -> int:
    """Empty every table but the audit, which is append-only, and give the audit's last number."""
    for table in reversed(metadata.sorted_tables):
        if table is not audit:
            store.connection.execute(delete(table))
    return int(store.connection.execute(select(func.coalesce(func.max(audit.c.number), 0))).scalar_one())


def _next_due(store: Store) -> datetime | None:
    moment: datetime | None = store.connection.execute(
        select(func.min(timers.c.due_at)).where(timers.c.state == "waiting")
    ).scalar_one()
    return moment

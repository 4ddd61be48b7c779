"""Crisis tasks: the steps of a crisis's plan, who does them and by when; and the windows in which they stand."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    insert,
    select,
    update,
)

from storage.base import Instant, Questions, metadata, partial_index
from storage.crisis.records import crises
from storage.persons import OfPersons, by_key
from storage.prepared import Prepared

tasks = Table(
    "crisis_tasks",
    metadata,
    Column("crisis", String(20), ForeignKey("crises.ref"), primary_key=True),
    Column("step", String(40), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("window", String(40), nullable=False),
    Column("name", String(60), nullable=False),
    Column("role", String(40), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("owner", String(60)),
    Column("by_hand", Boolean, nullable=False),
    Column("done_by", String(60)),
    Column("done_at", Instant),
    Column("note", Text),
    Column("goes_on", Boolean),
    Column("action", String(20)),
)
_OPEN = tasks.c.done_at.is_(None)
partial_index("ix_crisis_tasks_open", tasks.c.owner, where=_OPEN)
windows = Table(
    "crisis_windows",
    metadata,
    Column("crisis", String(20), ForeignKey("crises.ref"), primary_key=True),
    Column("window", String(40), primary_key=True),
    Column("closed_by", String(60), nullable=False),
    Column("closed_at", Instant, nullable=False),
    Column("answers", Text, nullable=False),
)


@dataclass(frozen=True)
class CrisisTask:
    """A step of a plan as it was when the crisis was started; ``by_hand`` says that somebody chose its owner.

    ``goes_on`` is what somebody said for the time after the crisis: True, False or None (nobody has said it yet);
    ``action`` is what it became then, such as A-1.
    """

    crisis: str
    step: str
    position: int
    window: str
    name: str
    role: str
    due_at: datetime
    owner: str | None = None
    by_hand: bool = False
    done_by: str | None = None
    done_at: datetime | None = None
    note: str | None = None
    goes_on: bool | None = None
    action: str | None = None


@dataclass(frozen=True)
class ClosedWindow:
    """A window whose questions were answered, by question."""

    window: str
    closed_by: str
    closed_at: datetime
    answers: Mapping[str, str]


_ADD = Prepared(insert(tasks))
_OF = Prepared(select(tasks).where(tasks.c.crisis == bindparam("crisis_")).order_by(tasks.c.position))
_THIS = (tasks.c.crisis == bindparam("crisis_"), tasks.c.step == bindparam("step_"))
_TAKE = Prepared(select(tasks).where(*_THIS).with_for_update())
_CHANGE = Prepared(update(tasks).where(*_THIS))
_OPEN_OF = OfPersons(
    select(tasks)
    .join(crises, crises.c.ref == tasks.c.crisis)
    .where(_OPEN, crises.c.state == "active")
    .order_by(tasks.c.due_at),
    tasks.c.owner,
)
_OWED = Prepared(
    select(tasks)
    .join(crises, crises.c.ref == tasks.c.crisis)
    .where(tasks.c.owner.is_not(None), _OPEN, crises.c.state == "active")
    .order_by(tasks.c.due_at)
)
_CLOSE = Prepared(insert(windows))
_CLOSED = Prepared(select(windows).where(windows.c.crisis == bindparam("crisis_")).order_by(windows.c.closed_at))


class CrisisTasks(Questions):
    def add_all(self, tasks: Sequence[CrisisTask]) -> None:
        self.ask_each(_ADD, [vars(task) for task in tasks])

    def of(self, crisis: str) -> list[CrisisTask]:
        """The plan of a crisis, in its order; nothing before it was started."""
        return [CrisisTask(*row) for row in self.ask(_OF, {"crisis_": crisis})]

    def take(self, crisis: str, step: str) -> CrisisTask | None:
        """A step, and nobody else changes it before this transaction ends."""
        row = self.ask(_TAKE, {"crisis_": crisis, "step_": step}).first()
        return CrisisTask(*row) if row else None

    def change(self, task: CrisisTask, **values: Any) -> CrisisTask:
        """Change some of its columns."""
        self.ask(_CHANGE, {"crisis_": task.crisis, "step_": task.step, **values})
        return replace(task, **values)

    def give_all(self, tasks: Sequence[CrisisTask], owner: str | None) -> list[CrisisTask]:
        """Change whose these steps are."""
        self.ask_each(_CHANGE, [{"crisis_": task.crisis, "step_": task.step, "owner": owner} for task in tasks])
        return [replace(task, owner=owner) for task in tasks]

    def let_go_on(self, tasks: Sequence[CrisisTask], goes_on: bool | None) -> None:
        """Say of these steps whether they go on after the crisis; None leaves it open."""
        self.ask_each(_CHANGE, [{"crisis_": task.crisis, "step_": task.step, "goes_on": goes_on} for task in tasks])

    def open_of(self, persons: Collection[str] | None) -> dict[str, list[CrisisTask]]:
        """What each of these people (None: anybody) still has to do in crises that are active, the soonest due
        first."""
        rows = _OPEN_OF.run(self.connection, persons)
        return by_key((CrisisTask(*row) for row in rows), lambda task: task.owner)

    def owed(self) -> list[CrisisTask]:
        """What anybody still has to do in crises that are active, the soonest due first."""
        return [CrisisTask(*row) for row in self.ask(_OWED)]

    def close(self, crisis: str, window: str, answers: Mapping[str, str], by: str, at: datetime) -> None:
        """Keep the answers with which a window was closed."""
        row = {"crisis": crisis, "window": window, "closed_by": by, "closed_at": at}
        self.ask(_CLOSE, {**row, "answers": json.dumps(dict(answers))})

    def closed(self, crisis: str) -> dict[str, ClosedWindow]:
        """The windows that are closed, by id."""
        rows = self.ask(_CLOSED, {"crisis_": crisis})
        found = [ClosedWindow(row.window, row.closed_by, row.closed_at, json.loads(row.answers)) for row in rows]
        return {window.window: window for window in found}

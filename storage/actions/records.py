"""Action records: what is to be done, by whom and until when, and what it is about."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, Integer, String, Table, Text, bindparam, func, insert, select, update

from storage.actions.events import ActionEvents, Event, How
from storage.base import Instant, Questions, metadata, partial_index
from storage.counters import Counters
from storage.persons import OfPersons, by_key
from storage.prepared import Prepared

actions = Table(
    "actions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("alias", String(40), unique=True),
    Column("what", Text, nullable=False),
    Column("about", String(60), index=True),
    Column("owner", String(60)),
    Column("due_on", Date),
    Column("state", String(12), nullable=False),
    Column("reason", Text),
    Column("asked_by", String(60), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("settled_by", String(60)),
    Column("settled_at", Instant),
    Column("dropped_with", String(60)),
)
IS_OPEN = actions.c.state == "open"
for _name in ("owner", "asked_by", "due_on"):
    partial_index(f"ix_actions_open_{_name}", actions.c[_name], where=IS_OPEN)


@dataclass(frozen=True)
class Action:
    """One action. ``state`` is open, done or dropped; ``reason`` says why it was dropped. ``about`` is the reference of
    what it belongs to, such as R-1; ``dropped_with`` that of a record that took the action along when it was closed.
    ``alias`` is the reference it had before all actions had one register: R-1.2.
    """

    number: int
    alias: str | None
    what: str
    about: str | None
    owner: str | None
    due_on: date | None
    state: str
    reason: str | None
    asked_by: str
    asked_at: datetime
    settled_by: str | None
    settled_at: datetime | None
    dropped_with: str | None = None

    @property
    def ref(self) -> str:
        return f"A-{self.number}"

    @property
    def names(self) -> tuple[str, ...]:
        """Every reference under which people and cards know it."""
        return (self.ref, self.alias) if self.alias else (self.ref,)


@dataclass(frozen=True)
class Wanted:
    """Which open actions are wanted: somebody's, those that somebody asked for, those due before a day, those about a
    reference. About a reference those that are done or dropped are found too; with ``settled_since`` only those that
    were settled from a moment on, whatever they are about."""

    owner: str | None = None
    asked_by: str | None = None
    before: date | None = None
    about: str | None = None
    settled_since: datetime | None = None


_ADD = Prepared(insert(actions))
_CHANGE = Prepared(update(actions).where(actions.c.number == bindparam("number_")))
_FIND = Prepared(select(actions).where(actions.c.number == bindparam("number_")))
_TAKE = Prepared(select(actions).where(actions.c.number == bindparam("number_")).with_for_update())
_NAMED = Prepared(select(actions.c.number).where(actions.c.alias == bindparam("alias_")))
_ABOUT = Prepared(select(actions).where(actions.c.about == bindparam("about_")).order_by(actions.c.number))
_STATES_ABOUT = Prepared(
    select(actions.c.state, func.count()).where(actions.c.about == bindparam("about_")).group_by(actions.c.state)
)
_NEWEST = Prepared(select(actions).order_by(actions.c.number.desc()).limit(1))
_ABOUT_MANY = select(actions).where(actions.c.about.in_(bindparam("refs", expanding=True))).order_by(actions.c.number)
_ALL = Prepared(select(actions).order_by(actions.c.number))
_NEAREST = (actions.c.due_on.is_(None), actions.c.due_on, actions.c.number)
_FIRST_ABOUT = Prepared(
    select(actions)
    .where(actions.c.about == bindparam("about_"))
    .order_by(~IS_OPEN, *_NEAREST)
    .limit(bindparam("most_"))
)
_OWED = OfPersons(select(actions).where(IS_OPEN).order_by(*_NEAREST), actions.c.owner)
_OWED_BY_ANY = (
    select(actions).where(IS_OPEN, actions.c.owner.in_(bindparam("owners", expanding=True))).order_by(*_NEAREST)
)
_OWNERS = Prepared(select(actions.c.owner).where(IS_OPEN, actions.c.owner.is_not(None)).distinct())
_REFERENCE = re.compile(r"A-?([0-9]{1,9})", re.ASCII | re.IGNORECASE)


def number_of(ref: str) -> int | None:
    """The number of a reference such as A-1; None when it is none."""
    found = _REFERENCE.fullmatch(ref.strip())
    return int(found[1]) if found else None


class Actions(Questions):
    def add(
        self,
        *,
        what: str,
        about: str | None,
        owner: str | None,
        due_on: date | None,
        by: str,
        at: datetime,
        number: int | None = None,
        **more: Any,
    ) -> Action:
        """Keep a new action under the next number, open unless ``more`` (other columns by name) says otherwise; one
        that has its ``number`` already keeps it. Its history begins with this."""
        counters = Counters(self.connection)
        if number is None:
            number = counters.next("action")
        else:
            counters.at_least("action", number)
        values: dict[str, Any] = {
            "number": number, "alias": None, "what": what, "about": about, "owner": owner, "due_on": due_on,
            "state": "open", "reason": None, "asked_by": by, "asked_at": at, "settled_by": None, "settled_at": None,
            "dropped_with": None, **more,
        }  # fmt: skip
        self.ask(_ADD, values)
        action = Action(**values)
        self._happened(action, "added", by, at, None)
        return action

    def find(self, ref: str) -> Action | None:
        """The action of a reference such as A-1, or of one it had before; None when there is none."""
        return self._one(_FIND, ref)

    def take(self, ref: str) -> Action | None:
        """The same, and nobody else changes it before this transaction ends."""
        return self._one(_TAKE, ref)

    def _one(self, question: Prepared, ref: str) -> Action | None:
        number = number_of(ref) or self.ask(_NAMED, {"alias_": ref.strip().upper()}).scalar()
        row = self.ask(question, {"number_": number}).first() if number else None
        return Action(*row) if row else None

    def change(self, action: Action, how: How, by: str, at: datetime, note: str | None = None, **values: Any) -> Action:
        """Write these values and what happened into its history, and give the action as it is now."""
        self.ask(_CHANGE, {"number_": action.number, **values})
        changed = replace(action, **values)
        self._happened(changed, how, by, at, note)
        return changed

    def _happened(self, action: Action, how: How, by: str, at: datetime, note: str | None) -> None:
        event = Event(how, by, at, action.owner, action.due_on, note)
        ActionEvents(self.connection).add(action.number, event)

    def newest(self) -> Action:
        """The action with the highest number; nobody else adds one before the transaction that added it ends."""
        return Action(*self.ask(_NEWEST).first())

    def about(self, ref: str) -> list[Action]:
        """The actions about a reference, oldest first."""
        return [Action(*row) for row in self.ask(_ABOUT, {"about_": ref})]

    def first_about(self, ref: str, most: int) -> list[Action]:
        """Some of the actions about a reference, open ones first, the nearest due first."""
        return [Action(*row) for row in self.ask(_FIRST_ABOUT, {"about_": ref, "most_": most})]

    def states_about(self, ref: str) -> Counter[str]:
        """How many actions about a reference are open, done and dropped."""
        return Counter(dict(tuple(row) for row in self.ask(_STATES_ABOUT, {"about_": ref})))

    def about_many(self, refs: Collection[str]) -> Mapping[str, Sequence[Action]]:
        """The actions about these references, by the reference."""
        found: dict[str, list[Action]] = {}
        for row in self.connection.execute(_ABOUT_MANY, {"refs": list(refs)}):
            found.setdefault(row.about, []).append(Action(*row))
        return found

    def about_any(self, refs: Collection[str]) -> list[Action]:
        """The actions about any of these references, oldest first."""
        return [Action(*row) for row in self.connection.execute(_ABOUT_MANY, {"refs": list(refs)})]

    def everything(self) -> list[Action]:
        """Every action, by number."""
        return [Action(*row) for row in self.ask(_ALL)]

    def owed_by_each(self, persons: Collection[str] | None) -> dict[str, list[Action]]:
        """Open actions that each of these people (None: anybody) is to do, the nearest due first, those without a day
        last."""
        rows = _OWED.run(self.connection, persons)
        return by_key((Action(*row) for row in rows), lambda action: action.owner)

    def owed_by_any(self, persons: Collection[str]) -> list[Action]:
        """Open actions that any of these people is to do, in the same order."""
        return [Action(*row) for row in self.connection.execute(_OWED_BY_ANY, {"owners": list(persons)})]

    def owners(self) -> list[str]:
        """Everybody who is to do an open action."""
        return [row.owner for row in self.ask(_OWNERS)]

    def count(self, wanted: Wanted) -> int:
        """How many actions are wanted."""
        return int(
            self.connection.execute(select(func.count()).select_from(actions).where(*_only(wanted))).scalar_one()
        )

    def page(self, wanted: Wanted, offset: int, limit: int) -> list[Action]:
        """Some of them, open ones first, the nearest due first; those settled since a moment newest first."""
        order = (actions.c.settled_at.desc(), *_NEAREST) if wanted.settled_since else (~IS_OPEN, *_NEAREST)
        asked = select(actions).where(*_only(wanted)).order_by(*order)
        return [Action(*row) for row in self.connection.execute(asked.offset(offset).limit(limit))]


def _only(wanted: Wanted) -> list[Any]:
    only: list[Any] = []
    if wanted.settled_since is not None:
        only += [~IS_OPEN, actions.c.settled_at >= wanted.settled_since]
    elif wanted.about is None or wanted.before is not None:
        only.append(IS_OPEN)
    only += [actions.c.about == wanted.about] if wanted.about is not None else []
    only += [actions.c.owner == wanted.owner] if wanted.owner is not None else []
    only += [actions.c.asked_by == wanted.asked_by] if wanted.asked_by is not None else []
    return only + ([actions.c.due_on < wanted.before] if wanted.before is not None else [])

"""Standings: what the city's files last said of each person: roles, department, deputy, so that a change is noticed."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, String, Table, Text, bindparam, delete, insert, select, text, update

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared

standings = Table(
    "standings",
    metadata,
    Column("person", String(60), primary_key=True),
    Column("said", Text, nullable=False),
    Column("since", Instant, nullable=False),
)

_ALL = Prepared(select(standings).order_by(standings.c.person))
_OF = Prepared(select(standings.c.said).where(standings.c.person == bindparam("person_")))
_ADD = Prepared(insert(standings))
_CHANGE = Prepared(update(standings).where(standings.c.person == bindparam("person_")))
_REMOVE = Prepared(delete(standings).where(standings.c.person == bindparam("person_")))
_LOCK = Prepared(text("LOCK TABLE standings IN EXCLUSIVE MODE"))
Said = Mapping[str, Any]


class Standings(Questions):
    def lock(self) -> None:
        """Let nobody else change them before this transaction ends: several bots notice one change once."""
        if self.connection.dialect.name == "postgresql":
            self.ask(_LOCK)

    def of(self, person: str) -> Said | None:
        """What was last said of somebody."""
        said = self.ask(_OF, {"person_": person}).scalar()
        return None if said is None else dict(json.loads(said))

    def all(self) -> dict[str, Said]:
        """What was last said of each person, by id."""
        return {row.person: json.loads(row.said) for row in self.ask(_ALL)}

    def put(self, person: str, said: Said, at: datetime, *, known: bool) -> None:
        """Keep what is said of somebody from now on; ``known`` says that there is a row of theirs."""
        row = {"said": json.dumps(said, sort_keys=True), "since": at}
        if known:
            self.ask(_CHANGE, {"person_": person, **row})
        else:
            self.ask(_ADD, {"person": person, **row})

    def remove(self, person: str) -> None:
        self.ask(_REMOVE, {"person_": person})

"""Drafts: a form that waits to be opened, with what was typed so far."""

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Column, String, Table, Text, bindparam, delete, insert, select

from storage.base import Instant, Questions, metadata
from storage.forgetting import forget_oldest
from storage.prepared import Prepared

drafts = Table(
    "drafts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("person", String(60), nullable=False),
    Column("target", Text, nullable=False),
    Column("typed", Text, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)

_KEEP = Prepared(insert(drafts))
_FIND = Prepared(
    select(drafts.c.target, drafts.c.typed).where(
        drafts.c.id == bindparam("id_"), drafts.c.person == bindparam("person_")
    )
)
_USE = Prepared(delete(drafts).where(drafts.c.id == bindparam("id_"), drafts.c.person == bindparam("person_")))
_FORGET = forget_oldest(drafts.c.at, drafts.c.at < bindparam("before"))


class Drafts(Questions):
    def keep(self, person: str, target: str, values: Mapping[str, str], at: datetime) -> str:
        """Keep what somebody typed for a command or action, and give it a name for the button that opens it."""
        draft = uuid4().hex
        row = {"id": draft, "person": person, "target": target, "typed": json.dumps(dict(values)), "at": at}
        self.ask(_KEEP, row)
        return draft

    def find(self, draft: str, person: str) -> tuple[str, dict[str, str]] | None:
        """The target and what was typed, for the person who typed it and nobody else."""
        row = self.ask(_FIND, {"id_": draft, "person_": person}).first()
        return (row.target, json.loads(row.typed)) if row else None

    def use(self, draft: str, person: str) -> bool:
        """Forget a draft of a person because it is used now; False where it was before, also by a press at the same
        instant."""
        return self.ask(_USE, {"id_": draft, "person_": person}).changed == 1

    def forget(self, before: datetime, most: int) -> int:
        """Remove the oldest from before a moment; how many."""
        return self.ask(_FORGET, {"before": before, "most_": most}).changed

"""Links: what came out of what: a risk out of a resident's feedback, an action out of a crisis."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, String, Table, bindparam, insert, select

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared
from storage.turns import Turns

links = Table(
    "links",
    metadata,
    Column("origin", String(60), primary_key=True),
    Column("outcome", String(60), primary_key=True, index=True),
    Column("made_by", String(60), nullable=False),
    Column("made_at", Instant, nullable=False),
)


@dataclass(frozen=True)
class Linked:
    """What a reference is linked with: where it came from (``is_origin``), or what came out of it."""

    ref: str
    is_origin: bool


_ADD = Prepared(insert(links))
_THIS = Prepared(
    select(links.c.origin).where(links.c.origin == bindparam("origin_"), links.c.outcome == bindparam("outcome_"))
)
_OF = Prepared(
    select(links.c.origin, links.c.outcome)
    .where((links.c.origin == bindparam("ref_")) | (links.c.outcome == bindparam("ref_")))
    .order_by(links.c.made_at, links.c.origin, links.c.outcome)
)

_ORIGINS = Prepared(
    select(links.c.origin, links.c.outcome)
    .where(links.c.outcome.like(bindparam("kind_")))
    .order_by(links.c.made_at, links.c.origin, links.c.outcome)
)


class Links(Questions):
    def add(self, origin: str, outcome: str, *, by: str, at: datetime) -> bool:
        """Say that one came out of the other; False when they are linked already, either way round, or are the same."""
        Turns(self.connection).take(f"link {min(origin, outcome)} {max(origin, outcome)}")
        if origin == outcome or self._known(origin, outcome) or self._known(outcome, origin):
            return False
        self.ask(_ADD, {"origin": origin, "outcome": outcome, "made_by": by, "made_at": at})
        return True

    def _known(self, origin: str, outcome: str) -> bool:
        return self.ask(_THIS, {"origin_": origin, "outcome_": outcome}).first() is not None

    def of(self, ref: str) -> list[Linked]:
        """What a reference is linked with, from both sides, the oldest link first."""
        rows = self.ask(_OF, {"ref_": ref})
        return [Linked(row.outcome, False) if row.origin == ref else Linked(row.origin, True) for row in rows]

    def origins(self, kind: str) -> dict[str, list[str]]:
        """Where every reference of a kind, such as "R-", came from, the oldest link first."""
        found: dict[str, list[str]] = {}
        for row in self.ask(_ORIGINS, {"kind_": f"{kind}%"}):
            found.setdefault(row.outcome, []).append(row.origin)
        return found

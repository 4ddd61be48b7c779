"""Crises: each crisis, its pages and its log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, bindparam, insert, select, update

from storage.base import Instant, Questions, metadata
from storage.counters import Counters
from storage.prepared import Prepared

crises = Table(
    "crises",
    metadata,
    Column("ref", String(20), primary_key=True),
    Column("what", Text, nullable=False),
    Column("where_", String(300)),
    Column("level", Integer, nullable=False),
    Column("state", String(12), nullable=False),
    Column("reason", Text),
    Column("created_by", String(60), nullable=False),
    Column("created_at", Instant, nullable=False, index=True),
    Column("closed_by", String(60)),
    Column("closed_at", Instant),
)
pages = Table(
    "crisis_pages",
    metadata,
    Column("crisis", String(20), ForeignKey("crises.ref"), primary_key=True),
    Column("person", String(60), primary_key=True),
    Column("answer", String(12)),
    Column("answered_at", Instant),
    Column("paged_at", Instant, nullable=False),
    Column("times", Integer, nullable=False),
)
entries = Table(
    "crisis_log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("crisis", String(20), ForeignKey("crises.ref"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("person", String(60), nullable=False),
    Column("text", Text, nullable=False),
)
_ACTIVE = crises.c.state == "active"
Index("ix_crises_active", crises.c.ref, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE)


@dataclass(frozen=True)
class Crisis:
    """One crisis; ``state`` is active or over, ``level`` 1 (serious) to 3 (city-wide)."""

    ref: str
    what: str
    where: str | None
    level: int
    state: str
    reason: str | None
    created_by: str
    created_at: datetime
    closed_by: str | None
    closed_at: datetime | None


@dataclass(frozen=True)
class Page:
    """A call to one member of the team; ``answer`` is coming, cannot or None."""

    crisis: str
    person: str
    answer: str | None
    answered_at: datetime | None
    paged_at: datetime
    times: int


@dataclass(frozen=True)
class Entry:
    id: int
    crisis: str
    at: datetime
    person: str
    text: str


_ADD = Prepared(insert(crises))
_CHANGE = Prepared(update(crises).where(crises.c.ref == bindparam("ref_")))
_THIS = select(crises).where(crises.c.ref == bindparam("ref_"))
_FIND = Prepared(_THIS)
_TAKE = Prepared(_THIS.with_for_update())
_ACTIVE_NOW = Prepared(select(crises).where(_ACTIVE).order_by(crises.c.created_at))
_SINCE = Prepared(select(crises).where(crises.c.created_at > bindparam("since_")).order_by(crises.c.created_at))
_ADD_PAGE = Prepared(insert(pages))
_PAGES = Prepared(
    select(pages).where(pages.c.crisis == bindparam("crisis_")).order_by(pages.c.paged_at, pages.c.person)
)
_THIS_PAGE = (pages.c.crisis == bindparam("crisis_"), pages.c.person == bindparam("person_"))
_CHANGE_PAGE = Prepared(update(pages).where(*_THIS_PAGE))
_TAKE_PAGE = Prepared(select(pages).where(*_THIS_PAGE).with_for_update())
_SILENT = Prepared(
    select(pages)
    .join(crises, crises.c.ref == pages.c.crisis)
    .where(pages.c.answer.is_(None), _ACTIVE)
    .order_by(pages.c.paged_at, pages.c.person)
)
_UNANSWERED = Prepared(
    select(crises)
    .join(pages, crises.c.ref == pages.c.crisis)
    .where(pages.c.person == bindparam("person_"), pages.c.answer.is_(None), _ACTIVE)
    .order_by(pages.c.paged_at)
)
_WRITE_LOG = Prepared(insert(entries))
_LOG = Prepared(select(entries).where(entries.c.crisis == bindparam("crisis_")).order_by(entries.c.id))


class Crises(Questions):
    def add(self, *, what: str, where: str | None, level: int, by: str, at: datetime, year: int) -> Crisis:
        """Begin a crisis; its reference counts from 01 in each year."""
        number = Counters(self.connection).next(f"crisis {year}")
        crisis = Crisis(f"CR-{year}-{number:02}", what, where, level, "active", None, by, at, None, None)
        row = {("where_" if name == "where" else name): value for name, value in vars(crisis).items()}
        self.ask(_ADD, row)
        return crisis

    def find(self, ref: str) -> Crisis | None:
        row = self.ask(_FIND, {"ref_": ref.upper()}).first()
        return Crisis(*row) if row else None

    def take(self, ref: str) -> Crisis | None:
        """The crisis, and nobody else changes it before this transaction ends."""
        row = self.ask(_TAKE, {"ref_": ref.upper()}).first()
        return Crisis(*row) if row else None

    def end(self, crisis: Crisis, *, reason: str, by: str, at: datetime) -> Crisis:
        values: dict[str, Any] = {"state": "over", "reason": reason, "closed_by": by, "closed_at": at}
        self.ask(_CHANGE, {"ref_": crisis.ref, **values})
        return Crisis(**{**vars(crisis), **values})

    def active(self) -> list[Crisis]:
        """Crises that are not over, oldest first."""
        return [Crisis(*row) for row in self.ask(_ACTIVE_NOW)]

    def since(self, moment: datetime) -> list[Crisis]:
        return [Crisis(*row) for row in self.ask(_SINCE, {"since_": moment})]

    def page(self, crisis: str, person: str, at: datetime) -> None:
        """Remember that somebody was paged for the first time."""
        row = {"crisis": crisis, "person": person, "answer": None, "answered_at": None, "paged_at": at, "times": 1}
        self.ask(_ADD_PAGE, row)

    def page_again(self, page: Page) -> None:
        self._change_page(page, times=page.times + 1)

    def answer(self, page: Page, answer: str, at: datetime) -> Page:
        self._change_page(page, answer=answer, answered_at=at)
        return Page(**{**vars(page), "answer": answer, "answered_at": at})

    def _change_page(self, page: Page, **values: Any) -> None:
        self.ask(_CHANGE_PAGE, {"crisis_": page.crisis, "person_": page.person, **values})

    def pages(self, crisis: str) -> list[Page]:
        return [Page(*row) for row in self.ask(_PAGES, {"crisis_": crisis})]

    def take_page(self, crisis: str, person: str) -> Page | None:
        row = self.ask(_TAKE_PAGE, {"crisis_": crisis, "person_": person}).first()
        return Page(*row) if row else None

    def silent(self) -> list[Page]:
        """Pages of crises that are not over which nobody has answered."""
        return [Page(*row) for row in self.ask(_SILENT)]

    def unanswered(self, person: str) -> list[Crisis]:
        """Crises that are not over for which somebody was paged and has not answered, oldest first."""
        return [Crisis(*row) for row in self.ask(_UNANSWERED, {"person_": person})]

    def write_log(self, crisis: str, person: str, text: str, at: datetime) -> None:
        self.ask(_WRITE_LOG, {"crisis": crisis, "person": person, "text": text, "at": at})

    def log(self, crisis: str) -> list[Entry]:
        """The log of a crisis, oldest entry first."""
        return [Entry(*row) for row in self.ask(_LOG, {"crisis_": crisis})]

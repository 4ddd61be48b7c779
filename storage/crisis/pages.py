"""Crisis pages: who was called for a crisis, and what they said."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, String, Table, bindparam, insert, select, update

from storage.base import Instant, Questions, metadata, one_of
from storage.crisis.records import Crisis, crises
from storage.persons import OfPersons, by_key
from storage.prepared import Prepared

pages = Table(
    "crisis_pages",
    metadata,
    Column("crisis", String(20), ForeignKey("crises.ref"), primary_key=True),
    Column("person", String(60), primary_key=True),
    Column("answer", String(12)),
    Column("answered_at", Instant),
    Column("paged_at", Instant, nullable=False),
    Column("times", Integer, nullable=False),
    Column("instead_of", String(60)),
    Column("phoned", String(12)),
    Column("phoned_by", String(60)),
    Column("phoned_at", Instant),
    Column("first_answered_at", Instant),
)
_OPEN = one_of(crises.c.state, "alarm", "active")


@dataclass(frozen=True)
class Page:
    """A call to one person; ``answer`` is coming, cannot, covered (somebody else has the role) or None, ``times`` how
    often they were paged. They may change their answer; ``first_answered_at`` is when they gave the first one.

    ``instead_of`` is whose deputy they are. ``phoned`` says what came of a telephone call: reached or unreachable.
    """

    crisis: str
    person: str
    answer: str | None
    answered_at: datetime | None
    paged_at: datetime
    times: int
    instead_of: str | None = None
    phoned: str | None = None
    phoned_by: str | None = None
    phoned_at: datetime | None = None
    first_answered_at: datetime | None = None


_ADD = Prepared(insert(pages))
_OF = Prepared(select(pages).where(pages.c.crisis == bindparam("crisis_")).order_by(pages.c.paged_at, pages.c.person))
_OF_EACH = (
    select(pages)
    .where(pages.c.crisis.in_(bindparam("crises_", expanding=True)))
    .order_by(pages.c.paged_at, pages.c.person)
)
_THIS = (pages.c.crisis == bindparam("crisis_"), pages.c.person == bindparam("person_"))
_CHANGE = Prepared(update(pages).where(*_THIS))
_FIND = Prepared(select(pages).where(*_THIS))
_TAKE = Prepared(select(pages).where(*_THIS).with_for_update())
_SILENT = Prepared(
    select(pages)
    .join(crises, crises.c.ref == pages.c.crisis)
    .where(pages.c.answer.is_(None), _OPEN, ~crises.c.drill)
    .order_by(pages.c.paged_at, pages.c.person)
)
_UNANSWERED = OfPersons(
    select(crises, pages.c.person)
    .join(pages, crises.c.ref == pages.c.crisis)
    .where(pages.c.answer.is_(None), _OPEN)
    .order_by(pages.c.paged_at),
    pages.c.person,
)
_OWN = Prepared(
    select(pages)
    .join(crises, crises.c.ref == pages.c.crisis)
    .where(pages.c.person == bindparam("person_"), _OPEN)
    .order_by(pages.c.paged_at)
)


class CrisisPages(Questions):
    def add(self, crisis: str, person: str, at: datetime, *, instead_of: str | None = None) -> Page:
        """Remember that somebody was paged for the first time."""
        page = Page(crisis, person, None, None, at, 1, instead_of)
        self.ask(_ADD, vars(page))
        return page

    def add_all(self, pages: Sequence[Page]) -> None:
        """Remember that people were paged for the first time."""
        self.ask_each(_ADD, [vars(page) for page in pages])

    def change(self, page: Page, **values: Any) -> Page:
        """Change some of its columns."""
        self.ask(_CHANGE, {"crisis_": page.crisis, "person_": page.person, **values})
        return replace(page, **values)

    def answer_all(self, pages: Sequence[Page]) -> None:
        """Keep what became of these pages: the answer, when it was given, and how often they were sent."""
        rows = [
            {
                "crisis_": page.crisis, "person_": page.person, "answer": page.answer,
                "answered_at": page.answered_at, "times": page.times,
            }
            for page in pages
        ]  # fmt: skip
        self.ask_each(_CHANGE, rows)

    def of(self, crisis: str) -> list[Page]:
        """Who was paged for a crisis, in the order in which they were."""
        return [Page(*row) for row in self.ask(_OF, {"crisis_": crisis})]

    def of_each(self, crises: Collection[str]) -> dict[str, list[Page]]:
        """The same for each of these crises, by its reference."""
        rows = self.connection.execute(_OF_EACH, {"crises_": list(crises)}) if crises else ()
        return by_key((Page(*row) for row in rows), lambda page: page.crisis)

    def find(self, crisis: str, person: str) -> Page | None:
        row = self.ask(_FIND, {"crisis_": crisis, "person_": person}).first()
        return Page(*row) if row else None

    def take(self, crisis: str, person: str) -> Page | None:
        """A page, and nobody else changes it before this transaction ends."""
        row = self.ask(_TAKE, {"crisis_": crisis, "person_": person}).first()
        return Page(*row) if row else None

    def silent(self) -> list[Page]:
        """Pages that nobody has answered, of crises that are not over; drills are left out."""
        return [Page(*row) for row in self.ask(_SILENT)]

    def own(self, person: str) -> list[Page]:
        """The pages to somebody for crises that are not over, oldest first."""
        return [Page(*row) for row in self.ask(_OWN, {"person_": person})]

    def unanswered(self, persons: Collection[str] | None) -> dict[str, list[Crisis]]:
        """Crises that are not over for which each of these people (None: anybody) was paged and has not answered,
        oldest first."""
        found: dict[str, list[Crisis]] = {}
        for *row, person in _UNANSWERED.run(self.connection, persons):
            found.setdefault(person, []).append(Crisis(*row))
        return found

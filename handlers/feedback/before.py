"""Older feedback: finds in its history who may see contacts that were logged before this was recorded."""

from dataclasses import dataclass, field
from datetime import datetime

from handlers.feedback.openings import departments_of
from handlers.kit.city.model import City
from handlers.kit.context import SYSTEM
from storage.database import Database, Store
from storage.feedback.events import Event
from storage.feedback.items import Item

BATCH = 500  # items in one transaction, so that nothing else waits for long


def open_those_of_before(database: Database, city: City, now: datetime) -> None:
    """Find for each older item which departments may see its contact; done once, and after that a quick check."""
    if database.read(lambda store: store.feedback.records.has_of_before()):
        while database.write(lambda store: _some(store, city, now)) == BATCH:
            pass


def _some(store: Store, city: City, now: datetime) -> int:
    items = store.feedback.records.of_before(BATCH)
    events = store.feedback.events.of_many([item.number for item in items])
    for item in items:
        found = _Openings(city, item)
        for event in events.get(item.number, ()):
            found.follow(event)
        found.keep(store, item, now)
    if items:
        store.audit.add(now, SYSTEM, "upgrade", "feedback contacts", {"items": len(items)})
    return len(items)


@dataclass
class _Openings:
    """To whom an item's contact was opened, followed event by event. People count for the department they are in today;
    for people who have left, it is unknown."""

    city: City
    item: Item
    departments: list[tuple[str, str, datetime]] = field(default_factory=list)
    given_to: str | None = None
    owner: str | None = None

    def follow(self, event: Event) -> None:
        """Read one event: somebody routed the item on, gave it to somebody, or changed its category."""
        values, sees = event.values, self._sees(event.person)
        if event.what == "logged" or (not self.departments and "category" in values):
            self._open(self._of_category(values.get("category")), event)
        elif event.what == "routed" and sees:
            self._open(values.get("department"), event)
        elif "category" in values and (sees or event.person == self.item.created_by):
            self._open(self._of_category(values["category"]), event)
        if "owner" in values and values["owner"] != self.owner:
            self.owner = values["owner"]
            given = event.what == "taken" and sees and self.owner != event.person
            self.given_to = self.owner if given else None

    def keep(self, store: Store, item: Item, now: datetime) -> None:
        """Store the result, with an event that says that it was looked up."""
        first, *more = self.departments or [("", SYSTEM, now)]
        for department, by, at in more:
            store.feedback.contact_departments.add(item.number, department, by, at)
        given = self.given_to if self.given_to == item.owner else None
        store.feedback.records.change(item, "opened", SYSTEM, now, first_department=first[0], given_to=given)

    def _open(self, department: str | None, event: Event) -> None:
        known = [department for department, _, _ in self.departments]
        if not known or department not in known:
            self.departments.append((department or "", event.person, event.at))

    def _of_category(self, category: str | None) -> str:
        known = self.city.categories.get(category or "")
        return known.department if known else ""

    def _sees(self, person: str) -> bool:
        known = self.city.people.get(person)
        opened = {department for department, _, _ in self.departments}
        return known is not None and not opened.isdisjoint(departments_of(self.city, known))

"""Feedback: what residents told the city, as it stands now; what happened to each stands in feedback_events."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, Index, Integer, String, Table, Text, bindparam, func, insert, select, update

from storage.base import Instant, Questions, metadata
from storage.counters import Counters
from storage.feedback.events import FeedbackEvents
from storage.prepared import Prepared

feedback = Table(
    "feedback",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("what", Text, nullable=False),
    Column("category", String(40), nullable=False),
    Column("place_in_town", String(300)),
    Column("reached_us_by", String(60), nullable=False),
    Column("state", String(12), nullable=False),
    Column("answer", Text),
    Column("created_by", String(60), nullable=False),
    Column("created_at", Instant, nullable=False, index=True),
    Column("closed_by", String(60)),
    Column("closed_at", Instant, index=True),
    Column("source", Text),
    Column("kind", String(12), nullable=False, server_default="complaint"),
    Column("area", String(300)),
    Column("department", String(40)),
    Column("owner", String(60)),
    Column("waits_for", String(20)),
    Column("waits_until", Date),
    Column("target", Integer, nullable=False, server_default="0"),
    Column("clock", Integer, nullable=False, server_default="0"),
    Column("mark", Integer, nullable=False, server_default="0"),
    Column("due_at", Instant),
    Column("took", Integer),
    Column("reason", String(40)),
    Column("decided_by", String(120)),
    Column("go_to", Text),
    Column("duplicate_of", Integer),
    Column("check_on", Date),
    Column("words", Text, nullable=False, server_default=""),
    Column("first_department", String(40)),
    Column("given_to", String(60)),
)
_OPEN = feedback.c.state == "open"
Index("ix_feedback_open", feedback.c.number, sqlite_where=_OPEN, postgresql_where=_OPEN)
Index("ix_feedback_due", feedback.c.due_at, sqlite_where=_OPEN, postgresql_where=_OPEN)
_CHECKED = feedback.c.check_on.is_not(None)
Index("ix_feedback_check", feedback.c.check_on, sqlite_where=_CHECKED, postgresql_where=_CHECKED)
_BEFORE = feedback.c.first_department.is_(None)
Index("ix_feedback_of_before", feedback.c.number, sqlite_where=_BEFORE, postgresql_where=_BEFORE)
Index("ix_feedback_area", feedback.c.category, feedback.c.area, feedback.c.created_at)


@dataclass(frozen=True)
class Item:
    """One piece of feedback; ``state`` is open, closed or withdrawn, ``source`` links to the message it was made of.

    ``department`` is where it was routed to, None while its category decides. ``waits_for`` pauses the clock, whose
    ``target`` and ``took`` are seconds of working time; ``due_at`` is when the target is reached, None while the clock
    stands still; ``clock`` counts how often it was set, and ``mark`` is the last per cent that was told.
    ``reason`` is the code it was closed with, ``check_on`` the day to ask whether it is fixed. ``first_department`` is
    the one that its category had when it was logged ("" for one the city had dropped, None until that was looked up for
    an item of before), ``given_to`` an owner who was given it by a department that may see its contact.
    """

    number: int
    what: str
    category: str
    place_in_town: str | None
    reached_us_by: str
    state: str
    answer: str | None
    created_by: str
    created_at: datetime
    closed_by: str | None
    closed_at: datetime | None
    source: str | None
    kind: str = "complaint"
    area: str | None = None
    department: str | None = None
    owner: str | None = None
    waits_for: str | None = None
    waits_until: date | None = None
    target: int = 0
    clock: int = 0
    mark: int = 0
    due_at: datetime | None = None
    took: int | None = None
    reason: str | None = None
    decided_by: str | None = None
    go_to: str | None = None
    duplicate_of: int | None = None
    check_on: date | None = None
    words: str = ""
    first_department: str | None = None
    given_to: str | None = None

    @property
    def ref(self) -> str:
        return f"F-{self.number}"

    @property
    def original(self) -> str | None:
        """The reference of what this is a duplicate of."""
        return f"F-{self.duplicate_of}" if self.duplicate_of else None


_ADD = Prepared(insert(feedback))
_CHANGE = Prepared(update(feedback).where(feedback.c.number == bindparam("number_")))
_THIS = select(feedback).where(feedback.c.number == bindparam("number_"))
_FIND = Prepared(_THIS)
_TAKE = Prepared(_THIS.with_for_update())
_COUNT = Prepared(select(func.count()).select_from(feedback).where(_OPEN))
_SINCE = Prepared(  # in the order of its index: by number, SQLite would read the whole table
    select(feedback)
    .where(feedback.c.created_at > bindparam("since_"), feedback.c.state != "withdrawn")
    .order_by(feedback.c.created_at, feedback.c.number)
)
_DUPLICATES = Prepared(select(feedback).where(feedback.c.duplicate_of == bindparam("of_")).order_by(feedback.c.number))
_IS_BEFORE = Prepared(select(feedback.c.number).where(_BEFORE).limit(1))
_OF_BEFORE = Prepared(
    select(feedback).where(_BEFORE).order_by(feedback.c.number).limit(bindparam("most_")).with_for_update()
)
_ALIKE = Prepared(
    select(feedback)
    .where(
        feedback.c.category == bindparam("category_"),
        feedback.c.area == bindparam("area_"),
        feedback.c.created_at > bindparam("since_"),
        feedback.c.state != "withdrawn",
    )
    .order_by(feedback.c.number)
)


def number_of(ref: str) -> int | None:
    """The number of a reference such as F-1; None when it is none."""
    digits = ref.upper().removeprefix("F-").removeprefix("F")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


def words_of(what: str, place: str | None, answer: str | None) -> str:
    """What a search looks through, in one case whatever the alphabet."""
    return "\n".join(part for part in (what, place, answer) if part).casefold()


class Feedback(Questions):
    def add(
        self,
        *,
        what: str,
        category: str,
        place_in_town: str | None,
        reached_us_by: str,
        by: str,
        at: datetime,
        source: str | None = None,
        number: int | None = None,
        **more: Any,
    ) -> Item:
        """Keep a new item, open unless ``more`` says otherwise; its first event has all of it.

        A ``number`` of its own must be free; the next ones come after it.
        """
        counters = Counters(self.connection)
        if number is not None:
            counters.at_least("feedback", number)
        values: dict[str, Any] = {
            "number": number or counters.next("feedback"), "what": what, "category": category,
            "place_in_town": place_in_town, "reached_us_by": reached_us_by, "state": "open", "answer": None,
            "created_by": by, "created_at": at, "closed_by": None, "closed_at": None, "source": source, **more,
        }  # fmt: skip
        words = words_of(what, place_in_town, values["answer"])
        self.ask(_ADD, {**values, "words": words})
        FeedbackEvents(self.connection).add(values["number"], "logged", by, at, None, values)
        return Item(**values, words=words)

    def find(self, ref: str) -> Item | None:
        """The item of a reference such as F-1; None when there is none."""
        return self._one(_FIND, ref)

    def take(self, ref: str) -> Item | None:
        """The same, and nobody else changes it before this transaction ends."""
        return self._one(_TAKE, ref)

    def _one(self, question: Any, ref: str) -> Item | None:
        row = self.ask(question, {"number_": number_of(ref) or 0}).first()
        return Item(*row) if row else None

    def change(self, item: Item, event: str, by: str, at: datetime, note: str | None = None, **values: Any) -> Item:
        """Write these values and the event they follow from, and give the item as it is now.

        ``event`` is a word of ours, ``note`` the reason that was stated. Another owner was given nothing, unless
        ``given_to`` says so.
        """
        if values.get("owner", item.owner) != item.owner:
            values = {"given_to": None, **values}
        now = replace(item, **values)
        now = replace(now, words=words_of(now.what, now.place_in_town, now.answer))
        self.ask(_CHANGE, {"number_": item.number, "words": now.words, **values})
        FeedbackEvents(self.connection).add(item.number, event, by, at, note, values)
        return now

    def has_of_before(self) -> bool:
        """Whether there are items whose department at logging time was not looked up yet."""
        return self.ask(_IS_BEFORE).first() is not None

    def of_before(self, most: int) -> list[Item]:
        """The first of these, and nobody else changes them before this transaction ends."""
        return [Item(*row) for row in self.ask(_OF_BEFORE, {"most_": most})]

    def open_count(self) -> int:
        return int(self.ask(_COUNT).scalar())

    def since(self, moment: datetime) -> list[Item]:
        """What was logged after a moment, oldest first; not the withdrawn ones."""
        return [Item(*row) for row in self.ask(_SINCE, {"since_": moment})]

    def duplicates(self, item: Item) -> list[Item]:
        """The items that were closed as duplicates of this one."""
        return [Item(*row) for row in self.ask(_DUPLICATES, {"of_": item.number})]

    def alike(self, category: str, area: str, since: datetime) -> list[Item]:
        """What was logged of one category in one area after a moment, oldest first; not the withdrawn ones."""
        return [Item(*row) for row in self.ask(_ALIKE, {"category_": category, "area_": area, "since_": since})]

    def replayed(self, number: int) -> Item:
        """The item as its events alone make it; raises KeyError when there are none."""
        values: dict[str, Any] = {}
        for event in FeedbackEvents(self.connection).of(number):
            values.update({name: _as_kept(name, value) for name, value in event.values.items()})
        if not values:
            raise KeyError(number)
        words = words_of(values["what"], values["place_in_town"], values["answer"])
        return Item(**values, words=words)


def _as_kept(name: str, value: Any) -> Any:
    """A value of an event as the table's column has it."""
    kind = feedback.c[name].type
    if value is None:
        return None
    if isinstance(kind, Instant):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value

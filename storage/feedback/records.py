"""Feedback: what residents told the city is kept, found and changed, each change with its event."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, bindparam, func, insert, select, update

from storage.base import Instant, Questions
from storage.counters import Counters
from storage.feedback.events import FeedbackEvents
from storage.feedback.items import BEFORE, OPEN, Item, feedback, number_of, words_of
from storage.prepared import Prepared

_ADD = Prepared(insert(feedback))
_CHANGE = Prepared(update(feedback).where(feedback.c.number == bindparam("number_")))
_THIS = select(feedback).where(feedback.c.number == bindparam("number_"))
_FIND = Prepared(_THIS)
_TAKE = Prepared(_THIS.with_for_update())
_COUNT = Prepared(select(func.count()).select_from(feedback).where(OPEN))
_SINCE = Prepared(  # in the order of its index: by number, SQLite would read the whole table
    select(feedback)
    .where(feedback.c.created_at > bindparam("since_"), feedback.c.state != "withdrawn")
    .order_by(feedback.c.created_at, feedback.c.number)
)
_WAY = Prepared(
    select(feedback.c.reached_us_by)
    .where(feedback.c.created_at > bindparam("since_"), feedback.c.created_by == bindparam("by_"))
    .order_by(feedback.c.created_at.desc(), feedback.c.number.desc())
    .limit(1)
)
_DUPLICATES = Prepared(
    select(feedback).where(feedback.c.duplicate_of.in_(bindparam("of_", expanding=True))).order_by(feedback.c.number)
)
_OPEN_SAYING = Prepared(
    select(feedback)
    .where(OPEN, feedback.c.category == bindparam("category_"), feedback.c.what == bindparam("what_"))
    .order_by(feedback.c.number.desc())
    .limit(bindparam("most_"))
)
_IS_BEFORE = Prepared(select(feedback.c.number).where(BEFORE).limit(1))
_OF_BEFORE = Prepared(
    select(feedback).where(BEFORE).order_by(feedback.c.number).limit(bindparam("most_")).with_for_update()
)
_OPEN_ALIKE = Prepared(
    select(feedback)
    .where(OPEN, feedback.c.category == bindparam("category_"), feedback.c.area == bindparam("area_"))
    .order_by(feedback.c.number.desc())
    .limit(bindparam("most_"))
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

    def since(self, moment: datetime) -> list[Item]:
        """What was logged after a moment, oldest first; not the withdrawn ones."""
        return [Item(*row) for row in self.ask(_SINCE, {"since_": moment})]

    def last_way(self, by: str, since: datetime) -> str | None:
        """How the last item reached us that somebody logged after a moment; None when they logged none."""
        row = self.ask(_WAY, {"by_": by, "since_": since}).first()
        return str(row[0]) if row else None

    def duplicates(self, *items: Item) -> list[Item]:
        """The items that were closed as duplicates of these."""
        return [Item(*row) for row in self.ask(_DUPLICATES, {"of_": [item.number for item in items]})]

    def alike(self, category: str, area: str, since: datetime) -> list[Item]:
        """What was logged of one category in one area after a moment, oldest first; not the withdrawn ones."""
        return [Item(*row) for row in self.ask(_ALIKE, {"category_": category, "area_": area, "since_": since})]

    def open_saying(self, category: str, what: str, most: int) -> list[Item]:
        """What is open of one category in just these words, the newest first."""
        return [Item(*row) for row in self.ask(_OPEN_SAYING, {"category_": category, "what_": what, "most_": most})]

    def open_alike(self, category: str, area: str, most: int) -> list[Item]:
        """What is open of one category in one area, the newest first."""
        return [Item(*row) for row in self.ask(_OPEN_ALIKE, {"category_": category, "area_": area, "most_": most})]

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

"""Items: one piece of feedback, and the table that keeps it as it stands now."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Column, Date, Index, Integer, String, Table, Text

from storage.base import Instant, metadata, partial_index

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
OPEN = feedback.c.state == "open"
partial_index("ix_feedback_open", feedback.c.number, where=OPEN)
partial_index("ix_feedback_due", feedback.c.due_at, where=OPEN)
_CHECKED = feedback.c.check_on.is_not(None)
partial_index("ix_feedback_check", feedback.c.check_on, where=_CHECKED)
BEFORE = feedback.c.first_department.is_(None)
partial_index("ix_feedback_of_before", feedback.c.number, where=BEFORE)
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


def number_of(ref: str) -> int | None:
    """The number of a reference such as F-1; None when it is none."""
    digits = ref.upper().removeprefix("F-").removeprefix("F")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


def words_of(what: str, place: str | None, answer: str | None) -> str:
    """What a search looks through, in one case whatever the alphabet."""
    return "\n".join(part for part in (what, place, answer) if part).casefold()

"""Morning: what stands in a morning check: its sentences, its counts and its sections, as they are kept.

Its items are kept as they were counted, so that an item that was settled since can say so and the counts stay what
they were.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import IntEnum

from pydantic import BaseModel, ConfigDict

from handlers.kit.context import sending_ref
from handlers.kit.figures import Figure
from handlers.kit.inline import Status
from handlers.kit.messages import Button

ROUTINE, SEAT = "morning-check", "city_manager"
SHOWN = 5  # lines of a section, so that it can be read on a phone; the rest is counted


class Rank(IntEnum):
    """Of two things that are equally bad, the one with the lower rank is read first."""

    WAITS = 10  # somebody cannot go on until it is decided
    CRISIS = 20
    AGAIN = 25  # what was settled is open again
    NOBODYS = 30  # nobody looks after it
    HELP = 40  # somebody asks for help
    STRAINED = 50
    LATE = 60


class Decide(BaseModel):
    """Says of a line that the city manager has to decide something about it: how bad it is and its rank among what is
    equally bad, the sentence to read where it is not the line itself, and whether everybody may read that."""

    model_config = ConfigDict(frozen=True)

    status: Status
    rank: int
    sentence: str = ""
    public: bool = False


class Line(BaseModel):
    """One item: what it is about, and what was done about it since: settled, or given to somebody."""

    model_config = ConfigDict(frozen=True)

    text: str
    ref: str | None = None
    buttons: tuple[Button, ...] = ()
    decide: Decide | None = None
    dealt: str | None = None
    given: str | None = None
    again: str | None = None  # when it was opened again

    @property
    def is_open(self) -> bool:
        """Whether nothing was done about it since."""
        return not (self.dealt or self.given)

    @property
    def has_changed(self) -> bool:
        """Whether it says that something was done about it since, or that it was opened again."""
        return bool(self.dealt or self.given or self.again)

    def with_buttons(self, more: Sequence[Button]) -> "Line":
        return self.model_copy(update={"buttons": (*self.buttons, *more)})


class Section(BaseModel):
    """A heading with its count and its lines; ``rest`` is the command that shows all.

    ``private`` is a count that says something to the reader alone. ``status`` says how bad what is in it is, where that
    is no decision: with it the morning is not quiet. Those who gather it say whether what it counts ``is_new``, and how
    many of its items stand ``above`` it already.
    """

    model_config = ConfigDict(frozen=True)

    title: str
    total: int
    lines: tuple[Line, ...]
    rest: str = ""
    private: bool = False
    is_new: bool = False
    above: int = 0
    status: Status | None = None

    @property
    def more(self) -> int:
        """How many of its items stand nowhere."""
        return self.total - self.above - len(self.lines)

    def with_buttons(self, more: Mapping[str | None, Sequence[Button]]) -> "Section":
        """The same with more buttons beside the lines about these references."""
        return self.changed(lambda line: line.with_buttons(more.get(line.ref, ())))

    def changed(self, becomes: Callable[[Line], Line]) -> "Section":
        """The same with what becomes of each of its lines."""
        return self.model_copy(update={"lines": tuple(map(becomes, self.lines))})


class Content(BaseModel):
    """All of a morning check: ``decisions`` are its sentences, the worst first, and ``undecided`` how many more there
    are below; None in one of before there were any.

    ``headline`` says in a sentence or two what is new, ``figures`` how much, and ``compared`` with when. ``note`` is a
    minor fact under it, ``missing`` a line for each section that could not be read. ``missed`` says that nobody could
    read it in time: the next one looks back to what came before it.
    """

    model_config = ConfigDict(frozen=True)

    headline: str
    sections: tuple[Section, ...]
    note: str = ""
    missing: tuple[str, ...] = ()
    decisions: tuple[Line, ...] | None = None
    undecided: int = 0
    figures: tuple[Figure, ...] = ()
    compared: str = ""
    missed: bool = False

    @property
    def has_changed(self) -> bool:
        """Whether any of its lines does not stand as it was counted."""
        lines = (line for part in self.sections for line in part.lines)
        return any(line.has_changed for line in (*(self.decisions or ()), *lines))

    def changed(self, becomes: Callable[[Line], Line]) -> "Content":
        """The same with what becomes of each of its lines."""
        decisions = None if self.decisions is None else tuple(map(becomes, self.decisions))
        sections = tuple(part.changed(becomes) for part in self.sections)
        return self.model_copy(update={"decisions": decisions, "sections": sections})


def section(
    title: str,
    lines: Sequence[Line],
    rest: str = "",
    *,
    total: int | None = None,
    private: bool = False,
    status: Status | None = None,
) -> tuple[Section, ...]:
    """A section of these lines, or the first of ``total``; none when there are none.

    A line with ``decide`` is one of the sentences at the top when it is among the worst, and then not in its section.
    What stands in an earlier section is left out as well, so give all lines there are, those to be read first first.

    >>> worst = Decide(status=Status("critical", "Extreme"), rank=Rank.NOBODYS, sentence="R-1 has no owner.")
    >>> section("Open", [Line(text="R-1 Dam gate stuck", ref="R-1", decide=worst)], "risk list")[0].total
    1
    """
    count = len(lines) if total is None else total
    told = Section(title=title, total=count, lines=tuple(lines), rest=rest, private=private, status=status)
    return (told,) if lines else ()


def morning_ref(day: date) -> str:
    """What the morning check of a day is about."""
    return sending_ref(ROUTINE, day, SEAT)

"""Declared: one thing that a feature declares, such as a command, a button, a routine or a section of a card."""

import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING, Any, Generic, TypeVar, Union

from handlers.kit.forms import Form, Question, questions
from handlers.kit.messages import Card, Row, Word
from handlers.kit.time.calendar import Closed
from handlers.kit.values import Carried, read

if TYPE_CHECKING:
    from handlers.kit.city.model import City
    from handlers.kit.morning import Section

T = TypeVar("T")
Filled = Mapping[str, str]  # what a form is filled in with, by field
Prefill = Callable[..., Filled]
Asks = Union[type[Form], Callable[..., type[Form]]]  # noqa: UP007  # a form, or what makes it from the city's words
SUBMIT = 24  # characters of the button of a form in Slack
Seats = Callable[["City", date], Sequence[str]]


def fits_button(name: str, label: str) -> None:
    """Raise ValueError for a label that Slack would not show on the button of a form."""
    if len(label) > SUBMIT:
        raise ValueError(f"{name}: a form's button has at most {SUBMIT} characters, not {label!r}")


@dataclass(frozen=True)
class Command:
    """Something people type, such as ``risk add``; ``from_message`` is its label in the menu of a message, and
    ``quotes`` says that the message's author is named before its words. ``sends`` is the label of its form's button
    where the last word of its name does not serve as one. Help names it to those with the right ``shown_to``, which is
    the one that it ``needs`` where nothing else is said."""

    name: str
    function: Callable[..., Any]
    needs: str
    asks: Asks | None
    reads_only: bool
    example: str
    prefill: Prefill | None = None
    replaces: bool = False
    from_message: str = ""
    quotes: bool = False
    sends: str = ""
    shown_to: str = ""

    @property
    def group(self) -> str:
        return self.name.split()[0]

    @property
    def verb(self) -> str:
        return self.name.split()[-1]

    @property
    def help(self) -> str:
        return first_line(self.function)

    @property
    def submit(self) -> str:
        """The label of the form's button."""
        return self.sends or (self.verb.capitalize() if " " in self.name else "Send")


@dataclass(frozen=True)
class Action:
    """A button, by the name under which it is stored; a name is never given to something else.

    ``prefill`` fills its form; ``replaces`` puts the answer in the place of the card the button stood on. ``varies``
    says that its form depends on what it is about: ``asks`` is then a function of the city and the value. With
    ``opens_form`` it answers with the form of a command. ``carries`` is the kind of its value, where that is more than
    a reference. ``sends`` is the label of its form's button.
    """

    name: str
    function: Callable[..., Any]
    needs: str
    asks: Asks | None
    reads_only: bool
    prefill: Prefill | None
    replaces: bool
    varies: bool = False
    opens_form: bool = False
    carries: type[Carried] | None = None
    sends: str = "Save"

    @property
    def help(self) -> str:
        return first_line(self.function)

    @property
    def submit(self) -> str:
        """The label of the form's button."""
        return self.sends

    def read(self, text: str) -> Carried | str:
        """The value of a button of this action, as its function takes it; raises UserError when it is none of ours."""
        return read(self.carries, text) if self.carries else text


@dataclass(frozen=True)
class Timer:
    """Something due later, about a subject; one that ``counts_seconds`` runs on while the clock is in doubt, one that
    is ``prepared`` is worked out on a reader, and gives what the writer does."""

    name: str
    function: Callable[..., Any]
    counts_seconds: bool = False
    prepared: bool = False


@dataclass(frozen=True)
class Routine:
    """Something the bot begins by itself: ``at`` a wall clock time ``on`` a day rule ``to`` a seat, or to the seats
    that a function of the city and the day gives.

    ``late_until`` is how long after an outage it is still worth sending: until a time of that day, or (None) until the
    next one is due. ``closed`` is what becomes of a day on which the city is closed. ``notice`` tells those who did not
    get it; ``repeat`` sends it again when nobody can know whether it arrived. One that is sent ``in_pieces`` is
    prepared on a reader (kit/pieces). ``said`` is what people call it, where that is not its name.
    """

    name: str
    function: Callable[..., Any]
    at: time
    on: str
    to: str | Seats
    late_until: time | None
    closed: Closed = "skip"
    notice: bool = False
    repeat: bool = False
    in_pieces: bool = False
    said: str = ""

    @property
    def help(self) -> str:
        return first_line(self.function)

    @property
    def spoken(self) -> str:
        """What people call it: the stand-up."""
        return self.said or self.name.replace("-", " ")


@dataclass(frozen=True)
class Kind:
    """What references that begin like this (``R-``) stand for: ``function`` gives the line people read of one, or None
    when there is none that this person may see; ``show`` is the command that shows it; ``keepers`` gives the ids of
    those who look after one, ``prefix`` what stands before the title of every card about one."""

    begins: str
    function: Callable[..., str | None]
    show: str
    keepers: Callable[..., Collection[str]] | None = None
    prefix: Callable[..., str] | None = None


@dataclass(frozen=True)
class Drawer:
    """How one kind of message is drawn again from its record; ``name`` is kept with each message that waits."""

    name: str
    function: Callable[..., Card]


@dataclass(frozen=True)
class Board:
    """What one feature says on the card of every crisis; people read the lowest ``order`` first."""

    name: str
    function: Callable[..., Sequence[Word]]
    order: int


@dataclass(frozen=True)
class Chapter:
    """What one feature writes into the report of a crisis; the lowest ``order`` stands first."""

    name: str
    function: Callable[..., None]
    order: int


@dataclass(frozen=True)
class MorningSection:
    """What one feature says in the morning check; ``is_new`` ones stand first, then the lowest ``order``."""

    name: str
    function: Callable[..., "Sequence[Section]"]
    order: int
    is_new: bool


@dataclass(frozen=True)
class MorningSentence:
    """A sentence of one feature for the morning check: in its headline, or in small type at its end."""

    name: str
    function: Callable[..., str]
    in_headline: bool


@dataclass(frozen=True)
class LateList:
    """What is late of one register: ``way`` is the command that lists all of it; people read the lowest ``order``
    first."""

    name: str
    function: Callable[..., Sequence[Row]]
    way: str
    order: int


@dataclass(frozen=True)
class Undoing:
    """How an act of one kind is taken back, and the right that this needs, as the act did."""

    name: str
    function: Callable[..., Card]
    needs: str


@dataclass(frozen=True)
class RecordPart(Generic[T]):
    """What one feature adds to the cards of records whose references begin with one of ``begins``: words or buttons;
    the lowest ``order`` stands first."""

    name: str
    function: Callable[..., Sequence[T]]
    begins: tuple[str, ...]
    order: int


def spoken_name(function: Callable[..., Any]) -> str:
    """A function's name as people read it."""
    return function.__name__.replace("_", " ")


def first_line(documented: object) -> str:
    return (inspect.getdoc(documented) or "").split("\n")[0]


def form_of(target: Command | Action, city: "City", about: Carried | str = "") -> type[Form] | None:
    """The form of a command or action (``about`` a value), as this city has it; None when it asks nothing."""
    if target.asks is None or isinstance(target.asks, type):
        return target.asks
    return target.asks(city, about) if isinstance(target, Action) and target.varies else target.asks(city)


def asked(target: Command | Action, city: "City", about: Carried | str = "") -> tuple[Question, ...]:
    """The questions of a command or action; none when it asks nothing."""
    form = form_of(target, city, about)
    return questions(form, city) if form else ()

"""Catalogue: all that was declared: commands, actions, timers, routines and what else the features have."""

import inspect
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import TYPE_CHECKING, Any, Generic, TypeVar, Union

from handlers.kit import policy
from handlers.kit.forms import Form, Question, questions
from handlers.kit.held import Holding
from handlers.kit.messages import Button, Card, Word
from handlers.kit.sheets import Sheet
from handlers.kit.time.calendar import Closed
from handlers.kit.values import Carried, read
from handlers.kit.waiting import Waiter

if TYPE_CHECKING:
    from handlers.kit.city.model import City
    from handlers.kit.morning import Section

T = TypeVar("T")
Filled = Mapping[str, str]  # what a form is filled in with, by field
Prefill = Callable[..., Filled]
Asks = Union[type[Form], Callable[..., type[Form]]]  # noqa: UP007  # a form, or what makes it from the city's words
Seats = Callable[["City", date], Sequence[str]]
BEGINNING = ("add", "activate")  # what a command's name ends with that begins something


@dataclass(frozen=True)
class Command:
    """Something people type, such as ``risk add``; ``from_message`` is its label in the menu of a message, and
    ``quotes`` says that the message's author is named before its words. ``sends`` is the label of its form's button
    where the last word of its name is none."""

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
    a reference.
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

    @property
    def help(self) -> str:
        return first_line(self.function)

    @property
    def submit(self) -> str:
        return "Save"

    def read(self, text: str) -> Carried | str:
        """What a button of this action says, as its function takes it; raises UserError when it is none of ours."""
        return read(self.carries, text) if self.carries else text


@dataclass(frozen=True)
class Timer:
    """Something due later, about a subject; what ``counts_seconds`` goes on while the clock is in doubt."""

    name: str
    function: Callable[..., Any]
    counts_seconds: bool = False


@dataclass(frozen=True)
class Routine:
    """Something the bot begins by itself: ``at`` a wall clock time ``on`` a day rule ``to`` a seat, or to the seats
    that a function of the city and the day gives.

    ``late_until`` is how long after an outage it is still worth sending: until a time of that day, or (None) until the
    next one is due. ``closed`` is what becomes of a day on which the city is closed. ``notice`` tells whoever did not
    get it; ``repeat`` sends it again when nobody can know whether it arrived.
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

    @property
    def help(self) -> str:
        return first_line(self.function)


@dataclass(frozen=True)
class Kind:
    """What references that begin like this (``R-``) stand for: ``function`` gives the line people read of one, or None
    when there is none that this person may see; ``show`` is the command that shows it."""

    begins: str
    function: Callable[..., str | None]
    show: str


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
    """A sentence of one feature for the morning check: in its headline, or quietly at its end."""

    name: str
    function: Callable[..., str]
    in_headline: bool


@dataclass(frozen=True)
class RecordPart(Generic[T]):
    """What one feature adds to the cards of records whose references begin with one of ``begins``: words or buttons;
    the lowest ``order`` stands first."""

    name: str
    function: Callable[..., Sequence[T]]
    begins: tuple[str, ...]
    order: int


@dataclass
class Catalogue:
    """All that was declared, by name."""

    commands: dict[str, Command] = field(default_factory=dict)
    actions: dict[str, Action] = field(default_factory=dict)
    timers: dict[str, Timer] = field(default_factory=dict)
    routines: dict[str, Routine] = field(default_factory=dict)
    on_seen: dict[str, Callable[..., None]] = field(default_factory=dict)
    todo_lists: dict[str, Waiter] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    holdings: dict[str, Holding] = field(default_factory=dict)
    record_sections: dict[str, RecordPart[Word]] = field(default_factory=dict)
    record_buttons: dict[str, RecordPart[Button]] = field(default_factory=dict)
    crisis_board_sections: dict[str, Board] = field(default_factory=dict)
    morning_sections: dict[str, MorningSection] = field(default_factory=dict)
    morning_sentences: dict[str, MorningSentence] = field(default_factory=dict)
    crisis_report_sections: dict[str, Chapter] = field(default_factory=dict)
    crisis_handover_sections: dict[str, Callable[..., Sequence[str]]] = field(default_factory=dict)
    health_checks: dict[str, Callable[..., list[str]]] = field(default_factory=dict)
    on_undelivered: dict[str, Callable[..., None]] = field(default_factory=dict)
    on_message_changed: dict[str, Callable[..., None]] = field(default_factory=dict)
    before_send: dict[str, Callable[..., bool]] = field(default_factory=dict)
    drawers: dict[str, Drawer] = field(default_factory=dict)
    listeners: dict[str, dict[str, Callable[..., None]]] = field(default_factory=dict)

    @property
    def todos(self) -> list[Waiter]:
        """What can wait for somebody, in the order they read it."""
        return sorted(self.todo_lists.values(), key=lambda one: (one.order, one.name))

    @property
    def counting_seconds(self) -> list[str]:
        """The kinds of timers that go on while the clock is in doubt."""
        return [timer.name for timer in self.timers.values() if timer.counts_seconds]

    @property
    def groups(self) -> list[str]:
        return list(dict.fromkeys(command.group for command in self.commands.values()))

    def group(self, name: str) -> list[Command]:
        """The commands of a group: what begins something first, the others by their names."""
        found = [command for command in self.commands.values() if command.group == name]
        return sorted(found, key=lambda command: (command.verb not in BEGINNING, command.name))

    def purpose(self, name: str) -> str:
        """What a group is for: the folder or file of its name says so, else the file of its first command."""
        module = sys.modules.get(f"handlers.{name}") or inspect.getmodule(self.group(name)[0].function)
        return first_line(module).partition(": ")[2]

    def usual(self, roles: Collection[str]) -> list[Command]:
        """The commands that begin something and that these roles may use, one of each group."""
        first = {
            command.group: command
            for command in reversed(self.commands.values())
            if command.asks and command.verb in BEGINNING
        }
        return [one for one in reversed(first.values()) if policy.may(roles, one.needs)]

    @property
    def from_messages(self) -> list[Command]:
        """The commands that stand in the menu of a message."""
        return [command for command in self.commands.values() if command.from_message]

    def target(self, name: str) -> Command | Action:
        """The command or action that a form belongs to; raises KeyError."""
        return self.commands[name] if name in self.commands else self.actions[name]


catalogue = Catalogue()


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


def once(known: dict[str, Any], name: str, declared: Any) -> None:
    """Keep a declaration under its name; raises ValueError when it has one already, or says nothing of itself."""
    if name in known and _where(known[name].function) != _where(declared.function):
        raise ValueError(f"{name} is declared twice")
    if not first_line(declared.function):
        raise ValueError(f"{name} has no docstring; its first line is what people read in help")
    known[name] = declared


def with_rule(name: str, right: str) -> None:
    """Raise ValueError when what is declared needs a right that nobody was given."""
    if right not in policy.RULES:
        raise ValueError(f"{name} needs {right!r}, which has no rule in handlers/kit/policy.py")


def _where(function: Callable[..., Any]) -> tuple[str, str]:
    return function.__module__, function.__qualname__

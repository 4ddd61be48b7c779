"""Registry: the decorators and the catalogue they fill.

``@command`` is something people type, ``@action`` a button, ``@timer`` something due later, ``@routine`` something
the bot begins by itself, ``@waits`` what of a feature waits for somebody, ``@reference`` what a reference such as R-1
stands for, ``@sheet`` a register as a spreadsheet. Routing, help, home, the docs, the manifests and the permission
check all follow from it.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar, Union

from handlers.kit import calendar, policy
from handlers.kit.calendar import Closed
from handlers.kit.forms import Form, Question, questions
from handlers.kit.rules import read_rule
from handlers.kit.sheets import Sheet
from handlers.kit.waiting import Waiter

if TYPE_CHECKING:
    from handlers.kit.city import City

Function = TypeVar("Function", bound=Callable[..., Any])
Prefill = Callable[..., Mapping[str, str]]
Asks = Union[type[Form], Callable[..., type[Form]]]  # noqa: UP007  # a form, or what makes it from the city's words
Seats = Callable[["City", date], Sequence[str]]
NEXT_ONE = "the next one"
BEGINNING = ("add", "activate")  # what a command's name ends with that begins something


@dataclass(frozen=True)
class Command:
    """Something people type, such as ``risk add``; ``from_message`` is its label in the menu of a message."""

    name: str
    function: Callable[..., Any]
    needs: str
    asks: Asks | None
    reads_only: bool
    example: str
    prefill: Prefill | None = None
    replaces: bool = False
    from_message: str = ""

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
        return self.verb.capitalize() if " " in self.name else "Send"


@dataclass(frozen=True)
class Action:
    """A button, by the name under which it is stored; a name is never given to something else.

    ``prefill`` fills its form; ``replaces`` puts the answer in the place of the card the button stood on. ``varies``
    says that its form depends on what it is about: ``asks`` is then a function of the city and the value.
    """

    name: str
    function: Callable[..., Any]
    needs: str
    asks: Asks | None
    reads_only: bool
    prefill: Prefill | None
    replaces: bool
    varies: bool = False

    @property
    def help(self) -> str:
        return first_line(self.function)

    @property
    def submit(self) -> str:
        return "Save"


@dataclass(frozen=True)
class Timer:
    """Something due later, about a subject."""

    name: str
    function: Callable[..., Any]


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


@dataclass
class Catalogue:
    """All that was declared, by name."""

    commands: dict[str, Command] = field(default_factory=dict)
    actions: dict[str, Action] = field(default_factory=dict)
    timers: dict[str, Timer] = field(default_factory=dict)
    routines: dict[str, Routine] = field(default_factory=dict)
    seen: dict[str, Callable[..., None]] = field(default_factory=dict)
    waiters: dict[str, Waiter] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)
    sheets: dict[str, Sheet] = field(default_factory=dict)

    @property
    def waits(self) -> list[Waiter]:
        """What can wait for somebody, in the order they read it."""
        return sorted(self.waiters.values(), key=lambda one: (one.order, one.name))

    @property
    def groups(self) -> list[str]:
        return list(dict.fromkeys(one.group for one in self.commands.values()))

    def group(self, name: str) -> list[Command]:
        return [one for one in self.commands.values() if one.group == name]

    def purpose(self, name: str) -> str:
        """What a group is for: the module that is called like it says so, else the one with its first command."""
        modules = [inspect.getmodule(one.function) for one in self.group(name)]
        named = [one for one in modules if one and one.__name__.endswith(f".{name}")]
        return first_line((named or modules)[0]).partition(": ")[2]

    def usual(self, roles: Collection[str]) -> list[Command]:
        """The commands that begin something and that these roles may use, one of each group."""
        first = {one.group: one for one in reversed(self.commands.values()) if one.asks and one.verb in BEGINNING}
        return [one for one in reversed(first.values()) if policy.may(roles, one.needs)]

    @property
    def from_messages(self) -> list[Command]:
        """The commands that stand in the menu of a message."""
        return [one for one in self.commands.values() if one.from_message]

    def target(self, name: str) -> Command | Action:
        """The command or action that a form belongs to; raises KeyError."""
        return self.commands[name] if name in self.commands else self.actions[name]


catalogue = Catalogue()


def command(
    name: str,
    *,
    needs: str,
    asks: Asks | None = None,
    reads_only: bool = False,
    example: str = "",
    prefill: Prefill | None = None,
    from_message: str = "",
) -> Callable[[Function], Function]:
    """Declare what people type. The function takes (request) or (request, form) and returns a Card.

    ``prefill`` takes (request) and fills its form. ``from_message`` puts it into the menu of every message: the
    message's text fills the first field.
    """

    def declare(function: Function) -> Function:
        _with_rule(name, needs)
        if from_message and asks is None:
            raise ValueError(f"{name} asks nothing that the text of a message could fill")
        declared = Command(name, function, needs, asks, reads_only, example, prefill, from_message=from_message)
        _once(catalogue.commands, name, declared)
        return function

    return declare


def action(
    name: str,
    *,
    needs: str,
    asks: Asks | None = None,
    prefill: Prefill | None = None,
    reads_only: bool = False,
    replaces: bool = False,
    varies: bool = False,
) -> Callable[[Function], Function]:
    """Declare a button. The function takes (request, value) or (request, value, form), returns a Card or None."""

    def declare(function: Function) -> Function:
        _with_rule(name, needs)
        _once(catalogue.actions, name, Action(name, function, needs, asks, reads_only, prefill, replaces, varies))
        return function

    return declare


def timer(name: str) -> Callable[[Function], Function]:
    """Declare what happens when a timer is due. The function takes (context, subject, step)."""

    def declare(function: Function) -> Function:
        _once(catalogue.timers, name, Timer(name, function))
        return function

    return declare


def routine(
    name: str,
    *,
    at: str,
    on: str,
    to: str | Seats,
    late_until: str = NEXT_ONE,
    closed: Closed = "skip",
    notice: bool = False,
    repeat: bool = False,
) -> Callable[[Function], Function]:
    """Declare what the bot begins by itself. The function takes (sending) and returns a Card for the person, or None.

    ``late_until`` is a time of that day, or "the next one".
    """

    def declare(function: Function) -> Function:
        _read_rule(name, on)
        begin = calendar.read_time(at)
        end = None if late_until == NEXT_ONE else calendar.read_time(late_until)
        if end is not None and end <= begin:
            raise ValueError(f"routine {name}: late_until {late_until} is not after at {at}")
        _once(catalogue.routines, name, Routine(name, function, begin, on, to, end, closed, notice, repeat))
        return function

    return declare


def seen(routine: str) -> Callable[[Function], Function]:
    """Declare what follows when somebody presses the first button of a routine's card, whichever it is.

    The function takes (request, about).
    """

    def declare(function: Function) -> Function:
        catalogue.seen[routine] = function
        return function

    return declare


def waits(name: str, *, order: int = 50) -> Callable[[Function], Function]:
    """Declare what of a feature waits for somebody. The function takes (context, person) and returns a Waiting.

    Home, the digest and the morning check list it, the lowest ``order`` first.
    """

    def declare(function: Function) -> Function:
        _once(catalogue.waiters, name, Waiter(name, function, order))
        return function

    return declare


def reference(begins: str, *, show: str) -> Callable[[Function], Function]:
    """Declare what references that begin with ``begins`` stand for. The function takes (context, person, ref) and
    returns the line people read, which begins with the reference, or None: there is none, or this person may not see
    it, which nobody can tell apart.
    """

    def declare(function: Function) -> Function:
        _once(catalogue.kinds, begins, Kind(begins, function, show))
        return function

    return declare


def sheet(
    name: str, *, row: Asks, needs: str, take: Callable[..., str] | None = None
) -> Callable[[Function], Function]:
    """Declare a register as a spreadsheet, for ``export`` and ``import``. The function takes (context) and returns its
    rows, each a mapping by field of ``row``, whose labels are the columns.

    ``take`` takes (context, row) and keeps one row that was read; it raises UserError or FieldErrors, and gives the
    reference. ``needs`` is the right to have the sheet.
    """

    def declare(function: Function) -> Function:
        _with_rule(name, needs)
        _once(catalogue.sheets, name, Sheet(name, function, row, take, needs))
        return function

    return declare


def _read_rule(name: str, on: str) -> None:
    try:
        read_rule(on)
    except ValueError as problem:
        raise ValueError(f"routine {name}: {problem}") from None


def _with_rule(name: str, right: str) -> None:
    if right not in policy.RULES:
        raise ValueError(f"{name} needs {right!r}, which has no rule in handlers/kit/policy.py")


def _once(known: dict[str, Any], name: str, declared: Any) -> None:
    if name in known and _where(known[name].function) != _where(declared.function):
        raise ValueError(f"{name} is declared twice")
    if not first_line(declared.function):
        raise ValueError(f"{name} has no docstring; its first line is what people read in help")
    known[name] = declared


def _where(function: Callable[..., Any]) -> tuple[str, str]:
    return function.__module__, function.__qualname__


def first_line(documented: object) -> str:
    return (inspect.getdoc(documented) or "").split("\n")[0]


def load(*packages: ModuleType) -> Catalogue:
    """Import every module of these packages, so that a new file is found without being listed anywhere."""
    for package in packages:
        for module in pkgutil.iter_modules(package.__path__):
            if not module.ispkg:
                importlib.import_module(f"{package.__name__}.{module.name}")
    return catalogue


def form_of(target: Command | Action, city: "City", about: str = "") -> type[Form] | None:
    """The form of a command or action (``about`` a value), as this city has it; None when it asks nothing."""
    if target.asks is None or isinstance(target.asks, type):
        return target.asks
    return target.asks(city, about) if isinstance(target, Action) and target.varies else target.asks(city)


def asked(target: Command | Action, city: "City", about: str = "") -> tuple[Question, ...]:
    """The questions of a command or action; none when it asks nothing."""
    form = form_of(target, city, about)
    return questions(form, city) if form else ()

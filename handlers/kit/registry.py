"""Registry: the decorators that fill the catalogue.

``@command`` is something people type, ``@action`` a button, ``@listing`` a list in pages, ``@timer`` something due
later, ``@routine`` something the bot begins by itself, ``@reference`` what a reference such as R-1 stands for,
``@sheet`` a register as a spreadsheet.
What features give each other is declared in kit/contributions. Routing, help, home, the docs, the manifests and the
permission check all follow from both.

A function that does not fit what it asks, its button or its timer does not type-check (tests/typed_handlers.py).
"""

import importlib
import pkgutil
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from handlers.kit.actions import action as action
from handlers.kit.catalogue import Catalogue, catalogue, once, with_rule
from handlers.kit.declared import Asks, Command, Filled, Kind, Prefill, Routine, Seats, Timer, fits_button
from handlers.kit.forms import Form, OpenForm
from handlers.kit.listing import listing as listing
from handlers.kit.messages import Card
from handlers.kit.pieces import Piece, Write
from handlers.kit.sheets.writing import Cell, Sheet
from handlers.kit.time import calendar
from handlers.kit.time.calendar import Closed
from handlers.kit.time.rules import read_rule

if TYPE_CHECKING:
    from handlers.kit.city.model import City
    from handlers.kit.city.people import Person
    from handlers.kit.context import Context, Request, Sending

Function = TypeVar("Function", bound=Callable[..., Any])
Asked = TypeVar("Asked", bound=Form)  # the form of a command
Says = TypeVar("Says", bound=Card | OpenForm)  # what a command answers with
Fires = TypeVar("Fires", bound="Callable[[Context, str, int], None]")
Prepares = TypeVar("Prepares", bound="Callable[[Context, str, int], Write | None]")
Sends = TypeVar("Sends", bound="Callable[[Sending], Card | None]")
Cuts = TypeVar("Cuts", bound="Callable[[Sending], Iterable[Piece]]")
Describes = TypeVar("Describes", bound="Callable[[Context, Person, str], str | None]")
Rows = TypeVar("Rows", bound="Callable[[Context], Iterable[Mapping[str, Cell]]]")
KIT = "handlers.kit"  # what features are made of; nothing of a feature is declared in it
NEXT_ONE = "the next one"


@overload
def command(
    name: str,
    *,
    needs: str,
    reads_only: bool = ...,
    example: str = ...,
    shown_to: str = ...,
) -> "Callable[[Callable[[Request], Says]], Callable[[Request], Says]]": ...


@overload
def command(
    name: str,
    *,
    needs: str,
    asks: "type[Asked] | Callable[[City], type[Asked]]",
    reads_only: bool = ...,
    example: str = ...,
    prefill: "Callable[[Request], Filled] | None" = ...,
    from_message: str = ...,
    quotes: bool = ...,
    sends: str = ...,
    shown_to: str = ...,
) -> "Callable[[Callable[[Request, Asked], Says]], Callable[[Request, Asked], Says]]": ...


def command(
    name: str,
    *,
    needs: str,
    asks: Asks | None = None,
    reads_only: bool = False,
    example: str = "",
    prefill: Prefill | None = None,
    from_message: str = "",
    quotes: bool = False,
    sends: str = "",
    shown_to: str = "",
) -> Callable[[Function], Function]:
    """Declare what people type. The function takes (request) or (request, form) and returns a Card.

    ``prefill`` takes (request) and fills its form. ``from_message`` puts it into the menu of every message: the
    message's text fills the first field, after its author's name where it ``quotes``. ``sends`` is the label of the
    form's button, at most 24 characters (Slack's limit), where the last word of the name would not serve. Help names
    what only some need to those who have the right ``shown_to``; all others can use it too, if ``needs`` lets them.
    """

    def declare(function: Function) -> Function:
        with_rule(name, needs)
        with_rule(name, shown_to or needs)
        if from_message and asks is None:
            raise ValueError(f"{name} asks nothing that the text of a message could fill")
        fits_button(name, sends)
        declared = Command(
            name,
            function,
            needs,
            asks,
            reads_only,
            example,
            prefill,
            from_message=from_message,
            quotes=quotes,
            sends=sends,
            shown_to=shown_to or needs,
        )
        once(catalogue.commands, name, declared)
        return function

    return declare


@overload
def timer(name: str, *, counts_seconds: bool = ..., prepared: Literal[False] = ...) -> Callable[[Fires], Fires]: ...


@overload
def timer(name: str, *, counts_seconds: bool = ..., prepared: Literal[True]) -> Callable[[Prepares], Prepares]: ...


def timer(name: str, *, counts_seconds: bool = False, prepared: bool = False) -> Callable[[Function], Function]:
    """Declare what happens when a timer is due. The function takes (context, subject, step).

    A timer of a crisis ``counts_seconds``: it runs on while the clock of the machine is in doubt; all others wait.
    What takes long, such as a document, is ``prepared``: the function runs on a reader, and gives a function of
    (context) that writes, or None.
    """

    def declare(function: Function) -> Function:
        once(catalogue.timers, name, Timer(name, function, counts_seconds, prepared))
        return function

    return declare


@overload
def routine(
    name: str,
    *,
    at: str,
    on: str,
    to: str | Seats,
    late_until: str = ...,
    closed: Closed = ...,
    notice: bool = ...,
    repeat: bool = ...,
    in_pieces: Literal[False] = ...,
    said: str = ...,
) -> Callable[[Sends], Sends]: ...


@overload
def routine(
    name: str,
    *,
    at: str,
    on: str,
    to: str | Seats,
    late_until: str = ...,
    closed: Closed = ...,
    notice: bool = ...,
    repeat: bool = ...,
    in_pieces: Literal[True],
    said: str = ...,
) -> Callable[[Cuts], Cuts]: ...


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
    in_pieces: bool = False,
    said: str = "",
) -> Callable[[Function], Function]:
    """Declare what the bot begins by itself. The function takes (sending) and returns a Card for the person, or None.

    ``late_until`` is a time of that day, or "the next one". What is for many people, or takes more than 20 ms, is sent
    ``in_pieces``: the function only reads, and gives pieces (kit/pieces), one after the other; those in
    ``sending.done`` are written already. ``said`` is what people call it, where that is not its name.

    >>> @routine("greeting", at="08:00", on="every day", to=EVERYBODY, in_pieces=True)
    ... def greet(sending: "Sending") -> Iterator[Piece]:
    ...     \"\"\"Greet everybody.\"\"\"
    ...     for person in sending.everybody():
    ...         yield Piece(person.id, partial(say_hello, person))
    """

    def declare(function: Function) -> Function:
        _read_rule(name, on)
        begin = calendar.read_time(at)
        end = None if late_until == NEXT_ONE else calendar.read_time(late_until)
        if end is not None and end <= begin:
            raise ValueError(f"routine {name}: late_until {late_until} is not after at {at}")
        told = Routine(name, function, begin, on, to, end, closed, notice, repeat, in_pieces, said)
        once(catalogue.routines, name, told)
        return function

    return declare


def reference(
    begins: str,
    *,
    show: str,
    keepers: "Callable[[Context, str], Collection[str]] | None" = None,
    prefix: "Callable[[Context, str], str] | None" = None,
) -> Callable[[Describes], Describes]:
    """Declare what references that begin with ``begins`` stand for. The function takes (context, person, ref) and
    returns the line people read, which begins with the reference, or None: there is none, or this person may not see
    it, which nobody can tell apart.

    ``keepers`` takes (context, ref) and gives the ids of those who look after one; ``prefix`` takes the same and gives
    what stands before the title of every card about one, such as "DRILL: ".
    """

    def declare(function: Describes) -> Describes:
        once(catalogue.kinds, begins, Kind(begins, function, show, keepers, prefix))
        return function

    return declare


def sheet(
    name: str,
    *,
    row: Asks,
    needs: str,
    take: Callable[..., str] | None = None,
    check: Callable[..., None] | None = None,
    change: Callable[..., Collection[str]] | None = None,
    counted: tuple[str, ...] = (),
    added: tuple[str, ...] = (),
    fixed: tuple[str, ...] = (),
    same: Callable[..., Sequence[str | None]] | None = None,
    add: Callable[..., None] | None = None,
) -> Callable[[Rows], Rows]:
    """Declare a register as a spreadsheet, for ``export`` and ``import``. The function takes (context) and returns its
    rows, each a mapping by field of ``row``, whose labels are the columns.

    ``take`` takes (context, row) and keeps one row that was read; it raises UserError or FieldErrors, and gives the
    reference. ``check`` takes the same when all rows have been kept, for what one row says of another. ``needs`` is the
    right to have the sheet.

    A row with a field ``version`` can be brought back: ``change`` takes (context, reference, the values of the cells
    that somebody changed, by field) and gives the fields that have changed. Fields that are ``counted`` change nothing,
    those that are ``added`` only grow, and by those that are ``fixed`` a row is known to be about the same record.

    ``same`` takes (context, new rows) and gives for each the reference of an open record that it seems to say again, or
    None; ``add`` takes (context, row, reference) and adds what the row says to that record.
    """

    def declare(function: Rows) -> Rows:
        with_rule(name, needs)
        sheet = Sheet(name, function, row, take, needs, check, change, counted, added, fixed, same, add)
        once(catalogue.sheets, name, sheet)
        return function

    return declare


def _read_rule(name: str, on: str) -> None:
    try:
        read_rule(on)
    except ValueError as problem:
        raise ValueError(f"routine {name}: {problem}") from None


def load(*packages: ModuleType) -> Catalogue:
    """Import every module of these packages but the kit, so that a new file is found without being listed anywhere."""
    for package in packages:
        _import_all(package)
    return catalogue


def _import_all(package: ModuleType) -> None:
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        if found.name != KIT:
            module = importlib.import_module(found.name)
            if found.ispkg:
                _import_all(module)

"""Registry: the decorators and the catalogue they fill.

``@command`` is something people type, ``@action`` a button, ``@timer`` something due later, ``@routine`` something
the bot begins by itself, ``@waits`` what of a feature waits for somebody, ``@reference`` what a reference such as R-1
stands for, ``@sheet`` a register as a spreadsheet, ``@board`` what a feature says on the card of a crisis,
``@chapter`` what it writes into the report of one, ``@follows`` what it does when something happens in another one.
Routing, help, home, the docs, the manifests and the permission check all follow from it.
"""

import importlib
import pkgutil
from collections.abc import Callable, Collection
from types import ModuleType
from typing import Any, TypeVar

from handlers.kit import calendar, policy
from handlers.kit.calendar import Closed
from handlers.kit.catalogue import (
    Action,
    Asks,
    Board,
    Catalogue,
    Chapter,
    Command,
    Drawer,
    Kind,
    Prefill,
    Routine,
    Seats,
    Timer,
    catalogue,
    first_line,
)
from handlers.kit.held import Holding, anybody
from handlers.kit.rules import read_rule
from handlers.kit.sheets import Sheet
from handlers.kit.waiting import Waiter

Function = TypeVar("Function", bound=Callable[..., Any])
SUBMIT = 24  # characters of the button of a form in Slack
NEXT_ONE = "the next one"


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
) -> Callable[[Function], Function]:
    """Declare what people type. The function takes (request) or (request, form) and returns a Card.

    ``prefill`` takes (request) and fills its form. ``from_message`` puts it into the menu of every message: the
    message's text fills the first field, after its author's name where it ``quotes``. ``sends`` is the label of the
    form's button, at most 24 characters (Slack's limit), where the last word of the name would be none.
    """

    def declare(function: Function) -> Function:
        _with_rule(name, needs)
        if from_message and asks is None:
            raise ValueError(f"{name} asks nothing that the text of a message could fill")
        if len(sends) > SUBMIT:
            raise ValueError(f"{name}: a form's button has at most {SUBMIT} characters, not {sends!r}")
        declared = Command(
            name, function, needs, asks, reads_only, example, prefill, from_message=from_message, quotes=quotes,
            sends=sends,
        )  # fmt: skip
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


def timer(name: str, *, counts_seconds: bool = False) -> Callable[[Function], Function]:
    """Declare what happens when a timer is due. The function takes (context, subject, step).

    In a crisis it ``counts_seconds``: it goes on while the clock of the machine is in doubt, when all others wait.
    """

    return _declared(catalogue.timers, Timer, name, counts_seconds)


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
    return _kept(catalogue.seen, routine)


def waits(name: str, *, order: int = 50) -> Callable[[Function], Function]:
    """Declare what of a feature waits for somebody. The function takes (context, person) and returns a Waiting.

    Home, the digest and the morning check list it, the lowest ``order`` first.
    """
    return _declared(catalogue.waiters, Waiter, name, order)


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
    name: str,
    *,
    row: Asks,
    needs: str,
    take: Callable[..., str] | None = None,
    check: Callable[..., None] | None = None,
) -> Callable[[Function], Function]:
    """Declare a register as a spreadsheet, for ``export`` and ``import``. The function takes (context) and returns its
    rows, each a mapping by field of ``row``, whose labels are the columns.

    ``take`` takes (context, row) and keeps one row that was read; it raises UserError or FieldErrors, and gives the
    reference. ``check`` takes the same when all rows have been kept, for what one row says of another. ``needs`` is the
    right to have the sheet.
    """

    def declare(function: Function) -> Function:
        _with_rule(name, needs)
        _once(catalogue.sheets, name, Sheet(name, function, row, take, needs, check))
        return function

    return declare


def held(
    name: str,
    *,
    holders: Callable[..., Collection[str]],
    move: Callable[..., None],
    stays: Callable[..., str] = anybody,
    order: int = 50,
) -> Callable[[Function], Function]:
    """Declare what people hold of a feature, so that it can be handed over, and falls to whoever is asked while its
    holder cannot be. The function takes (context, persons) and returns a list of Held.

    ``holders`` takes (context) and gives everybody who holds anything. ``move`` takes (request, held, to) and gives one
    thing to somebody; ``stays`` takes (context, held, to) and says why it cannot be theirs, nothing when it can.
    """

    def declare(function: Function) -> Function:
        _once(catalogue.holdings, name, Holding(name, function, holders, move, stays, order))
        return function

    return declare


def board(name: str, *, order: int = 50) -> Callable[[Function], Function]:
    """Declare what a feature says on the card of every crisis. The function takes (context, crisis), returns words."""
    return _declared(catalogue.boards, Board, name, order)


def chapter(name: str, *, order: int = 50) -> Callable[[Function], Function]:
    """Declare what a feature writes into the report of a crisis. The function takes (context, crisis, document) and
    writes a part of the document, its heading first; nothing where it has nothing to say."""
    return _declared(catalogue.chapters, Chapter, name, order)


def follows(event: str) -> Callable[[Function], Function]:
    """Declare what a feature does when something happens in another one, in the same transaction.

    The function takes what the event is about, such as (context, crisis) for ``crisis.started``.
    """

    def declare(function: Function) -> Function:
        catalogue.followers.setdefault(event, {})[f"{function.__module__}.{function.__qualname__}"] = function
        return function

    return declare


def brief(name: str) -> Callable[[Function], Function]:
    """Declare what somebody who takes over a crisis must know of a feature: what is open, due and promised.

    The function takes (context, crisis), returns lines.
    """
    return _kept(catalogue.briefs, name)


def heeds(name: str) -> Callable[[Function], Function]:
    """Declare what a feature does when a message is changed or deleted at its platform. The function takes (context,
    key, text): the name that ``request.message_key`` was when the message was taken, and its new words or None."""
    return _kept(catalogue.heeders, name)


def watched(name: str) -> Callable[[Function], Function]:
    """Declare what must always hold of a feature. The function takes (context), returns what does not, in words.

    While there is anything, the heartbeat is silent, so that somebody outside looks.
    """
    return _kept(catalogue.watches, name)


def undelivered(begins: str) -> Callable[[Function], Function]:
    """Declare what follows when a message about references that begin with ``begins`` was refused, or nobody can know
    whether it arrived. The function takes (context, row of the outbox, why)."""
    return _kept(catalogue.lost, begins)


def still_wanted(begins: str) -> Callable[[Function], Function]:
    """Declare whether a message about references that begin with ``begins`` is of use still; asked before each try.

    The function takes (context, row of the outbox); a message that is not wanted any more is taken back.
    """
    return _kept(catalogue.wanted, begins)


def drawn(name: str) -> Callable[[Function], Function]:
    """Declare how a message is drawn again that was queued with ``draws="<name> <words>"`` and goes late or once more.

    The function takes (context, *words) and returns the card as its record stands now; it changes nothing. It raises
    NotNeeded with the reason when nobody needs the message any more.
    """
    return _declared(catalogue.drawers, Drawer, name)


def _read_rule(name: str, on: str) -> None:
    try:
        read_rule(on)
    except ValueError as problem:
        raise ValueError(f"routine {name}: {problem}") from None


def _with_rule(name: str, right: str) -> None:
    if right not in policy.RULES:
        raise ValueError(f"{name} needs {right!r}, which has no rule in handlers/kit/policy.py")


def _declared(known: dict[str, Any], kind: type[Any], name: str, *rest: Any) -> Callable[[Function], Function]:
    def declare(function: Function) -> Function:
        _once(known, name, kind(name, function, *rest))
        return function

    return declare


def _kept(known: dict[str, Callable[..., Any]], name: str) -> Callable[[Function], Function]:
    def declare(function: Function) -> Function:
        known[name] = function
        return function

    return declare


def _once(known: dict[str, Any], name: str, declared: Any) -> None:
    if name in known and _where(known[name].function) != _where(declared.function):
        raise ValueError(f"{name} is declared twice")
    if not first_line(declared.function):
        raise ValueError(f"{name} has no docstring; its first line is what people read in help")
    known[name] = declared


def _where(function: Callable[..., Any]) -> tuple[str, str]:
    return function.__module__, function.__qualname__


def load(*packages: ModuleType) -> Catalogue:
    """Import every module of these packages, so that a new file is found without being listed anywhere."""
    for package in packages:
        for module in pkgutil.iter_modules(package.__path__):
            if not module.ispkg:
                importlib.import_module(f"{package.__name__}.{module.name}")
    return catalogue

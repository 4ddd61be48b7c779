"""Contributions: what features give each other and those who gather it, without knowing each other.

``@waits`` is what of a feature waits for somebody, ``@held`` what people hold of it, ``@board`` what it says on the
card of a crisis, ``@chapter`` what it writes into the report of one, ``@brief`` what whoever takes over must know,
``@follows`` what it does when something happens in another one; the others are about its messages and its health.
"""

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from handlers.kit.catalogue import Board, Chapter, Drawer, catalogue, once
from handlers.kit.held import Held, Holding, anybody
from handlers.kit.messages import Card, Word
from handlers.kit.waiting import Waiter, Waiting

if TYPE_CHECKING:
    from handlers.kit.context import Context, Request
    from handlers.kit.document import Document
    from handlers.kit.facts import Person
    from storage.crises import Crisis
    from storage.outbox import OutboxRow

Function = TypeVar("Function", bound=Callable[..., Any])
Waits = TypeVar("Waits", bound="Callable[[Context, Person], Waiting]")
Holds = TypeVar("Holds", bound="Callable[[Context, Collection[str]], list[Held]]")
Shows = TypeVar("Shows", bound="Callable[[Context, Crisis], Sequence[Word]]")
Writes = TypeVar("Writes", bound="Callable[[Context, Crisis, Document], None]")
Briefs = TypeVar("Briefs", bound="Callable[[Context, Crisis], list[str]]")
Heeds = TypeVar("Heeds", bound="Callable[[Context, str, str | None], None]")
Watches = TypeVar("Watches", bound="Callable[[Context], list[str]]")
Hears = TypeVar("Hears", bound="Callable[[Context, OutboxRow, str], None]")
Wants = TypeVar("Wants", bound="Callable[[Context, OutboxRow], bool]")
Draws = TypeVar("Draws", bound=Callable[..., Card])
Sees = TypeVar("Sees", bound="Callable[[Request, str], None]")


def waits(name: str, *, order: int = 50) -> Callable[[Waits], Waits]:
    """Declare what of a feature waits for somebody. The function takes (context, person) and returns a Waiting.

    Home, the digest and the morning check list it, the lowest ``order`` first.
    """
    return _declared(catalogue.waiters, Waiter, name, order)


def held(
    name: str,
    *,
    holders: "Callable[[Context], Collection[str]]",
    move: "Callable[[Request, Held, str], None]",
    stays: "Callable[[Context, Held, str], str]" = anybody,
    order: int = 50,
) -> Callable[[Holds], Holds]:
    """Declare what people hold of a feature, so that it can be handed over, and falls to whoever is asked while its
    holder cannot be. The function takes (context, persons) and returns a list of Held.

    ``holders`` takes (context) and gives everybody who holds anything. ``move`` takes (request, held, to) and gives one
    thing to somebody; ``stays`` takes (context, held, to) and says why it cannot be theirs, nothing when it can.
    """

    def declare(function: Holds) -> Holds:
        once(catalogue.holdings, name, Holding(name, function, holders, move, stays, order))
        return function

    return declare


def board(name: str, *, order: int = 50) -> Callable[[Shows], Shows]:
    """Declare what a feature says on the card of every crisis. The function takes (context, crisis), returns words."""
    return _declared(catalogue.boards, Board, name, order)


def chapter(name: str, *, order: int = 50) -> Callable[[Writes], Writes]:
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


def brief(name: str) -> Callable[[Briefs], Briefs]:
    """Declare what somebody who takes over a crisis must know of a feature: what is open, due and promised.

    The function takes (context, crisis), returns lines.
    """
    return _kept(catalogue.briefs, name)


def heeds(name: str) -> Callable[[Heeds], Heeds]:
    """Declare what a feature does when a message is changed or deleted at its platform. The function takes (context,
    key, text): the name that ``request.message_key`` was when the message was taken, and its new words or None."""
    return _kept(catalogue.heeders, name)


def watched(name: str) -> Callable[[Watches], Watches]:
    """Declare what must always hold of a feature. The function takes (context), returns what does not, in words.

    While there is anything, the heartbeat is silent, so that somebody outside looks.
    """
    return _kept(catalogue.watches, name)


def undelivered(begins: str) -> Callable[[Hears], Hears]:
    """Declare what follows when a message about references that begin with ``begins`` was refused, or nobody can know
    whether it arrived. The function takes (context, row of the outbox, why)."""
    return _kept(catalogue.lost, begins)


def still_wanted(begins: str) -> Callable[[Wants], Wants]:
    """Declare whether a message about references that begin with ``begins`` is of use still; asked before each try.

    The function takes (context, row of the outbox); a message that is not wanted any more is taken back.
    """
    return _kept(catalogue.wanted, begins)


def drawn(name: str) -> Callable[[Draws], Draws]:
    """Declare how a message is drawn again that was queued with ``draws="<name> <words>"`` and goes late or once more.

    The function takes (context, *words) and returns the card as its record stands now; it changes nothing. It raises
    NotNeeded with the reason when nobody needs the message any more.
    """
    return _declared(catalogue.drawers, Drawer, name)


def seen(routine: str) -> Callable[[Sees], Sees]:
    """Declare what follows when somebody presses the first button of a routine's card, whichever it is.

    The function takes (request, about).
    """
    return _kept(catalogue.seen, routine)


def _declared(known: dict[str, Any], kind: type[Any], name: str, *rest: Any) -> Callable[[Function], Function]:
    def declare(function: Function) -> Function:
        once(known, name, kind(name, function, *rest))
        return function

    return declare


def _kept(known: dict[str, Callable[..., Any]], name: str) -> Callable[[Function], Function]:
    def declare(function: Function) -> Function:
        known[name] = function
        return function

    return declare

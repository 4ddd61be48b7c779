"""Events: what happens in one feature and matters to another, in the same transaction.

``emit(EVENT, context, ...)`` says that it has happened, ``@on(EVENT)`` what a feature does then. Events within one
feature stand in its folder; those below are for all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Concatenate, Generic, ParamSpec, TypeVar

from handlers.kit.catalogue import catalogue
from handlers.kit.declared import first_line, spoken_name
from handlers.kit.parts import Broken, Part

if TYPE_CHECKING:
    from handlers.kit.context import Context, Request
    from storage.actions.events import How
    from storage.actions.records import Action
    from storage.crisis.records import Crisis
    from storage.risk.records import Risk

Given = TypeVar("Given", bound="Context")  # a Request where only people can bring it about
About = ParamSpec("About")


@dataclass(frozen=True)
class Event(Generic[Given, About]):
    """Something that happens. Its type says what the functions that act on it are given: (context, ...).

    With ``may_refuse`` a feature that raises UserError refuses it, and nothing of it is kept; else what breaks in one
    feature is set aside, and the rest stands (docs/decisions/0015).
    """

    name: str
    may_refuse: bool = False


@dataclass(frozen=True)
class Act:
    """What somebody has done: the ``name`` of the command or action, and the ``subjects`` of its rows in the audit."""

    name: str
    subjects: tuple[str, ...]


@dataclass(frozen=True)
class WantedRisk:
    """A risk that another feature asks for: its score of 1-5 each, whose it is, and the references it comes out of."""

    title: str
    likelihood: int
    impact: int
    owner: str
    department: str | None
    came_from: tuple[str, ...]


@dataclass(frozen=True)
class WantedAction:
    """An action that is asked for: what is to be done, whose it is (an id), until when, and what it is about (a
    reference, or None). With ``told`` who asks for it tells the owner, who gets no other message."""

    what: str
    owner: str | None
    due_on: date | None
    about: str | None
    told: bool = False


@dataclass(frozen=True)
class KnownAction:
    """An action that a register brings along, as it is: who asked for it (``by``), and if it is done or dropped who
    has settled it, when, and why it was dropped."""

    what: str
    owner: str | None
    due_on: date | None
    about: str
    by: str
    state: str = "open"
    reason: str | None = None
    settled_by: str | None = None
    settled_at: datetime | None = None


ACTED: "Event[Request, [Act]]" = Event("acted")  # somebody has done something that changes something
ADDING_RISK: "Event[Request, []]" = Event("risk.adding", may_refuse=True)  # about to be logged, out of request.source
RISK_ADDED: "Event[Request, [Risk]]" = Event("risk.added", may_refuse=True)
RISK_WANTED: "Event[Request, [WantedRisk]]" = Event("risk.wanted", may_refuse=True)
RISK_CLOSED: "Event[Context, [Risk]]" = Event("risk.closed")  # or withdrawn
RISK_REOPENED: "Event[Context, [Risk]]" = Event("risk.reopened")
RISK_AS_BEFORE: "Event[Context, [Risk]]" = Event("risk.as-before")  # its closing was taken back
ADDING_ACTION: "Event[Request, [WantedAction]]" = Event("action.adding", may_refuse=True)  # about to be added by hand
REOPENING_ACTION: "Event[Request, [Action]]" = Event("action.reopening", may_refuse=True)  # by hand, it is not yet open
ACTION_WANTED: "Event[Request, [WantedAction]]" = Event("action.wanted", may_refuse=True)  # a feature asks for one
ACTION_KNOWN: "Event[Context, [KnownAction]]" = Event("action.known", may_refuse=True)  # a sheet brings it along
ACTION_CHANGED: "Event[Context, [Action, How, str]]" = Event("action.changed")  # how and by whom
PLACE_MADE: "Event[Context, [str, str]]" = Event("place.made")  # a room for one matter, and on which platform
CRISIS_OVER: "Event[Context, [Crisis]]" = Event("crisis.over")
MORNING_CHECK_READ: "Event[Context, [date]]" = Event("morning-check.read")
STANDUP_HELD: "Event[Context, [date]]" = Event("standup.held")


def on(
    event: Event[Given, About],
) -> "Callable[[Callable[Concatenate[Given, About], None]], Callable[Concatenate[Given, About], None]]":
    """Declare what a feature does when an event happens. The function takes (context, ...) as the event's type says.

    >>> @on(CRISIS_OVER)
    ... def thank_everybody(context: "Context", crisis: "Crisis") -> None:
    ...     \"\"\"Thank everybody who came.\"\"\"
    """

    def declare(function: "Callable[Concatenate[Given, About], None]") -> "Callable[Concatenate[Given, About], None]":
        catalogue.listeners.setdefault(event.name, {})[f"{function.__module__}.{function.__qualname__}"] = function
        return function

    return declare


def emit(event: Event[Given, About], context: Given, /, *about: About.args, **named: About.kwargs) -> None:
    """Let every feature act on an event, in the order of their names.

    Raises UserError when a feature refuses an event that may be refused. Else the act itself stands when a feature
    breaks; the person who acts reads what was not done.
    """
    listeners = [listener for _, listener in sorted(catalogue.listeners.get(event.name, {}).items())]
    if event.may_refuse:
        for listener in listeners:
            listener(context, *about, **named)
        return
    ref = str(getattr(about[0], "ref", "")) if about else ""
    parts = [
        Part(f"{event.name}: {spoken_name(listener)}", partial(listener, context, *about, **named), ref)
        for listener in listeners
    ]
    for listener, done in zip(listeners, context.each_apart(parts), strict=True):
        if isinstance(done, Broken):
            context.undone.append(first_line(listener).rstrip("."))


def want_action(request: "Request", wanted: WantedAction) -> "Action":
    """Ask for an action, and give it as it was added; raises UserError when it is refused."""
    emit(ACTION_WANTED, request, wanted)
    return request.store.actions.records.newest()

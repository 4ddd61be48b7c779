"""Contributions: what features give each other and those who gather it, without knowing each other.

``@todo`` is what waits for somebody in a feature, ``@held`` what people hold of it, ``@morning_section`` what it says
in the morning check, ``@record_section`` and ``@record_buttons`` what it adds to the cards of other features' records,
``@crisis_board_section`` what it says on the card of a crisis; the others are about reports, messages and health. What
happens in one feature and matters to another is an event (kit/events).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from handlers.kit.catalogue import catalogue, once
from handlers.kit.declared import Board, Chapter, Drawer, LateList, MorningSection, MorningSentence, RecordPart, Undoing
from handlers.kit.held import Held, Holding, anybody
from handlers.kit.messages import Button, Card, Row, Word
from handlers.kit.waiting import Waiter, Waiting

if TYPE_CHECKING:
    from datetime import datetime

    from handlers.kit.context import Context, Request, Sending
    from handlers.kit.document import Document
    from handlers.kit.forms import Options
    from handlers.kit.left_behind import LeftBehind
    from handlers.kit.morning import Section
    from handlers.kit.persons import Persons
    from handlers.kit.sentence import Sentence
    from handlers.kit.understood import Understood
    from storage.chat.outbox import OutboxRow
    from storage.crisis.records import Crisis

Function = TypeVar("Function", bound=Callable[..., Any])
Waits = TypeVar("Waits", bound="Callable[[Context, Persons], Mapping[str, Waiting]]")
Holds = TypeVar("Holds", bound="Callable[[Context, Collection[str]], list[Held]]")
Shows = TypeVar("Shows", bound="Callable[[Context, Crisis], Sequence[Word]]")
Adds = TypeVar("Adds", bound="Callable[[Context, str], Sequence[Word]]")
Offers = TypeVar("Offers", bound="Callable[[Context, str], Sequence[Button]]")
Suggests = TypeVar("Suggests", bound="Callable[[Request], Options]")
Writes = TypeVar("Writes", bound="Callable[[Context, Crisis, Document], None]")
Mornings = TypeVar("Mornings", bound="Callable[[Sending, datetime], Sequence[Section]]")
Sentences = TypeVar("Sentences", bound="Callable[[Context], str]")
Briefs = TypeVar("Briefs", bound="Callable[[Context, Crisis], list[str]]")
Reacts = TypeVar("Reacts", bound="Callable[[Context, str, str | None], None]")
Watches = TypeVar("Watches", bound="Callable[[Context], list[str]]")
Hears = TypeVar("Hears", bound="Callable[[Context, OutboxRow, str], None]")
Arrives = TypeVar("Arrives", bound="Callable[[Context, OutboxRow], None]")
Wants = TypeVar("Wants", bound="Callable[[Context, OutboxRow], bool]")
Draws = TypeVar("Draws", bound=Callable[..., Card])
Follows = TypeVar("Follows", bound=Callable[..., None])
Names = TypeVar("Names", bound="Callable[[Context], list[LeftBehind]]")
Undoes = TypeVar("Undoes", bound=Callable[..., Card])
Menus = TypeVar("Menus", bound="Callable[[Request], Sequence[Word]]")
Needs = TypeVar("Needs", bound="Callable[[Request], bool]")
Lates = TypeVar("Lates", bound="Callable[[Context, int], Sequence[Row]]")
Reads = TypeVar("Reads", bound="Callable[[Request, Sentence], Understood | None]")
Sees = TypeVar("Sees", bound="Callable[[Request, str], None]")


def todo(name: str, *, order: int = 50) -> Callable[[Waits], Waits]:
    """Declare what waits for people in a feature. The function takes (context, persons) and returns what waits for each
    of them, by id; who is left out has nothing.

    Home, the digest and the morning check list it, the lowest ``order`` first. They ask for one person or for
    everybody, so the number of questions to the database must not depend on how many they are.

    >>> @todo("own visits", order=35)
    ... def own_visits(context: "Context", persons: "Persons") -> "Mapping[str, Waiting]":
    ...     \"\"\"The visits that people have to receive.\"\"\"
    ...     found = context.store.visits.received_by(persons.ids)
    ...     return {person: Waiting("Your visits", [_task(visit) for visit in own]) for person, own in found.items()}
    """
    return _declared(catalogue.todo_lists, Waiter, name, order)


def held(
    name: str,
    *,
    holders: "Callable[[Context], Collection[str]]",
    move: "Callable[[Request, Held, str], None]",
    stays: "Callable[[Context, Held, str], str]" = anybody,
    order: int = 50,
) -> Callable[[Holds], Holds]:
    """Declare what people hold of a feature, so that it can be handed over, and passes to a stand-in while its
    holder cannot be asked. The function takes (context, persons) and returns a list of Held.

    ``holders`` takes (context) and gives everybody who holds anything. ``move`` takes (request, held, to) and gives one
    thing to somebody; ``stays`` takes (context, held, to) and says why it cannot be theirs, nothing when it can.
    """

    def declare(function: Holds) -> Holds:
        once(catalogue.holdings, name, Holding(name, function, holders, move, stays, order))
        return function

    return declare


def record_section(name: str, *begins: str, order: int = 50) -> Callable[[Adds], Adds]:
    """Declare what a feature says on the cards of records. The function takes (context, ref) and returns words.

    It is asked about references that begin with one of ``begins`` (``"R-"``), about all where none is named.

    >>> @record_section("the links")
    ... def links(context: "Context", ref: str) -> list[Word]:
    ...     \"\"\"What a record is linked with.\"\"\"
    ...     return link_words(context, ref)
    """
    return _declared(catalogue.record_sections, RecordPart, name, begins or ("",), order)


def record_buttons(name: str, *begins: str, order: int = 50) -> Callable[[Offers], Offers]:
    """Declare what people can do in a feature from the cards of records. The function takes (context, ref) and returns
    buttons; it is asked as a :func:`record_section` is."""
    return _declared(catalogue.record_buttons, RecordPart, name, begins or ("",), order)


def suggests(field: str) -> Callable[[Suggests], Suggests]:
    """Declare which records a field for a reference suggests, in every form that has a field of this name. The function
    takes (request) and returns pairs of a reference and what people read; anything else may be typed.

    >>> @suggests("visit")
    ... def visits_today(request: "Request") -> Options:
    ...     \"\"\"Who comes today.\"\"\"
    ...     return tuple((visit.ref, visit.who) for visit in request.store.visits.on(request.today))
    """
    return _kept(catalogue.suggestions, field)


def understands(name: str) -> Callable[[Reads], Reads]:
    """Declare what a feature makes of a sentence that names no command. The function takes (request, sentence) and
    returns what it would do, None where nothing speaks for it. It saves nothing: people press first.

    >>> @understands("visits")
    ... def a_visit(request: "Request", sentence: "Sentence") -> "Understood | None":
    ...     \"\"\"A visitor who is announced in plain words.\"\"\"
    ...     said = sentence.says(("visitor", "visits", "comes to see"))
    ...     values = {"who": sentence.text}
    ...     return Understood("visit add", values, "Is this a visit?", "It is a visit", len(said)) if said else None
    """
    return _kept(catalogue.understanding, name)


def late(name: str, *, way: str, order: int = 50) -> Callable[[Lates], Lates]:
    """Declare what is late of a register. The function takes (context, most) and returns a row for each late record,
    the worst first, no more than ``most``, from one question to the database. ``way`` is the command that lists all of
    them; ``name`` is what people call them ("late actions").

    >>> @late("visits", way="visit list late", order=50)
    ... def late_visits(context: "Context", most: int) -> list[Row]:
    ...     \"\"\"Visitors who have not come.\"\"\"
    ...     return [visit_row(visit) for visit in context.store.visits.late(context.today, most)]
    """
    return _declared(catalogue.late_lists, LateList, name, way, order)


def menu(group: str) -> Callable[[Menus], Menus]:
    """Declare what stands first in the small menu of a group. The function takes (request) and returns words.

    >>> @menu("visit")
    ... def visitors_now(request: "Request") -> list[Word]:
    ...     \"\"\"Who is here now.\"\"\"
    ...     return [visit_row(visit) for visit in request.store.visits.on(request.today)]
    """
    return _kept(catalogue.menus, group)


def needed(group: str) -> Callable[[Needs], Needs]:
    """Declare who needs a group at all, where that is not everybody. The function takes (request); help leaves it out
    for all others, who can still type its commands."""
    return _kept(catalogue.needed, group)


def morning_buttons(name: str, *begins: str, order: int = 50) -> Callable[[Offers], Offers]:
    """Declare what people can do in a feature from the first lines of the morning check. The function takes (context,
    ref) and returns buttons; it is asked as a :func:`record_section` is."""
    return _declared(catalogue.morning_buttons, RecordPart, name, begins or ("",), order)


def crisis_board_section(name: str, *, order: int = 50) -> Callable[[Shows], Shows]:
    """Declare what a feature says on the card of every crisis. The function takes (context, crisis), returns words."""
    return _declared(catalogue.crisis_board_sections, Board, name, order)


def morning_section(name: str, *, order: int, is_new: bool = False) -> Callable[[Mornings], Mornings]:
    """Declare what a feature says in the morning check. The function takes (context, since) and returns sections.

    ``is_new`` is for what came in since that moment; the rest is how things stand, the lowest ``order`` first. A line
    with ``decide`` is one of the sentences at the top when it is among the worst (see kit/morning).
    """
    return _declared(catalogue.morning_sections, MorningSection, name, order, is_new)


def morning_sentence(name: str, *, in_headline: bool = False) -> Callable[[Sentences], Sentences]:
    """Declare a sentence of a feature for the morning check. The function takes (context), returns "" for none."""
    return _declared(catalogue.morning_sentences, MorningSentence, name, in_headline)


def crisis_report_section(name: str, *, order: int = 50) -> Callable[[Writes], Writes]:
    """Declare what a feature writes into the report of a crisis. The function takes (context, crisis, document) and
    writes a part of the document, its heading first; nothing where it has nothing to say."""
    return _declared(catalogue.crisis_report_sections, Chapter, name, order)


def crisis_handover_section(name: str) -> Callable[[Briefs], Briefs]:
    """Declare what somebody who takes over a crisis must know of a feature: what is open, due and promised.

    The function takes (context, crisis), returns lines.
    """
    return _kept(catalogue.crisis_handover_sections, name)


def on_message_changed(name: str) -> Callable[[Reacts], Reacts]:
    """Declare what a feature does when a message is changed or deleted at its platform. The function takes (context,
    key, text): the ``request.message_key`` of when the message was taken, and its new words or None."""
    return _kept(catalogue.on_message_changed, name)


def health_check(name: str) -> Callable[[Watches], Watches]:
    """Declare what must always hold of a feature. The function takes (context), returns what does not, in words.

    While there is anything, the heartbeat is silent, so that a monitor outside notices.
    """
    return _kept(catalogue.health_checks, name)


def on_undelivered(begins: str) -> Callable[[Hears], Hears]:
    """Declare what follows when a message about references that begin with ``begins`` was refused, or nobody can know
    whether it arrived. The function takes (context, row of the outbox, why)."""
    return _kept(catalogue.on_undelivered, begins)


def on_sent(begins: str) -> Callable[[Arrives], Arrives]:
    """Declare what follows when a message about references that begin with ``begins`` has gone out. The function takes
    (context, row of the outbox)."""
    return _kept(catalogue.on_sent, begins)


def before_send(begins: str) -> Callable[[Wants], Wants]:
    """Declare whether a message about references that begin with ``begins`` is still wanted; asked before each try.

    The function takes (context, row of the outbox); a message that is not wanted any more is taken back.
    """
    return _kept(catalogue.before_send, begins)


def drawn(name: str) -> Callable[[Draws], Draws]:
    """Declare how a message is drawn again that was queued with ``draws="<name> <words>"`` and goes late or once more.

    The function takes (context, *words) and returns the card as its record stands now; it changes nothing. It raises
    NotNeeded with the reason when nobody needs the message any more.
    """
    return _declared(catalogue.drawers, Drawer, name)


def on_not_sent(name: str) -> Callable[[Follows], Follows]:
    """Declare what follows when a message that is drawn by ``name`` was given up before anybody could read it.

    The function takes (context, *words), as the one that draws it.
    """
    return _kept(catalogue.on_not_sent, name)


def city_words(name: str) -> Callable[[Names], Names]:
    """Declare which words of the city's files a feature's open records name that have gone from them: categories,
    departments. The function takes (context) and returns a list of LeftBehind."""
    return _kept(catalogue.city_words, name)


def undoes(kind: str, *, needs: str) -> Callable[[Undoes], Undoes]:
    """Declare how an act is taken back that :func:`handlers.kit.undo.undoable` was told of under this kind. The
    function takes (request, subject, and what was kept by name) and returns the card that says how it is now.

    ``needs`` is the right for the act: who has it no longer takes nothing back. What the act asks of the record and of
    the person beside that, the function asks again.
    """
    return _declared(catalogue.undoers, Undoing, kind, needs)


def on_seen(routine: str) -> Callable[[Sees], Sees]:
    """Declare what follows when somebody presses the first button of a routine's card, whichever it is.

    The function takes (request, about).
    """
    return _kept(catalogue.on_seen, routine)


def _declared(known: dict[str, Any], kind: type[Any], name: str, *rest: Any) -> Callable[[Function], Function]:
    def declare(function: Function) -> Function:
        once(known, name, kind(name, function, *rest))
        return function

    return declare


def _kept(known: dict[str, Callable[..., Any]], name: str) -> Callable[[Function], Function]:
    def declare(function: Function) -> Function:
        once(known, name, function)
        return function

    return declare

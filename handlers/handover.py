"""Handover: gives all that somebody holds to somebody else at once, after it was shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import TypeVar

from handlers.kit.alike import alike
from handlers.kit.catalogue import catalogue
from handlers.kit.context import Context, Request
from handlers.kit.contributions import drawn
from handlers.kit.errors import FieldErrors, UserError
from handlers.kit.forms import AnybodyId, Form, PersonId, ask
from handlers.kit.held import Held, Holding
from handlers.kit.here import still_here
from handlers.kit.home import HOME, refresh_homes
from handlers.kit.inline import Status
from handlers.kit.messages import Button, Buttons, Card, Heading, Items, Note, Word
from handlers.kit.parts import Broken, Part, missing
from handlers.kit.registry import action, command
from handlers.kit.rights import is_theirs
from handlers.kit.settled import passed_on
from handlers.kit.taking_over import moved_card
from handlers.kit.values import Carried

T = TypeVar("T")
SHOWN = 10  # lines of each feature; the rest is counted


@dataclass(frozen=True)
class ShownWork(Carried):
    """Whose work was shown to be handed over and to whom, and the digest of what was shown."""

    holder: str
    to: str
    digest: str


class Handover(Form):
    person: AnybodyId = ask(
        "Whose work is it now?", max_length=120, hint="Somebody who has left: type their id or name"
    )
    to: PersonId = ask("Who gets it?")


@command(
    "city handover",
    sends="Show",
    asks=Handover,
    needs="duty.hand-over",
    reads_only=True,
    example="/city handover @sam to @olga",
)
def show_handover(request: Request, form: Handover) -> Card:
    """Hand over work."""
    holder = _holder(request, form.person)
    _check(request, holder, form.to)
    return _shown(request, holder, form.to)


@action("city.hand-over", needs="duty.hand-over", replaces=True, carries=ShownWork)
def hand_over(request: Request, value: ShownWork) -> Card:
    """Hand over what was shown."""
    holder, to = value.holder, value.to
    try:
        _check(request, holder, to)
    except FieldErrors as wrong:
        raise UserError(" ".join(wrong.by_field.values())) from None
    found, lost = _held(request, holder)
    if _digest(found, to) != value.digest:
        return _shown(request, holder, to, Note("It has changed since it was shown. This is how it is now."))
    moved = [(holding, held) for holding, held in found if not holding.stays(request, held, to)]
    for holding, held in moved:
        holding.move(request, held, to)
        passed_on(request, held.ref, request.name(to))
    now = {(holding.name, held.ref): held for holding, held in _held(request, to)[0]}  # their lines name the new holder
    moved = [(holding, now.get((holding.name, held.ref), held)) for holding, held in moved]
    request.audit(f"handover {holder}", to=to, count=len(moved))
    request.look_again()
    _tell(request, holder, to, [held for _, held in moved])
    refresh_homes(request, [holder, to])
    title = f"{request.name(to)} has what {request.name(holder)} had: {len(moved)}"
    return Card(title, *_words(moved), *_stays(request, found, to), *lost)


@drawn("duty.moved")
def moved_again(context: Context, *ref: str) -> Card:
    """What has moved to somebody else, as long as they are the one who is asked."""
    return moved_card(context, " ".join(ref))


def _holder(request: Request, words: str) -> str:
    """The id of the person who is meant, even when no file names them any more; raises FieldErrors."""
    if words in request.city.people:
        return words
    found, _ = _of_each(request, lambda holding: list(holding.holders(request)))
    ids = {person for _, person in found}
    ids |= {met.id for met in request.store.chat.people.everybody()}
    meant = [person for person in ids if alike(words) in (person, alike(request.name(person)))]
    if len(meant) != 1:
        found_nobody = f'I found nobody called "{words}" who has work here. Write their id or full name.'
        raise FieldErrors({"person": found_nobody})
    return meant[0]


def _check(request: Request, holder: str, to: str) -> None:
    """Check that this person may hand the work over and that ``to`` can take it; raises UserError or FieldErrors."""
    if holder == to:
        raise FieldErrors({"to": f"{request.name(to)} has it already. Name somebody else."})
    still_here(request, "to", to)
    if not is_theirs(request, request.person, holder, "duty.hand-over-others"):
        raise UserError(
            f"Only {request.name(holder)}, the head of their department, the city manager or an admin can hand over "
            "their work. Please ask one of them."
        )


def _held(request: Request, holder: str) -> tuple[list[tuple[Holding, Held]], list[Note]]:
    """What somebody holds, and a line for each feature that could not be read: its work stays where it is."""
    return _of_each(request, lambda holding: holding.function(request, [holder]))


def _of_each(request: Request, ask: Callable[[Holding], list[T]]) -> tuple[list[tuple[Holding, T]], list[Note]]:
    declared = sorted(catalogue.holdings.values(), key=lambda holding: (holding.order, holding.name))
    parts = [Part(f"handover of {holding.name}", partial(ask, holding)) for holding in declared]
    found, lost = list[tuple[Holding, T]](), list[Note]()
    for holding, given in zip(declared, request.each_apart(parts), strict=True):
        if isinstance(given, Broken):
            lost.append(missing(holding.name))
        else:
            found += [(holding, thing) for thing in given]
    return found, lost


def _digest(found: Sequence[tuple[Holding, Held]], to: str) -> str:
    """A hash of what was shown: a person agrees to exactly this, and to nothing that came or changed since."""
    lines = [f"{holding.name} {held.ref} {held.line}" for holding, held in found]
    return sha256("\n".join([to, *lines]).encode()).hexdigest()[:16]


def _shown(request: Request, holder: str, to: str, *notes: Word) -> Card:
    """All that somebody holds, and the button that hands it over."""
    found, lost = _held(request, holder)
    gets, has = request.name(to), request.name(holder)
    if not found:
        return Card(f"{has} has nothing that could be handed over", *notes, *lost)
    moved = [(holding, held) for holding, held in found if not holding.stays(request, held, to)]
    button = Button("Hand over", "city.hand-over", ShownWork(holder, to, _digest(found, to)), style="primary")
    return Card(
        f"{gets} would get from {has}: {len(moved)}",
        *notes,
        *((Buttons(button),) if moved else ()),
        *_words(moved),
        *_stays(request, found, to),
        *lost,
        Note(
            f"Nothing is handed over yet. When you press Hand over, both are told. Rights stay with {has}: "
            "they come from people.toml."
        ),
        status=Status("info", "preview"),
    )


def _words(moved: Sequence[tuple[Holding, Held]]) -> list[Word]:
    words: list[Word] = []
    for name in dict.fromkeys(holding.name for holding, _ in moved):
        lines = [held.line for holding, held in moved if holding.name == name]
        words += [Heading(f"{name.capitalize()}: {len(lines)}"), Items(*lines[:SHOWN])]
        if len(lines) > SHOWN:
            words.append(Note(f"And {len(lines) - SHOWN} more."))
    return words


def _stays(request: Request, found: Sequence[tuple[Holding, Held]], to: str) -> list[Word]:
    """What cannot be theirs, each with the reason."""
    whys = ((held, holding.stays(request, held, to)) for holding, held in found)
    lines = [f"{held.line}: {why}" for held, why in whys if why][:SHOWN]
    return [Heading(f"What stays: {len(lines)}"), Items(*lines)] if lines else []


def _tell(request: Request, holder: str, to: str, moved: Sequence[Held]) -> None:
    """Tell both people, except the one who did it and anybody to whom nothing can be written."""
    by, lines = request.person.name, [held.line for held in moved]
    more = [Note(f"And {len(lines) - SHOWN} more.")] if len(lines) > SHOWN else []
    for person, title in (
        (to, f"{by} handed you what {request.name(holder)} had: {len(lines)}"),
        (holder, f"{by} handed what you had to {request.name(to)}: {len(lines)}"),
    ):
        if person != request.person.id and not request.duties.is_gone(person):
            see = Buttons(HOME)
            request.post(f"dm:{person}", Card(title, Items(*lines[:SHOWN]), *more, see), priority="prompt")

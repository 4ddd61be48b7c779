"""Digest: one message a day to everybody who has something, in place of a message for each thing."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial

from handlers.digest import digest_card, digest_cards, digest_draws, nothing_left
from handlers.kit.context import Context, Sending
from handlers.kit.contributions import drawn, on_not_sent
from handlers.kit.duty import AWAY, GONE
from handlers.kit.errors import NotNeeded
from handlers.kit.messages import Card
from handlers.kit.parts import Broken, SetPart
from handlers.kit.persons import Persons
from handlers.kit.pieces import Outdated, Piece, refs_in
from handlers.kit.registry import routine, timer
from handlers.kit.seats import EVERYBODY
from handlers.kit.taking_over import news_of_moved, tell_moved

AT_ONCE = 200  # people whose digests are drawn together
MOVED = "who takes over"


@routine("digest", at="08:30", on="working days", to=EVERYBODY, late_until="16:00", in_pieces=True)
def digest(sending: Sending) -> Iterator[Piece]:
    """Tell everybody what is new for them and what is due, unless they are away or have left."""
    if MOVED not in sending.done:
        news = sending.apart(MOVED, partial(news_of_moved, sending))
        tells = partial(tell_moved, news) if news and not isinstance(news, Broken) else None
        yield Piece(MOVED, tells, alone=True)
    left = [person for person in sending.everybody() if person.id not in sending.done]
    there = [person for person in left if _is_there(sending, person.id)]
    for start in range(0, len(there), AT_ONCE):
        some = Persons(sending.city, there[start : start + AT_ONCE])
        [found] = sending.sets_apart([SetPart("digest", partial(_prepared, sending), some)])
        yield from (Piece(person, piece) if isinstance(piece, Broken) else piece for person, piece in found.items())


def _prepared(sending: Sending, persons: Persons) -> dict[str, Piece]:
    """The digests of these people, by id; a piece in which there is nothing to write for those who have none."""
    ids = [person.id for person in persons.each()]
    waiting = sending.store.chat.notes.waiting(ids, sending.day)
    cards = digest_cards(sending, persons.each(), sending.day, untold=True)
    return {person: _piece(person, cards.get(person), waiting.get(person, [])) for person in ids}


def _piece(person: str, card: Card | None, waiting: Sequence[int]) -> Piece:
    if card is None and not waiting:
        return Piece(person)
    about = refs_in(card.model_dump_json()) if card else frozenset[str]()
    return Piece(person, partial(_tell, person, card, waiting), about)


def _tell(person: str, card: Card | None, waiting: Sequence[int], sending: Sending) -> None:
    """Send somebody their digest. Raises Outdated when there is other news for them than when it was prepared; in the
    end what was prepared is told, and what is newer waits for the next one."""
    if not _is_there(sending, person):
        raise NotNeeded("they are not there anymore")
    notes = sending.store.chat.notes
    if not sending.as_prepared and notes.waiting([person], sending.day).get(person, []) != waiting:
        raise Outdated
    notes.tell(waiting, sending.day)
    if card is not None:
        sending.post(f"dm:{person}", card, priority="digest", repeat=True, draws=digest_draws(sending.day, person))


def _is_there(context: Context, person: str) -> bool:
    """Whether somebody is written to today: they are neither away nor gone."""
    return context.duties.why_not(person) not in (*GONE, AWAY)


@timer("digest.next")
def go_on(context: Context, subject: str, step: int) -> None:
    """Do nothing: the digest went on by this timer once, and one may still wait."""


@on_not_sent("digest")
def tell_next_time(context: Context, day: str, _seat: str, person: str) -> None:
    """Put the news of a digest that nobody has read into the next one."""
    context.store.chat.notes.take_back_all(person, date.fromisoformat(day))


@drawn("digest")
def digest_again(context: Context, day: str, _seat: str, person: str) -> Card:
    """What is new for somebody and what is due, as of now."""
    card = digest_card(context, context.person_named(person), date.fromisoformat(day))
    if card is None:
        left = nothing_left(context, date.fromisoformat(day), person)
        raise NotNeeded("nothing of it is due or new anymore", instead=left)
    return card

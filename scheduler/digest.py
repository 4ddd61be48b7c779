"""Digest: one message a day to everybody who has something, in place of a message for each thing."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial

from handlers.digest import digest_card, digest_cards, digest_draws, nothing_left
from handlers.kit.context import Context, Sending
from handlers.kit.contributions import drawn
from handlers.kit.duty import AWAY, GONE
from handlers.kit.errors import NotNeeded
from handlers.kit.messages import Card
from handlers.kit.parts import SetPart
from handlers.kit.persons import Persons
from handlers.kit.registry import routine, timer
from handlers.kit.seats import EVERYBODY
from handlers.kit.taking_over import tell_moved

NEXT = "digest.next"
AT_ONCE = 50  # people in one transaction: no command is saved before it ends
PAUSE = timedelta(seconds=1)


@routine("digest", at="08:30", on="working days", to=EVERYBODY, late_until="16:00")
def digest(context: Sending) -> None:
    """Tell everybody who has something what is new for them and what is due; not who is away or gone."""
    context.apart("who takes over", partial(tell_moved, context))
    _tell_from(context, context.day, 0)


@timer(NEXT)
def go_on(context: Context, subject: str, step: int) -> None:
    """Tell the next people what is new for them and what is due."""
    day, count, last = subject.split()
    after = next((number + 1 for number, person in enumerate(context.everybody()) if person.id == last), int(count))
    _tell_from(context, date.fromisoformat(day), after)


def _tell_from(context: Context, day: date, first: int) -> None:
    """Tell so many people, and have the next ones told in a transaction of its own."""
    those = context.everybody()[first : first + AT_ONCE]
    if len(those) == AT_ONCE:
        context.reschedule(NEXT, f"{day} {first + AT_ONCE} {those[-1].id}", context.now + PAUSE)
    there = [person for person in those if context.duties.why_not(person.id) not in (*GONE, AWAY)]
    context.sets_apart([SetPart("digest", partial(_tell, context, day), Persons(context.city, there))])


def _tell(context: Context, day: date, persons: Persons) -> Mapping[str, Card]:
    context.store.chat.notes.tell([person.id for person in persons.each()], day)
    cards = digest_cards(context, persons.each(), day)
    context.roster.read_platforms(cards)
    for person, card in cards.items():
        context.post(f"dm:{person}", card, priority="digest", repeat=True, draws=digest_draws(day, person))
    return cards


@drawn("digest")
def digest_again(context: Context, day: str, _seat: str, person: str) -> Card:
    """What is new for somebody and what is due, as of now."""
    card = digest_card(context, context.person_named(person), date.fromisoformat(day))
    if card is None:
        why = "nothing of it is due or new any more"
        raise NotNeeded(why, instead=nothing_left(date.fromisoformat(day), f"{why.capitalize()}."))
    return card

"""Digest: one message a day to everybody who has something, in place of a message for each thing."""

from datetime import date, timedelta
from functools import partial

from handlers.digest import digest_card
from handlers.kit.context import Context, Sending
from handlers.kit.duty import AWAY, GONE
from handlers.kit.errors import NotNeeded
from handlers.kit.facts import Person
from handlers.kit.messages import Card
from handlers.kit.parts import Part
from handlers.kit.registry import drawn, routine
from handlers.kit.seats import EVERYBODY

KEEP_TOLD = timedelta(days=7)  # as long as the cards of the outbox


@routine("digest", at="08:30", on="working days", to=EVERYBODY, late_until="16:00")
def digest(context: Sending) -> None:
    """Tell everybody who has something what is new for them and what is due; not who is away or gone."""
    there = [person for person in context.everybody() if context.duties.why_not(person.id) not in (*GONE, AWAY)]
    context.each_apart([Part("digest", partial(_tell, context, person), person.id) for person in there])
    context.store.notes.forget(context.day - KEEP_TOLD)
    context.store.snoozes.forget(context.day)


def _tell(context: Sending, person: Person) -> None:
    context.store.notes.tell(person.id, context.day)
    card = digest_card(context, person, context.day)
    if card is not None:
        draws = f"digest {context.day} {EVERYBODY} {person.id}"
        context.post(f"dm:{person.id}", card, priority="digest", repeat=True, draws=draws)


@drawn("digest")
def digest_again(context: Context, day: str, _seat: str, person: str) -> Card:
    """What is new for somebody and what is due, as of now."""
    card = digest_card(context, context.person_named(person), date.fromisoformat(day))
    if card is None:
        raise NotNeeded("nothing of it is due or new any more")
    return card

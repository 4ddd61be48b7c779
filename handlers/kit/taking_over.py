"""Taking over: who is asked in the place of somebody else reads it in their next digest, and so does who is above."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from handlers.kit.context import Context
from handlers.kit.errors import NotNeeded
from handlers.kit.home import HOME
from handlers.kit.messages import Button, Card, Text
from handlers.kit.moved import Moved, all_moved
from handlers.kit.speaking import News

REMIND = timedelta(days=7)  # while a duty is not handed over


def news_of_moved(context: Context) -> list[News]:
    """The lines for the digests of today: of who takes over, and of the heads above; the city manager reads all of
    it in the morning check."""
    moved = all_moved(context)[0]
    known = context.store.chat.notes.told_since([duty.ref for duty in moved], context.now - REMIND)
    return [
        News(person, line, duty.ref, (button,), draws=f"duty.moved {duty.ref}")
        for duty in moved
        for person, line, button in _readers(context, duty)
        if (person, duty.ref) not in known
    ]


def tell_moved(news: Sequence[News], context: Context) -> None:
    """Keep these lines for the digests of today."""
    context.tell_each(news)


def moved_card(context: Context, ref: str) -> Card:
    """What a line of :func:`tell_moved` is about; raises NotNeeded when it has moved on."""
    duty = next((duty for duty in all_moved(context)[0] if duty.ref == ref), None)
    if duty is None:
        raise NotNeeded("somebody else has it now")
    return Card("A duty was passed on", Text(duty.line(context.name(duty.asked))))


def _readers(context: Context, duty: Moved) -> Iterator[tuple[str, str, Button]]:
    yield duty.asked, f"{duty.who}: you are asked instead{duty.what}", HOME
    heads = {context.duties.head(department).person for department in duty.departments}
    manager = context.duties.seat("city_manager").person
    for head in sorted(heads - {duty.asked, manager}):
        yield head, duty.line(context.name(duty.asked)), Button.say("Hand it over", f"city handover {duty.holder}")

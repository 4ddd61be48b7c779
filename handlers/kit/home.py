"""Home: what waits for somebody, as one card: on their home page where a platform has one, and wherever they ask."""

from collections.abc import Iterable, Sequence
from functools import partial

from handlers.kit.catalogue import catalogue
from handlers.kit.city.people import Person
from handlers.kit.context import Context
from handlers.kit.messages import Button, Buttons, Card, Note, Text
from handlers.kit.parts import Broken, Part
from handlers.kit.persons import Persons
from handlers.kit.waiting import Waiting, section, waiting_for, waiting_of

CHANNEL = "home"  # the channel of every home page; its remote id is the account it belongs to


def home_card(context: Context, person: Person) -> Card:
    """What waits for somebody in every feature, and the usual commands."""
    return _card(context, person, waiting_for(context, person, catalogue.todos))


def _card(context: Context, person: Person, found: Sequence[Waiting]) -> Card:
    waiting = [word for waiting in found for word in section(waiting)]
    usual = [Button.say(command.help.rstrip("."), command.name) for command in catalogue.usual(person.all_roles)]
    return Card(
        "What waits for you",
        *(waiting or [Text("Nothing waits for you.")]),
        Buttons(*usual, Button.say("Everything I can do", "help")),
        Note(f"As of {context.calendar.spoken(context.now)}."),
    )


def refresh_homes(context: Context, persons: Iterable[str | None]) -> None:
    """Bring the home pages of these people up to date, as far as they have one."""
    refs = {home_ref(person): person for person in persons if person}
    posts = context.store.chat.posts.of_each(refs)
    readers = {ref: reader for ref in posts if (reader := _reader(context, refs[ref]))}
    if not readers:
        return
    waiting = waiting_of(context, Persons(context.city, list(readers.values())), catalogue.todos)
    parts = [
        Part("home page", partial(_card, context, reader, waiting.get(reader.id, [])), reader.id)
        for reader in readers.values()
    ]
    drawn = zip(readers, context.each_apart(parts), strict=True)
    cards = {ref: card for ref, card in drawn if not isinstance(card, Broken)}
    context.refresh_posts([post for ref in cards for post in posts[ref]], cards)


def _reader(context: Context, person: str) -> Person | None:
    try:
        return context.person_named(person)
    except KeyError:  # the city has forgotten them; nobody reads that page
        return None


def home_ref(person: str) -> str:
    """What a home page is about."""
    return f"home {person}"

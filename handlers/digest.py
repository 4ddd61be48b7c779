"""Digest: one message a day with what is new for somebody and what is due; what can wait goes into it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, partial

from handlers.kit.catalogue import catalogue
from handlers.kit.city.people import Person
from handlers.kit.context import Context, Request
from handlers.kit.drawing import still_holds
from handlers.kit.events import ACTED, Act, on
from handlers.kit.listing import Listing
from handlers.kit.messages import Button, Card, Note, Row, Text, Word
from handlers.kit.persons import Persons
from handlers.kit.registry import action, command, listing
from handlers.kit.seats import EVERYBODY
from handlers.kit.values import Carried, Rest
from handlers.kit.waiting import (
    SHOWN,
    Task,
    Waiting,
    daily_after,
    due_by,
    not_read,
    task_words,
    waiting_for,
    waiting_of,
)
from storage.chat.notes import Note as News

DUE, NEW, NEXT = "Due today or late", "New for you", "Still to be done"


@dataclass(frozen=True)
class LineOf(Carried):
    """A line of the digest of a day, and what it is about."""

    day: date
    ref: Rest


@command("city digest", needs="help", reads_only=True)
def show_digest(request: Request) -> Card:
    """Show all that is due and new for you."""
    return _listed(request, "")


@action("digest.snooze", needs="help", replaces=True, carries=LineOf)
def put_off(request: Request, value: LineOf) -> Card:
    """Put a line of the digest off until tomorrow."""
    ref, tomorrow = value.ref, request.today + timedelta(days=1)
    request.store.chat.snoozes.put_off(request.person.id, ref, tomorrow)
    request.store.chat.notes.take_back(request.person.id, ref, value.day)
    request.audit(ref, put_off=tomorrow)
    left = digest_card(request, request.person, value.day)
    return left or nothing_left(
        request, value.day, "Nothing is left here. What you put off comes back in your next digest."
    )


def digest_card(context: Context, person: Person, day: date) -> Card | None:
    """Somebody's digest of a day, as :func:`digest_cards` draws it; None when there is nothing."""
    return digest_cards(context, [person], day).get(person.id)


def digest_cards(context: Context, persons: Sequence[Person], day: date, *, untold: bool = False) -> dict[str, Card]:
    """The digests of a day of those of these people who have anything, by id: what is due, what is new, and what stands
    there each day until it is done, without what they put off.

    What is new is what :meth:`storage.chat.notes.Notes.tell` has put into that day's digest; with ``untold`` also what
    it would put there now. It raises when the digest of anybody breaks: ask through ``context.sets_apart``.
    """
    asked, notes = Persons(context.city, persons), context.store.chat.notes
    ids = [person.id for person in persons]
    hidden, told = context.store.chat.snoozes.on(ids, context.today), notes.told(ids, day, untold=untold)
    waiting, holds = waiting_of(context, asked, catalogue.todos), cache(partial(still_holds, context))
    found = dict[str, Card]()
    for person in ids:
        if person in waiting or person in told:
            own, put_off = waiting.get(person, []), hidden.get(person, set[str]())
            news = [note for note in told.get(person, []) if note.ref not in put_off and holds(note.draws)]
            if card := _card(context, day, own, [_task(context, note) for note in news], put_off):
                found[person] = card
    return found


def _card(
    context: Context, day: date, waiting: Sequence[Waiting], news: Sequence[Task], hidden: Collection[str]
) -> Card | None:
    due = [task for task in due_by(day, waiting) if task.ref not in hidden]
    later = [task for task in daily_after(day, waiting) if task.ref not in hidden]
    if not (due or news or later):
        return None
    more = len(due) + len(news) + len(later) - SHOWN
    return Card(
        _title(context, day),
        *_section(DUE, due, SHOWN, day),
        *_section(NEW, news, max(0, SHOWN - len(due)), day),
        *_section(NEXT, later, max(0, SHOWN - len(due) - len(news)), day),
        *((Note(f'And {more} more. Write "city digest" to see all.'),) if more > 0 else ()),
        *not_read(waiting),
    )


def nothing_left(context: Context, day: date, why: str) -> Card:
    """What stands in the place of somebody's digest of which nothing is left."""
    return Card(_title(context, day), Text(why))


def _title(context: Context, day: date) -> str:
    return f"Your day: {context.calendar.spoken_day(day)}"


def _section(title: str, tasks: Sequence[Task], shown: int, day: date) -> list[Word]:
    if not tasks:
        return []
    words: list[Word] = [Text(f"{title}: {len(tasks)}")]
    for task in tasks[:shown]:
        words += task_words(task, Button("Until tomorrow", "digest.snooze", LineOf(day, task.ref)))
    return words


def _task(context: Context, news: News) -> Task:
    """A line of news; an older line says which day it is from."""
    day = context.calendar.today(news.at)
    when = f" ({context.spoken_day(day)})" if day != context.today else ""
    return Task(news.ref, f"{news.line}{when}", tuple(Button.model_validate(button) for button in news.buttons))


def digest_draws(day: date, person: str) -> str:
    """How somebody's digest of a day is drawn again."""
    return f"digest {day} {EVERYBODY} {person}"


@on(ACTED)
def bring_up_to_date(request: Request, act: Act) -> None:
    """Have today's digests drawn again in which a line is about what somebody has just changed."""
    known = [subject for subject in act.subjects if subject not in request.begun]
    readers = request.store.chat.notes.readers(known, request.today)
    for post in request.store.chat.posts.following([digest_draws(request.today, person) for person in readers]):
        request.draw_again(post)


@listing("digest.page", needs="help")
def _listed(request: Request, _about: str) -> Listing | Card:
    """Turn a page of what is due and new."""
    waiting = waiting_for(request, request.person, catalogue.todos)
    due, later = due_by(request.today, waiting), daily_after(request.today, waiting)
    kept = request.store.chat.notes.all(request.person.id)
    news = [_task(request, note) for note in kept if still_holds(request, note.draws)]
    tasks = [*due, *news, *later]
    if not tasks:
        without = Text("What waits for you without a day: city today")
        return Card("Nothing is due or new", *not_read(waiting), without)

    def rows(offset: int, limit: int) -> list[Row]:
        return [Row(task.line, next(iter(task.buttons), None)) for task in tasks[offset : offset + limit]]

    still = f", still to be done: {len(later)}" if later else ""
    title = f"{DUE}: {len(due)}, new: {len(news)}{still}"
    return Listing(Card(title, *not_read(waiting)), len(tasks), rows)

"""Digest: one message a day with what somebody must decide, what is due and what is new; what can wait goes into it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, cached_property, partial
from itertools import islice

from handlers.kit.catalogue import catalogue
from handlers.kit.city.people import Person
from handlers.kit.context import Context, Request
from handlers.kit.drawing import still_holds
from handlers.kit.events import ACTED, Act, on
from handlers.kit.home import HOME
from handlers.kit.inline import Status
from handlers.kit.listing import Listing
from handlers.kit.messages import Button, Buttons, Card, Fold, Heading, Plain, Row, Text, Word
from handlers.kit.persons import Persons
from handlers.kit.registry import action, command, listing
from handlers.kit.seats import EVERYBODY
from handlers.kit.tasks import DECIDE, DUE, NOW, summed_up, task_words, what_comes_first, with_one_primary
from handlers.kit.values import Carried, Rest
from handlers.kit.waiting import SHOWN, Task, Waiting, daily_after, not_read, waiting_for, waiting_of
from storage.chat.notes import Note as News

NEW, NEXT = "New for you", "Still to be done"
KEPT_FOR_NEWS = 3  # lines of a digest, however much is due
PUT_OFF = "Put off until tomorrow"


@dataclass(frozen=True)
class LineOf(Carried):
    """A line of the digest of a day, and what it is about."""

    day: date
    ref: Rest


@dataclass(frozen=True)
class DayOf(Carried):
    """The digest of a day."""

    day: date


@dataclass(frozen=True)
class Own:
    """What stands in somebody's digest under each heading, and what of it waits for them, also what could not be
    read."""

    waiting: Sequence[Waiting]
    sections: Sequence[tuple[str, Sequence[Task]]]

    @property
    def tasks(self) -> list[Task]:
        return [task for _, tasks in self.sections for task in tasks]

    @cached_property
    def shown(self) -> list[tuple[str, Sequence[Task]]]:
        """The first SHOWN tasks by heading; what is due leaves a few lines to what is new, which is told only once."""
        room, kept, found = SHOWN, min(KEPT_FOR_NEWS, len(self.under(NEW))), list[tuple[str, Sequence[Task]]]()
        for title, tasks in self.sections:
            kept = 0 if title == NEW else kept
            found.append((title, tasks[: room - kept]))
            room -= len(found[-1][1])
        return found

    @property
    def tasks_shown(self) -> list[Task]:
        return [task for _, tasks in self.shown for task in tasks]

    def under(self, title: str) -> Sequence[Task]:
        return dict(self.sections).get(title, ())

    def status(self, day: date) -> Status | None:
        """How bad it is in all."""
        return summed_up(self.under(DECIDE), [*self.under(NOW), *self.under(DUE)], day)


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
    request.draw_again(*request.store.chat.posts.following([digest_draws(value.day, request.person.id)]))
    return digest_card(request, request.person, value.day) or nothing_left(request, value.day, request.person.id)


@action("digest.put-off", needs="help", reads_only=True, carries=DayOf)
def choose_what_to_put_off(request: Request, value: DayOf) -> Card:
    """Show each line of the digest with a button that puts it off until tomorrow."""
    own = _own(request, [request.person], value.day).get(request.person.id)
    if own is None:
        return nothing_left(request, value.day, request.person.id)
    return Card(PUT_OFF, *_put_off_rows([task for task in own.tasks_shown if not task.urgent], value.day))


def digest_card(context: Context, person: Person, day: date) -> Card | None:
    """Somebody's digest of a day, as :func:`digest_cards` draws it; None when there is nothing."""
    return digest_cards(context, [person], day).get(person.id)


def digest_cards(context: Context, persons: Sequence[Person], day: date, *, untold: bool = False) -> dict[str, Card]:
    """The digests of a day of those of these people who have anything, by id: what they must decide, what is due, what
    is new, and what stands there each day until it is done, without what they put off.

    What is new is what :meth:`storage.chat.notes.Notes.tell` has put into that day's digest; with ``untold`` also what
    it would put there now. It raises when the digest of anybody breaks: ask through ``context.sets_apart``.
    """
    own = _own(context, persons, day, untold=untold)
    return {person: _card(context, day, theirs) for person, theirs in own.items()}


def _own(context: Context, persons: Sequence[Person], day: date, *, untold: bool = False) -> dict[str, Own]:
    """What stands in the digests of those of these people who have anything."""
    asked, notes = Persons(context.city, persons), context.store.chat.notes
    ids = [person.id for person in persons]
    hidden, told = context.store.chat.snoozes.on(ids, context.today), notes.told(ids, day, untold=untold)
    waiting, holds = waiting_of(context, asked, catalogue.todos), cache(partial(still_holds, context))
    found = dict[str, Own]()
    for person in ids:
        if person in waiting or person in told:
            theirs, put_off = waiting.get(person, []), hidden.get(person, set[str]())
            news = [note for note in told.get(person, []) if note.ref not in put_off and holds(note.draws)]
            left = [_without(part, put_off) for part in theirs]
            sections = _sections(day, left, [_task(context, note) for note in news])
            if _is_due_or_new(day, sections):
                found[person] = Own(theirs, sections)
    return found


def _without(part: Waiting, hidden: Collection[str]) -> Waiting:
    return replace(part, tasks=[task for task in part.tasks if task.ref not in hidden]) if hidden else part


def _sections(day: date, waiting: Sequence[Waiting], news: Sequence[Task]) -> list[tuple[str, Sequence[Task]]]:
    """The tasks by heading: what cannot wait, as on home, then what is new, and what is still to be done."""
    first = what_comes_first(day, waiting)
    later = [task for task in daily_after(day, waiting) if not (task.decides or task.urgent)]
    sections = [(title, tasks) for title, tasks in [*first.items(), (NEW, news), (NEXT, later)] if tasks]
    tasks = with_one_primary(task for _, tasks in sections for task in tasks)
    return [(title, list(islice(tasks, len(those)))) for title, those in sections]


def _is_due_or_new(day: date, sections: Sequence[tuple[str, Sequence[Task]]]) -> bool:
    """Whether anything of it is worth a message of its own; what has no day was told in another."""
    tasks = [(title, task) for title, tasks in sections for task in tasks]
    return any(title == NEW or (task.due and (task.due <= day or task.daily)) for title, task in tasks)


def _card(context: Context, day: date, own: Own) -> Card:
    more = len(own.tasks) - len(own.tasks_shown)
    return Card(
        _title(context, day),
        *_shown(own, day),
        *((Row(f"And {more} more.", Button.say("See all", "city digest")),) if more > 0 else ()),
        *not_read(own.waiting),
        *_put_off_words([task for task in own.tasks_shown if not task.urgent], day),
        status=own.status(day),
    )


def _shown(own: Own, day: date) -> Iterator[Word]:
    """The headings with their counts, and the first tasks under each."""
    for title, tasks in own.shown:
        yield Heading(f"{title}: {len(own.under(title))}")
        for task in tasks:
            yield from task_words(task, day)


def _put_off_words(tasks: Sequence[Task], day: date) -> list[Word]:
    """How each of these lines is put off: a button for the only one, else a fold with a button for each."""
    if len(tasks) < 2:
        return [Buttons(_put_off_button(task, day, PUT_OFF), about=task.line) for task in tasks]
    return [Fold(PUT_OFF, *_put_off_rows(tasks, day), button=Button(PUT_OFF, "digest.put-off", DayOf(day)))]


def _put_off_rows(tasks: Sequence[Task], day: date) -> list[Row]:
    return [Row(task.line, _put_off_button(task, day)) for task in tasks]


def _put_off_button(task: Task, day: date, label: str = "Until tomorrow") -> Button:
    return Button(label, "digest.snooze", LineOf(day, task.ref))


def nothing_left(context: Context, day: date, person: str) -> Card:
    """What stands in the place of somebody's digest of which nothing is left."""
    put_off = context.store.chat.snoozes.on([person], context.today)
    why = "Nothing here is due or new anymore."
    if put_off:
        why = "Nothing is left here. What you put off comes back in your next digest."
    return Card(_title(context, day), Text(why), status=Status("good", "Nothing left"))


def _title(context: Context, day: date) -> str:
    return f"Your day: {context.calendar.spoken_day(day)}"


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
    kept = request.store.chat.notes.all(request.person.id)
    news = [_task(request, note) for note in kept if still_holds(request, note.draws)]
    own = Own(waiting, _sections(request.today, waiting, news))
    if not own.tasks:
        return Card("Nothing is due or new", *not_read(waiting), Buttons(HOME))

    def rows(offset: int, limit: int) -> list[Plain]:
        return [word for task in own.tasks[offset : offset + limit] for word in task_words(task, request.today)]

    title = ", ".join(f"{title}: {len(tasks)}" for title, tasks in own.sections)
    return Listing(Card(title, *not_read(waiting), status=own.status(request.today)), len(own.tasks), rows)

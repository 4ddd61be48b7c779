"""Home: what waits for somebody, as one card: on their home page where a platform has one, and wherever they ask."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import islice

from handlers.kit.catalogue import catalogue
from handlers.kit.city.people import Person
from handlers.kit.context import Context
from handlers.kit.inline import Status
from handlers.kit.listing import SIZE, Listing, PageOf
from handlers.kit.messages import Button, Buttons, Card, Fold, Heading, Note, Plain, Row, Text, Word, capitalized
from handlers.kit.parts import Broken, Part
from handlers.kit.persons import Persons
from handlers.kit.tasks import DECIDE, DUE, NOW, summed_up, task_words, what_comes_first, with_one_primary
from handlers.kit.waiting import Task, Waiting, is_pressing, not_read, waiting_for, waiting_of

HOME = Button.say("What is waiting for you", "city today")
CHANNEL = "home"  # the channel of every home page; its remote id is the account it belongs to
PAGES = "home.page"  # the action that turns the pages of a group
LINES = 12  # that are not folded; more is no glance
NAMES = {NOW: "now", DECIDE: "to decide", DUE: "due"}  # of what cannot wait, as buttons hold them


@dataclass(frozen=True)
class Group:
    """Some of what waits, under a heading of its own: a crisis that is on, what is to be decided, what is due, or the
    rest of a feature.

    ``tasks`` are the first of ``total``, ``rest`` is the command that shows all of them.
    """

    name: str
    title: str
    tasks: Sequence[Task]
    total: int
    rest: str = ""


def home_card(context: Context, person: Person) -> Card:
    """What waits for somebody in every feature: a crisis that is on, what they must decide, what is due, the rest; and
    the usual commands."""
    return _card(context, person, waiting_for(context, person, catalogue.todos))


def group_pages(context: Context, person: Person, name: str) -> Listing | Card:
    """One group of what waits for somebody, as it is now, in pages: those that stand on their home, then the others."""
    for group, shown in _arranged(_groups(waiting_for(context, person, catalogue.todos), context.today), context.today):
        if group.name == name:
            count, rows = len(group.tasks), partial(_page_of, group, context.today)
            return Listing(Card(group.title), count, rows, starts=_starts(shown, count))
    return Card("This part of your list is empty now", Buttons(HOME))


def _card(context: Context, person: Person, found: Sequence[Waiting]) -> Card:
    groups = _groups(found, context.today)
    usual = [Button.say(command.help.rstrip("."), command.name) for command in catalogue.usual(person.all_roles)]
    return Card(
        "What is waiting for you",
        *(_words(groups, context.today) if groups else [Text("Nothing is waiting for you.")]),
        *not_read(found),
        Buttons(*usual, Button.say("What is late", "city late"), Button.say("What can you do?", "help")),
        Note(f"As of {context.calendar.spoken(context.now)}."),
        status=_status(groups, context.today) if groups or not_read(found) else Status("good", "All done"),
    )


def _groups(found: Sequence[Waiting], today: date) -> list[Group]:
    """What cannot wait, then the rest of each feature."""
    first = [
        Group(NAMES[title], f"{title}: {len(tasks)}", tasks, len(tasks))
        for title, tasks in what_comes_first(today, found).items()
    ]
    groups = [*first, *(_rest_of(waiting, today) for waiting in found if not waiting.missing)]
    return _with_one_primary([group for group in groups if group.total])


def _with_one_primary(groups: Sequence[Group]) -> list[Group]:
    tasks = with_one_primary(task for group in groups for task in group.tasks)
    return [replace(group, tasks=list(islice(tasks, len(group.tasks)))) for group in groups]


def _rest_of(waiting: Waiting, today: date) -> Group:
    """What of a feature neither needs a decision nor is due."""
    left = [task for task in waiting.tasks if not (task.decides or is_pressing(today, task))]
    above = len(waiting.tasks) - len(left)
    title = waiting.title or capitalized(waiting.name)
    return Group(
        waiting.name, f"{title} ({above} listed above)" if above else title, left, waiting.total - above, waiting.rest
    )


def _status(groups: Sequence[Group], today: date) -> Status | None:
    now, decide, due = (
        [task for group in groups if group.name == name for task in group.tasks] for name in NAMES.values()
    )
    return summed_up(decide, [*now, *due], today)


def _arranged(groups: Sequence[Group], today: date) -> Iterator[tuple[Group, int]]:
    """The groups with how many tasks of each stand on the card, until it is full."""
    room = LINES
    for group in groups:
        shown = _fitting(group, room, today)
        if shown:
            room -= 1 + sum(len(task_words(task, today)) for task in group.tasks[:shown]) + (shown < group.total)
        yield group, shown


def _words(groups: Sequence[Group], today: date) -> Iterator[Word]:
    """The groups one after the other, until the card is full; what comes then is folded."""
    for group, shown in _arranged(groups, today):
        if shown:
            yield Heading(group.title)
            yield from _some_of(group, today, 0, shown)
        if more := group.total - shown:
            yield _folded(f"{more} more" if shown else group.title, group, today, shown)


def _fitting(group: Group, room: int, today: date) -> int:
    """How many tasks of a group fit, with its heading and, unless all do, the line that opens the rest."""
    left, count = room - 1, 0
    for task in group.tasks:
        left -= len(task_words(task, today))
        last = count + 1 == group.total
        if left < (0 if last else 1):
            break
        count += 1
    return count


def _folded(title: str, group: Group, today: date, shown: int) -> Fold:
    """What of a group does not stand on the card: the first page of it, and the way to the others."""
    first, end = 1 if shown else 0, shown + SIZE
    words = _page_of(group, today, shown, SIZE)
    if end < len(group.tasks):
        turn = Button("Show more", PAGES, PageOf(first + 1, group.name))
        words.append(Row(f"And {group.total - end} more.", turn))
    return Fold(title, *words, button=Button(title, PAGES, PageOf(first, group.name)))


def _starts(shown: int, count: int) -> list[int]:
    """The tasks with which the pages of a group begin, when so many of it stand on the card."""
    return [*([0] if shown else []), *range(shown, max(count, shown + 1), SIZE)]


def _page_of(group: Group, today: date, start: int, count: int) -> list[Plain]:
    """Some of the tasks of a group, after the last of them the way to those of which the feature gives the number
    alone."""
    words, more = _some_of(group, today, start, count), group.total - len(group.tasks)
    if more and start + count >= len(group.tasks):
        words.append(Row(f"And {more} more.", Button.say("See all", group.rest) if group.rest else None))
    return words


def _some_of(group: Group, today: date, start: int, count: int) -> list[Plain]:
    return [word for task in group.tasks[start : start + count] for word in task_words(task, today)]


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

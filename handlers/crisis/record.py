"""Crisis: a crisis as everybody sees it, its room, and its timeline."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from handlers.crisis.levels import level_name, scenario_name
from handlers.kit.city.model import City
from handlers.kit.city.people import Person
from handlers.kit.context import SYSTEM, Context
from handlers.kit.drawing import draw
from handlers.kit.inline import Channel, Status
from handlers.kit.lists import listed
from handlers.kit.messages import Card, Facts, Text
from handlers.kit.signs import cut
from handlers.kit.values import Carried
from storage.crisis.log import Entry
from storage.crisis.records import Crisis

PLACE, DRILL = "crisis", "DRILL: "  # the place for all crises, and the beginning of every message of a drill
DRILL_LINE = Text(Status("info", "DRILL"), " Residents are told nothing.")
SUMMARY = "crisis.summary"  # how the board is drawn
SHORT = 160  # characters of a line of the log on the board, which is read on a phone
QUOTED = 60  # characters quoted from a line of the timeline, so that people recognize it
_PARTS = re.compile("[ .]")  # ends the reference of a crisis in "CR-2026-01 step close" or "CR-2026-01.3"
WHICH = "Needed when several are open, such as CR-2026-01"
STATES = {"alarm": "alarm, not confirmed yet", "active": "active", "over": "over"}
UNABLE = ("cannot", "gone")  # after these answers to a page, somebody else is asked


@dataclass(frozen=True)
class RoleOf(Carried):
    """A role in a crisis."""

    crisis: str
    role: str


def room(crisis: Crisis) -> str:
    """The place that is made for a crisis, a channel or a thread in the crisis channel; one that reopens another goes
    on in its room."""
    return f"{PLACE}:{crisis.room_of or crisis.ref}"


def room_link(context: Context, crisis: Crisis) -> Channel:
    """The room of a crisis, which leads to it; in Teams, where it is a thread, to the channel that has it."""
    place = room(crisis)
    name = f"#{place.replace(':', '-').lower()}"
    return Channel(place, name, url=context.channel_links.get(place, context.channel_links.get(PLACE)))


def crisis_of(subject: str) -> str:
    """The crisis's reference, taken from that of a step, a page or a follow-up of it."""
    return _PARTS.split(subject, maxsplit=1)[0]


def stamped(crisis: Crisis, card: Card) -> Card:
    """The card; for a drill, its title is marked as one, but not twice."""
    new = crisis.drill and not card.title.startswith(DRILL)
    return card.model_copy(update={"title": f"{DRILL}{card.title}"}) if new else card


def marked(context: Context, ref: str, line: str) -> str:
    """A line about the crisis that ``ref`` belongs to; for a drill it is marked as one."""
    return as_drill(context.store.crisis.records.find(ref), line)


def as_drill(crisis: Crisis | None, line: str) -> str:
    """The same for a crisis that was read before."""
    return f"{DRILL}{line}" if crisis and crisis.drill else line


def tell(
    context: Context,
    crisis: Crisis,
    place: str,
    card: Card,
    *,
    ref: str | None = None,
    priority: str = "prompt",
    on: str | None = None,
    draws: str | None = None,
) -> None:
    """Post a card of a crisis in a place or to ``dm:<person>``; every message of a drill says that it is one.

    Urgent messages have the priority ``page``; in a drill they are sent as a prompt, which wakes nobody. ``draws`` is
    as in :meth:`Context.post`, mostly a name under ``@drawn_in_crisis`` and the crisis's reference.
    """
    soft = "prompt" if crisis.drill and priority == "page" else priority
    context.post(place, stamped(crisis, card), ref=ref, priority=soft, repeat=True, on=on, draws=draws)


def tell_room(context: Context, crisis: Crisis, card: Card, *, ref: str | None = None) -> None:
    """Post a card in the room of the crisis."""
    tell(context, crisis, room(crisis), card, ref=ref)


def write(
    context: Context,
    crisis: Crisis,
    text: str,
    *,
    by: str = SYSTEM,
    kind: str = "done",
    source: str | None = None,
    message_key: str | None = None,
    corrects: int | None = None,
) -> Entry:
    """Add a line to the timeline, and show it on the board."""
    entry = context.store.crisis.log.add(
        crisis.ref, by, text, context.now, kind=kind, source=source, message_key=message_key, corrects=corrects
    )
    show(context, crisis)
    return entry


def show(context: Context, crisis: Crisis) -> None:
    """Bring the board up to date wherever it is posted, once however much happens in this transaction."""
    context.refresh_last(crisis.ref, partial(draw, context, f"{SUMMARY} {crisis.ref}"))


def crisis_facts(context: Context, crisis: Crisis) -> Facts:
    calendar, scenario = context.calendar, scenario_name(context.city, crisis)
    return Facts(
        ("State", STATES[crisis.state]),
        ("Level", level_name(context.city, crisis.level)),
        *((("What kind", scenario),) if scenario else ()),
        ("Where", crisis.where or "not said"),
        ("Since", calendar.spoken(crisis.created_at)),
        ("Raised by", context.name(crisis.created_by)),
        *((("Started", _started(context, crisis)),) if crisis.confirmed_at else ()),
        *_ending(context, crisis),
        *_chain(context, crisis),
    )


def _chain(context: Context, crisis: Crisis) -> Sequence[tuple[str, str]]:
    """Which crisis it goes on from, and which one it goes on as."""
    after = None if crisis.is_open else context.store.crisis.records.goes_on_as(crisis.ref)
    return (
        *((("Goes on from", crisis.reopens),) if crisis.reopens else ()),
        *((("Goes on as", after.ref),) if after else ()),
    )


def _ending(context: Context, crisis: Crisis) -> Sequence[tuple[str, str]]:
    """Say who asked to end the crisis or has ended it, when, and why."""
    calendar, asked = context.calendar, context.name(crisis.ending_by)
    if crisis.closed_at:
        both = f"asked by {asked}, agreed by" if crisis.ending_by else "stood down by"
        since = f"{calendar.spoken(crisis.closed_at)}, {both} {context.name(crisis.closed_by)}"
        return (("Over since", since), *((("Why it is over", crisis.reason),) if crisis.reason else ()))
    if crisis.ending_at:
        waits = f"by {asked}, {calendar.spoken(crisis.ending_at)}; a second person must agree: {crisis.reason}"
        return (("Stand-down requested", waits),)
    return ()


def _started(context: Context, crisis: Crisis) -> str:
    """Say who started the plan, and whether a second person agreed."""
    declared, confirmed = context.name(crisis.declared_by), context.name(crisis.confirmed_by)
    if not crisis.alone:
        return f"by {declared}, confirmed by {confirmed}"
    seen = f"reviewed since by {context.name(crisis.reviewed_by)}" if crisis.reviewed_by else "not reviewed yet"
    return f"by {declared} alone, because nobody confirmed it; {seen}"


def when(context: Context, moment: datetime) -> str:
    """The time, with its day unless it is today: 2:00 PM."""
    calendar = context.calendar
    return calendar.clock(moment) if calendar.today(moment) == context.today else calendar.spoken(moment)


def at_when(context: Context, moment: datetime) -> str:
    """The same as a sentence goes on with it: at 2:00 PM, or on Mon Nov 23, 2:00 PM."""
    said = when(context, moment)
    return f"at {said}" if context.calendar.today(moment) == context.today else f"on {said}"


def log_line(context: Context, entry: Entry, when: str) -> str:
    """A line of the timeline, with who and when."""
    who = "" if entry.person == SYSTEM else f"{context.name(entry.person)}: "
    return f"{when} {who}{entry_words(context, entry)}"


def entry_words(context: Context, entry: Entry) -> str:
    """A timeline entry in words, without who and when."""
    return f"{'decided: ' if entry.kind == 'decided' else ''}{entry_text(context, entry)}"


def entry_text(context: Context, entry: Entry) -> str:
    """The text of a timeline entry, with the line that it corrects."""
    wrong = context.store.crisis.log.find(entry.corrects) if entry.corrects else None
    if wrong is None:
        return entry.text
    return f"corrects “{cut(wrong.text, QUOTED)} ({context.calendar.spoken(wrong.at)})”: {entry.text}"


def crisis_line(context: Context, crisis: Crisis) -> str:
    """A crisis in one line of a list."""
    since = context.calendar.spoken(crisis.created_at)
    drill = "drill, " if crisis.drill else ""
    return f"{crisis.ref} {crisis.what} ({drill}{STATES[crisis.state]}, level {crisis.level}, since {since})"


def what_and_where(crisis: Crisis) -> Text:
    """What has happened, and where."""
    return Text(f"{crisis.what}, {crisis.where}" if crisis.where else crisis.what)


def follows(crisis: Crisis) -> str:
    """What follows when a crisis is confirmed; of a drill nobody outside is told."""
    return "the plan begins" if crisis.drill else "the city is told and the plan begins"


def names(context: Context, persons: Iterable[str]) -> str:
    """Names as a list in words: Tom Okafor, Hugo Lindqvist and Dana Whitfield."""
    return listed([context.name(person) for person in persons])


def called_for(city: City, level: int) -> list[Person]:
    """The team, and whom the level asks for and those below it, each once."""
    roles = [role for known in city.crisis.level[:level] for role in known.pages]
    also = [person for role in roles for person in city.with_role(role)]
    return list({person.id: person for person in (*city.crisis_team.values(), *also)}.values())


def asked_names(context: Context, persons: Iterable[str]) -> str:
    """The same for people who are asked, with who stands in for whom: Yuki Tanaka (for Tom Okafor)."""
    asked = {person: context.duties.of(person).person for person in persons}
    return listed(
        [
            context.name(person) if other == person else f"{context.name(other)} (for {context.name(person)})"
            for person, other in asked.items()
        ]
    )

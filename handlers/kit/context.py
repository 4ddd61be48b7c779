"""Context: what a feature may do: remember, post, refresh, come back later, and leave its trace in the audit."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from handlers.kit.alike import alike
from handlers.kit.city.people import Person
from handlers.kit.errors import EnterFirst, Entrance, ReaderFirst, RowFirst, UnknownAccount
from handlers.kit.forms import Reading
from handlers.kit.inline import Link, Mention
from handlers.kit.parts import Parts
from handlers.kit.seats import spoken_seat
from handlers.kit.speaking import DESK, Message
from handlers.kit.time.calendar import Calendar
from handlers.kit.time.dates import is_written_out
from handlers.kit.vault import NO_VAULT, Vault
from storage.audit import BOT
from storage.time.absences import Absence

if TYPE_CHECKING:
    from storage.chat.people import Met

SYSTEM = BOT
ME = ("me", "myself")
OF_A_SENDING = re.compile(
    r"[a-z][a-z-]{0,40} 20\d\d-[01]\d-[0-3]\d [a-z_]+(:[a-z0-9/-]+)?", re.ASCII
)  # see sending_ref


@dataclass(kw_only=True)
class Context(Parts):
    """One transaction of the bot's own: a routine or a timer. ``strangers`` are the accounts that were looked up and
    are nobody's (bots, guests)."""

    strangers: frozenset[str] = frozenset()

    @property
    def calendar(self) -> Calendar:
        """The city's time."""
        return self.city.calendar

    def spoken_day(self, day: date) -> str:
        """A day as people read it today: with its year when it is of another year."""
        return self.calendar.spoken_day(day, self.today)

    def spoken(self, moment: datetime) -> str:
        """The same of a moment: its day and time."""
        return self.calendar.spoken(moment, self.today)

    @cached_property
    def today(self) -> date:
        """The city's date."""
        return self.calendar.today(self.now)

    @property
    def reading(self) -> Reading:
        """What it takes to read a form here."""
        return Reading(self.city, self.today, self.find_person, self.name, self.namesakes)

    def person_named(self, person: str) -> Person:
        """Somebody by their id: from the city's file, or as they introduced themselves; raises KeyError."""
        if known := self.city.people.get(person):
            return known
        if met := self.roster.met(person):
            return self.city.people.get(met.id) or _introduced(met)
        raise KeyError(person)

    def everybody(self) -> list[Person]:
        """The people of the city's file, and all who have introduced themselves."""
        others = [met for person, met in self.roster.everybody.items() if person not in self.city.people]
        return [*self.city.people.values(), *(_introduced(met) for met in others)]

    def name(self, person: str | None) -> str:
        """The name people read for an id; nobody is "nobody"."""
        if person is None:
            return "nobody"
        if person == SYSTEM:
            return "the bot"
        try:
            return self.person_named(person).name
        except KeyError:
            return person

    def away(self, person: str, day: date | None = None) -> Absence | None:
        """Somebody's absence on a day, or today."""
        return self.roster.on(day or self.today).known.away.get(person)

    def mention(self, person: str | None) -> Mention | str:
        """Somebody, named so that the platform tells them."""
        return Mention(person, self.name(person)) if person else "nobody"

    def made_of(self, source: str) -> Link | str:
        """What something was made of, as people read it: a message, or what a routine has asked."""
        if not OF_A_SENDING.fullmatch(source):
            return Link("The message", source)
        routine, day, seat = source.split(" ")
        what = {"checkin": "check-in", "standup": "stand-up"}.get(routine, routine.replace("-", " "))
        on = self.spoken_day(date.fromisoformat(day)) if is_written_out(day) else day
        return f"the {what} of {spoken_seat(self.city, seat)}, {on}"

    def find_person(self, words: str) -> str | None:
        """Who is meant by @sam, Sam Rivers, an e-mail address or a platform's account (``slack:U123``).

        Raises UnknownAccount for an account nobody has introduced yet.
        """
        words = words.strip().removeprefix("@").strip()
        platform, _, account = words.partition(":")
        if account and platform in ("slack", "teams"):
            return self._owner_of(platform, account)
        if known := self.city.find_person(words):
            return known
        if met := self.store.chat.people.met(words.lower()):
            return met.id
        named = [] if self.city.names.named(words) else self._introduced_by_name.get(alike(words), [])
        return named[0].id if len(named) == 1 else None

    def namesakes(self, words: str) -> list[str]:
        """All who may be meant by a name, each in a line that tells them apart."""
        words = words.strip().removeprefix("@").strip()
        named = self.city.names.named(words) or self._introduced_by_name.get(alike(words), [])
        return [self.city.names.described(person) for person in named]

    @cached_property
    def _introduced_by_name(self) -> Mapping[str, Sequence[Person]]:
        """Colleagues who were met in chat alone, by their whole names; read once, however many names a sheet holds."""
        found = dict[str, list[Person]]()
        for met in self.roster.everybody.values():
            if not met.listed and met.id not in self.city.people:
                found.setdefault(alike(met.name), []).append(_introduced(met))
        return found

    def _owner_of(self, platform: str, account: str) -> str | None:
        """Whose account this is; None for one that was looked up and is nobody's. Raises UnknownAccount."""
        owner = self.store.chat.people.owner_of(platform, account)
        if owner is None and account not in self.strangers:
            raise UnknownAccount(platform, account)
        return owner.id if owner else None

    def write_audit(self, person: str, act: str) -> None:
        """Write the audit rows of this transaction, last of all; the runtime and the ledger call it. Messages about
        what it names are brought up to date. What is noted after that is for the next call."""
        if self.to_draw:
            self.draw_last()
        noted, self.noted = self.noted, []
        last = self.store.audit.add_all(self.now, person, act, noted or [(None, {})])
        for undo in self.undos:
            self.store.undos.audited(undo, last, self.sent, self.told)
        words = {word for subject, _ in noted if subject for word in (subject, *subject.split())} - self.begun
        self.bring_up_to_date(*(word for word in words if not word[0].isdigit()))  # a day or a number is no record

    def audit(self, subject: str, **facts: Any) -> None:
        """Say what changed, for the audit: a reference, and numbers, ids or words of ours; never what people typed."""
        self.noted.append((subject, facts))
        self.wrote = True

    def audit_new(self, subject: str, **facts: Any) -> None:
        """The same for a record that begins here: no message that has gone out is about it."""
        self.audit(subject, **facts)
        self.begun.add(subject)


def _introduced(met: "Met") -> Person:
    return Person.model_construct(id=met.id, name=met.name, email=met.email or "", roles=(), title="")


@dataclass(kw_only=True)
class Sending(Context):
    """One occurrence of a routine as it is sent: for which day and seat, and to whom (an id; the bot itself where
    everybody is addressed). ``done`` are the keys of the pieces that are written already. ``as_prepared``
    says that a piece is written as it is, because it was prepared in vain too often."""

    routine: str
    day: date
    seat: str
    person: str
    done: frozenset[str] = frozenset()
    as_prepared: bool = False

    @property
    def ref(self) -> str:
        """What the card that goes to the person is about."""
        return sending_ref(self.routine, self.day, self.seat)


def sending_ref(routine: str, day: date, seat: str) -> str:
    """What the card of an occurrence is about, under which it is refreshed."""
    return f"{routine} {day} {seat}"


def hint_key(person: str, hint: str) -> str:
    """The name under which it is remembered that somebody was given a hint."""
    return f"hint {person} {hint}"


@dataclass(kw_only=True)
class Request(Context):
    """What somebody asked for. ``channel`` is the platform's id of where they said it, ``thread`` the same with its
    thread where that is a place of its own; ``private`` says that nobody else reads there.

    ``source`` is a link to the message that this is made of, when it was begun from one, and ``message_key`` its
    permanent name. ``vault`` seals contact data. ``announces`` counts an act that tells others, and raises UserError
    beyond the limit; ``has_announced`` says that this one is counted. ``filled`` says that a form was filled in (else
    a line was typed), ``has_row`` that the audit has the row about data that this takes out of the bot.
    ``answer_draws`` is how the answer is drawn again when its record changes, where it stays as a message.
    """

    person: Person
    platform: str
    channel: str | None = None
    thread: str | None = None
    private: bool = True
    source: str | None = None
    message_key: str | None = None
    meets: bool = True
    vault: Vault = NO_VAULT
    filled: bool = False
    announces: Callable[[], None] = lambda: None
    has_announced: bool = False
    has_row: bool = False
    answer_draws: str | None = None
    entered: Mapping[str, Entrance] = field(default_factory=dict)

    def find_person(self, words: str) -> str | None:
        """The same, and "me" and "myself" are the person who writes."""
        if words.strip().removeprefix("@").strip().lower() in ME:
            return self.person.id
        return super().find_person(words)

    def enter(self) -> Entrance:
        """What the door says of the channel where this was said, once it has entered it."""
        channel = self.channel or ""
        if channel not in self.entered:
            raise EnterFirst(channel)
        return self.entered[channel]

    def row_first(self, subject: str, **facts: Any) -> None:
        """Have the audit row about data that leaves the bot committed before any of the file is made.

        A function that needs a right of ``policy.TAKES_OUT`` calls this when it knows that the file will be made; it is
        then run again, on a reader. The arguments are those of :meth:`audit`.
        """
        if not self.has_row:
            raise RowFirst(subject, facts)

    def reader_first(self) -> None:
        """Have what takes long, such as a picture, made on a reader: on the writer all others would wait for it.

        A function that only reads calls this when it knows that it will be made; it is then run again.
        """
        if self.store.may_write:
            raise ReaderFirst

    def post_each(self, messages: Sequence[Message]) -> None:
        """Post as :class:`Speaking` does; what tells others is counted (``announces``), and too much is refused.

        One act is one announcement, however many it tells. A page is never refused: alarms have a limit of their own.
        """
        tells = any(said.person != self.person.id and said.priority != "page" for said in messages)
        if tells and not self.has_announced:
            self.announces()
            self.has_announced = True
        super().post_each(messages)

    def see(self, message: str) -> str | None:
        """Remember that somebody pressed a button of this message: a person who answers a card has read it.

        Gives what the card is about when this is the first time.
        """
        if self.channel is None:
            return None
        return self.store.chat.posts.see(self.platform, self.channel, message, self.person.id, self.now)

    @property
    def carried(self) -> str:
        """What a command's form keeps of the message that it was begun from."""
        return " ".join(part for part in (self.source, self.message_key) if part)

    def stands_in(self, place: str) -> bool:
        """Whether this was said in a place, or is made of a message there."""
        there = self.store.chat.places.channel(place, self.platform) or (place if self.platform == DESK else "")
        return there.partition("|")[0] == (self.thread or self.channel)  # what follows is how it is reached

    def hinted(self, hint: str) -> bool:
        """Whether this person has read this hint and goes on all the same (see FieldErrors)."""
        return self.store.chat.inbox.answered(hint_key(self.person.id, hint))[0]

    @property
    def place(self) -> str | None:
        """The city's place where this was said, if it is one."""
        if self.channel is None:
            return None
        if self.platform == DESK and self.channel in self.city.places:
            return self.channel
        return self.store.chat.places.named(self.platform, self.channel)

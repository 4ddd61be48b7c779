"""Roster: who can be asked, as the database knows it: who is away, switched off, refused, and who was only met."""

from collections.abc import Collection, Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from handlers.kit.city.model import City
from handlers.kit.duty import Duties, Known
from handlers.kit.held import Fallen
from storage.chat.people import COLLEAGUES

if TYPE_CHECKING:
    from storage.chat.people import Met
    from storage.database import Store

ONE_BY_ONE = 2  # people whose names are asked for one by one in a transaction
MUST_BE_MET = ("teams",)  # where nobody can be written to before they were met; elsewhere an address is enough


class Roster:
    """Who can be asked, for one transaction: each of these facts is read from the database once, for all people.

    ``chats`` are the platforms on which the bot can write to people.
    """

    def __init__(self, store: "Store", city: City, chats: Collection[str]) -> None:
        self.store, self.city, self.chats = store, city, chats
        self._days: dict[date, Duties] = {}
        self.fallen: dict[str, list[Fallen]] = {}  # by feature, as kit/moved works it out
        self._met: dict[str, Met] = {}
        self._met_on: dict[str, list[str]] = {}

    def on(self, day: date) -> Duties:
        """Who is asked on a day."""
        if day not in self._days:
            known = Known(self.store.time.absences.of_day(day), self.off, self.unreachable, self.is_colleague)
            self._days[day] = Duties(self.city, day, known)
        return self._days[day]

    @cached_property
    def off(self) -> frozenset[str]:
        """Whose accounts are all switched off."""
        return self.store.chat.people.switched_off()

    @cached_property
    def refused(self) -> Mapping[tuple[str, str], str]:
        """(platform, person) -> why nothing can be written to them there."""
        return {**self.store.chat.people.closed(), **self.store.chat.people.unreached()}

    @cached_property
    def unreachable(self) -> frozenset[str]:
        """Who was refused on every platform on which they could be written to."""
        persons = {person for platform, person in self.refused if platform in self.chats}
        met = {chat: self.store.chat.people.accounts(chat, persons) for chat in self.chats} if persons else {}
        return frozenset(person for person in persons if not self._ways(person, met))

    def _ways(self, person: str, met: Mapping[str, Collection[str]]) -> list[str]:
        return [
            chat
            for chat, there in met.items()
            if (chat, person) not in self.refused
            and (person in there or (chat not in MUST_BE_MET and person in self.city.people))
        ]

    @cached_property
    def everybody(self) -> "Mapping[str, Met]":
        """All who have spoken to the bot, or were written to, by id."""
        return {met.id: met for met in self.store.chat.people.everybody()}

    def met(self, person: str) -> "Met | None":
        """Somebody as they introduced themselves; after a few of them all are read at once."""
        if person not in self._met and (found := self._find(person)):
            self._met[person] = found
        return self._met.get(person)

    def _find(self, person: str) -> "Met | None":
        if len(self._met) >= ONE_BY_ONE and person in self.everybody:
            return self.everybody[person]
        return self.store.chat.people.met(person)

    def read(self, persons: Collection[str]) -> None:
        """Read at once who these people are, and on which platforms they were met, who are asked about then."""
        self._met |= self.store.chat.people.met_each(persons)
        self.read_platforms(persons)

    def read_platforms(self, persons: Collection[str] | None) -> None:
        """Read at once on which platforms these people (None: all of the city's files) were met, who are asked about
        then."""
        met = self.store.chat.people.platforms_of_each(persons)
        self._met_on |= {person: met.get(person, []) for person in (self.city.people if persons is None else persons)}

    def platforms(self, person: str) -> list[str]:
        """The platforms on which somebody was met, those with an active account first."""
        if person in self._met_on:
            return self._met_on[person]
        return self.store.chat.people.platforms(person)

    def is_colleague(self, person: str) -> bool:
        """Whether somebody who is in no file introduced themselves, and can be written to."""
        known = person.startswith(COLLEAGUES) and self.met(person) is not None
        return known and person not in self.off and person not in self.unreachable

    @cached_property
    def colleagues(self) -> frozenset[str]:
        """Who is in no file, introduced themselves, and can be written to."""
        met = (person for person in self.everybody if person.startswith(COLLEAGUES))
        return frozenset(met) - self.off - self.unreachable

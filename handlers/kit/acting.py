"""Acting: what the bot does beside posting: rooms, invitations, pins, calls beside chat, files, and timers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.kit.messages import Card
from handlers.kit.speaking import Message, Speaking
from storage.chat.outbox import LETTER, NewRow
from storage.time.timers import NewTimer

LETTERS = "letter "  # how the subject of every letter begins


@dataclass(frozen=True)
class LetterAbout:
    """An e-mail to the resident of a record: how it is drawn when it goes, and what the gateway needs besides: ids, and
    never an address."""

    ref: str
    draws: str
    carries: Mapping[str, str | int]

    @property
    def subject(self) -> str:
        """What its row is about, which is not the record's own card."""
        return f"{LETTERS}{self.ref}"


@dataclass(kw_only=True)
class Acting(Speaking):
    """What a transaction has done, queued with it."""

    def make_place(
        self, place: str, *, name: str, fallback: str, topic: str = "", invite: tuple[str, ...] = ()
    ) -> None:
        """Have a room made for a place (``crisis:CR-2026-01``) on every platform; what is posted there waits for it.

        A channel where the bot can make one; in Teams a thread in the channel of ``fallback``. If a platform refuses
        for good, the place becomes the standing place ``fallback`` there.
        """
        payload = {"name": name, "topic": topic, "fallback": fallback, **self._invited(*invite)}
        for platform in self.platforms_of(fallback):
            row = NewRow(
                platform=platform, place=f"make {place}", kind="make_place", priority="page", repeat=True,
                at=self.now, payload={**payload, "place": place},
            )  # fmt: skip
            self.store.chat.outbox.add(row)
        self.wrote = True

    def invite(self, place: str, *persons: str) -> None:
        """Let people into a room that was made; in Teams and at the desk everybody sees it."""
        platforms = self.platforms_of(place)
        self.store.chat.many.add([
            NewRow(
                platform=platform, place=f"invite {place}", kind="invite", priority="refresh", repeat=True,
                at=self.now, payload={**self._invited(person), "place": place},
            )
            for person in persons
            for platform in platforms
        ])  # fmt: skip
        self.wrote = True

    def _invited(self, *people: str) -> dict[str, object]:
        emails = {person: list(self.city.people[person].addresses) for person in people if person in self.city.people}
        return {"invite": list(people), "emails": emails}

    def pin(self, ref: str, place: str) -> None:
        """Pin the card about a reference in a place, where the platform lets a bot do so."""
        for post in self.store.chat.posts.of(ref):
            if post.place == place:
                row = NewRow(
                    platform=post.platform, place=place, kind="pin", priority="refresh", repeat=True, at=self.now,
                    ref=ref, post=post.id,
                )  # fmt: skip
                self.store.chat.outbox.add(row)
        self.wrote = True

    def page(self, person: str, card: Card, *, ref: str | None = None, draws: str | None = None) -> None:
        """Page somebody beside chat, by every gateway there is (SMS or phone, e-mail); ``draws`` as in :meth:`post`."""
        self.page_each([Message(f"dm:{person}", card, ref=ref, draws=draws)])

    def page_each(self, messages: Sequence[Message]) -> None:
        """Page several people as :meth:`page` does one, each with the card, ref and draws of their message."""
        self.store.chat.many.add([
            NewRow(
                platform=gateway, place=said.place, kind="post", priority="page", repeat=True, at=self.now,
                card=said.card.model_dump_json(), payload=self._called(said), ref=said.ref, person=said.person,
                draws=said.draws,
            )
            for said in messages
            for gateway in self.gateways
        ])  # fmt: skip
        self.wrote = True

    def _called(self, message: Message) -> dict[str, object]:
        """Whom a gateway is to call, and about what."""
        person = message.person or ""
        known = self.city.people.get(person)
        name, phone = known.name if known else person, self.city.phones.get(person)
        return {"person": person, "name": name, "phone": phone, "about": message.ref}

    def send_letters(self, letters: Sequence[LetterAbout]) -> None:
        """Have e-mails sent to residents. Each is drawn when it goes, by the function under ``@drawn``; its address is
        opened from its seal then (bot/gateways/letters.py), and stands in no row."""
        self.store.chat.many.add([
            NewRow(
                platform=LETTER, place=letter.subject, kind="post", priority="prompt", repeat=False, at=self.now,
                payload=letter.carries, ref=letter.subject, draws=letter.draws,
            )
            for letter in letters
        ])  # fmt: skip
        self.wrote = True

    def keep_file(self, card: Card, *, draws: str | None = None) -> None:
        """Have the files of a card written to this machine's disk (SHELF_DIR), in the place of older ones."""
        row = NewRow(
            platform="shelf", place="shelf", kind="keep_file", priority="refresh", repeat=True, at=self.now,
            card=card.model_dump_json(), draws=draws,
        )  # fmt: skip
        self.store.chat.outbox.add(row)
        self.wrote = True

    def schedule(self, kind: str, subject: str, at: datetime, step: int = 0) -> None:
        """Have the function under ``@timer(kind)`` called at a moment; each (kind, subject, step) once."""
        self.schedule_each([NewTimer(kind, subject, at, step)])

    def schedule_each(self, timers: Sequence[NewTimer]) -> None:
        """The same for several timers."""
        self.store.time.timers.add_all(timers)
        self.wrote = True

    def reschedule(self, kind: str, subject: str, at: datetime) -> None:
        """Have the function under ``@timer(kind)`` called at a moment, in place of all that waits for a subject."""
        self.cancel(kind, subject)
        self.schedule(kind, subject, at, step=self.store.time.timers.next_step(kind, subject))

    def again(self, kind: str, subject: str, at: datetime) -> None:
        """Have the function under ``@timer(kind)`` called at a moment, time after time: it plans its next call itself.
        That alone writes no row of the audit."""
        self.store.time.timers.again(kind, subject, at)

    def cancel(self, kind: str, *subjects: str) -> None:
        """Cancel every timer of this kind that waits for one of these subjects."""
        self.store.time.timers.cancel(kind, *subjects)

"""Acting: what the bot does at a platform beside posting: rooms, invitations, pins, calls beside chat, and files."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.kit.messages import Card
from handlers.kit.speaking import Message, Speaking
from storage.chat.outbox import NewRow


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

    def keep_file(self, card: Card, *, draws: str | None = None) -> None:
        """Have the files of a card written to this machine's disk (SHELF_DIR), in the place of older ones."""
        row = NewRow(
            platform="shelf", place="shelf", kind="keep_file", priority="refresh", repeat=True, at=self.now,
            card=card.model_dump_json(), draws=draws,
        )  # fmt: skip
        self.store.chat.outbox.add(row)
        self.wrote = True

"""Speaking: what the bot sends by itself: cards, news, refreshes, rooms, pins and calls beside chat."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from handlers.kit.city import City
from handlers.kit.messages import Button, Card

if TYPE_CHECKING:
    from storage.database import Store

DESK = "desk"
WAITS_IN_QUIET_HOURS = ("prompt", "digest")


@dataclass(kw_only=True)
class Speaking:
    """What a transaction has to say, queued with it. ``platforms`` are the doors this bot has, ``gateways`` its other
    ways out (pager, mail)."""

    store: "Store"
    city: City
    now: datetime
    platforms: tuple[str, ...]
    gateways: tuple[str, ...] = ()
    wrote: bool = False

    def post(
        self,
        place: str,
        card: Card,
        *,
        about: str | None = None,
        priority: str = "digest",
        repeat: bool = False,
        on: str | None = None,
    ) -> None:
        """Queue a card for a place or for ``dm:<person>``, on every platform where the place is, or ``on`` one;
        :meth:`tell` is for what a person may as well read in their digest.

        In the quiet hours a person gets a page or an answer at once, and all else when they are over.
        ``about`` is the reference under which it is refreshed later. ``repeat`` sends it again when nobody can know
        whether it arrived; without it a person decides.
        """
        text, person = card.model_dump_json(), place.removeprefix("dm:") if place.startswith("dm:") else None
        for platform in [on] if on else self.platforms_of(place):
            post = self.store.posts.add(about, platform, place) if about else None
            self.store.outbox.add(
                platform=platform, place=place, kind="post", priority=priority, repeat=repeat,
                at=self.now, card=text, about=about, post=post, not_before=self._quiet_until(place, priority),
                person=person,
            )  # fmt: skip
        self.wrote = True

    def _quiet_until(self, place: str, priority: str) -> datetime | None:
        """When a message may go; None when it may at once."""
        if not place.startswith("dm:") or priority not in WAITS_IN_QUIET_HOURS:
            return None
        quiet = self.city.attention
        return self.city.calendar.quiet_until(self.now, quiet.quiet_from, quiet.quiet_until)

    def tell(self, person: str, line: str, ref: str, *buttons: Button) -> None:
        """Keep a line of news for somebody's next digest; ``ref`` is what it is about, the buttons act there."""
        self.store.notes.add(person, ref, line, [button.model_dump() for button in buttons], self.now)
        self.wrote = True

    def refresh(self, ref: str, card: Card) -> None:
        """Put a newer card wherever one about this reference hangs; an update that still waits is replaced."""
        text = card.model_dump_json()
        for post in self.store.posts.about(ref):
            if not self.store.outbox.replace_update(post.id, text):
                self.store.outbox.add(
                    platform=post.platform, place=post.place, kind="update", priority="refresh", repeat=True,
                    at=self.now, card=text, about=ref, post=post.id,
                )  # fmt: skip
        self.wrote = True

    def make_place(
        self, place: str, *, name: str, fallback: str, topic: str = "", invite: tuple[str, ...] = ()
    ) -> None:
        """Have a room made for a place (``crisis:CR-2026-01``) on every platform; what is posted there waits for it.

        A channel where the bot can make one; in Teams a thread in the channel of ``fallback``. If a platform refuses
        for good, the place becomes the standing place ``fallback`` there.
        """
        payload = {"name": name, "topic": topic, "fallback": fallback, **self._invited(*invite)}
        for platform in self.platforms_of(fallback):
            self.store.outbox.add(
                platform=platform, place=f"make {place}", kind="make_place", priority="page", repeat=True,
                at=self.now, payload={**payload, "place": place},
            )  # fmt: skip
        self.wrote = True

    def invite(self, person: str, place: str) -> None:
        """Let somebody into a room that was made; where everybody sees it, as in Teams and at the desk, this is all."""
        for platform in self.platforms_of(place):
            self.store.outbox.add(
                platform=platform, place=f"invite {place}", kind="invite", priority="refresh", repeat=True,
                at=self.now, payload={**self._invited(person), "place": place},
            )  # fmt: skip
        self.wrote = True

    def _invited(self, *people: str) -> dict[str, object]:
        emails = {person: self.city.people[person].email for person in people if person in self.city.people}
        return {"invite": list(people), "emails": emails}

    def pin(self, ref: str, place: str) -> None:
        """Pin the card about a reference in a place, where the platform lets a bot do so."""
        for post in self.store.posts.about(ref):
            if post.place == place:
                self.store.outbox.add(
                    platform=post.platform, place=place, kind="pin", priority="refresh", repeat=True, at=self.now,
                    about=ref, post=post.id,
                )  # fmt: skip
        self.wrote = True

    def ring(self, person: str, card: Card, *, about: str | None = None) -> None:
        """Page somebody beside chat, by every gateway there is (SMS or phone, e-mail)."""
        known = self.city.people.get(person)
        payload = {
            "person": person, "name": known.name if known else person, "phone": self.city.phones.get(person),
            "about": about,
        }  # fmt: skip
        for gateway in self.gateways:
            self.store.outbox.add(
                platform=gateway, place=f"dm:{person}", kind="post", priority="page", repeat=True, at=self.now,
                card=card.model_dump_json(), payload=payload, about=about, person=person,
            )  # fmt: skip
        self.wrote = True

    def keep_file(self, card: Card) -> None:
        """Have the files of a card written to this machine's disk (SHELF_DIR), in the place of older ones."""
        self.store.outbox.add(
            platform="shelf", place="shelf", kind="keep_file", priority="refresh", repeat=True, at=self.now,
            card=card.model_dump_json(),
        )  # fmt: skip
        self.wrote = True

    def platforms_of(self, place: str) -> list[str]:
        """Where a place is; a room that is made for something is where the place before its colon is."""
        if place.startswith("dm:"):
            return [self.platform_of(place.removeprefix("dm:"))]
        standing = place.partition(":")[0]
        bound = [one for one in self.platforms if one == DESK or self.store.places.channel(standing, one)]
        return bound or list(self.platforms[:1])

    def platform_of(self, person: str) -> str:
        """Where somebody is written to, one platform per person: the preferred, else where they were met, else the
        first door."""
        prefers = self.city.people[person].prefers if person in self.city.people else None
        if prefers in self.platforms:
            return str(prefers)
        met = [one for one in self.platforms if one in self.store.people.platforms(person)]
        return (met or list(self.platforms) or [DESK])[0]

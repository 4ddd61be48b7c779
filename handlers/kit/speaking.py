"""Speaking: what the bot sends by itself: cards, news, refreshes, rooms, pins and calls beside chat."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from handlers.kit.city.model import City
from handlers.kit.duty import Duties
from handlers.kit.messages import Button, Card, Text
from handlers.kit.roster import MUST_BE_MET, Roster
from storage.chat.outbox import NewRow
from storage.chat.posts import Followed, Post

if TYPE_CHECKING:
    from storage.database import Store

DESK = "desk"
WAITS_IN_QUIET_HOURS = ("prompt", "digest")
MOST_FOLLOWED = 50  # messages about what one transaction changed, the newest, that are drawn again


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
    sent: list[int] = field(default_factory=list)  # the rows of the outbox with new messages
    told: list[int] = field(default_factory=list)  # the lines for digests

    @cached_property
    def roster(self) -> Roster:
        """Who can be asked, read once in a transaction; see :meth:`look_again`."""
        return Roster(self.store, self.city, chats(self.platforms))

    @property
    def duties(self) -> Duties:
        """Who is asked today for what somebody holds."""
        return self.roster.on(self.city.calendar.today(self.now))

    def look_again(self) -> None:
        """Read again who can be asked: somebody went away, came back or was refused in this transaction."""
        self.__dict__.pop("roster", None)

    def post(
        self,
        place: str,
        card: Card,
        *,
        ref: str | None = None,
        priority: str = "digest",
        repeat: bool = False,
        on: str | None = None,
        draws: str | None = None,
        instead_of: str | None = None,
    ) -> None:
        """Queue a card for a place or for ``dm:<person>``, on every platform where the place is, or ``on`` one;
        :meth:`tell` is for what a person may as well read in their digest.

        In the quiet hours a person gets a page or an answer at once, and all else when they are over.
        What is for somebody who has left or is switched off goes to the person who is asked instead, and says so.
        When the caller has found that person already, ``instead_of`` (an id) says in whose place they are asked.
        ``ref`` is the reference under which it is refreshed later; without it a card with ``draws`` is drawn again
        when the audit says that its record has changed. ``repeat`` sends it again when nobody can know
        whether it arrived; without it a person decides. ``draws`` names the function under ``@drawn`` that draws the
        card again when it goes late or once more, and what that function is given; without it such a card says when
        it was written.
        """
        person = place.removeprefix("dm:") if place.startswith("dm:") else None
        if person and self.duties.is_gone(person):
            on, instead_of, person = None, person, self.duties.of(person).person
            place = f"dm:{person}"
        text = self.in_place_of(card, instead_of).model_dump_json()
        for platform in [on] if on else self.platforms_of(place):
            post = self._followed(ref, platform, place, draws, instead_of)
            row = NewRow(
                platform=platform, place=place, kind="post", priority=priority, repeat=repeat,
                at=self.now, card=text, ref=ref, post=post, not_before=self._quiet_until(place, priority),
                person=person, draws=draws, payload={"instead_of": instead_of} if instead_of else None,
            )  # fmt: skip
            self.sent.append(self.store.chat.outbox.add(row))
        self.wrote = True

    def _followed(
        self, ref: str | None, platform: str, place: str, draws: str | None, instead_of: str | None
    ) -> int | None:
        """The post by which a message can be changed later: under its reference, else by how it is drawn."""
        if ref:
            return self.store.chat.posts.add(ref, platform, place)
        return self.store.chat.posts.follow(draws, platform, place, instead_of) if draws else None

    def bring_up_to_date(self, *subjects: str) -> None:
        """Have the messages about these subjects drawn again that were posted with ``draws`` and without ``ref``. What
        they say then is worked out when the update goes; one that nobody needs any more is taken back."""
        for post in self.store.chat.posts.followed(subjects, MOST_FOLLOWED):
            self.draw_again(post)

    def draw_again(self, post: Followed) -> None:
        """Queue a post to be drawn again, once however often it is asked for until it goes."""
        payload = {"instead_of": post.instead_of} if post.instead_of else None
        self._update(post, None, draws=post.draws, payload=payload)

    def replace_post(self, post: Post, card: Card) -> None:
        """Queue another card for a post, in the place of an update that still waits."""
        self._update(post, card.model_dump_json())

    def _update(self, post: Post, card: str | None, **how: Any) -> None:
        if self.store.chat.outbox.replace_update(post.id, card, how.get("draws")):
            return
        row = NewRow(
            platform=post.platform, place=post.place, kind="update", priority="refresh", repeat=True, at=self.now,
            card=card, post=post.id, **how,
        )  # fmt: skip
        self.store.chat.outbox.add(row)

    def in_place_of(self, card: Card, instead_of: str | None) -> Card:
        """A card with the line that says for whom somebody is asked; as it is when it is for themselves."""
        if instead_of is None:
            return card
        return card.model_copy(update={"body": (Text(self.stand_in_line(instead_of)), *card.body)})

    def stand_in_line(self, instead_of: str) -> str:
        """What somebody reads who is asked in the place of another: whose, and why."""
        known = self.city.people.get(instead_of) or self.roster.met(instead_of)
        return f"You stand in for {known.name if known else instead_of}, who {self.duties.reason(instead_of)}."

    def _quiet_until(self, place: str, priority: str) -> datetime | None:
        """When a message may go; None when it may at once."""
        if not place.startswith("dm:") or priority not in WAITS_IN_QUIET_HOURS:
            return None
        quiet = self.city.attention
        return self.city.calendar.quiet_until(self.now, quiet.quiet_from, quiet.quiet_until)

    def tell(self, person: str, line: str, ref: str, *buttons: Button, draws: str | None = None) -> None:
        """Keep a line of news for somebody's next digest; ``ref`` is what it is about, the buttons act there.

        With ``draws`` (see :meth:`post`) it is left out when nobody needs it any more by then. What is for somebody who
        has left or is switched off goes to the person who is asked instead, and says so.
        """
        if self.duties.is_gone(person):
            line, person = f"{self.stand_in_line(person)} {line}", self.duties.of(person).person
        given = [button.model_dump() for button in buttons]
        self.told.append(self.store.chat.notes.add(person, ref, line, given, self.now, draws))
        self.wrote = True

    def refresh(
        self,
        ref: str,
        card: Card,
        *,
        where: Callable[[str], bool] = lambda place: True,
        posts: Iterable[Post] | None = None,
    ) -> None:
        """Replace every posted card about this reference by a newer one; an update that still waits is replaced too.

        With ``where`` only those in the places for which it holds; ``posts`` are they, where they were read before."""
        text = card.model_dump_json()
        for post in self.store.chat.posts.of(ref) if posts is None else posts:
            if where(post.place):
                self._update(post, text, ref=ref)
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
            row = NewRow(
                platform=platform, place=f"make {place}", kind="make_place", priority="page", repeat=True,
                at=self.now, payload={**payload, "place": place},
            )  # fmt: skip
            self.store.chat.outbox.add(row)
        self.wrote = True

    def invite(self, person: str, place: str) -> None:
        """Let somebody into a room that was made; in Teams and at the desk everybody sees it."""
        for platform in self.platforms_of(place):
            row = NewRow(
                platform=platform, place=f"invite {place}", kind="invite", priority="refresh", repeat=True,
                at=self.now, payload={**self._invited(person), "place": place},
            )  # fmt: skip
            self.store.chat.outbox.add(row)
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
        known = self.city.people.get(person)
        payload = {
            "person": person, "name": known.name if known else person, "phone": self.city.phones.get(person),
            "about": ref,
        }  # fmt: skip
        for gateway in self.gateways:
            row = NewRow(
                platform=gateway, place=f"dm:{person}", kind="post", priority="page", repeat=True, at=self.now,
                card=card.model_dump_json(), payload=payload, ref=ref, person=person, draws=draws,
            )  # fmt: skip
            self.store.chat.outbox.add(row)
        self.wrote = True

    def keep_file(self, card: Card, *, draws: str | None = None) -> None:
        """Have the files of a card written to this machine's disk (SHELF_DIR), in the place of older ones."""
        row = NewRow(
            platform="shelf", place="shelf", kind="keep_file", priority="refresh", repeat=True, at=self.now,
            card=card.model_dump_json(), draws=draws,
        )  # fmt: skip
        self.store.chat.outbox.add(row)
        self.wrote = True

    def platforms_of(self, place: str) -> list[str]:
        """The platforms of a place; a room made for something is where the place before its colon is."""
        if place.startswith("dm:"):
            return [self.platform_of(place.removeprefix("dm:"))]
        standing = place.partition(":")[0]
        bound = [
            platform
            for platform in self.platforms
            if platform == DESK or self.store.chat.places.channel(standing, platform)
        ]
        return bound or list(self.platforms[:1])

    def platform_of(self, person: str) -> str:
        """Where somebody is written to, one platform per person: the preferred, else where they were met, else the
        first door; another one where that refuses them."""
        prefers = self.city.people[person].prefers if person in self.city.people else None
        usual = prefers if prefers in self.platforms else self._met_first(person)
        if (usual, person) not in self.roster.refused:
            return str(usual)
        return next(iter(self.other_ways(person, str(usual))), str(usual))

    def other_ways(self, person: str, usual: str) -> list[str]:
        """The platforms beside the usual one on which somebody can be written to."""
        met, known = self.roster.platforms(person), person in self.city.people
        ways = (chat for chat in chats(self.platforms) if chat in met or (known and chat not in MUST_BE_MET))
        return [way for way in ways if way != usual and (way, person) not in self.roster.refused]

    def _met_first(self, person: str) -> str:
        met = self.roster.platforms(person)
        return ([platform for platform in self.platforms if platform in met] or list(self.platforms) or [DESK])[0]


def spoken_platform(platform: str) -> str:
    """What people call a platform."""
    return platform.capitalize()


def chats(platforms: tuple[str, ...]) -> tuple[str, ...]:
    """The platforms on which people are written to; not the desk, which they open themselves."""
    return tuple(platform for platform in platforms if platform != DESK)

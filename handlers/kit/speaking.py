"""Speaking: what the bot sends by itself: cards, news and refreshes, to one or to many."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from handlers.kit.city.model import City
from handlers.kit.duty import Duties
from handlers.kit.messages import Button, Card, Text
from handlers.kit.roster import MUST_BE_MET, Roster
from storage.chat.notes import NewNote
from storage.chat.outbox import NewRow
from storage.chat.posts import Followed, NewPost, Post

if TYPE_CHECKING:
    from storage.database import Store

DESK, TEAMS = "desk", "teams"
WAITS_IN_QUIET_HOURS = ("prompt", "digest")
MOST_FOLLOWED = 50  # messages about what one transaction changed, the newest, that are drawn again


@dataclass(frozen=True)
class Message:
    """A card for a place or for ``dm:<person>``; the fields are the arguments of :meth:`Speaking.post`."""

    place: str
    card: Card
    ref: str | None = None
    priority: str = "digest"
    repeat: bool = False
    on: str | None = None
    draws: str | None = None
    instead_of: str | None = None

    @property
    def person(self) -> str | None:
        """Who is written to; None for a place."""
        return self.place.removeprefix("dm:") if self.place.startswith("dm:") else None

    def post_on(self, platform: str) -> NewPost:
        """The post by which it can be changed later: under its reference, else by how it is drawn."""
        return NewPost(platform=platform, place=self.place, ref=self.ref, draws=self.draws, instead_of=self.instead_of)


@dataclass(frozen=True)
class News:
    """A line for somebody's next digest; the fields are the arguments of :meth:`Speaking.tell`."""

    person: str
    line: str
    ref: str
    buttons: tuple[Button, ...] = ()
    draws: str | None = None


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
    to_draw: list[tuple[str, Callable[[], Card]]] = field(default_factory=list)  # see refresh_last

    @cached_property
    def roster(self) -> Roster:
        """Who can be asked, read once in a transaction; see :meth:`look_again`."""
        return Roster(self.store, self.city, chats(self.platforms))

    @cached_property
    def channel_links(self) -> Mapping[str, str]:
        """Where the channels of places are in Teams, which has no link of its own to them; read once in a
        transaction."""
        known = self.store.chat.places.known(TEAMS) if TEAMS in self.platforms else {}
        return {place: channel.link for place, channel in known.items() if channel.link}

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
        self.post_each([Message(place, card, ref, priority, repeat, on, draws=draws, instead_of=instead_of)])

    def post_each(self, messages: Sequence[Message]) -> None:
        """Queue several messages as :meth:`post` does one, in a few statements however many they are."""
        meant = [self._for_who_is_asked(message) for message in messages]
        persons = {message.person for message in meant if message.person and not message.on}
        if len(persons) > 1:
            self.roster.read_platforms(persons)
        going = [(said, platform) for said in meant for platform in self._platforms_for(said)]
        known = [(said, platform) for said, platform in going if said.ref or said.draws]
        posts = iter(self.store.chat.posts.add_all([said.post_on(platform) for said, platform in known]))
        rows = [
            NewRow(
                platform=platform, place=said.place, kind="post", priority=said.priority, repeat=said.repeat,
                at=self.now, card=self.in_place_of(said.card, said.instead_of).model_dump_json(), ref=said.ref,
                post=next(posts) if said.ref or said.draws else None,
                not_before=self._quiet_until(said.place, said.priority), person=said.person, draws=said.draws,
                payload={"instead_of": said.instead_of} if said.instead_of else None,
            )
            for said, platform in going
        ]  # fmt: skip
        self.sent += self.store.chat.many.add(rows)
        self.wrote = True

    def _for_who_is_asked(self, message: Message) -> Message:
        """A message as it goes: what is for somebody who is gone is for the person who is asked instead."""
        if message.person is None or not self.duties.is_gone(message.person):
            return message
        asked = self.duties.of(message.person).person
        return replace(message, place=f"dm:{asked}", on=None, instead_of=message.person)

    def _platforms_for(self, message: Message) -> list[str]:
        return [message.on] if message.on else self.platforms_of(message.place)

    def bring_up_to_date(self, *subjects: str) -> None:
        """Have the messages about these subjects drawn again that were posted with ``draws`` and without ``ref``. What
        they say then is worked out when the update goes; one that nobody needs any more is taken back."""
        self.draw_again(*self.store.chat.posts.followed(subjects, MOST_FOLLOWED))

    def draw_again(self, *posts: Followed) -> None:
        """Queue posts to be drawn again, once however often it is asked for until they go."""

        def update(post: Followed) -> NewRow:
            payload = {"instead_of": post.instead_of} if post.instead_of else None
            return self._update(post, None, draws=post.draws, payload=payload)

        self.store.chat.many.update(list(map(update, posts)))

    def replace_post(self, post: Post, card: Card) -> None:
        """Queue another card for a post, in the place of an update that still waits."""
        self.store.chat.many.update([self._update(post, card.model_dump_json())])

    def _update(self, post: Post, card: str | None, **how: Any) -> NewRow:
        return NewRow(
            platform=post.platform, place=post.place, kind="update", priority="refresh", repeat=True, at=self.now,
            card=card, post=post.id, **how,
        )  # fmt: skip

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
        self.tell_each([News(person, line, ref, buttons, draws=draws)])

    def tell_each(self, news: Sequence[News]) -> None:
        """Keep several lines of news as :meth:`tell` does one."""
        self.told += self.store.chat.notes.add_all(list(map(self._note, news)))
        self.wrote = True

    def _note(self, news: News) -> NewNote:
        line, person = news.line, news.person
        if self.duties.is_gone(person):
            line, person = f"{self.stand_in_line(person)} {line}", self.duties.of(person).person
        return NewNote(person, news.ref, line, [button.model_dump() for button in news.buttons], self.now, news.draws)

    def refresh(self, ref: str, card: Card, *, where: Callable[[str], bool] = lambda place: True) -> None:
        """Replace every posted card about this reference by a newer one; an update that still waits is replaced too.

        With ``where`` only those in the places for which it holds."""
        self.refresh_posts([post for post in self.store.chat.posts.of(ref) if where(post.place)], {ref: card})

    def refresh_each(self, cards: Mapping[str, Card]) -> None:
        """The same for several references, each with its card, in a few statements however many they are."""
        there = self.store.chat.posts.of_each(cards.keys())
        self.refresh_posts([post for posts in there.values() for post in posts], cards)

    def refresh_posts(self, posts: Iterable[Post], cards: Mapping[str, Card]) -> None:
        """The same for posts that were read already; the cards are by what the posts are about."""
        texts = {ref: card.model_dump_json() for ref, card in cards.items()}
        newer = [self._update(post, texts[post.about], ref=post.about) for post in posts]
        self.store.chat.many.update(newer)
        self.wrote = True

    def refresh_last(self, ref: str, draw: Callable[[], Card]) -> None:
        """Replace every posted card about this reference when the transaction ends, by what ``draw`` gives then: it is
        drawn once, however often that is asked for."""
        self.to_draw.append((ref, draw))
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

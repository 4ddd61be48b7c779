"""Joining: whatever the platforms and people.toml say, in whatever order, a person is one record and nobody else's."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.inbound import Profile
from bot.joining import meet
from bot.speaker import refusal
from handlers.kit.city.model import City
from handlers.kit.city.reading import read_city
from handlers.kit.context import Context
from handlers.kit.joining import give_to, settle
from storage.chat.people import State, merged
from storage.database import Database, Store
from tests.chat.bot import MONDAY, RIVERTON
from tests.chat.clock import SetClock
from tests.sqlite import new_database

ACCOUNTS = [("slack", "U1"), ("slack", "U2"), ("teams", "aad-1")]
ADDRESSES = [f"{name}@riverton.example.org" for name in ("ann", "bob", "info")]
PEOPLE = ["sam", "tom"]
STATES: list[State] = ["active", "active", "deactivated", "guest"]
BASE = read_city(RIVERTON)
accounts, addresses, persons = st.sampled_from(ACCOUNTS), st.sampled_from(ADDRESSES), st.sampled_from(PEOPLE)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("speaks"), accounts),
        st.tuples(st.just("address"), accounts, st.none() | addresses),
        st.tuples(st.just("state"), accounts, st.sampled_from(STATES)),
        st.tuples(st.just("listed"), persons, st.sets(addresses, min_size=1, max_size=2)),
        st.tuples(st.just("passed on"), persons, addresses),
        st.tuples(st.just("unlisted"), persons),
        st.tuples(st.just("decided"), st.booleans()),
    ),
    min_size=6,
    max_size=24,
)


class TakenBack(Exception):
    """Raised so that nothing of an example stays in the database."""


@dataclass
class World:
    """What is true at the platforms and in people.toml, to compare with what the bot has kept of it."""

    store: Store
    clock: SetClock = field(default_factory=lambda: SetClock(MONDAY))
    address: dict[tuple[str, str], str | None] = field(
        default_factory=lambda: dict(zip(ACCOUNTS, (ADDRESSES[0], ADDRESSES[1], ADDRESSES[0]), strict=True))
    )
    state: dict[tuple[str, str], State] = field(default_factory=dict)
    file: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ever: set[str] = field(default_factory=set)

    @property
    def city(self) -> City:
        """Riverton, where these people have these addresses and only they do."""
        people = {member.id: member for member in BASE.people.values() if member.id not in PEOPLE}
        for person, (first, *more) in self.file.items():
            people[person] = BASE.people[person].model_copy(update={"email": first, "emails": tuple(more)})
        return replace(BASE, people=people)

    @property
    def context(self) -> Context:
        return Context(store=self.store, city=self.city, now=self.clock.now(), platforms=("slack", "teams"))

    def speaks(self, account: tuple[str, str]) -> None:
        platform, name = account
        state, found = self.state.get(account, "active"), self.address.get(account)
        emails = (found,) if found else ()
        meet(self.context, platform, [Profile(name, name, emails, refusal(platform, state), state=state)])

    def has(self, account: tuple[str, str], address: str | None) -> None:
        """Two accounts of one platform may have one address: platforms let that happen."""
        self.address[account] = address

    def lists(self, person: str, new: set[str]) -> None:
        taken = {address for other, theirs in self.file.items() if other != person for address in theirs}
        self.file[person] = tuple(dict.fromkeys((f"{person}@riverton.example.org", *sorted(new - taken))))
        self.ever.add(person)

    def unlists(self, person: str) -> None:
        self.file.pop(person, None)

    def passes_on(self, person: str, address: str) -> None:
        """An address is somebody else's from now on."""
        for other, theirs in self.file.items():
            self.file[other] = tuple(email for email in theirs if email != address)
        self.lists(person, {*self.file.get(person, ()), address})

    def decide(self, give: bool) -> None:
        waiting = self.store.chat.disputes.waiting()
        if not waiting:
            return
        if give and waiting[0].person in self.city.people:
            give_to(self.context, waiting[0], self.city.people[waiting[0].person])
        else:
            self.store.chat.disputes.leave(waiting[0], "ines")

    def step(self, what: str, *values: object) -> None:
        """One thing that happens, and the look that the bot takes at every account within the hour."""
        does = {
            "speaks": self.speaks, "address": self.has, "state": self.state.__setitem__, "listed": self.lists,
            "passed on": self.passes_on, "unlisted": self.unlists, "decided": self.decide,
        }  # fmt: skip
        does[what](*values)  # type: ignore[operator]
        self.clock.advance(minutes=1)
        self.store.chat.people.list_them(list(self.city.people))
        for account in self.store.chat.accounts.all():
            settle(self.context, account)

    def check(self) -> None:
        city, store = self.city, self.store
        for row in store.connection.execute(merged.select()):
            assert row.old.startswith(("slack-", "teams-")), "two people of people.toml are one"
            assert row.old not in self.ever
        disputed = {(dispute.platform, dispute.account, dispute.person) for dispute in store.chat.disputes.all()}
        for account in store.chat.accounts.all():
            assert store.chat.people.met(account.person) is not None
            for person in city.whose(account.platform, account.account, account.addresses):
                is_theirs = account.person == person.id
                assert is_theirs or (account.platform, account.account, person.id) in disputed, "two records for one"
        for platform, owner in {(known.platform, known.person) for known in store.chat.accounts.all()}:
            theirs = [known for known in store.chat.accounts.of(platform).values() if known.person == owner]
            reach = store.chat.people.reach(platform, owner)
            assert reach is not None
            states = {known.account: known.state for known in theirs}
            assert states[reach[0]] == "active" or "active" not in states.values(), "written to who is switched off"


def live(database: Database, happens: list[tuple[str, ...]]) -> None:
    """Run all of it in one transaction that is rolled back."""

    def all_of_it(store: Store) -> None:
        world = World(store)
        for what, *values in happens:
            world.step(what, *values)
            world.check()
        raise TakenBack

    with pytest.raises(TakenBack):
        database.write(all_of_it)


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = new_database(tmp_path_factory.mktemp("joining"))
    yield opened
    opened.close()


@pytest.mark.doors
@settings(max_examples=40)
@given(steps)
def test_a_person_is_one_record_whatever_happens_in_whatever_order(
    sqlite: Database, happens: list[tuple[str, ...]]
) -> None:
    live(sqlite, happens)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_so_they_are_on_postgresql(postgresql_url: str, happens: list[tuple[str, ...]]) -> None:
    database = Database(postgresql_url)
    live(database, happens)
    database.close()


def test_what_somebody_is_called_turns_nothing_around_and_can_be_seen(sqlite: Database) -> None:
    def all_of_it(store: Store) -> None:
        context = Context(store=store, city=BASE, now=MONDAY, platforms=("slack",))
        meet(context, "slack", [Profile("U8", "Ann \u202eLee"), Profile("U9", "\u3164\u200b")])
        met = [store.chat.people.owner_of("slack", account) for account in ("U8", "U9")]
        assert [person and person.name for person in met] == ["Ann \u202eLee\u202c", "U9"]
        raise TakenBack

    with pytest.raises(TakenBack):
        sqlite.write(all_of_it)

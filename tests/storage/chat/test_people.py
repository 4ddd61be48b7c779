"""People: accounts of two platforms are joined into one person by their e-mail address."""

from datetime import UTC, datetime

from storage.chat.people import Met
from storage.database import Database

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
SAM = Met("sam", "Sam Rivers", "sam@riverton.example.org")
TOM = Met("tom", "Tom Baker", "tom@riverton.example.org")


def meet(database: Database, person: Met, platform: str, account: str) -> None:
    database.write(lambda store: store.chat.people.meet(person, platform, account, NOW))


def owner(database: Database, platform: str, account: str) -> Met | None:
    return database.read(lambda store: store.chat.people.owner_of(platform, account))


def test_an_account_nobody_has_introduced_is_nobodys(database: Database) -> None:
    assert owner(database, "slack", "U1") is None
    assert database.read(lambda store: store.chat.people.met("sam")) is None


def test_somebody_met_is_known_by_their_account(database: Database) -> None:
    meet(database, SAM, "slack", "U1")
    assert owner(database, "slack", "U1") == SAM
    assert owner(database, "teams", "U1") is None


def test_meeting_somebody_again_changes_nothing(database: Database) -> None:
    meet(database, SAM, "slack", "U1")
    meet(database, SAM, "slack", "U1")
    assert database.read(lambda store: store.chat.people.platforms("sam")) == ["slack"]


def test_one_person_has_an_account_on_each_platform(database: Database) -> None:
    meet(database, SAM, "slack", "U1")
    meet(database, SAM, "teams", "29:x")
    assert sorted(database.read(lambda store: store.chat.people.platforms("sam"))) == ["slack", "teams"]
    assert database.read(lambda store: store.chat.people.accounts("teams", ["sam", "tom"])) == {"sam": "29:x"}
    assert database.read(lambda store: store.chat.people.accounts("teams", [])) == {}


def test_people_without_an_address_are_not_taken_for_each_other(database: Database) -> None:
    meet(database, Met("slack-u1", "Ann", None), "slack", "U1")
    meet(database, Met("slack-u2", "Bob", None), "slack", "U2")
    first, second = owner(database, "slack", "U1"), owner(database, "slack", "U2")
    assert first is not None
    assert second is not None
    assert (first.name, second.name) == ("Ann", "Bob")


def test_the_direct_conversation_is_remembered(database: Database) -> None:
    meet(database, SAM, "slack", "U1")
    assert database.read(lambda store: store.chat.people.reach("slack", "sam")) == ("U1", None)
    database.write(lambda store: store.chat.people.set_direct("slack", "U1", "D1"))
    assert database.read(lambda store: store.chat.people.reach("slack", "sam")) == ("U1", "D1")
    assert database.read(lambda store: store.chat.people.reach("teams", "sam")) is None


def test_who_was_refused_is_not_reached_until_something_reaches_them(database: Database) -> None:
    database.write(lambda store: store.chat.people.not_reached("teams", "sam", "has blocked us", NOW))
    database.write(lambda store: store.chat.people.not_reached("teams", "sam", "has removed us", NOW))
    assert database.read(lambda store: store.chat.people.unreached()) == {("teams", "sam"): "has removed us"}
    database.write(lambda store: store.chat.people.reached("slack", "sam"))
    assert database.read(lambda store: len(store.chat.people.unreached())) == 1
    database.write(lambda store: store.chat.people.reached("teams", "sam"))
    assert database.read(lambda store: store.chat.people.unreached()) == {}


def test_a_new_account_is_a_new_way_to_somebody(database: Database) -> None:
    database.write(lambda store: store.chat.people.not_reached("slack", "sam", "has no account", NOW))
    meet(database, SAM, "teams", "29:x")
    assert ("slack", "sam") in database.read(lambda store: store.chat.people.unreached())
    meet(database, SAM, "slack", "U1")
    assert database.read(lambda store: store.chat.people.unreached()) == {}


def test_who_is_switched_off_everywhere_is_told_apart_from_who_has_another_account(database: Database) -> None:
    for person, platform, account in ((SAM, "slack", "U1"), (SAM, "teams", "29:x"), (TOM, "slack", "U2")):
        meet(database, person, platform, account)
    assert database.read(lambda store: store.chat.people.switched_off()) == frozenset()
    database.write(lambda store: store.chat.people.set_state("slack", "U1", "deactivated"))
    database.write(lambda store: store.chat.people.set_state("slack", "U2", "deactivated"))
    assert database.read(lambda store: store.chat.people.switched_off()) == {"tom"}
    database.write(lambda store: store.chat.people.set_state("teams", "29:x", "guest"))
    assert database.read(lambda store: store.chat.people.switched_off()) == {"sam", "tom"}
    database.write(lambda store: store.chat.people.set_state("slack", "U2", "active"))
    assert database.read(lambda store: store.chat.people.switched_off()) == {"sam"}

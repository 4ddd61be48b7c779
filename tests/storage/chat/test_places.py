"""Places: which channel of which platform a place is."""

from datetime import UTC, datetime

from storage.database import Database

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def bind(database: Database, place: str, platform: str, channel: str) -> None:
    database.write(lambda store: store.chat.places.bind(place, platform, channel, NOW))


def test_a_place_is_one_channel_on_each_platform(database: Database) -> None:
    bind(database, "risks", "slack", "C1")
    bind(database, "risks", "teams", "19:x@thread.tacv2")
    assert database.read(lambda store: store.chat.places.channel("risks", "slack")) == "C1"
    assert database.read(lambda store: store.chat.places.channel("risks", "teams")) == "19:x@thread.tacv2"
    assert database.read(lambda store: store.chat.places.channel("ops", "slack")) is None


def test_a_place_bound_again_leaves_its_old_channel(database: Database) -> None:
    bind(database, "risks", "slack", "C1")
    bind(database, "risks", "slack", "C2")
    bind(database, "risks", "slack", "C2")
    assert database.read(lambda store: store.chat.places.bound("slack")) == {"risks": "C2"}
    assert database.read(lambda store: store.chat.places.named("slack", "C1")) is None


def test_a_channel_knows_its_place_on_its_own_platform_only(database: Database) -> None:
    bind(database, "risks", "slack", "C1")
    assert database.read(lambda store: store.chat.places.named("slack", "C1")) == "risks"
    assert database.read(lambda store: store.chat.places.named("teams", "C1")) is None


def test_two_places_may_share_one_channel(database: Database) -> None:
    bind(database, "risks", "slack", "C1")
    bind(database, "ops", "slack", "C1")
    assert database.read(lambda store: store.chat.places.bound("slack")) == {"risks": "C1", "ops": "C1"}
    assert database.read(lambda store: store.chat.places.named("slack", "C1")) in ("risks", "ops")

"""Contact checks: the last word about each number, on both databases."""

from datetime import UTC, datetime, timedelta

from storage.crisis.contact_checks import ContactCheck
from storage.database import Database
from tests.bound import bound

NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)


def test_the_last_word_about_a_contact_is_kept(database: Database) -> None:
    first = ContactCheck("fire-chief", "a" * 64, "ines", NOW)
    newer = ContactCheck("fire-chief", "b" * 64, "tom", NOW + timedelta(days=1))
    other = ContactCheck("water", "c" * 64, "hugo", NOW)
    assert database.read(lambda store: store.crisis.contact_checks.all()) == {}
    for check in (first, other, newer):
        database.write(bound(lambda store, check: store.crisis.contact_checks.keep(check), check))
    assert database.read(lambda store: store.crisis.contact_checks.all()) == {"fire-chief": newer, "water": other}

"""Morning checks kept: the newest, that of a day, and the last one before a moment."""

from datetime import UTC, date, datetime, timedelta

from storage.database import Database
from storage.morning_checks import Morning

MONDAY, AT, DAY = date(2026, 11, 23), datetime(2026, 11, 23, 12, 30, tzinfo=UTC), timedelta(days=1)


def _keep(database: Database, day: date, at: datetime) -> Morning:
    morning = Morning(day, "maria", at, at - DAY, "{}")
    database.write(lambda store: store.morning_checks.add(morning))
    return morning


def test_one_sent_again_on_the_same_day_takes_the_place_of_the_one_before(database: Database) -> None:
    _keep(database, MONDAY, AT)
    again = _keep(database, MONDAY, AT + timedelta(hours=1))
    assert database.read(lambda store: store.morning_checks.on(MONDAY)) == again
    assert database.read(lambda store: store.morning_checks.newest()) == again


def test_the_last_one_before_is_of_that_day_or_earlier_and_was_sent_by_then(database: Database) -> None:
    assert database.read(lambda store: store.morning_checks.before(MONDAY, AT)) is None
    friday = _keep(database, MONDAY - 3 * DAY, AT - 3 * DAY)
    monday = _keep(database, MONDAY, AT)
    _keep(database, MONDAY + DAY, AT + DAY)
    hour = timedelta(hours=1)
    assert database.read(lambda store: store.morning_checks.before(MONDAY, AT)) == friday
    assert database.read(lambda store: store.morning_checks.before(MONDAY, AT + hour)) == monday
    assert database.read(lambda store: store.morning_checks.before(MONDAY, AT - hour)) == friday

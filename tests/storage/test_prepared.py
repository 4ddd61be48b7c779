"""Prepared: a statement that is compiled once takes and gives the same values as SQLAlchemy's own connection."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError, StatementError

from storage.base import one_of
from storage.chat.outbox import NewRow, outbox
from storage.database import Database, Store
from storage.prepared import Prepared
from storage.risk.records import risks

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=timezone(timedelta(hours=-5)))
DAY = date(2026, 12, 1)
ADD = Prepared(insert(risks))
FIND = Prepared(select(risks.c.title, risks.c.created_at, risks.c.review_on).where(risks.c.number == bindparam("n")))
CHANGE = Prepared(update(risks).where(risks.c.number == bindparam("n")))
_AMONG = risks.c.number.in_(bindparam("numbers", expanding=True))
AMONG = Prepared(
    select(risks.c.number)
    .where(_AMONG, risks.c.created_at.in_(bindparam("moments", expanding=True)), risks.c.state == bindparam("state_"))
    .order_by(risks.c.number)
)
NOT_AMONG = Prepared(select(risks.c.number).where(risks.c.number.not_in(bindparam("numbers", expanding=True))))
MARK = Prepared(update(risks).where(_AMONG).values(owner=bindparam("owner_")))
ROW = {
    "number": 1, "title": "Dam gate stuck", "likelihood": 4, "impact": 2, "score": 8, "owner": None,
    "review_on": DAY, "state": "open", "created_by": "sam", "created_at": NOON,
}  # fmt: skip


def test_moments_and_days_come_back_as_they_were_by_name_and_by_place(database: Database) -> None:
    def work(store: Store) -> None:
        ADD.run(store.connection, ROW)
        row = FIND.run(store.connection, {"n": 1}).first()
        assert (row.title, row.created_at, row.review_on) == tuple(row) == ("Dam gate stuck", NOON, DAY)
        assert row.created_at.tzinfo == UTC

    database.write(work)


def test_a_yes_or_no_comes_back_as_one(database: Database) -> None:
    def work(store: Store) -> None:
        store.chat.outbox.add(NewRow(platform="desk", place="ops", kind="post", priority="page", repeat=True, at=NOON))
        question = Prepared(select(outbox.c.repeat, outbox.c.sent_again))
        assert question.run(store.connection, {}).all() == [(True, False)]

    database.write(work)


def test_an_update_names_the_columns_it_is_given_and_says_how_many_rows_it_changed(database: Database) -> None:
    def work(store: Store) -> None:
        ADD.run(store.connection, ROW)
        assert CHANGE.run(store.connection, {"n": 1, "title": "Mended"}).changed == 1
        assert CHANGE.run(store.connection, {"n": 1, "review_on": None, "owner": "tom"}).changed == 1
        assert CHANGE.run(store.connection, {"n": 2, "title": "Nothing"}).changed == 0
        assert FIND.run(store.connection, {"n": 1}).first() == ("Mended", NOON, None)
        assert FIND.run(store.connection, {"n": 2}).first() is None
        assert FIND.run(store.connection, {"n": 2}).scalar() is None

    database.write(work)


@pytest.mark.parametrize("count", [0, 1, 3, 4, 600])
def test_a_list_may_have_any_length_and_hold_moments(database: Database, count: int) -> None:
    numbers = [number + 1 for number in range(count)]
    moments = [NOON + timedelta(minutes=number) for number in numbers]

    def work(store: Store) -> None:
        for number, moment in zip([*numbers, 900], [*moments, NOON], strict=True):
            ADD.run(store.connection, {**ROW, "number": number, "created_at": moment})
        found = AMONG.run(store.connection, {"numbers": numbers, "moments": moments, "state_": "open"})
        assert [row.number for row in found] == numbers
        assert MARK.run(store.connection, {"numbers": numbers, "owner_": "tom"}).changed == count
        assert [row.number for row in NOT_AMONG.run(store.connection, {"numbers": numbers})] == [900]

    database.write(work)


def test_it_is_part_of_the_transaction(database: Database) -> None:
    def work(store: Store) -> None:
        ADD.run(store.connection, ROW)
        raise KeyError

    with pytest.raises(KeyError):
        database.write(work)
    assert database.read(lambda store: FIND.run(store.connection, {"n": 1}).first()) is None


def test_errors_are_sqlalchemys_and_do_not_tell_what_was_typed(database: Database) -> None:
    database.write(lambda store: ADD.run(store.connection, ROW))
    with pytest.raises(IntegrityError) as twice:
        database.write(lambda store: ADD.run(store.connection, ROW))
    with pytest.raises(StatementError) as unread:
        database.write(lambda store: ADD.run(store.connection, {**ROW, "created_at": NOON.replace(tzinfo=None)}))
    with pytest.raises(StatementError) as missing:
        database.write(lambda store: FIND.run(store.connection, {}))
    for told in (twice, unread, missing):
        assert "Dam gate" not in str(told.value)


def test_words_of_ours_stand_in_the_text() -> None:
    said = str(select(risks.c.number).where(one_of(risks.c.state, "open", "closed")))
    assert "risks.state IN ('open', 'closed')" in said

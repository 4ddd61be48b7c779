"""Crisis log and reports: what was written stays in its order, on both databases."""

from datetime import UTC, datetime, timedelta

from storage.database import Database, Store
from tests.bound import bound

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
KEY = "slack:C123/1700000000.000100"


def crisis(database: Database) -> str:
    ref: str = database.write(
        lambda store: store.crisis.records.add(what="Flood", where=None, level=1, by="sam", at=NOW, year=2026).ref
    )
    return ref


def test_a_line_is_found_by_the_message_it_was_made_of_and_stays_as_it_was(database: Database) -> None:
    ref = crisis(database)
    database.write(
        lambda store: store.crisis.log.add(ref, "tom", "Pumps run", NOW, message_key=KEY, source="https://x")
    )
    database.write(lambda store: store.crisis.log.add(ref, "cityops", "It was changed", NOW, kind="edited"))
    [line] = database.read(lambda store: store.crisis.log.of_message(KEY))
    assert (line.person, line.text, line.kind, line.source) == ("tom", "Pumps run", "said", "https://x")
    assert database.read(lambda store: store.crisis.log.of_message("slack:C124/1700000000.000100")) == []


def test_the_newest_lines_come_in_their_order_and_every_crisis_is_in_the_whole(database: Database) -> None:
    first, second = crisis(database), crisis(database)
    for number in range(4):
        for ref in (first, second):
            database.write(
                bound(lambda store, ref, n: store.crisis.log.add(ref, "tom", f"{ref} {n}", NOW), ref, number)
            )
    newest = database.read(lambda store: store.crisis.log.newest(first, 2))
    assert [line.text for line in newest] == [f"{first} 2", f"{first} 3"]
    assert len(database.read(lambda store: store.crisis.log.every())) == 8


def test_a_line_is_found_by_its_number_and_by_the_line_that_it_corrects(database: Database) -> None:
    ref = crisis(database)
    wrong = database.write(lambda store: store.crisis.log.add(ref, "tom", "Ten", NOW))
    right = database.write(lambda store: store.crisis.log.add(ref, "tom", "Two", NOW, corrects=wrong.id))
    assert database.read(lambda store: store.crisis.log.find(wrong.id)) == wrong
    assert database.read(lambda store: store.crisis.log.correction_of(wrong)) == right
    assert database.read(lambda store: store.crisis.log.of(ref)) == [wrong, right]
    assert (
        database.read(lambda store: (store.crisis.log.find(99), store.crisis.log.correction_of(right))) == (None,) * 2
    )


def test_a_message_of_ours_is_known_by_its_conversation_and_its_id(database: Database) -> None:
    def post_both(store: Store) -> None:
        for about, channel in (("R-1", "C123"), ("CR-2026-01 entry 1", "19:x@thread.tacv2;messageid=9|https://b|")):
            platform = "slack" if about == "R-1" else "teams"
            post = store.chat.posts.add(about, platform, "risks")
            store.chat.posts.posted(post, channel, "1700.1")

    database.write(post_both)
    about = {
        key: database.read(bound(lambda store, key: store.chat.posts.ref_of(key), key))
        for key in ("slack:C123/1700.1", "slack:C1/1700.1", "teams:19:x@thread.tacv2/1700.1", "desk:C123/1700.1")
    }
    assert list(about.values()) == ["R-1", None, "CR-2026-01 entry 1", None]


def test_a_statement_remembers_who_decided_and_reports_of_another_kind_are_apart(database: Database) -> None:
    ref, promised = crisis(database), NOW + timedelta(hours=2)

    def add(kind: str, state: str) -> int:
        number: int = database.write(
            lambda store: (
                store.crisis.reports.add(
                    ref, kind, state, {"what": "A pipe \u201cburst\u201d"}, next_update_at=promised, by="felix", at=NOW
                ).id
            )
        )
        return number

    def approve(store: Store) -> None:
        report = store.crisis.reports.take(number)
        assert report is not None
        store.crisis.reports.change(report, state="approved", decided_by="maria", decided_at=NOW)

    add("working", "told")
    number = add("statement", "draft")
    database.write(approve)
    [statement] = database.read(lambda store: store.crisis.reports.of(ref, "statement"))
    assert (statement.state, statement.decided_by, statement.decided_at) == ("approved", "maria", NOW)
    assert (statement.parts, statement.next_update_at) == ({"what": "A pipe \u201cburst\u201d"}, promised)
    assert len(database.read(lambda store: store.crisis.reports.of(ref))) == 2
    assert database.write(lambda store: store.crisis.reports.take(99)) is None


def test_what_is_planned_anew_has_a_step_of_its_own_though_the_moment_is_the_same(database: Database) -> None:
    def plan(store: Store) -> None:
        store.time.timers.cancel("report", "CR-1")
        step = store.time.timers.next_step("report", "CR-1")
        store.time.timers.add("report", "CR-1", step, NOW)

    for _ in range(3):
        database.write(plan)
    assert [timer.step for timer in database.read(lambda store: store.time.timers.due(NOW, 50))] == [2]

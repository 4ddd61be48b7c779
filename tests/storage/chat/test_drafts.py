"""Drafts: what somebody typed and a button carries on is used once, also by two presses at the same instant."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from storage.database import Database, Store

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def test_of_presses_at_the_same_instant_one_uses_a_draft(database: Database) -> None:
    draft = database.write(lambda store: store.chat.drafts.keep("owen", "feedback add", {"what": "Leak"}, NOW))

    def press(_number: int) -> bool:
        def use(store: Store) -> bool:
            return store.chat.drafts.find(draft, "owen") is not None and store.chat.drafts.use(draft, "owen")

        return database.write(use)

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(press, range(4))) == [False, False, False, True]


def test_a_draft_is_used_by_who_typed_it_alone(database: Database) -> None:
    draft = database.write(lambda store: store.chat.drafts.keep("owen", "feedback add", {"what": "Leak"}, NOW))
    assert not database.write(lambda store: store.chat.drafts.use(draft, "olga"))
    assert database.read(lambda store: store.chat.drafts.find(draft, "owen")) == ("feedback add", {"what": "Leak"})

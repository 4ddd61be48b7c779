"""Shared commits: requests that wait together are kept together, and each is answered as if it had been alone."""

import asyncio
from threading import Event

import pytest
from sqlalchemy import event, text

from bot.inbound import Answered, Inbound, Outcome, Typed
from handlers.kit.plain import plain
from storage import commits
from storage.database import Store
from tests.bot.postroom import Post

SECONDS = 10  # for a thread that is waited for


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits together shares a commit however slow the machine is."""
    monkeypatch.setattr(commits, "LONGEST", 60.0)


async def together(post: Post, *lines: str) -> list[Outcome]:
    """What comes of lines that wait together for the writer, which is busy until all of them do."""
    free, database = Event(), post.runtime.database
    database.submit_write(lambda _store: free.wait(SECONDS))
    said = [asyncio.create_task(post.runtime.handle(Inbound("desk", "sam", Typed(line)))) for line in lines]
    await asyncio.sleep(0)  # each is queued in its first step
    free.set()
    return list(await asyncio.gather(*said))


def numbers(outcomes: list[Outcome]) -> list[str]:
    """The reference in the first line of each answer."""
    cards = [told.card for told in outcomes if isinstance(told, Answered) and told.card]
    return [plain(card).split()[1].rstrip(".:,") for card in cards]


def counting(post: Post) -> list[str]:
    counted: list[str] = []
    event.listen(post.runtime.database.writer, "commit", lambda _connection: counted.append("commit"))
    return counted


async def test_requests_that_wait_together_share_a_commit_and_each_has_its_number_and_its_row(post: Post) -> None:
    counted = counting(post)
    told = await together(post, *(f"risk add Dam {number}; likelihood 4; impact 2" for number in range(1, 11)))
    assert numbers(told) == [f"R-{number}" for number in range(1, 11)]
    assert len(counted) == 2  # of the one that held the writer, and of these

    def audited(store: Store) -> list[str]:
        rows = "SELECT subject FROM audit WHERE act = 'risk add' ORDER BY number"
        return list(store.connection.execute(text(rows)).scalars())

    assert await post.runtime.read(audited) == [f"R-{number}" for number in range(1, 11)]
    assert await post.runtime.read(lambda store: store.audit.first_bad_row()[1]) is None


async def test_one_that_is_refused_leaves_the_others_and_no_gap_in_their_numbers(post: Post) -> None:
    told = await together(
        post,
        "risk add First; likelihood 4; impact 2",
        "risk close R-7; Done",
        "risk add Second; likelihood 4; impact 2",
    )
    assert [isinstance(answer, Answered) and answer.ok for answer in told] == [True, False, True]
    titles = "SELECT number, title FROM risks ORDER BY number"
    rows = await post.runtime.read(lambda store: [tuple(row) for row in store.connection.execute(text(titles))])
    assert rows == [(1, "First"), (2, "Second")]


async def test_when_the_transaction_is_lost_each_request_is_done_once_and_counts_once(post: Post) -> None:
    def loses(store: Store) -> None:
        store.connection.exec_driver_sql("ROLLBACK")

    free, database = Event(), post.runtime.database
    database.submit_write(lambda _store: free.wait(SECONDS))
    lines = [f"risk add Dam {number}; likelihood 5; impact 5" for number in (1, 2)]
    said = [asyncio.create_task(post.runtime.handle(Inbound("desk", "sam", Typed(line)))) for line in lines]
    await asyncio.sleep(0)
    lost = database.submit_write(loses, "request that loses")
    free.set()
    told = list(await asyncio.gather(*said))
    assert lost.exception(SECONDS) is not None
    assert numbers(told) == ["R-1", "R-2"]
    counted = await post.runtime.read(
        lambda store: store.connection.execute(text("SELECT count(*) FROM audit WHERE act = 'risk add'")).scalar()
    )
    assert counted == 2
    now = post.clock.monotonic()
    limits = post.runtime.city().facts.limits
    assert post.runtime.limits.count("announcements", "desk:sam", now, limits.announcements_a_minute)[0] == 3

"""Drawing: a card that goes late, again or after a change shows its record as it is then, on both databases."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.beside_planning import lost_and_needless
from bot.post import Failed, Refused, Silence, Wait
from handlers.kit.context import Context
from handlers.kit.declared import Drawer
from handlers.kit.messages import Card, Text
from handlers.risk.changes import announce, save
from storage.database import Store
from storage.risk.records import Risk
from tests.bot.postroom import Post


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.doors)])
async def post(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Post]:
    keys = {} if request.param == "sqlite" else {"database_url": request.getfixturevalue("postgresql_url")}
    made = Post(tmp_path, **keys)
    await made.bind("risks", "C1")
    yield made
    await made.delivery.stop()
    await asyncio.to_thread(made.runtime.database.close)


def high_risk(context: Context, title: str = "Dam gate stuck") -> Risk:
    today = date(2026, 12, 1)
    return context.store.risk.records.add(
        title=title, likelihood=5, impact=5, owner="olga", review_on=today, by="sam", at=context.now
    )


async def announced(post: Post) -> None:
    await post.with_context(lambda context: announce(context, high_risk(context)))


async def changed(post: Post, **values: Any) -> None:
    """Change the risk as a request does, with its row in the audit."""

    def change(context: Context) -> None:
        risk = context.store.risk.records.take("R-1")
        assert risk is not None
        save(context, risk, "changed", by="olga", **values)
        context.write_audit("olga", "risk update")

    await post.with_context(change)


def said(post: Post) -> list[str]:
    """The titles of what was posted, in order."""
    return [row.card.title for what, row in post.wire.asked if what == "post" and row.card]


async def test_what_goes_late_says_how_its_record_stands_then(post: Post) -> None:
    await announced(post)
    await post.round(Wait("away", 180))
    await changed(post, title="Dam gate broken")
    await post.round(seconds=181)
    assert said(post) == ["R-1 Dam gate stuck", "R-1 Dam gate broken"]
    assert "Dam gate broken" in str((await post.row()).card)


async def test_what_nobody_needs_any_more_is_not_sent_and_says_why(post: Post) -> None:
    await announced(post)
    await post.round(Wait("away", 180))
    await changed(post, state="closed", closed_by="olga", closed_at=post.clock.now())
    await post.round(seconds=181)
    await post.round(hours=1)
    assert said(post) == ["R-1 Dam gate stuck"]
    row = await post.row()
    assert (row.state, row.error) == ("replaced", "not needed: R-1 is closed now")
    assert await post.state(2) == "replaced"  # the update that waited for it


async def test_a_record_that_changed_a_moment_ago_is_drawn_before_it_goes_out_at_all(post: Post) -> None:
    await announced(post)
    post.clock.advance(seconds=1)
    await changed(post, title="Dam gate broken")
    await post.round()
    assert said(post) == ["R-1 Dam gate broken"]


async def test_what_is_in_time_and_unchanged_goes_as_it_was_written(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    known = post.runtime.catalogue.drawers["risk.announced"]

    def counted(context: Context, ref: str) -> Card:
        drawn.append(ref)
        return known.function(context, ref)

    monkeypatch.setitem(post.runtime.catalogue.drawers, "risk.announced", Drawer("risk.announced", counted))
    await announced(post)
    await post.round(seconds=119)
    assert (said(post), drawn) == (["R-1 Dam gate stuck"], [])


async def test_what_may_have_arrived_goes_again_as_its_record_stands(post: Post) -> None:
    await post.with_context(
        lambda context: context.post(
            "risks", Card("old"), repeat=True, draws=f"risk.announced {high_risk(context).ref}"
        )
    )
    await post.round(Silence("reset"))
    await changed(post, title="Dam gate broken")
    await post.round(Silence("no history"), seconds=30)
    await post.round()
    assert said(post) == ["old", "R-1 Dam gate broken"]
    assert post.wire.asked[-1][1].again


async def test_what_cannot_be_drawn_again_says_when_it_was_written(post: Post) -> None:
    await post.queue(title="The room is open")
    await post.round(Wait("away", 120))
    await post.round(Wait("away", 5), seconds=120)
    await post.round(seconds=5)
    first, second, third = (str(row.card) for _, row in post.wire.asked)
    assert "Written" not in first + second
    assert "Written Mon Nov 23, 9:00 AM. Sent Mon Nov 23, 9:02 AM." in third
    assert "Written" not in str((await post.row()).card)  # so that a third try says it once


@pytest.mark.parametrize("breaks", ["SELECT * FROM nowhere", ""])
async def test_a_drawing_that_breaks_holds_nothing_up(post: Post, monkeypatch: pytest.MonkeyPatch, breaks: str) -> None:
    def broken(context: Context, _ref: str) -> Card:
        if not breaks:
            raise KeyError("nothing")
        context.store.connection.execute(text(breaks))
        return Card("")

    monkeypatch.setitem(post.runtime.catalogue.drawers, "risk.announced", Drawer("risk.announced", broken))
    await post.bind("ops", "C2")
    await announced(post)
    await post.queue("ops", "Something else")
    await post.round(seconds=121)
    assert said(post) == ["R-1 Dam gate stuck", "Something else"]
    assert "Written Mon Nov 23" in str(post.wire.asked[0][1].card)


async def test_a_drawing_that_works_again_is_set_aside_no_more(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    async def set_aside() -> list[str]:
        return [fault.part for fault in await post.runtime.read(lambda store: store.faults.all())]

    def broken(_context: Context, _ref: str) -> Card:
        raise KeyError("nothing")

    whole = post.runtime.catalogue.drawers["risk.announced"]
    monkeypatch.setitem(post.runtime.catalogue.drawers, "risk.announced", Drawer("risk.announced", broken))
    await announced(post)
    await post.round(Failed("later"), seconds=121)
    assert await set_aside() == ["drawing risk.announced"]
    monkeypatch.setitem(post.runtime.catalogue.drawers, "risk.announced", whole)
    await post.round(seconds=121)
    assert await set_aside() == []


async def test_an_old_update_never_goes_over_a_newer_one(post: Post) -> None:
    await post.queue(ref="R-1")
    await post.round()
    await post.with_context(lambda context: context.refresh("R-1", Card("Second")))
    await post.round(Refused("cannot"))
    await post.with_context(lambda context: context.refresh("R-1", Card("Third")))
    await post.round()
    [row] = await post.runtime.read(lambda store: store.chat.undelivered.first(9))
    now = post.clock.now()
    await post.runtime.write(lambda store: store.chat.undelivered.decide(row, "pending", now))
    await post.round()
    assert [row.card.title for what, row in post.wire.asked if what == "update" and row.card] == ["Second", "Third"]
    assert (await post.row(row.id)).error == "not needed: a newer update of the same message follows"


async def test_after_a_long_outage_the_writer_draws_only_so_many_at_a_time(
    post: Post,
) -> None:
    def queue(context: Context) -> None:
        high_risk(context)
        for person in ("maria", "olga", "sam"):
            context.post(f"dm:{person}", Card("old", Text("old")), draws="risk.announced R-1")

    await post.with_context(queue)
    post.delivery = post.worker(post.wire, turn=0)
    assert await post.round(hours=1) == 1
    assert [await post.round(), await post.round(), await post.round()] == [1, 1, 0]
    assert set(said(post)) == {"R-1 Dam gate stuck"}


async def test_whoever_is_asked_for_somebody_who_has_left_still_reads_it_when_it_goes_late(post: Post) -> None:
    def queue(context: Context) -> None:
        high_risk(context)
        context.post("dm:nobody", Card("old"), draws="risk.announced R-1")

    await post.with_context(queue)
    await post.round(hours=1)
    [(_, sent)] = post.wire.asked
    assert sent.card is not None
    assert (sent.card.title, "You stand in for nobody" in str(sent.card)) == ("R-1 Dam gate stuck", True)


async def test_what_somebody_has_read_is_not_told_again_when_only_a_change_of_it_was_lost(post: Post) -> None:
    today = post.clock.now().date()
    draws = f"digest {today} everybody sam"

    def tell(context: Context) -> None:
        news = context.store.chat.notes.add("sam", "R-1", "R-1 was closed", (), context.now)
        context.store.chat.notes.tell([news], today)

    def change(context: Context) -> None:
        for shown in context.store.chat.posts.following([draws]):
            context.draw_again(shown)

    def follows(store: Store) -> None:
        store.time.occurrences.plan("digest", today + timedelta(days=1), "everybody", post.clock.now(), None)

    await post.with_context(tell)
    await post.queue(title="Digest", draws=draws)
    await post.round()
    await post.with_context(change)
    await post.round(Refused("edit_window_closed"), seconds=2)
    assert await post.state(2) == "rejected"
    post.clock.advance(days=1)
    await post.runtime.write(follows)
    lost = await post.runtime.read(lambda store: lost_and_needless(post.runtime, store))
    assert len(lost) == 1
    await post.runtime.write(lost[0])
    assert await post.runtime.read(lambda store: store.chat.notes.waiting(["sam"], today)) == {}

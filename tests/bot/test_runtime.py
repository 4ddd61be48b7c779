"""Runtime: who speaks is found out in time, what was refused is said once, and each answer is counted."""

import pytest
from sqlalchemy import text

from bot.inbound import Answered, Asking, Inbound, Outcome, Pressed, Profile, Submitted, Typed
from handlers.kit.context import Request
from handlers.kit.declared import Command
from handlers.kit.errors import Refused, UserError
from handlers.kit.messages import Card, File
from handlers.kit.plain import plain
from storage.chat.people import Met
from tests.bot.postroom import Post

DAM = "risk add Dam gate stuck; likelihood 4; impact 2"
REPLY = {"channel": "D1"}


def said(outcome: Outcome) -> str:
    assert isinstance(outcome, Answered)
    assert outcome.card is not None
    return plain(outcome.card)


async def answers(post: Post) -> list[str]:
    """The answers that the outbox is to bring."""
    rows = "SELECT card FROM outbox WHERE kind = 'answer' ORDER BY id"
    cards = await post.runtime.read(lambda store: store.connection.execute(text(rows)).scalars().all())
    return [Card.model_validate_json(card).title for card in cards]


async def acts(post: Post) -> list[tuple[str, str]]:
    rows = "SELECT person, act FROM audit ORDER BY number"
    return await post.runtime.read(lambda store: [tuple(row) for row in store.connection.execute(text(rows))])


async def test_each_request_is_counted_by_its_door_and_by_whether_it_was_refused(post: Post) -> None:
    for line in (DAM, DAM, "risk show R-9", "risk add"):
        await post.runtime.handle(Inbound("say", "sam", Typed(line)))
    await post.runtime.handle(Inbound("desk", "sam", Typed("help")))
    assert post.runtime.counted == {("say", "ok"): 3, ("say", "refused"): 1, ("desk", "ok"): 1}


async def test_who_cannot_be_found_out_is_asked_for_ten_times_and_then_answered(post: Post) -> None:
    asked: list[str] = []

    async def introduce(account: str) -> Profile:
        asked.append(account)
        return Profile(f"{account}{len(asked)}", "Somebody else", ())

    told = await post.runtime.handle(Inbound("slack", "U1", Typed(DAM)), introduce)
    assert "I could not find out who is meant. Please write their e-mail address." in said(told)
    assert asked == ["U1"] * 10


async def test_where_nobody_introduces_anybody_a_new_account_is_refused_and_a_known_one_is_not(post: Post) -> None:
    refused = await post.runtime.handle(Inbound("slack", "U1", Typed(DAM)))
    assert "Nothing here can say who you are." in said(refused)
    assert not (isinstance(refused, Answered) and refused.ok)
    await post.runtime.write(
        lambda store: store.chat.people.meet(Met("slack-kim", "Kim", None), "slack", "U2", post.clock.now())
    )
    assert "Logged R-1" in said(await post.runtime.handle(Inbound("slack", "U2", Typed(DAM))))


async def test_what_the_platform_says_of_a_known_account_is_kept_and_when_it_says_nothing_what_is_known_serves(
    post: Post,
) -> None:
    await post.runtime.write(
        lambda store: store.chat.people.meet(Met("slack-kim", "Kim", None), "slack", "U2", post.clock.now())
    )

    async def away(account: str) -> Profile:
        raise UserError("Slack does not answer.")

    assert "Logged R-1" in said(await post.runtime.handle(Inbound("slack", "U2", Typed(DAM)), away))
    told = await post.runtime.handle(Inbound("slack", "U3", Typed(DAM)), away)
    assert "Slack does not answer." in said(told)

    async def guest(account: str) -> Profile:
        return Profile(account, "Kim", (), "This bot is for staff.", state="guest")

    post.clock.advance(days=2)
    told = await post.runtime.handle(Inbound("slack", "U2", Typed(DAM)), guest)
    assert "Guests cannot use me." in said(told)


@pytest.mark.parametrize(("inline", "reply", "queued"), [(True, REPLY, 0), (False, REPLY, 1), (False, None, 0)])
async def test_a_refusal_is_brought_by_the_outbox_only_where_the_gesture_cannot_carry_it(
    post: Post, inline: bool, reply: dict[str, str] | None, queued: int
) -> None:
    inbound = Inbound("desk", "sam", Typed("risk show R-9"), key="1", inline=inline, reply=reply)
    outcome = await post.runtime.handle(inbound)
    assert isinstance(outcome, Answered)
    assert (outcome.queued, await answers(post)) == (queued == 1, ["That did not work"] * queued)


@pytest.mark.parametrize(("line", "inline"), [("risk list", False), ("help", False)])
async def test_what_is_only_read_is_queued_where_the_gesture_cannot_carry_it(
    post: Post, line: str, inline: bool
) -> None:
    await post.runtime.handle(Inbound("desk", "sam", Typed(line), key="1", inline=inline, reply=REPLY))
    assert len(await answers(post)) == 1


async def test_what_somebody_tried_without_the_right_to_it_stands_in_the_audit_and_nothing_else_does(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def open_it(request: Request) -> Card:
        """Open what is not theirs."""
        request.audit("F-2", opened=True)
        raise Refused("This is not open to you.", person=request.person.id, subject="F-1", contact="refused")

    toy = Command("toy open", open_it, "help", None, False, "")
    monkeypatch.setitem(post.runtime.catalogue.commands, toy.name, toy)
    told = await post.runtime.handle(Inbound("say", "sam", Typed("toy open")))
    assert "This is not open to you." in said(told)
    await post.runtime.handle(Inbound("say", "sam", Typed("risk show R-9")))
    assert await acts(post) == [("sam", "toy open")]


async def test_a_form_is_shown_again_with_what_was_typed_and_nothing_of_the_first_try_is_kept(post: Post) -> None:
    values = {"title": "Dam gate stuck", "likelihood": "4", "impact": "2", "review_on": "2020-01-01"}
    outcome = await post.runtime.handle(Inbound("say", "sam", Submitted("risk add", "n1", values)))
    assert isinstance(outcome, Asking)
    assert (list(outcome.page.errors), outcome.page.values["title"]) == (["review_on"], "Dam gate stuck")
    assert await post.runtime.read(lambda store: store.risk.records.open_count()) == 0
    assert await acts(post) == []
    count = text("SELECT count(*) FROM inbox")
    assert await post.runtime.read(lambda store: store.connection.execute(count).scalar()) == 0


async def test_a_command_that_only_reads_leaves_no_row_in_the_audit_and_one_that_changes_leaves_its_own(
    post: Post,
) -> None:
    for what in (Typed(DAM), Typed("risk list"), Typed("risk show R-1"), Pressed("risk.abolished", "R-1")):
        await post.runtime.handle(Inbound("say", "sam", what, key=None))
    assert await acts(post) == [("sam", "risk add")]


@pytest.mark.parametrize("reads_only", [True, False])
@pytest.mark.parametrize(("platform", "linked"), [("teams", True), ("desk", True), ("say", False)])
async def test_the_file_of_an_answer_is_kept_where_it_is_a_link(
    post: Post, monkeypatch: pytest.MonkeyPatch, platform: str, linked: bool, reads_only: bool
) -> None:
    def show(_request: Request) -> Card:
        """Show a file."""
        return Card("Export", File(name="risks.csv", data=b"a,b"))

    toy = Command("toy show", show, "help", None, reads_only, "")
    monkeypatch.setitem(post.runtime.catalogue.commands, toy.name, toy)
    met = Met("sam", "Sam", None)
    await post.runtime.write(lambda store: store.chat.people.meet(met, "teams", "sam", post.clock.now()))
    assert "Export" in said(await post.runtime.handle(Inbound(platform, "sam", Typed("toy show"))))
    count = "SELECT count(*) FROM files"
    kept = await post.runtime.read(lambda store: store.connection.execute(text(count)).scalar())
    assert bool(kept) == linked


async def test_where_nobody_is_named_nothing_is_kept_of_anybody(post: Post) -> None:
    await post.runtime.meet("slack")
    assert await post.runtime.read(lambda store: store.chat.people.everybody()) == []

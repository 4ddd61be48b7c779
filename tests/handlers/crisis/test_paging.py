"""Crisis paging: what a page, its answer, its loss and the end of its crisis leave behind, and for whom."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from sqlalchemy import select, text

from bot.inbound import Answered, Inbound, Pressed
from bot.piecework import send_by_hand
from handlers.crisis.calling.pages import AGAIN
from handlers.crisis.calling.paging import is_still_wanted, page_again, page_is_lost
from handlers.crisis.calling.who_comes import who_comes
from handlers.kit.context import Context
from handlers.kit.events import CRISIS_OVER, emit
from handlers.kit.messages import Card
from handlers.kit.plain import plain
from storage.audit import audit
from storage.chat.outbox import PRIORITIES, OutboxRow
from storage.chat.people import Met
from storage.crisis.pages import Page
from storage.crisis.records import Crisis
from storage.database import Store
from tests.chat.desk import DeskChat
from tests.handlers.outgoing import Message, has_home, homes, messages, newest, to
from tests.handlers.town import Town

REF = "CR-2026-01"
BURST = "crisis activate Water main burst; where Mill Road; level 2"
DRILL = f"{BURST}; kind drill"
CHATS = ("slack", "teams")
T = TypeVar("T")


async def within(town: Town, do: Callable[[Context, Crisis], T], platforms: tuple[str, ...] = ("desk",)) -> T:
    """Do something in one transaction with the crisis."""

    def work(store: Store) -> T:
        context = replace(town.runtime.context(store), platforms=platforms)
        crisis = store.crisis.records.take(REF)
        assert crisis is not None
        done = do(context, crisis)
        context.draw_last()
        return done

    return await town.runtime.write(work)


async def pages(town: Town) -> dict[str, Page]:
    return {page.person: page for page in await town.bot.read(lambda store: store.crisis.pages.of(REF))}


async def log(town: Town) -> list[str]:
    return [entry.text for entry in await town.bot.read(lambda store: store.crisis.log.of(REF))]


async def facts(town: Town) -> list[str]:
    question = select(audit.c.facts).where(audit.c.subject == REF).order_by(audit.c.number)
    return list(await town.bot.read(lambda store: store.connection.execute(question).scalars().all()))


async def called_again_at(town: Town, person: str) -> Any:
    """When somebody is called the next time."""
    return await town.bot.read(lambda store: store.time.timers.next_due(AGAIN, f"{REF} {person}"))


async def answers(town: Town, person: str, answer: str) -> Answered:
    outcome = await town.runtime.handle(Inbound("say", person, Pressed(f"crisis.{answer}", REF)))
    assert isinstance(outcome, Answered)
    return outcome


async def takes(town: Town, person: str, role: str) -> None:
    await town.runtime.handle(Inbound("say", person, Pressed("crisis.take", f"{REF} {role}")))


@pytest.fixture
async def burst(town: Town) -> Town:
    await has_home(town, "tom", "felix", "hugo")
    await town.says("olga", BURST)
    return town


def summaries(those: list[Message]) -> list[Message]:
    return [message for message in those if message.about == REF]


async def test_the_team_is_called_at_once_by_pages_that_are_in_the_audit_and_on_their_homes(burst: Town) -> None:
    called = await pages(burst)
    assert len(called) == 10
    assert '{"paged": 10}' in await facts(burst)
    queued = await messages(burst)
    assert {m.place for m in queued if m.priority == 0 and "you are needed" in m.text} == {f"dm:{p}" for p in called}
    assert homes(queued) == {"home tom", "home felix", "home hugo"}
    assert await called_again_at(burst, "felix") == burst.bot.clock.now() + timedelta(minutes=5)
    assert "Hugo Lindqvist: no answer yet, paged 1 time" in summaries(queued)[-1].text


async def test_who_stands_in_for_somebody_away_reads_it_on_their_first_page(town: Town) -> None:
    await town.says("maria", "city away from today to friday; person @tom; deputy @hugo")
    before = await newest(town)
    await town.says("olga", BURST)
    [page] = to(await messages(town, before), "dm:hugo")[:1]
    assert (page.kind, "You stand in for Tom Okafor as well." in page.text) == ("post", True)
    about = [message.kind for message in await messages(town, before) if message.about == f"{REF} hugo"]
    assert about == ["post"]


async def test_somebody_silent_is_called_again_and_all_see_it(burst: Town) -> None:
    before = await newest(burst)
    await burst.bot.pass_time(minutes=5)
    later = await messages(burst, before)
    assert "Crisis CR-2026-01: you are needed (page 2)" in to(later, "dm:hugo")[0].text
    assert '{"paged": "hugo", "times": 2}' in await facts(burst)
    assert any("Hugo Lindqvist: no answer yet, paged 2 times" in message.text for message in summaries(later))


@pytest.mark.parametrize("subject", [f"{REF} sam", "CR-2026-09 hugo", f"{REF} felix"])
async def test_nobody_is_called_again_who_was_not_called_or_has_answered(burst: Town, subject: str) -> None:
    await answers(burst, "felix", "coming")
    before = await newest(burst)
    await within(burst, lambda context, crisis: page_again(context, subject, 1))
    assert await messages(burst, before) == []


async def test_who_is_switched_off_is_not_called_again(burst: Town) -> None:
    def switch_off(context: Context, crisis: Crisis) -> None:
        context.store.chat.people.meet(Met("hugo", "Hugo Lindqvist", None), "slack", "U1", context.now)
        context.store.chat.people.set_state("slack", "U1", "deactivated")
        page_again(context, f"{REF} hugo", 1)

    await within(burst, switch_off)
    assert (await pages(burst))["hugo"].times == 1


async def test_where_the_city_calls_again_once_the_deputy_and_the_phone_come_with_that_call(town: Town) -> None:
    file = town.bot.application.settings.city_dir / "crisis.toml"
    file.write_text(file.read_text().replace("page_again_times = 3", "page_again_times = 1"))
    assert town.runtime.city.look()  # type: ignore[attr-defined]  # the city is read from its files
    await town.says("olga", BURST)
    await town.bot.pass_time(minutes=5)
    called = await pages(town)
    assert (called["hugo"].times, called["hugo"].phoned, "rosa" in called) == (2, "asked", True)


async def test_in_a_drill_nobody_else_is_called_and_nobody_is_phoned(town: Town) -> None:
    await town.says("olga", DRILL)
    for _ in range(4):
        await town.bot.pass_time(minutes=5)
    called = await pages(town)
    assert (called["hugo"].times, called["hugo"].phoned, "rosa" in called) == (2, None, False)
    assert {message.priority for message in to(await messages(town), "dm:hugo") if message.kind == "post"} == {2}


async def test_an_answer_ends_the_calls_and_is_in_the_log_the_audit_on_the_home_and_on_the_page(burst: Town) -> None:
    before = await newest(burst)
    assert (await answers(burst, "felix", "cannot")).card is None
    later = await messages(burst, before)
    now = burst.bot.clock.now()
    page = (await pages(burst))["felix"]
    assert (page.answer, page.answered_at, page.first_answered_at) == ("cannot", now, now)
    assert await called_again_at(burst, "felix") is None
    [line] = [
        entry for entry in await burst.bot.read(lambda store: store.crisis.log.of(REF)) if entry.person == "felix"
    ]
    assert line.text == "cannot come"
    assert '{"answer": "cannot"}' in await facts(burst)
    assert [(m.kind, "you said “cannot come” at 9:00 AM" in m.text) for m in later if m.about == f"{REF} felix"] == [
        ("update", True)
    ]
    assert "home felix" in homes(later)
    assert "Felix Moreau: cannot come (9:00 AM)" in summaries(later)[-1].text
    burst.bot.clock.advance(minutes=1)
    await answers(burst, "felix", "coming")
    page = (await pages(burst))["felix"]
    assert (page.answered_at, page.first_answered_at) == (now + timedelta(minutes=1), now)


async def test_who_was_not_paged_has_nothing_to_answer_and_who_was_need_not_come_when_it_is_over(burst: Town) -> None:
    refused = await answers(burst, "sam", "coming")
    assert refused.card
    assert "You were not paged for CR-2026-01." in plain(refused.card)
    await within(burst, lambda context, crisis: context.store.crisis.records.change(crisis, state="over"))
    told = await answers(burst, "felix", "coming")
    assert told.card
    assert told.card.title == "CR-2026-01 is over"
    assert (await pages(burst))["felix"].answer is None


async def test_the_morning_check_says_what_became_of_each_page_that_was_not_answered(burst: Town) -> None:
    day, routine = (
        burst.runtime.city().calendar.today(burst.bot.clock.now()),
        burst.runtime.catalogue.routines["morning-check"],
    )
    await send_by_hand(burst.runtime, burst.bot.application.ledger, routine, day, "ines")
    for person in ("felix", "dana", "grace"):  # the morning check names the first of those who are silent
        await answers(burst, person, "coming")
    await within(burst, _ends)
    morning = (await burst.bot.read(lambda store: store.morning_checks.newest())).content
    assert '"dealt":"on my way, ' in morning
    assert '"dealt":"the crisis is over, ' in morning


def _ends(context: Context, crisis: Crisis) -> None:
    emit(CRISIS_OVER, context, context.store.crisis.records.change(crisis, state="over", closed_by="ines", reason="So"))


async def test_who_acts_stands_on_the_board_as_coming(burst: Town) -> None:
    before = await newest(burst)
    await burst.says("hugo", "crisis log Pumps are running")
    later = await messages(burst, before)
    assert "Hugo Lindqvist: on my way (9:00 AM)" in summaries(later)[-1].text
    assert [message.kind for message in later if message.about == f"{REF} hugo"] == ["update"]
    assert "home hugo" in homes(later)
    assert '{"acted": true, "answer": "coming"}' in await facts(burst)
    assert await called_again_at(burst, "hugo") is None


async def test_who_has_ended_a_crisis_is_not_woken_by_what_they_know(burst: Town) -> None:
    await answers(burst, "marcus", "coming")
    await burst.says("marcus", "crisis take commander")

    def over(context: Context, crisis: Crisis) -> None:
        by = {"ending_by": "maria", "closed_by": "marcus"}
        emit(CRISIS_OVER, context, context.store.crisis.records.change(crisis, state="over", reason="Mended", **by))

    before = await newest(burst)
    await within(burst, over)
    told = [
        message for message in await messages(burst, before) if message.kind == "post" and "is over" in message.text
    ]
    assert {message.priority for message in told if message.place == "dm:marcus"} <= {PRIORITIES.index("prompt")}
    assert "dm:marcus" in {message.place for message in told}


async def test_the_end_of_a_crisis_is_told_to_who_may_be_on_the_road_and_to_nobody_else(burst: Town) -> None:
    await answers(burst, "felix", "coming")
    await answers(burst, "victor", "cannot")
    await answers(burst, "marcus", "coming")
    await takes(burst, "marcus", "commander")  # so that Tom and Dana are not needed
    burst_pages = await pages(burst)
    assert {person for person, page in burst_pages.items() if page.answer == "covered"} == {"tom", "dana"}

    def over(context: Context, crisis: Crisis) -> None:
        context.store.crisis.pages.change(burst_pages["noah"], answer="gone")
        context.store.chat.people.meet(Met("hugo", "Hugo Lindqvist", None), "slack", "U1", context.now)
        context.store.chat.people.set_state("slack", "U1", "deactivated")
        ended = context.store.crisis.records.change(crisis, state="over", closed_by="ines", reason="It is mended")
        emit(CRISIS_OVER, context, ended)

    before = await newest(burst)
    await within(burst, over)
    later = await messages(burst, before)
    told = [message for message in later if "is over: you do not need to come" in message.text]
    assert {message.place for message in told} == {"dm:felix", "dm:grace", "dm:olga", "dm:leila"}
    assert all((message.kind, message.priority) == ("post", 0) for message in told)
    assert all("Why: It is mended" in message.text for message in told)
    changed = {m.about for m in later if m.kind == "update" and m.text.startswith("CR-2026-01 is over")}
    assert {f"{REF} {person}" for person in burst_pages} <= changed
    assert homes(later) == {"home tom", "home felix", "home hugo"}
    for person in burst_pages:
        assert await called_again_at(burst, person) is None
    assert (await pages(burst))["ines"].answer == "coming", "who agreed to end it has come"
    assert "Ines Varga took part, which counts as “on my way”." in await log(burst)


async def test_where_one_is_enough_the_others_rest_and_are_called_again_by_another_page_when_that_one_cannot(
    burst: Town,
) -> None:
    before = await newest(burst)
    await answers(burst, "marcus", "coming")
    assert await called_again_at(burst, "tom") is not None
    assert not any("you are not needed" in message.text for message in await messages(burst, before))
    await takes(burst, "marcus", "commander")
    assert await called_again_at(burst, "tom") is None
    assert "home tom" in homes(await messages(burst, before))
    assert any("you are not needed" in message.text for message in await messages(burst, before))
    assert "Tom Okafor: not needed: somebody else has the role" in summaries(await messages(burst, before))[-1].text
    before = await newest(burst)
    await answers(burst, "marcus", "cannot")
    tom = (await pages(burst))["tom"]
    assert (tom.answer, tom.answered_at, tom.times) == (None, None, 2)
    [again] = to(await messages(burst, before), "dm:tom")[-1:]
    assert "you are needed (page 2)" in again.text


async def test_who_has_a_role_or_raised_the_alarm_is_never_told_that_they_are_not_needed(burst: Town) -> None:
    before = await newest(burst)
    await answers(burst, "noah", "coming")
    await takes(burst, "noah", "citizen-advocate")
    await burst.runtime.handle(Inbound("say", "maria", Pressed("crisis.confirm", REF)))
    await answers(burst, "marcus", "coming")
    await burst.says("marcus", "crisis handover Commander; person @tom")
    await takes(burst, "marcus", "commander")
    await burst.says("marcus", "crisis handover Commander; person @tom")
    told = [message.place for message in await messages(burst, before) if "you are not needed" in message.text]
    assert "dm:olga" not in told
    found = await pages(burst)
    assert (found["tom"].answer, found["olga"].answer) == (None, None)


async def test_who_cannot_come_is_followed_by_their_deputy_at_once_but_not_in_a_drill(town: Town) -> None:
    for line, called in ((BURST, True), (DRILL.replace("Water main", "Gas main"), False)):
        await town.says("olga", line)
        ref = f"CR-2026-0{1 if called else 2}"
        await town.runtime.handle(Inbound("say", "felix", Pressed("crisis.cannot", ref)))
        of = await town.bot.read(lambda store, ref=ref: store.crisis.pages.of(ref))
        assert ("owen" in {page.person for page in of}) == called


async def test_the_board_says_who_was_called_and_nothing_where_nobody_was(burst: Town) -> None:
    words = await within(burst, who_comes)
    shown = plain(Card("Board", *words))
    assert "Nobody yet, 10 silent" in shown
    assert shown.count("no answer yet, paged 1 time") == 10
    assert await within(burst, lambda context, crisis: who_comes(context, replace(crisis, ref="CR-2026-09"))) == []


def row_about(context: Context, about: str, platform: str = "slack") -> OutboxRow:
    """A row of the outbox as it is when it was just tried."""
    row = context.store.chat.outbox.find(1)
    assert row is not None
    return replace(row, about=about, platform=platform, kind="post", priority=0)


@pytest.mark.parametrize(
    ("about", "answer", "over", "wanted"),
    [
        (f"{REF} felix", None, False, True),
        (f"{REF} felix", "coming", False, False),
        (f"{REF} felix", None, True, False),
        (f"{REF} sam", None, False, True),
        (REF, None, True, True),
        ("CR-2026-09 felix", None, False, True),
    ],
)
async def test_only_a_page_that_was_answered_or_whose_crisis_is_over_is_not_sent_any_more(
    burst: Town, about: str, answer: str | None, over: bool, wanted: bool
) -> None:
    def ask(context: Context, crisis: Crisis) -> bool:
        page = context.store.crisis.pages.take(REF, "felix")
        assert page is not None
        context.store.crisis.pages.change(page, answer=answer)
        if over:
            context.store.crisis.records.change(crisis, state="over")
        return is_still_wanted(context, row_about(context, about))

    assert await within(burst, ask) == wanted


async def lose(town: Town, about: str, platform: str, platforms: tuple[str, ...] = CHATS) -> None:
    """A page is lost on a platform, for Hugo who is met on each chat."""

    def hear(context: Context, crisis: Crisis) -> None:
        for chat in CHATS:
            context.store.chat.people.meet(Met("hugo", "Hugo Lindqvist", None), chat, f"U-{chat}", context.now)
        page_is_lost(context, row_about(context, about, platform), "Slack answered 500")

    await within(town, hear, platforms)


async def test_a_page_that_is_lost_goes_by_each_way_that_has_not_failed_yet_and_the_log_says_so(burst: Town) -> None:
    before = await newest(burst)
    await lose(burst, f"{REF} hugo", "slack")
    lost = "The page to Hugo Lindqvist has not arrived in Slack (Slack answered 500); it is sent in Teams."
    assert (await log(burst))[-1] == lost
    assert [(m.platform, m.priority) for m in to(await messages(burst, before), "dm:hugo")] == [("teams", 0)]
    before = await newest(burst)
    await lose(burst, f"{REF} hugo", "slack")  # the next try of the same page
    assert (await log(burst))[-1] == lost
    assert await messages(burst, before) == []
    await lose(burst, f"{REF} hugo", "teams")
    assert (await log(burst))[-1] == "The page to Hugo Lindqvist has not arrived in Teams (Slack answered 500)."
    assert to(await messages(burst, before), "dm:hugo") == []
    assert (await pages(burst))["hugo"].phoned is None, "he may have it all the same"


async def test_a_page_that_is_lost_beside_chat_goes_no_other_way(burst: Town) -> None:
    before = await newest(burst)
    await lose(burst, f"{REF} hugo", "pager")
    assert (await log(burst))[-1] == "The page to Hugo Lindqvist has not arrived by pager (Slack answered 500)."
    assert to(await messages(burst, before), "dm:hugo") == []


@pytest.mark.parametrize("about", [f"{REF} sam", REF, "CR-2026-09 hugo", f"{REF} felix"])
async def test_the_loss_of_what_is_no_page_or_is_answered_is_no_news(burst: Town, about: str) -> None:
    await answers(burst, "felix", "coming")
    lines, before = await log(burst), await newest(burst)
    await lose(burst, about, "slack")
    assert (await log(burst), await messages(burst, before)) == (lines, [])


@pytest.mark.parametrize("drill", [False, True])
async def test_who_cannot_be_reached_by_any_way_is_followed_and_phoned_at_once_but_not_in_a_drill(
    town: Town, drill: bool
) -> None:
    await town.says("olga", DRILL if drill else BURST)

    def hear(context: Context, crisis: Crisis) -> None:
        context.store.chat.people.not_reached("slack", "hugo", "has blocked me", context.now)
        page_is_lost(context, row_about(context, f"{REF} hugo"), "no")

    before = await newest(town)
    await within(town, hear, ("slack",))
    called = await pages(town)
    assert (called["hugo"].phoned, "rosa" in called) == ((None, False) if drill else ("asked", True))
    assert ("Hugo Lindqvist could not be reached." in await log(town)) == (not drill)
    if not drill:
        assert "Hugo Lindqvist: could not be reached" in summaries(await messages(town, before))[-1].text


async def test_who_was_to_be_phoned_already_is_not_asked_about_again(burst: Town) -> None:
    def hear(context: Context, crisis: Crisis) -> list[int]:
        page = context.store.crisis.pages.take(REF, "hugo")
        assert page is not None
        context.store.crisis.pages.change(page, phoned="unreachable")
        context.store.chat.people.not_reached("slack", "hugo", "has blocked me", context.now)
        page_is_lost(context, row_about(context, f"{REF} hugo"), "no")
        return []

    await within(burst, hear, ("slack",))
    assert (await pages(burst))["hugo"].phoned == "unreachable"


@pytest.mark.doors
async def test_what_a_drill_says_of_pages_does_not_change_when_its_messages_are_forgotten(desk_chat: DeskChat) -> None:
    tom = desk_chat.person("tom")
    await tom.says("/crisis activate Practice; level 2; kind drill")
    shown = (await tom.says("/crisis show CR-2026-01")).text
    assert "paged 1 time" in shown
    for _ in range(33):
        await desk_chat.bot.pass_time(days=1)
    rows = text("SELECT count(*) FROM outbox WHERE about LIKE 'CR-2026-01 %' AND state = 'sent'")
    assert await desk_chat.bot.read(lambda store: store.connection.execute(rows).scalar()) == 0
    later = (await tom.says("/crisis show CR-2026-01")).text
    assert "paged 1 time" in later or "paged 2 times" in later
    assert "no page has arrived" not in later

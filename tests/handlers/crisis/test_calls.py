"""Crisis calls: who is called instead of somebody who does not come, where a page goes, and for which roles."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import pytest

from handlers.crisis.calling.asked import needed, roles_asked
from handlers.crisis.calling.pages import (
    answered_card,
    call,
    call_deputy,
    call_next,
    is_awaited,
    not_reached_line,
    page_lines,
    send_page,
    ways,
)
from handlers.kit.context import Context
from handlers.kit.plain import plain
from storage.chat.people import Met
from storage.crisis.pages import Page
from storage.crisis.records import Crisis
from storage.database import Store
from tests.handlers.outgoing import messages, newest
from tests.handlers.town import Town

REF = "CR-2026-01"
BURST = "crisis activate Water main burst; where Mill Road; level 2"
T = TypeVar("T")


async def within(town: Town, do: Callable[[Context, Crisis], T], platforms: tuple[str, ...] = ("desk",)) -> T:
    """Do something in one transaction with the crisis."""

    def work(store: Store) -> T:
        context = replace(town.runtime.context(store), platforms=platforms)
        crisis = context.store.crisis.records.take(REF)
        assert crisis is not None
        done = do(context, crisis)
        context.draw_last()
        return done

    return await town.runtime.write(work)


async def next_for(town: Town, person: str) -> str | None:
    return await within(town, lambda context, crisis: call_next(context, crisis, person))


async def says(town: Town, person: str, answer: str | None, **more: object) -> None:
    def change(context: Context, crisis: Crisis) -> None:
        page = context.store.crisis.pages.take(crisis.ref, person)
        assert page is not None
        context.store.crisis.pages.change(page, answer=answer, answered_at=context.now, **more)

    await within(town, change)


async def takes(town: Town, person: str, role: str) -> None:
    """Somebody has a role, and nothing follows from it."""
    await within(town, lambda context, crisis: context.store.crisis.roles.take(crisis.ref, role, person, context.now))


async def away(town: Town, *persons: str) -> None:
    for person in persons:
        assert "away" in await town.says("maria", f"city away from today to friday; person @{person}")


@pytest.fixture
async def burst(town: Town) -> Town:
    await town.says("olga", BURST)
    return town


async def test_without_a_deputy_those_above_are_called_only_where_no_other_of_a_role_may_come(burst: Town) -> None:
    await away(burst, "owen", "leila")
    assert await next_for(burst, "felix") == "maria"
    assert await next_for(burst, "felix") is None, "who was called instead may still come"
    assert await next_for(burst, "victor") is None, "Grace may come for Legal"
    assert await next_for(burst, "grace") is None, "Victor may come for Legal"
    await says(burst, "grace", "cannot")
    assert await next_for(burst, "victor") == "olga", "Maria stands in for Felix already"


async def test_who_was_called_instead_and_cannot_come_is_followed_by_the_next(burst: Town) -> None:
    assert await next_for(burst, "felix") == "owen"
    await says(burst, "owen", "cannot")
    assert await next_for(burst, "felix") == "maria"


async def test_who_was_called_for_themselves_and_cannot_come_is_passed_over(burst: Town) -> None:
    await away(burst, "owen", "leila")
    await says(burst, "olga", "cannot")
    assert await next_for(burst, "felix") == "maria"
    await says(burst, "maria", "cannot")
    assert await next_for(burst, "felix") == "ines", "Olga, the deputy of Maria, has said that she cannot"


async def test_who_comes_but_is_gone_since_leaves_the_others_needed(burst: Town) -> None:
    def who(context: Context, crisis: Crisis) -> set[str]:
        pages = {page.person: page for page in context.store.crisis.pages.of(crisis.ref)}
        held = context.store.crisis.roles.held(crisis.ref)
        return {person for person in ("tom", "dana") if needed(context, crisis, pages[person], pages, held)}

    await says(burst, "marcus", "coming")
    await takes(burst, "marcus", "commander")
    assert await within(burst, who) == set()

    def switch_off(context: Context, crisis: Crisis) -> None:
        context.store.chat.people.meet(Met("marcus", "Marcus", None), "slack", "U1", context.now)
        context.store.chat.people.set_state("slack", "U1", "deactivated")

    await within(burst, switch_off)
    assert await within(burst, who) == {"tom", "dana"}


@pytest.mark.parametrize(
    ("drill", "only_chat", "on", "rows"),
    [
        (False, False, (), ["desk", "pager"]),
        (False, True, (), ["desk"]),
        (True, False, (), ["desk"]),
        (False, False, ("slack", "teams"), ["slack", "teams", "pager"]),
    ],
)
async def test_a_page_rings_beside_chat_too_but_not_in_a_drill_nor_when_only_another_chat_is_tried(
    burst: Town, drill: bool, only_chat: bool, on: tuple[str, ...], rows: list[str]
) -> None:
    before = await newest(burst)

    def send(context: Context, crisis: Crisis) -> None:
        page = context.store.crisis.pages.take(crisis.ref, "hugo")
        assert page is not None
        context = replace(context, gateways=("pager",))
        send_page(context, replace(crisis, drill=drill), page, on=on, only_chat=only_chat)

    await within(burst, send)
    those = await messages(burst, before)
    assert [message.platform for message in those] == rows
    assert all((m.about, m.draws) == (f"{REF} hugo", f"crisis.page {REF} hugo") for m in those)


async def test_the_log_says_who_is_called_instead(burst: Town) -> None:
    for _ in range(2):
        await within(burst, lambda context, crisis: call_deputy(context, crisis, "felix"))
    log = [line.text for line in await burst.bot.read(lambda store: store.crisis.log.of(REF))]
    assert log.count("Owen Fitzroy is called instead of Felix Moreau.") == 1


async def test_who_is_gone_is_named_in_the_log_where_nobody_comes_for_them_and_nobody_is_paged_twice(
    burst: Town,
) -> None:
    def again(context: Context, crisis: Crisis) -> list[tuple[str, int]]:
        for person in ("hugo", "sam", "left"):
            call(context, crisis, person)
        return [(page.person, page.times) for page in context.store.crisis.pages.of(crisis.ref)]

    paged = dict(await within(burst, again))
    assert (paged["hugo"], paged["sam"]) == (1, 1)
    assert "left" not in paged
    log = [line.text for line in await burst.bot.read(lambda store: store.crisis.log.of(REF))]
    assert log.count("left could not be reached: has left.") == 1


async def test_somebody_silent_is_paged_then_their_deputy_and_then_to_be_called_by_phone(burst: Town) -> None:
    found = []
    for minutes in (4, 1, 4, 1, 4, 1, 30):
        await burst.bot.pass_time(minutes=minutes)
        pages = {page.person: page for page in await burst.bot.read(lambda store: store.crisis.pages.of(REF))}
        found.append((pages["hugo"].times, "rosa" in pages, pages["hugo"].phoned))
    assert found == [
        (1, False, None),
        (2, False, None),
        (2, False, None),
        (3, True, None),
        (3, True, None),
        (4, True, "asked"),
        (4, True, "asked"),
    ]


@pytest.mark.parametrize(
    ("platforms", "times", "expected"),
    [
        (("slack", "teams"), 1, ("slack", "teams")),
        (("slack", "teams"), 2, ("teams",)),
        (("slack", "teams"), 3, ("slack", "teams")),
        (("slack",), 2, ("slack",)),
        (("slack",), 3, ("slack",)),
    ],
)
async def test_the_second_page_goes_to_the_other_platform_and_later_ones_to_each(
    burst: Town, platforms: tuple[str, ...], times: int, expected: tuple[str, ...]
) -> None:
    def find(context: Context, crisis: Crisis) -> tuple[str, ...]:
        for platform in platforms:
            context.store.chat.people.meet(Met("hugo", "Hugo Lindqvist", None), platform, f"U-{platform}", context.now)
        return ways(context, Page(REF, "hugo", None, None, context.now, times))

    assert await within(burst, find, platforms) == expected


@pytest.mark.parametrize(
    ("person", "instead_of", "asked"),
    [
        ("felix", None, ["communications"]),
        ("tom", None, ["commander"]),
        ("maria", "tom", ["commander"]),
        ("sam", "tom", []),  # may not command
        ("sam", "hugo", ["technical"]),
        ("ines", "felix", ["communications", "technical"]),
        ("sam", "owen", ["communications"]),  # who stands in for Felix
        ("sam", None, []),
    ],
)
async def test_somebody_is_asked_as_what_they_are_and_as_those_in_whose_place_they_come(
    burst: Town, person: str, instead_of: str | None, asked: list[str]
) -> None:
    await next_for(burst, "felix")

    def roles(context: Context, crisis: Crisis) -> list[str]:
        page = Page(REF, person, None, None, context.now, 1, instead_of=instead_of)
        return [role.id for role in roles_asked(context, page)]

    assert await within(burst, roles) == asked


async def test_where_one_is_enough_the_others_are_needed_until_that_one_has_the_role(burst: Town) -> None:
    def who(context: Context, crisis: Crisis) -> set[str]:
        pages = {page.person: page for page in context.store.crisis.pages.of(crisis.ref)}
        those = ("tom", "marcus", "dana", "felix", "victor", "grace", "ines", "hugo", "olga", "noah")
        held = context.store.crisis.roles.held(crisis.ref)
        return {person for person in those if needed(context, crisis, pages[person], pages, held)}

    everybody = {"tom", "marcus", "dana", "felix", "victor", "grace", "ines", "hugo", "olga", "noah"}
    assert await within(burst, who) == everybody
    await says(burst, "marcus", "coming")
    await says(burst, "ines", "coming")
    assert await within(burst, who) == everybody, "who only comes leads nothing yet"
    await takes(burst, "marcus", "commander")
    await takes(burst, "ines", "technical")
    assert await within(burst, who) == everybody - {"tom", "dana"}  # all of Technical are needed
    await takes(burst, "noah", "citizen-advocate")
    assert "olga" in await within(burst, who), "who raised the alarm is always needed"
    await says(burst, "marcus", "cannot")
    assert {"tom", "dana"} <= await within(burst, who)


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ({}, "Felix Moreau: no answer yet, paged 1 time"),
        ({"times": 2, "phoned": "asked"}, "Felix Moreau: no answer yet, paged 1 time, to be called by phone"),
        ({"person": "sam"}, "Sam Rivers: no answer yet, no page has arrived"),
        ({"phoned": "unreachable"}, "Felix Moreau: no answer yet, paged 1 time, not reached by phone"),
        ({"phoned": "reached"}, "Felix Moreau: no answer yet, paged 1 time"),
        ({"instead_of": "hugo"}, "Felix Moreau (also for Hugo Lindqvist): no answer yet, paged 1 time"),
    ],
)
async def test_one_line_says_who_was_called_how_often_and_for_whom(
    burst: Town, more: dict[str, object], line: str
) -> None:
    def told(context: Context, crisis: Crisis) -> tuple[str, str]:
        page = Page(**{**vars(Page(REF, "felix", None, None, context.now, 1)), **more})
        [now], [afterwards] = page_lines(context, [page]), page_lines(context, [page], still_on=False)
        return now, afterwards

    assert await within(burst, told) == (line, line.replace(" yet", ""))


async def test_an_answer_can_be_taken_back_and_says_whose_words_it_is(burst: Town) -> None:
    def cards(context: Context, crisis: Crisis) -> list[str]:
        def card(answer: str, phoned_by: str | None = None, acted: bool = False) -> str:
            page = Page(REF, "felix", answer, context.now, context.now, 1)
            return plain(answered_card(context, crisis, page, phoned_by=phoned_by, acted=acted))

        return [card("coming"), card("cannot"), card("covered"), card("coming", "felix"), card("cannot", "tom"),
                card("coming", acted=True)]  # fmt: skip

    coming, cannot, covered, own, phoned, acted = await within(burst, cards)
    assert "you said “on my way” at" in coming
    assert "[I cannot come after all]" in coming
    assert "you said “cannot come” at" in cannot
    assert "[I can come after all]" in cannot
    assert "somebody else has your role, you are not needed" in covered
    assert "[I can come after all]" in covered
    assert "you said “on my way” at" in own
    assert "Tom Okafor called you, and wrote down “cannot come” at" in phoned
    assert "you took part at" in acted


async def test_an_answer_is_awaited_of_who_has_given_none_while_the_crisis_is_on(burst: Town) -> None:
    def awaited(context: Context, crisis: Crisis) -> list[bool]:
        page = Page(REF, "felix", None, None, context.now, 1)
        said = Page(REF, "felix", "gone", context.now, context.now, 1)
        return [is_awaited(crisis, page), is_awaited(crisis, said), is_awaited(None, page), is_awaited(crisis, None)]

    assert await within(burst, awaited) == [True, False, False, False]


async def test_the_log_says_why_somebody_is_not_called_where_it_is_no_fault_of_the_platform(burst: Town) -> None:
    def lines(context: Context, crisis: Crisis) -> list[str]:
        context.store.chat.people.not_reached("slack", "hugo", "no such user", context.now)
        return [not_reached_line(context, person) for person in ("hugo", "left")]

    assert await within(burst, lines, ("slack",)) == [
        "Hugo Lindqvist could not be reached.",
        "left could not be reached: has left.",
    ]

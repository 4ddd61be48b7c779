"""Risk acceptance: who is asked, what a decision leaves behind for whom, and what follows when its time is over."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

import pytest

from bot.piecework import send_by_hand
from handlers.kit.context import Context
from handlers.kit.errors import NotNeeded
from handlers.kit.inline import Status
from handlers.kit.persons import Persons
from handlers.kit.plain import plain
from handlers.kit.waiting import Task
from handlers.risk.acceptance import acceptance_over, asked_again, over_again, to_decide
from handlers.risk.decision import decided_again, to_confirm
from storage.chat.people import Met
from storage.risk.acceptances import Acceptance
from tests.handlers.outgoing import has_home, homes, messages, newest, to
from tests.handlers.town import DAM, Town

ASK = "risk accept R-1; until 2027-01-15; why We wait for the budget"
OAK = "risk add Old oak; likelihood 2; impact 4; owner @sam; department parks"  # moderate: a department head decides
MARIAS = DAM.replace("@sam", "@maria")  # extreme, and she who might accept it owns it: two people decide
T = TypeVar("T")


async def within(town: Town, do: Callable[[Context], T]) -> T:
    return await town.runtime.write(lambda store: do(town.runtime.context(store)))


def some(context: Context, *persons: str) -> Persons:
    return Persons(context.city, [context.city.people[person] for person in persons])


async def acceptances(town: Town) -> list[Acceptance]:
    found: list[Acceptance] = await town.bot.read(lambda store: store.risk.acceptances.of(1))
    return found


async def switch_off(town: Town, person: str) -> None:
    def work(context: Context) -> None:
        context.store.chat.people.meet(Met(person, person, None), "slack", f"U-{person}", context.now)
        context.store.chat.people.set_state("slack", f"U-{person}", "deactivated")

    await within(town, work)


async def timer(town: Town, number: int) -> datetime | None:
    """When an acceptance is over, as far as that is planned."""
    ref = next(acceptance.ref for acceptance in await acceptances(town) if acceptance.id == number)
    due: datetime | None = await town.bot.read(lambda store: store.time.timers.next_due("risk.acceptance-over", ref))
    return due


def needed(context: Context, draw: Callable[..., object], *given: str) -> bool:
    """Whether a message that is drawn again is still needed."""
    try:
        draw(context, *given)
    except NotNeeded:
        return False
    return True


async def test_who_is_asked_to_accept_a_risk_reads_it_and_decides_and_all_who_must_know_are_told(town: Town) -> None:
    await has_home(town, "maria", "sam")
    await town.says("sam", DAM)
    before = await newest(town)
    told = await town.says("sam", ASK)
    assert "Until Maria Lopez agrees, R-1 stays as it is in the register." in told
    assert "two people decide" not in told
    [asked] = await acceptances(town)
    assert (asked.state, asked.level, asked.approver, asked.second) == ("asked", "extreme", "maria", None)
    later = await messages(town, before)
    [question] = to(later, "dm:maria")
    assert (question.about, question.priority, question.draws) == (asked.ref, 2, "risk.ask R-1 1 maria")
    assert "home maria" in homes(later)
    assert await within(town, lambda context: needed(context, asked_again, "R-1", "1", "maria"))
    [todo] = (await within(town, lambda context: to_decide(context, some(context, "maria")))).values()
    assert (todo.title, [(task.due, task.owner) for task in todo.tasks]) == (
        "Risks you are asked to accept: 1",
        [(date(2026, 11, 26), "maria")],
    )
    before = await newest(town)
    await town.says("maria", "risk approve R-1")
    later = await messages(town, before)
    [approved] = await acceptances(town)
    assert (approved.state, approved.level, approved.decided_by) == ("approved", "extreme", "maria")
    assert await timer(town, 1) == datetime(2027, 1, 16, 12, tzinfo=UTC)  # 07:00 on the next day
    [answer] = [message for message in to(later, "dm:sam") if message.kind == "post"]
    assert answer.text.startswith("Maria Lopez has accepted R-1")
    assert answer.draws == "risk.decided R-1 1"
    [change] = [message for message in later if message.about == asked.ref]
    assert (change.kind, change.text.startswith("R-1 is accepted until Fri Jan 15, 2027")) == ("update", True)
    assert "home maria" in homes(later)
    assert not await within(town, lambda context: needed(context, asked_again, "R-1", "1", "maria"))
    assert await within(town, lambda context: needed(context, decided_again, "R-1", "1"))
    assert "It is accepted until Fri Jan 15, 2027. Nothing was changed." in await town.says("maria", "risk approve R-1")


async def test_what_waits_for_a_decision_says_the_risk_its_score_and_what_has_changed_since(town: Town) -> None:
    await town.says("sam", DAM)
    await town.says("sam", ASK)

    async def waiting() -> Task:
        [todo] = (await within(town, lambda context: to_decide(context, some(context, "maria")))).values()
        [task] = todo.tasks
        return task

    asked = await waiting()
    assert asked.line.startswith("R-1 Dam gate stuck (score 20): Sam Rivers asks you to accept it")
    assert "Changed since" not in asked.line
    assert (asked.decides, asked.status) == (True, Status("critical", "Extreme"))
    await town.says("olga", "risk update R-1; likelihood 5")
    changed = await waiting()
    assert "(score 25)" in changed.line
    assert changed.line.endswith("Changed since: Olga Brandt changed the score.")
    shown = await town.says("maria", "risk show R-1")
    assert (
        shown.index("asks you to accept") < shown.index("[Accept it]") < shown.index("Score:") < shown.index("[Review]")
    )


async def test_a_risk_that_is_accepted_once_more_is_so_by_the_newer_question_alone(town: Town) -> None:
    await town.says("sam", DAM)
    for until in ("2027-01-15", "2027-02-01"):
        await town.says("sam", ASK.replace("2027-01-15", until))
        await town.says("maria", "risk approve R-1")
    assert sorted((acceptance.id, acceptance.state) for acceptance in await acceptances(town)) == [
        (1, "ended"),
        (2, "approved"),
    ]
    assert await timer(town, 1) is None
    assert await timer(town, 2) == datetime(2027, 2, 2, 12, tzinfo=UTC)
    assert not await within(town, lambda context: needed(context, decided_again, "R-1", "1"))


async def test_who_asked_reads_why_it_was_declined_but_nobody_is_told_what_they_decided_themselves(town: Town) -> None:
    await town.says("sam", DAM)
    await town.says("sam", ASK)
    before = await newest(town)
    told = await town.says("maria", "risk decline R-1; why Fix the gate first")
    assert "Sam Rivers is told." in told
    later = await messages(town, before)
    [answer] = [message for message in to(later, "dm:sam") if message.kind == "post"]
    assert answer.text.startswith("Maria Lopez does not accept R-1")
    assert "Why: Fix the gate first" in answer.text
    assert [acceptance.state for acceptance in await acceptances(town)] == ["declined"]
    assert "Fix the gate first" in await town.says("sam", "risk history R-1")


async def test_while_a_decision_is_waited_for_those_who_may_decide_have_the_buttons_and_others_a_name(
    town: Town,
) -> None:
    await town.says("sam", DAM)
    await town.says("sam", ASK)
    again = await town.says("maria", ASK)
    assert "[Accept it] [Do not accept]" in again
    assert "to decide. Nothing was changed." not in again
    assert "Ask Maria Lopez to decide. Nothing was changed." in await town.says("sam", ASK)


@pytest.mark.parametrize(
    ("department", "asker", "names"),
    [
        ("public works", "olga", "Maria Lopez and Ines Varga"),
        ("parks", "olga", "Maria Lopez and Priya Nair"),
        ("parks", "ines", "Maria Lopez and Priya Nair"),
    ],
)
async def test_of_two_who_decide_the_second_is_the_head_of_the_department_or_the_first_who_is_not_involved(
    town: Town, department: str, asker: str, names: str
) -> None:
    await has_home(town, "maria", "priya", "ines")
    await town.says("maria", MARIAS.replace("public works", department))
    before = await newest(town)
    told = await town.says(asker, ASK)
    assert f"{names} are asked to accept R-1" in told
    assert "Nobody may decide this alone, so two people decide, and both say why." in told
    assert f"Until {names} agree, R-1 stays as it is" in told
    [asked] = await acceptances(town)
    assert asked.second
    later = await messages(town, before)
    assert {m.place for m in later if m.about == asked.ref} == {"dm:maria", f"dm:{asked.second}"}
    assert {"home maria", f"home {asked.second}"} <= homes(later)


@pytest.mark.parametrize(
    ("first", "then", "department"),
    [("maria", "ines", "public works"), ("ines", "maria", "public works"), ("priya", "maria", "parks")],
)
async def test_of_two_who_decide_each_waits_for_the_other_and_the_last_is_named(
    town: Town, first: str, then: str, department: str
) -> None:
    names = {"maria": "Maria Lopez", "ines": "Ines Varga", "priya": "Priya Nair"}
    second = first if then == "maria" else then
    await has_home(town, "maria", "ines", "priya")
    await town.says("maria", MARIAS.replace("public works", department))
    await town.says("olga", ASK)
    before = await newest(town)
    told = await town.says(first, "risk approve R-1; why There is no other way")
    assert f"You agree. R-1 waits for {names[then]}" in told
    assert {"home maria", f"home {second}"} <= homes(await messages(town, before))
    assert not await within(town, lambda context: needed(context, asked_again, "R-1", "1", first))
    assert await within(town, lambda context: needed(context, asked_again, "R-1", "1", then))
    town.bot.clock.advance(minutes=1)
    before = await newest(town)
    assert "R-1 is accepted until" in await town.says(then, "risk approve R-1; why I have seen it")
    [answer] = [message for message in to(await messages(town, before), "dm:olga") if message.kind == "post"]
    assert answer.text.startswith(f"{names[then]} has accepted R-1")
    assert "until Fri Jan 15, 2027: I have seen it" in await town.says("sam", "risk history R-1")
    [kept] = await acceptances(town)
    assert (kept.decided_by, kept.second_by) == ("maria", second)


async def test_a_city_manager_who_heads_a_department_too_decides_as_the_one_who_was_asked_first(town: Town) -> None:
    file = town.bot.application.settings.city_dir / "people.toml"
    both = file.read_text().replace('roles = ["city_manager"]', 'roles = ["city_manager", "department_head"]')
    file.write_text(both)
    assert town.runtime.city.look()  # type: ignore[attr-defined]  # the city is read from its files
    await town.says("sam", DAM)
    assert "are asked to accept R-1" in await town.says("maria", ASK)  # nobody accepts alone what they have asked for
    assert "You agree. R-1 waits for" in await town.says("maria", "risk approve R-1; why There is no other way")
    [kept] = await acceptances(town)
    assert (kept.approver, kept.decided_by, kept.second_by) == ("maria", "maria", None)


async def test_who_is_gone_or_away_is_not_asked_while_somebody_else_may_decide(town: Town) -> None:
    await town.says("sam", OAK)
    assert "away" in await town.says("maria", "city away from today to friday; person @priya")
    told = await town.says("sam", ASK)
    assert "Maria Lopez is asked to accept R-1" in told
    await town.says("sam", OAK.replace("Old oak", "Rotten elm"))
    await switch_off(town, "maria")
    assert "Olga Brandt is asked to accept R-2" in await town.says("sam", ASK.replace("R-1", "R-2"))
    await town.says("sam", DAM)
    refused = await town.says("sam", ASK.replace("R-1", "R-3"))
    assert "Nobody else may accept R-3: its level is extreme." in refused
    named = await town.says("sam", f"{ASK.replace('R-1', 'R-3')}; approver @maria")
    assert "Maria Lopez has no active account. Only these roles can decide: city manager" in named


async def test_when_its_time_is_over_a_risk_is_open_again_and_each_who_is_concerned_hears_it_once(town: Town) -> None:
    await town.says("sam", DAM)
    await town.says("olga", ASK)
    await town.says("maria", "risk approve R-1")
    await switch_off(town, "sam")  # so that Olga is asked for him too
    before = await newest(town)
    await within(town, lambda context: context.store.time.timers.cancel("risk.acceptance-over", "none"))
    town.bot.clock.set(datetime(2027, 1, 16, 12, 0, 1, tzinfo=UTC))
    ref = (await acceptances(town))[0].ref
    for _ in range(2):  # the second time there is nothing to do
        await within(town, lambda context: acceptance_over(context, ref, 0))
    later = [message for message in await messages(town, before) if message.text.startswith("R-1 is open again")]
    assert sorted(message.place for message in later if message.kind == "post") == ["dm:maria", "dm:olga", "risks"]
    assert all(message.priority == 2 and message.draws == "risk.expired R-1 1" for message in later)
    assert "You stand in for" not in "".join(message.text for message in later)
    risk = await town.risk()
    assert (risk.accepted_until, risk.review_on) == (None, date(2027, 1, 16))
    [over] = await acceptances(town)
    assert (over.state, over.ended_at) == ("expired", town.bot.clock.now())
    assert "it held until Fri Jan 15, 2027" in await town.says("olga", "risk history R-1")
    assert await within(town, lambda context: needed(context, over_again, "R-1", "1"))
    await town.says("olga", ASK.replace("2027-01-15", "2027-02-15"))
    await town.says("maria", "risk approve R-1")
    assert not await within(town, lambda context: needed(context, over_again, "R-1", "1"))


async def test_who_is_asked_in_the_place_of_another_reads_for_whom(town: Town) -> None:
    await town.says("sam", DAM)
    await town.says("sam", ASK)
    await town.says("maria", "risk approve R-1")
    await switch_off(town, "sam")
    before = await newest(town)
    ref = (await acceptances(town))[0].ref
    await within(town, lambda context: acceptance_over(context, ref, 0))
    [told] = to(await messages(town, before), "dm:olga")
    assert "You stand in for Sam Rivers, who has no active account." in told.text


async def test_a_risk_that_was_closed_meanwhile_stays_closed(town: Town) -> None:
    await town.says("sam", DAM)
    await town.says("sam", ASK)
    await town.says("maria", "risk approve R-1")
    ref = (await acceptances(town))[0].ref
    await town.says("olga", "risk close R-1; reason Mended")
    before = await newest(town)
    await within(town, lambda context: acceptance_over(context, ref, 0))
    assert await messages(town, before) == []


async def test_what_is_left_of_a_risk_is_confirmed_only_when_it_was_said_and_by_who_may(town: Town) -> None:
    await town.says("sam", DAM)
    assert "R-1 has no score after treatment yet." in await town.says("maria", "risk confirm R-1")
    await town.says("olga", "risk treat R-1; treatment mitigate; residual likelihood 1; residual impact 1")
    await town.says("sam", "risk action R-1; what Buy a pump; owner @sam; due friday")
    await town.says("sam", "risk done A-1")

    def waits(context: Context) -> dict[str, tuple[str, int]]:
        those = to_confirm(context, some(context, "sam", "olga", "maria"))
        return {person: (found.title, found.total) for person, found in those.items()}

    assert await within(town, waits) == {
        "olga": ("Treatments to confirm: 0", 0),
        "maria": ("Treatments to confirm: 1", 1),
    }
    refused = await town.says("sam", "risk confirm R-1")
    assert "Sam Rivers may not confirm a risk of this level. Only these roles can decide: city manager" in refused
    assert plain(await town.card("maria", "risk confirm R-1")).startswith("R-1: score after treatment confirmed")
    assert (await town.risk()).residual_confirmed


@pytest.mark.parametrize(("until", "ok"), [(timedelta(days=1), True), (timedelta(0), False)])
async def test_what_was_asked_for_is_accepted_until_the_day_before_that_day(
    town: Town, until: timedelta, ok: bool
) -> None:
    await town.says("sam", DAM)
    await town.says("sam", ASK)
    town.bot.clock.set(datetime(2027, 1, 15, 15, tzinfo=UTC) - until)
    told = await town.says("maria", "risk approve R-1")
    assert ("R-1 is accepted until Fri Jan 15" in told) == ok


async def test_who_decides_reads_in_the_morning_check_what_became_of_the_question(town: Town) -> None:
    await town.says("sam", DAM)
    await town.says("sam", ASK)
    town.bot.clock.advance(days=4)
    day, routine = (
        town.runtime.city().calendar.today(town.bot.clock.now()),
        town.runtime.catalogue.routines["morning-check"],
    )
    await send_by_hand(town.runtime, town.bot.application.ledger, routine, day, "ines")
    await town.says("maria", "risk approve R-1")
    morning = await town.bot.read(lambda store: store.morning_checks.newest())
    assert '"dealt":"accepted by Maria Lopez, ' in morning.content

"""At once: what two people do at the same instant through two bots, and what both read is true."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from bot.inbound import Pressed
from storage.crisis.tasks import CrisisTask
from storage.database import Store
from tests.bound import bound
from tests.chat.bot import MONDAY
from tests.scenarios.at_once import TwoBots, form, pressed, two_bots

pytestmark = pytest.mark.doors
ROUNDS = 6  # without the lock, nearly every round is lost
ITEM = "Issue resolution"
STEP = "CR-2026-01 step assess-impact"


@pytest.fixture
async def both(tmp_path: Path, postgresql_url: str) -> AsyncIterator[TwoBots]:
    async with two_bots(tmp_path, postgresql_url) as bots:
        yield bots


async def test_one_alarm_that_two_people_raise_begins_one_crisis(both: TwoBots) -> None:
    for number in range(ROUNDS):
        alarm = f"/crisis activate Water main burst on Mill Road {number}; level 3"
        read = await both.at_once(("olga", alarm), ("maria", alarm))
        assert sorted("has begun" in text for text in read) == [False, True], read
        assert any(" is open already. Is it the same?" in text for text in read)
        both.clock.advance(hours=30)


async def test_an_alarm_and_a_crisis_that_is_reopened_at_once_call_the_team_once(both: TwoBots) -> None:
    for number in range(ROUNDS):
        over = f"CR-2026-{2 * number + 1:02}"
        await both.says("olga", f"/crisis activate Water main burst {number}; level 3; kind drill")
        await both.bots[0].write(bound(_over, over))
        read = await both.at_once(
            ("maria", f"/crisis reopen It burst again; crisis {over}"),
            ("olga", f"/crisis activate Water main burst again {number}; level 3; kind drill"),
        )
        assert sorted("people are being called" in text for text in read) == [False, True], read
        assert any(" is open already. Is it the same?" in text for text in read)
        both.clock.advance(hours=30)


async def test_a_press_twice_at_once_calls_the_team_once(both: TwoBots) -> None:
    await both.says("olga", "/crisis activate Water main burst; level 3")
    for number in range(ROUNDS):
        asked = await both.does("olga", f"/crisis activate Fire at the depot {number}; level 3")
        another = pressed(asked, "crisis.another")
        read = await both.at_once(("olga", another), ("olga", another))
        assert sorted("has begun" in text for text in read) == [False, True], read
        both.clock.advance(hours=2)


async def test_an_alarm_held_while_the_last_one_is_decided_is_put_to_somebody(both: TwoBots) -> None:
    for number in range(3):
        asked = await both.does("sam", f"/crisis activate Fire {number}; level 1")
        if number:
            await both.does("sam", pressed(asked, "crisis.another"))
    for number in range(ROUNDS):
        asked = await both.does("sam", f"/crisis activate More smoke {number}; level 1")
        another = pressed(asked, "crisis.another")
        await both.at_once(("maria", Pressed("crisis.leave-held", str(number + 1))), ("sam", another))
        due = bound(lambda store, alarm: store.time.timers.next_due("crisis.held", alarm), str(number + 2))
        assert await both.bots[0].read(due), "nobody is asked about it"


async def test_of_two_risks_alike_that_are_filled_in_at_once_the_second_is_asked_about(both: TwoBots) -> None:
    for _ in range(ROUNDS):
        title = f"{uuid4().hex} fails"
        values = {"title": title, "likelihood": "2", "impact": "2"}
        read = await both.at_once(("sam", form("risk add", **values)), ("olga", form("risk add", **values)))
        assert sorted("Is it the same?" in text for text in read) == [False, True], read


async def test_of_two_who_take_a_risk_at_once_the_second_reads_who_has_it(both: TwoBots) -> None:
    names = {"olga": "Olga Brandt", "maria": "Maria Lopez"}
    for number in range(1, ROUNDS + 1):
        await both.says("sam", f"/risk add {uuid4().hex} fails; likelihood 2; impact 2")
        read = await both.at_once(("olga", f"/risk take R-{number}"), ("maria", f"/risk take R-{number}"))
        assert sorted("To take it over" in text for text in read) == [False, True], read
        risk = await both.bots[0].read(bound(lambda store, ref: store.risk.records.find(ref), f"R-{number}"))
        assert risk is not None
        assert all(names[risk.owner or ""] in text for text in read), read


async def test_two_who_name_each_other_as_deputy_at_once_do_not_both_leave(both: TwoBots) -> None:
    for number in range(ROUNDS):
        day = f"2027-0{number + 1}-10"
        read = await both.at_once(
            ("sam", f"/city away from {day} to {day}; deputy @olga"),
            ("olga", f"/city away from {day} to {day}; deputy @sam"),
        )
        assert sum("You are away" in text for text in read) == 1, read


async def test_an_absence_that_is_ended_while_it_is_changed_is_over(both: TwoBots) -> None:
    for number in range(ROUNDS):
        day, later = f"2027-0{number + 1}-10", f"2027-0{number + 1}-12"
        await both.says("sam", f"/city away from {day} to {day}; deputy @olga")
        change = form(f"away.change|{number + 1}", from_day=day, to_day=later, deputy="@olga")
        read = await both.at_once(("sam", Pressed("away.end", str(number + 1))), ("sam", change))
        absence = await both.bots[0].read(bound(lambda store, known: store.time.absences.find(known), number + 1))
        assert absence is not None
        assert absence.last < absence.first, read


async def test_links_in_both_directions_at_once_are_one_link(both: TwoBots) -> None:
    for number in range(ROUNDS):
        for name in ("dam", "weir"):
            await both.says("olga", f"/risk add {name} {uuid4().hex}; likelihood 1; impact 1; owner @olga")
        one, other = f"R-{2 * number + 1}", f"R-{2 * number + 2}"
        read = await both.at_once(
            ("olga", f"/risk link {one}; origin {other}"), ("olga", f"/risk link {other}; origin {one}")
        )
        assert sorted("are linked already" in text for text in read) == [False, True], read


async def test_feedback_that_reaches_the_number_together_proposes_one_risk(both: TwoBots) -> None:
    rule = both.bots[0].city().feedback.proposal
    for _ in range(ROUNDS):
        area = f"Area {uuid4().hex}"
        for _ in range(rule.items - 2):
            asked = await both.does("sam", f"/feedback add Lamp out; category streets; via phone; place {area}")
            if "log it as new" in str(asked):
                await both.does("sam", pressed(asked, "feedback.add-anyway"))
        other = [
            await both.says(
                "sam", f"/feedback add Lamp out {step}; category streets; via phone; place Elsewhere {area}{step}"
            )
            for step in range(2)
        ]
        refs = [text.split()[1] for text in other]
        changes = [
            ("sam", form(f"feedback.change|{ref}", kind="complaint", category="streets", place=area, via="phone"))
            for ref in refs
        ]
        await both.at_once(changes[0], changes[1])
        newest = bound(lambda store, area: store.feedback.proposals.newest("streets", area), area.casefold())
        assert await both.bots[0].read(newest), (area, refs)


async def test_an_item_that_two_people_tick_with_a_note_has_both_notes(both: TwoBots) -> None:
    for number in range(ROUNDS):
        read = await both.at_once(
            ("maria", f"/checklist tick {ITEM}; note hers {number}"),
            ("olga", f"/checklist tick {ITEM}; note his {number}"),
        )
        assert sorted(text.splitlines()[0] for text in read) == [f"Checked off: {ITEM}", f"Note added: {ITEM}"], read
        last = next(text for text in read if text.startswith("Note added"))
        assert f"hers {number}" in last
        assert f"his {number}" in last
        await both.says("maria", f"/checklist untick {ITEM}")


async def test_of_two_who_press_mine_at_once_the_second_reads_who_has_it(both: TwoBots) -> None:
    await _begun(both)
    for _ in range(ROUNDS):
        read = await both.at_once(
            ("dana", Pressed("crisis.step-mine", STEP)), ("hugo", Pressed("crisis.step-mine", STEP))
        )
        asked = [text for text in read if " has this step" in text]
        assert len(asked) == 1, read
        task = next(task for task in await _tasks(both) if task.step == "assess-impact")
        name = "Dana" if task.owner == "dana" else "Hugo"
        assert name in asked[0].splitlines()[0]
        free = bound(lambda store, task: store.crisis.tasks.change(task, owner=None, by_hand=False), task)
        await both.bots[0].write(free)


async def test_an_account_that_is_given_to_two_people_at_once_is_decided_once(both: TwoBots) -> None:
    for _ in range(ROUNDS):
        await both.bots[0].write(_claimed_by_two)
        read = await both.at_once(
            ("ines", Pressed("account.give", "slack Uhugo dana hugo")),
            ("ines", Pressed("account.give", "slack Uhugo tom hugo")),
        )
        assert sorted(text.splitlines()[0] for text in read) == ["Already decided", "Decided"], read


def _claimed_by_two(store: Store) -> None:
    account = store.chat.accounts.find("slack", "Uhugo")
    assert account is not None
    store.chat.accounts.give(account, "hugo", MONDAY)
    store.chat.disputes.keep("slack", "Uhugo", "hugo", ["dana", "tom"], MONDAY)


def _over(store: Store, ref: str) -> None:
    crisis = store.crisis.records.take(ref)
    assert crisis is not None
    store.crisis.records.change(crisis, state="over", closed_by="tom", closed_at=MONDAY)


async def _begun(both: TwoBots) -> None:
    await both.says("olga", "/crisis activate Water main burst; level 2")
    for person in ("dana", "hugo"):
        await both.says(person, "/crisis confirm")


async def _tasks(both: TwoBots) -> list[CrisisTask]:
    return await both.bots[0].read(lambda store: store.crisis.tasks.of("CR-2026-01"))

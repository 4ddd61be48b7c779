"""Called again: nobody who is silent is forgotten, whoever else comes, goes or is given a role meanwhile."""

import pytest
from sqlalchemy import func, select

from handlers.crisis.calling.pages import AGAIN
from handlers.crisis.calling.phone import open_escalations
from storage.audit import audit
from storage.time.timers import timers
from tests.handlers.crisis.test_paging import BURST, REF, answers, called_again_at, log, pages, takes, within
from tests.handlers.outgoing import has_home, homes, messages, newest
from tests.handlers.town import Town


@pytest.fixture
async def burst(town: Town) -> Town:
    await has_home(town, "tom")
    await town.says("olga", BURST)
    return town


async def minutes(town: Town, count: int) -> None:
    for _ in range(count):
        await town.bot.pass_time(minutes=1)


async def forgotten(town: Town) -> list[str]:
    return await within(town, lambda context, _crisis: open_escalations(context))


async def test_while_another_comes_nobody_is_called_by_phone_but_looked_for_again(burst: Town) -> None:
    await answers(burst, "marcus", "coming")
    for _ in range(25):
        await burst.bot.pass_time(minutes=1)
    assert (await pages(burst))["tom"].phoned is None
    assert await called_again_at(burst, "tom") is not None
    await answers(burst, "marcus", "cannot")
    for _ in range(6):
        await burst.bot.pass_time(minutes=1)
    assert (await pages(burst))["tom"].phoned == "asked"


async def test_who_is_silent_is_called_again_however_often_others_come_and_cannot(burst: Town) -> None:
    for person, waited in (("marcus", 7), ("dana", 5)):
        await answers(burst, person, "coming")
        await minutes(burst, waited)
        await answers(burst, person, "cannot")
        await minutes(burst, 5)
    assert await forgotten(burst) == []
    await minutes(burst, 60)
    tom = (await pages(burst))["tom"]
    assert (tom.times > 2, tom.phoned) == (True, "asked")
    assert await forgotten(burst) == []


async def test_who_rested_and_is_needed_again_is_called_until_they_answer(burst: Town) -> None:
    await answers(burst, "marcus", "coming")
    await minutes(burst, 7)
    await takes(burst, "marcus", "commander")
    assert (await pages(burst))["tom"].answer == "covered"
    before = await newest(burst)
    await answers(burst, "marcus", "cannot")
    assert "home tom" in homes(await messages(burst, before))
    await answers(burst, "dana", "coming")
    await minutes(burst, 6)
    await answers(burst, "dana", "cannot")
    await minutes(burst, 60)
    tom = (await pages(burst))["tom"]
    assert (tom.times > 2, tom.phoned) == (True, "asked")
    assert await forgotten(burst) == []


async def test_a_role_given_to_somebody_silent_lets_nobody_rest(burst: Town) -> None:
    await burst.says("maria", "crisis handover Commander; person @tom")
    found = await pages(burst)
    assert [found[person].answer for person in ("tom", "marcus", "dana")] == [None, None, None]
    await minutes(burst, 6)
    found = await pages(burst)
    assert [found[person].times for person in ("tom", "marcus", "dana")] == [2, 2, 2]
    await answers(burst, "marcus", "coming")
    assert (await pages(burst))["dana"].answer == "covered", "Tom has the role, and Marcus comes for it"


async def test_who_takes_a_role_over_wakes_nobody_who_rests(burst: Town) -> None:
    await takes(burst, "marcus", "commander")
    times = {person: page.times for person, page in (await pages(burst)).items()}
    assert (await pages(burst))["dana"].answer == "covered"
    await takes(burst, "tom", "commander")
    assert {person: page.times for person, page in (await pages(burst)).items()} == times
    assert (await pages(burst))["dana"].answer == "covered"


async def test_where_the_deputy_comes_already_the_last_call_is_looked_after(town: Town) -> None:
    file = town.bot.application.settings.city_dir / "crisis.toml"
    file.write_text(file.read_text().replace("page_again_times = 3", "page_again_times = 0"))
    await town.says("olga", BURST)
    await within(town, lambda context, _crisis: context.store.crisis.pages.add(REF, "owen", context.now))
    await answers(town, "owen", "coming")
    await minutes(town, 5)
    assert "Owen Fitzroy is called instead of Felix Moreau." in await log(town)
    felix = (await pages(town))["felix"]
    assert (felix.answer, felix.phoned) == (None, None)
    assert await called_again_at(town, "felix") is not None
    assert await forgotten(town) == []


async def test_to_look_again_leaves_one_timer_and_no_row_of_the_audit(burst: Town) -> None:
    await answers(burst, "marcus", "coming")
    await minutes(burst, 6)
    empty = select(func.count()).where(audit.c.act == f"timer {AGAIN}", audit.c.subject.is_(None))
    planned = select(func.count()).where(timers.c.kind == AGAIN, timers.c.subject == f"{REF} tom", timers.c.step == 0)
    await minutes(burst, 60)
    asked = (empty, planned, select(func.max(timers.c.step)).where(timers.c.subject == f"{REF} tom"))
    counts = await burst.bot.read(lambda store: [store.connection.scalar(question) for question in asked])
    assert counts == [0, 1, 1]

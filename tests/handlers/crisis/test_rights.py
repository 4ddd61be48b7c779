"""Crisis rights: who may become commander by themselves, and who decides about a crisis."""

import pytest

from handlers.crisis.rights import leaders, may_command, may_lead, only
from handlers.kit.city.reading import read_city
from handlers.kit.context import Context
from storage.crisis.records import Crisis
from storage.time.absences import Absence
from tests.chat.bot import RIVERTON
from tests.handlers.crisis.test_paging import REF, answers, burst, within
from tests.handlers.town import Town

__all__ = ["burst"]  # a fixture that is made elsewhere


@pytest.mark.parametrize(
    ("person", "may"),
    [
        ("tom", True),  # called for crises
        ("maria", True),  # the city manager
        ("olga", True),  # the head of a department
        ("owen", True),  # the deputy of Felix, who is called
        ("sam", False),  # of the staff
        ("ben", False),
        ("nobody-we-know", False),
    ],
)
def test_whoever_is_called_or_may_begin_a_crisis_may_command_it(person: str, may: bool) -> None:
    assert may_command(read_city(RIVERTON), person) == may


async def decide(town: Town) -> tuple[list[str], list[str]]:
    """The leaders, and everybody of the city who may lead."""

    def ask(context: Context, crisis: Crisis) -> tuple[list[str], list[str]]:
        may = [person.id for person in context.city.people.values() if may_lead(context, crisis, person)]
        return leaders(context, crisis), may

    return await within(town, ask)


async def commands(town: Town, person: str) -> None:
    await within(
        town, lambda context, crisis: context.store.crisis.roles.take(REF, "commander", person, context.now) and None
    )


async def away(town: Town, person: str, by: str, deputy: str | None = None) -> None:
    def enter(context: Context, crisis: Crisis) -> Absence | None:
        today = context.today
        context.store.time.absences.add(person, today, today, deputy, by=by, at=context.now)
        return context.store.time.absences.on(person, today)

    assert await within(town, enter)


async def test_before_there_is_a_commander_the_person_asked_decides_and_when_they_cannot_the_next(burst: Town) -> None:
    assert await decide(burst) == (["tom"], ["maria", "tom"])
    await answers(burst, "tom", "cannot")
    assert (await decide(burst))[0] == ["marcus"]


async def test_the_commander_decides_and_while_others_say_that_they_are_away_the_next_of_the_role_too(
    burst: Town,
) -> None:
    await commands(burst, "tom")
    assert await decide(burst) == (["tom"], ["maria", "tom"])
    await away(burst, "tom", by="marcus")
    assert (await decide(burst))[0] == ["tom"], "Marcus gives himself no right"
    await away(burst, "tom", by="maria")
    assert (await decide(burst))[0] == ["tom", "marcus"]


async def test_who_only_stands_in_for_a_commander_decides_nothing_but_their_deputy_of_the_file_does(
    burst: Town,
) -> None:
    await commands(burst, "hugo")
    await away(burst, "hugo", by="maria", deputy="sam")
    assert (await decide(burst))[0] == ["hugo", "rosa"]  # Sam is asked


async def test_what_only_leaders_do_names_them_the_holder_and_the_city_manager(burst: Town) -> None:
    await commands(burst, "tom")
    assert await within(burst, only) == "Tom Okafor or the city manager"
    said = await within(burst, lambda context, crisis: only(context, crisis, "felix"))
    assert said == "Felix Moreau or Tom Okafor or the city manager"
    said = await within(burst, lambda context, crisis: only(context, crisis, "tom"))
    assert said == "Tom Okafor or the city manager"

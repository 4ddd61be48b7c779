"""Board: how a crisis stands, seen at a glance: what is worst first, names folded, and never more than a screen."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from bot.inbound import Answered, Inbound, Pressed
from bot.slack.render import MESSAGE
from bot.slack.render import render as slack_message
from bot.teams.render import adaptive
from handlers.crisis.afterwards.end_question import to_agree
from handlers.crisis.board import summary, whole
from handlers.crisis.calling.confirm import to_confirm
from handlers.crisis.calling.paging import unanswered_pages
from handlers.kit.context import Context
from handlers.kit.messages import Card, Fold, Heading, Items
from handlers.kit.persons import Persons
from handlers.kit.plain import plain, plain_word
from handlers.kit.waiting import Task
from storage.crisis.records import Crisis
from storage.crisis.rollcalls import Rollcall
from tests.handlers.crisis.test_paging import BURST, DRILL, REF, within
from tests.handlers.outgoing import messages, newest
from tests.handlers.town import Town

MOST = 16  # lines in sight, without headings and what is folded
MANY = 5000


def in_sight(card: Card) -> Iterator[str]:
    """The lines of a card that are neither headings nor folded."""
    for word in card.body:
        if not isinstance(word, Heading | Fold):
            yield from plain_word(word).splitlines()


async def confirmed(town: Town, line: str = BURST) -> None:
    await town.says("olga", line)
    await town.runtime.handle(Inbound("say", "maria", Pressed("crisis.confirm", REF)))


async def says(town: Town, person: str, department: str, answer: str) -> None:
    change = {"answer": answer, "line": f"{department} says so", "answered_by": person, "answered_round": 1}

    def work(context: Context, crisis: Crisis) -> None:
        asked = context.store.crisis.rollcalls.take(crisis.ref, department)
        assert asked is not None
        context.store.crisis.rollcalls.change(asked, **change, answered_at=context.now)

    await within(town, work)


async def test_the_board_of_a_confirmed_crisis_fits_a_screen(town: Town) -> None:
    await confirmed(town)
    for person, department, answer in (("noah", "library", "help"), ("priya", "parks", "affected")):
        await says(town, person, department, answer)
    for line in range(12):
        await town.says("tom", f"crisis log Line {line}")
    for draw in (summary, whole):
        assert len(list(in_sight(await within(town, draw)))) <= MOST


async def test_the_board_begins_with_who_leads_what_is_next_and_when_the_next_update_is_due(town: Town) -> None:
    await confirmed(town)
    lines = plain(await within(town, summary)).splitlines()
    assert lines[0] == "CR-2026-01 Water main burst (Level 2, active)"
    assert lines[2] == "Mill Road, since Mon Nov 23, 9:00 AM"
    assert lines[4].startswith("Commander: nobody yet, asked: Tom Okafor")
    assert lines[5] == "Next step: Activate crisis team, nobody has it yet, by 10:00 AM"
    assert lines[6].startswith("Next update: Working report, ")
    assert lines[6].endswith(", by 11:00 AM")
    headings = [word.text for word in (await within(town, summary)).body if isinstance(word, Heading)]
    assert headings == ["Who is coming", "Departments", "Plan", "Log"]


async def test_who_needs_help_is_named_before_who_is_affected_and_silence_is_counted(town: Town) -> None:
    await confirmed(town)
    for person, department, answer in (("priya", "parks", "affected"), ("noah", "library", "help")):
        await says(town, person, department, answer)
    seen = list(in_sight(await within(town, summary)))
    first = seen.index("Needs help Library: library says so")
    assert seen[first + 1] == "Affected Parks and Recreation: parks says so"
    assert seen[first + 2] == "1 needs help, 1 affected, 10 silent"


async def test_the_board_has_the_last_three_lines_in_sight_and_those_before_them_folded_above(town: Town) -> None:
    await confirmed(town)
    for line in range(5):
        await town.says("tom", f"crisis log Line {line}")
    body = (await within(town, summary)).body
    *_, (fold, latest) = [pair for pair in pairwise(body) if isinstance(pair[1], Items)]
    assert isinstance(fold, Fold)
    assert isinstance(latest, Items)
    assert [plain_word(latest).splitlines()[place][-6:] for place in range(3)] == ["Line 2", "Line 3", "Line 4"]
    assert "Line 1" in plain_word(fold)


async def test_what_is_folded_is_read_again_from_the_record(town: Town) -> None:
    await confirmed(town)
    [fold] = [
        word for word in (await within(town, summary)).body if isinstance(word, Fold) and word.title.startswith("Names")
    ]
    assert fold.button is not None
    await town.runtime.handle(Inbound("say", "felix", Pressed("crisis.coming", REF)))
    answer = await town.runtime.handle(Inbound("say", "sam", Pressed(fold.button.action, fold.button.value)))
    assert isinstance(answer, Answered)
    assert answer.card is not None
    assert answer.card.title == f"{REF}: Team"
    assert "Felix Moreau: on my way" in plain(answer.card)
    gone = await town.runtime.handle(Inbound("say", "sam", Pressed(fold.button.action, f"{REF} weather")))
    assert isinstance(gone, Answered)
    assert gone.card is not None
    assert "has no such part any more" in plain(gone.card)


async def test_a_board_with_thousands_of_departments_is_sent_whole(town: Town) -> None:
    await confirmed(town)

    def many(context: Context, crisis: Crisis) -> Card:
        asked = [Rollcall(crisis.ref, f"d-{number}", "tom", context.now, 1) for number in range(MANY)]
        context.store.crisis.rollcalls.add_all(asked)
        return summary(context, crisis)

    card = await within(town, many)
    assert f"{MANY + 12} silent" in plain(card)
    blocks = slack_message(card, {})["blocks"]
    assert len(blocks) <= MESSAGE
    for drawn in (str(blocks), str(adaptive(card, {}))):
        assert "Cut here" not in drawn


async def test_the_board_of_a_drill_carries_a_banner_and_is_never_as_bad_as_a_crisis(town: Town) -> None:
    await town.says("olga", DRILL)
    card = await within(town, summary)
    assert card.status is not None
    assert (card.status.level, card.status.label) == ("info", "DRILL, level 2, not confirmed yet")
    assert plain_word(card.body[0]) == "DRILL This is an exercise: residents are told nothing."


async def test_a_crisis_from_before_levels_were_renamed_still_has_its_board(town: Town) -> None:
    await confirmed(town)

    def old(context: Context, crisis: Crisis) -> Card:
        return summary(context, replace(crisis, level=9, scenario="gone", where=None))

    card = await within(town, old)
    assert card.status is not None
    assert card.status.level == "critical"
    assert "a level the city no longer has" in plain(card)


async def test_at_the_end_each_gets_one_new_message_with_all_that_is_left_for_them(town: Town) -> None:
    await confirmed(town)
    for person in ("tom", "ines"):
        await town.runtime.handle(Inbound("say", person, Pressed("crisis.coming", REF)))
    await town.runtime.handle(Inbound("say", "tom", Pressed("crisis.take", f"{REF} commander")))
    await town.says("tom", "crisis standdown The pipe is mended")
    before = await newest(town)
    await town.runtime.handle(Inbound("say", "maria", Pressed("crisis.standdown-agree", f"{REF} 1")))
    new = [said for said in await messages(town, before) if said.kind == "post" and said.place.startswith("dm:")]
    places = [said.place for said in new]
    assert len(places) == len(set(places)), "nobody is told twice"
    assert {"dm:tom", "dm:ines", "dm:felix", "dm:olga", "dm:dana"} <= set(places)
    [tom] = [said.text for said in new if said.place == "dm:tom"]
    for part in ("Why: The pipe is mended", "go on with you", "What was the cause", "How was it handled?"):
        assert part in tom
    [felix] = [said.text for said in new if said.place == "dm:felix"]
    assert "How was it handled?" not in felix


async def test_what_waits_for_a_decision_says_how_bad_the_crisis_is_and_that_others_wait(town: Town) -> None:
    await town.says("olga", BURST)

    def tasks(context: Context, crisis: Crisis) -> list[Task]:
        everybody = Persons(context.city, context.everybody)
        lists = (to_confirm(context, everybody), to_agree(context, everybody), unanswered_pages(context, everybody))
        return [task for found in lists for task in found["hugo"].tasks]

    await town.says("tom", "crisis standdown It was nothing")
    confirm, agree, page = await within(town, tasks)
    assert [task.decides for task in (confirm, agree, page)] == [True, True, False]
    assert {task.status.label for task in (confirm, agree, page) if task.status} == {"Level 2, not confirmed yet"}

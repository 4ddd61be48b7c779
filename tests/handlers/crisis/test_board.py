"""Board: how a crisis stands, seen at a glance: what is worst first, names folded, and never more than a screen."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

from bot.inbound import Answered, Inbound, Pressed
from bot.slack.render import MESSAGE
from bot.slack.render import render as slack_message
from bot.teams.render import adaptive
from handlers.crisis.afterwards.end_question import to_agree
from handlers.crisis.board import summary, whole
from handlers.crisis.calling.confirm import to_confirm
from handlers.crisis.calling.paging import unanswered_pages
from handlers.crisis.command.plan import plan_of, step_words
from handlers.crisis.command.rollcall import counts
from handlers.crisis.events import LEFT
from handlers.kit.context import Context
from handlers.kit.events import emit
from handlers.kit.messages import Button, Buttons, Card, Checks, Fold, Heading, Items
from handlers.kit.persons import Persons
from handlers.kit.plain import plain, plain_word
from handlers.kit.waiting import Task
from storage.crisis.records import Crisis
from storage.crisis.rollcalls import Rollcall
from storage.database import Store
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


def first_buttons(card: Card) -> tuple[Button, ...]:
    """The first buttons of a card that are not folded."""
    return next(word.buttons for word in card.body if isinstance(word, Buttons))


@contextmanager
def noted(store: Store, statements: list[str]) -> Iterator[None]:
    """Note what is asked of the database meanwhile."""

    driver: Any = store.connection.connection.dbapi_connection
    driver.set_trace_callback(statements.append)
    try:
        yield
    finally:
        driver.set_trace_callback(None)


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
    assert lines[4].startswith("Commander: nobody yet, Tom Okafor leads for now; asked: Tom Okafor")
    assert (
        lines[5] == "Next step: Activate crisis team, nobody has it yet, Tom Okafor gives it to somebody, by 10:00 AM"
    )
    assert lines[6].startswith("Next update: Working report, ")
    assert lines[6].endswith(", by 11:00 AM")
    headings = [word.text for word in (await within(town, summary)).body if isinstance(word, Heading)]
    assert headings == ["Who is coming", "Departments", "Plan", "Timeline"]


async def test_who_needs_help_is_named_before_who_is_affected_and_silence_is_counted(town: Town) -> None:
    await confirmed(town)
    for person, department, answer in (("priya", "parks", "affected"), ("noah", "library", "help")):
        await says(town, person, department, answer)
    seen = list(in_sight(await within(town, summary)))
    first = seen.index("Needs help Library: library says so")
    assert seen[first + 1] == "Affected Parks and Recreation: parks says so"
    assert seen[first + 2] == "1 needs help, 1 affected, 10 not answered yet"


async def test_the_board_has_the_last_three_lines_in_sight_and_those_before_them_folded(town: Town) -> None:
    await confirmed(town)
    for line in range(5):
        await town.says("tom", f"crisis log Line {line}")
    body = (await within(town, summary)).body
    *_, (latest, fold) = [pair for pair in pairwise(body) if isinstance(pair[0], Items)]
    assert isinstance(fold, Fold)
    assert isinstance(latest, Items)
    assert [plain_word(latest).splitlines()[place][-6:] for place in range(3)] == ["Line 2", "Line 3", "Line 4"]
    assert "Line 1" in plain_word(fold)


async def test_what_is_done_about_a_crisis_stands_once_with_one_button(town: Town) -> None:
    await confirmed(town)
    await town.says("maria", "crisis standdown The pipe is mended; plan all")
    await town.runtime.handle(Inbound("say", "tom", Pressed("crisis.standdown-agree", f"{REF} 1")))
    await town.says("maria", "crisis follow-up Buy valve keys; owner @hugo; due 2026-11-24")
    for draw in (summary, whole):
        card = await within(town, draw)
        assert plain(card).count("Actions: 0 of 11 done") == 1
        [checks] = [word for word in card.body if isinstance(word, Checks)]
        first = checks.checks[0].button
        assert first is not None
        assert first.value == "action done A-11"
        assert len({check.label for check in checks.checks}) == len(checks.checks) == 3


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
    assert "has no such part anymore" in plain(gone.card)


async def test_a_board_with_thousands_of_departments_is_sent_whole(town: Town) -> None:
    await confirmed(town)

    def many(context: Context, crisis: Crisis) -> Card:
        asked = [Rollcall(crisis.ref, f"d-{number}", "tom", context.now, 1) for number in range(MANY)]
        context.store.crisis.rollcalls.add_all(asked)
        return summary(context, crisis)

    card = await within(town, many)
    assert f"{MANY + 12:,} not answered yet" in plain(card)
    blocks = slack_message(card, {})["blocks"]
    assert len(blocks) <= MESSAGE
    for drawn in (str(blocks), str(adaptive(card, {}))):
        assert "Cut here" not in drawn


async def test_one_department_is_not_all_of_them(town: Town) -> None:
    await town.says("olga", BURST)

    def single(context: Context, crisis: Crisis) -> Card:
        context.store.crisis.rollcalls.add_all([Rollcall(crisis.ref, "water", "hugo", context.now, 1)])
        return summary(context, crisis)

    card = await within(town, single)
    assert "The department" in [word.title for word in card.body if isinstance(word, Fold)]
    assert "All 1" not in plain(card)


async def test_what_departments_say_agrees_with_how_many_say_it_in_the_report_too(town: Town) -> None:
    await confirmed(town)
    for person, department, answer in (
        ("noah", "library", "help"),
        ("hugo", "water", "help"),
        ("priya", "parks", "ok"),
    ):
        await says(town, person, department, answer)
    said = await within(town, counts)
    assert said.startswith("2 need help, 1 OK. Help for: Library, Water and Sewer. Silent: ")


async def test_what_is_left_is_shown_to_many_at_the_cost_of_one(town: Town) -> None:
    await confirmed(town)
    for person in ("tom", "ines", "felix"):
        await town.runtime.handle(Inbound("say", person, Pressed("crisis.coming", REF)))
    await town.says("tom", "crisis standdown The pipe is mended")
    await town.runtime.handle(Inbound("say", "maria", Pressed("crisis.standdown-agree", f"{REF} 1")))
    asked = list[str]()

    def asks(context: Context, persons: list[str]) -> int:
        crisis = context.store.crisis.records.find(REF)
        assert crisis is not None
        asked.clear()
        emit(LEFT, context, crisis, persons)
        return len(asked)

    def compared(context: Context, _crisis: Crisis) -> tuple[int, ...]:
        with noted(context.store, asked):
            return tuple(asks(context, persons) for persons in (["tom"], ["tom"], ["ines", "felix", "tom"]))

    _, alone, all_of_them = await within(town, compared)
    assert 0 < all_of_them <= alone + len(("felix", "ines"))  # the text of each message that is changed


async def test_what_is_left_of_the_plan_is_read_in_two_questions(town: Town) -> None:
    await confirmed(town)
    asked = list[str]()

    def left(context: Context, crisis: Crisis) -> list[str]:
        with noted(context.store, asked):
            return [task.name for task in plan_of(context, crisis).left(context.now)]

    assert (await within(town, left))[0] == "Activate crisis team"
    assert len(asked) == 2


async def test_how_a_step_stands_is_its_status_and_begins_its_line(town: Town) -> None:
    await confirmed(town)

    def first(context: Context, crisis: Crisis) -> list[str]:
        task, later = plan_of(context, crisis).tasks[0], timedelta(hours=2)
        late, over = replace(context, now=context.now + later), replace(crisis, closed_at=context.now)
        done = replace(task, done_by="tom", done_at=context.now)
        drawn = [(late, crisis, task), (context, crisis, done), (context, over, task), (context, crisis, task)]
        return [plain_word(step_words(seen, known, step)[0]).split(",")[0] for seen, known, step in drawn]

    name = "Activate crisis team"
    assert await within(town, first) == [f"Late {name}", f"Done {name}", f"Not done {name}", name]


async def test_the_board_of_a_drill_carries_a_banner_and_is_never_as_bad_as_a_crisis(town: Town) -> None:
    await town.says("olga", DRILL)
    card = await within(town, summary)
    assert card.status is not None
    assert (card.status.level, card.status.label) == ("info", "DRILL, level 2, not confirmed yet")
    assert plain_word(card.body[0]) == "DRILL Residents are told nothing."


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
    await town.says("tom", "crisis standdown The pipe is mended; plan all")
    before = await newest(town)
    await town.runtime.handle(Inbound("say", "maria", Pressed("crisis.standdown-agree", f"{REF} 1")))
    new = [said for said in await messages(town, before) if said.kind == "post" and said.place.startswith("dm:")]
    places = [said.place for said in new]
    assert len(places) == len(set(places)), "nobody is told twice"
    assert {"dm:tom", "dm:ines", "dm:felix", "dm:olga", "dm:dana"} <= set(places)
    [tom] = [said.text for said in new if said.place == "dm:tom"]
    for part in ("Why: The pipe is mended", "are yours now", "What was the cause", "How was it handled?"):
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


async def test_what_is_over_says_what_was(town: Town) -> None:
    await confirmed(town)
    await town.runtime.handle(Inbound("say", "felix", Pressed("crisis.coming", REF)))
    await town.runtime.handle(Inbound("say", "tom", Pressed("crisis.take", f"{REF} commander")))
    await says(town, "olga", "public-works", "help")
    before = await newest(town)
    await town.says("hugo", "crisis standdown The pipe is mended")
    await town.runtime.handle(Inbound("say", "maria", Pressed("crisis.standdown-agree", f"{REF} 1")))
    shown = plain(await within(town, whole))
    assert "Needed help: Public Works: public-works says so" in shown
    assert "1 needed help, 11 did not answer" in shown
    assert "3 on the way or there, 5 did not answer" in shown
    later = await messages(town, before)
    assert [message.text.splitlines()[0] for message in later if message.about == f"{REF} role commander"] == [
        f"{REF} is over: Tom Okafor was Commander"
    ]
    ended = {message.place: message.text.splitlines()[0] for message in later if f"{REF} over" in (message.about or "")}
    assert "do not need to come" in ended["dm:felix"]
    assert "do not need to come" not in ended["dm:tom"], "who had a role was there"
    assert "do not need to come" not in ended["dm:olga"], "who asked for help was there"


async def test_in_a_drill_no_message_says_that_the_city_is_told(town: Town) -> None:
    begun = await town.says("olga", DRILL)
    answer = await town.runtime.handle(Inbound("say", "maria", Pressed("crisis.confirm", REF)))
    assert isinstance(answer, Answered)
    log = "\n".join(entry.text for entry in await town.bot.read(lambda store: store.crisis.log.of(REF)))
    for said in (begun, log, *(message.text for message in await messages(town))):
        assert "city is told" not in said
        assert "city told" not in said
    assert "confirmed the drill: the plan begins" in log


async def test_while_nobody_leads_the_board_offers_the_lead_or_the_readers_own_role_and_says_who_leads_meanwhile(
    town: Town,
) -> None:
    await confirmed(town)
    for draw in (summary, whole):
        card = await within(town, draw)
        assert "Commander: nobody yet, Tom Okafor leads for now; asked: Tom Okafor, Marcus Bell" in plain(card)
        assert [(button.label, button.style) for button in first_buttons(card)] == [("Take Commander", "primary")]
    assert [button.label for button in first_buttons(await town.card("felix", f"crisis status {REF}"))] == [
        "Take Communications"
    ]
    await town.runtime.handle(Inbound("say", "tom", Pressed("crisis.take", f"{REF} commander")))
    assert "Take Commander" not in plain(await within(town, summary))
    assert "Commander: Tom Okafor\n" in plain(await within(town, summary))

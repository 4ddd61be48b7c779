"""Acting answers: whichever command or button somebody changes a crisis with, their page is answered."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import handlers
from bot.inbound import Gesture, Pressed, Submitted, Typed
from handlers.crisis.calling.pages import AGAIN
from handlers.kit.declared import Action, Command
from handlers.kit.registry import load
from storage.audit import audit
from storage.crisis.pages import Page
from storage.database import Store
from tests.chat.bot import settings_for
from tests.registers.world import World

REF = "CR-2026-01"
COUNTS = "Tom Okafor took part, which counts as “on my way”."
Step = tuple[str, Gesture] | timedelta  # somebody does something, or time passes


def form(target: str, **values: str) -> Submitted:
    return Submitted(target, target, values)


ALARM: Step = ("sam", Typed("/crisis activate Water main burst; level 2"))
DECLARED: list[Step] = [("maria", Typed("/crisis confirm"))]
BEGUN: list[Step] = [*DECLARED, ("priya", Typed("/crisis confirm"))]
STATEMENT = "/crisis statement A burst; who Mill Road; since 08:40; do Boil water; next in 2 hours"
DRAFTED: list[Step] = [*BEGUN, ("maria", Typed(STATEMENT))]
ENDING: list[Step] = [*BEGUN, ("maria", Typed("/crisis standdown It is mended"))]
OWN_ENDING: list[Step] = [*BEGUN, ("tom", Typed("/crisis standdown It is mended"))]
FOLLOW_UP = "/crisis follow-up Check it; owner @tom; due in 3 weeks"
STEP = f"{REF} step activate-team"
DONE = form(f"crisis.step-done|{STEP}", note="")
CLOSE = form(f"crisis.window-close|{REF} first-day", answer_1="Nobody", answer_2="A street", answer_3="None")
OK = Pressed("crisis.department-ok", f"{REF} fire")
FIRE = f"{REF} fire"
HELPLESS: list[Step] = [*BEGUN, ("maria", form(f"crisis.department-help|{FIRE}", line="Two tankers"))]
LATER = timedelta(hours=5)

ACTS: dict[str, tuple[list[Step], Gesture]] = {
    "crisis log": ([], Typed("/crisis log Pumps are running")),
    "crisis confirm": (DECLARED, Typed("/crisis confirm")),
    "crisis standdown": (ENDING, Typed("/crisis standdown Water is back")),
    "crisis statement": (BEGUN, Typed(STATEMENT)),
    "crisis report": (BEGUN, Typed("/crisis report Pumps run; kind working")),
    "crisis follow-up": (BEGUN, Typed(FOLLOW_UP)),
    "crisis change": (BEGUN, Typed("/crisis change 3")),
    "crisis.change": (BEGUN, form(f"crisis.change|{REF}", where="Mill Lane")),
    "crisis lessons": (BEGUN, Typed("/crisis lessons CR-2026-01; cause A valve; lessons Check them")),
    "crisis.lessons": (BEGUN, form(f"crisis.lessons|{REF}", cause="A valve", lessons="Check them")),
    "crisis.goes-on": (ENDING, Pressed("crisis.goes-on", f"{REF} no prevention")),
    "crisis.log-correct": (
        [("tom", Typed("/crisis log Pumps run"))],
        form(f"crisis.log-correct|{REF} 2", text="Stand"),
    ),
    "crisis.report-correct": (
        [*BEGUN, ("tom", Typed("/crisis report Pumps run; kind working"))],
        form(f"crisis.report-correct|{REF} 1", text="Pumps stand"),
    ),
    "crisis handover": (BEGUN, Typed("/crisis handover Legal; person @victor")),
    "crisis.confirm": (DECLARED, Pressed("crisis.confirm", REF)),
    "crisis.alone": ([("tom", Typed("/crisis confirm")), LATER], Pressed("crisis.alone", REF)),
    "crisis.review": (
        [*DECLARED, LATER, ("maria", Pressed("crisis.alone", REF))],
        form(f"crisis.review|{REF}", finding="It was right"),
    ),
    "crisis.here": ([], Pressed("crisis.here", REF)),
    "crisis.standdown-agree": (ENDING, Pressed("crisis.standdown-agree", f"{REF} 1")),
    "crisis.standdown-refuse": (ENDING, form(f"crisis.standdown-refuse|{REF} 1", why="It leaks")),
    "crisis.standdown-back": (OWN_ENDING, Pressed("crisis.standdown-back", f"{REF} 1")),
    "crisis.follow-up-done": ([("maria", Typed(FOLLOW_UP))], Pressed("crisis.follow-up-done", "A-1")),
    "crisis.phoned": ([], Pressed("crisis.phoned", f"{REF} hugo coming")),
    "crisis.promise-later": (
        [*DRAFTED, ("priya", Pressed("crisis.statement-approve", "1"))],
        Pressed("crisis.promise-later", f"{REF} 1"),
    ),
    "crisis.report-write": (BEGUN, form(f"crisis.report-write|{REF}", text="Pumps run", kind="working", crisis=REF)),
    "crisis.report-later": (BEGUN, Pressed("crisis.report-later", f"{REF} working")),
    "crisis.take": (BEGUN, Pressed("crisis.take", f"{REF} commander")),
    "crisis.help-mine": (HELPLESS, Pressed("crisis.help-mine", FIRE)),
    "crisis.help-give": (HELPLESS, form(f"crisis.help-give|{FIRE}", person="@hugo")),
    "crisis.help-answer": (HELPLESS, form(f"crisis.help-answer|{FIRE}", text="They are on the way")),
    "crisis.rollcall-anew": (BEGUN, Pressed("crisis.rollcall-anew", REF)),
    "crisis.statement-approve": (DRAFTED, Pressed("crisis.statement-approve", "1")),
    "crisis.statement-back": (DRAFTED, form("crisis.statement-back|1", why="Say where")),
    "crisis.step-mine": (BEGUN, Pressed("crisis.step-mine", STEP)),
    "crisis.step-over": (
        [*BEGUN, ("priya", Pressed("crisis.step-mine", STEP))],
        Pressed("crisis.step-over", f"{REF} priya activate-team"),
    ),
    "crisis.step-give": (BEGUN, form(f"crisis.step-give|{STEP}", person="@hugo")),
    "crisis.step-done": (BEGUN, DONE),
    "crisis.step-undo": ([*BEGUN, ("maria", DONE)], Pressed("crisis.step-undo", STEP)),
    "crisis.window-close": ([*BEGUN, ("tom", CLOSE)], CLOSE),  # the first press only asks about steps that are open
}
NO_ANSWER: dict[str, tuple[list[Step], Gesture]] = {
    "crisis.give-back": (
        [*BEGUN, ("maria", Typed("/crisis handover Legal; person @tom"))],
        Pressed("crisis.give-back", f"{REF} legal"),
    ),
    "crisis.department-ok": (BEGUN, OK),
    "crisis.department-affected": (BEGUN, form(f"crisis.department-affected|{FIRE}", line="Station 2 is dry")),
    "crisis.department-help": (BEGUN, form(f"crisis.department-help|{FIRE}", line="Two tankers")),
    "crisis.department-line": ([*BEGUN, ("maria", OK)], form(f"crisis.department-line|{FIRE}", line="All day")),
    "crisis.statement-show": (DRAFTED, Pressed("crisis.statement-show", "1")),
}
OTHERWISE = {
    "crisis activate": "raising the alarm does not say that one comes", "crisis.another": "the same",
    "crisis.call-held": "the same for somebody else's alarm", "crisis.leave-held": "there is no crisis then",
    "crisis allow": "is about people", "crisis.coming": "is the answer itself", "crisis.cannot": "is the answer itself",
    "crisis window": "opens a form", "crisis.statement-anew": "opens a form",
    "crisis reopen": "is about another crisis, as raising an alarm is", "crisis.reopen-all-the-same": "the same",
    "crisis.rate": "only when it is over",
}  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    opened = World(settings_for(Path(tmp_path_factory.mktemp("acting"))))
    yield opened
    opened.close()


def begin(world: World, steps: list[Step]) -> None:
    """An alarm, what came before, and a page to Tom that he has not answered."""
    world.begin()
    for step in (ALARM, *steps):
        if isinstance(step, timedelta):
            world.clock.set(world.clock.now() + step)
        else:
            world.handle(*step)
    world.runtime.database.write(_unanswered)


def _unanswered(store: Store) -> None:
    store.crisis.pages.change(_page(store), answer=None, answered_at=None, first_answered_at=None)


def _page(store: Store) -> Page:
    found = store.crisis.pages.find(REF, "tom")
    assert found is not None
    return found


def _lines(store: Store) -> int:
    return [line.text for line in store.crisis.log.of(REF)].count(COUNTS)


def _acts(store: Store) -> list[str]:
    """The acts in the audit that answered the page to Tom."""
    rows = store.connection.execute(select(audit).where(audit.c.subject == REF).order_by(audit.c.number)).all()
    return [row.act for row in rows if row.person == "tom" and "acted" in row.facts]


def test_every_command_and_button_that_changes_a_crisis_is_an_answer_or_has_a_reason_to_be_none() -> None:
    catalogue = load(handlers)
    declared: list[Command | Action] = [*catalogue.commands.values(), *catalogue.actions.values()]
    changing = {target.name for target in declared if target.name.startswith("crisis") and not target.reads_only}
    assert changing == ACTS.keys() | NO_ANSWER.keys() | OTHERWISE.keys()


@pytest.mark.parametrize("act", ACTS)
def test_whoever_acts_in_a_crisis_has_answered_its_page_once(world: World, act: str) -> None:
    before, gesture = ACTS[act]
    begin(world, before)
    lines, acts = world.read(_lines), len(world.read(_acts))
    outcome = world.handle("tom", gesture)
    page = world.read(_page)
    assert (page.answer, page.first_answered_at) == ("coming", world.clock.now()), outcome
    assert world.read(_lines) == lines + 1
    assert world.read(_acts)[acts:] == [act]
    assert world.read(lambda store: store.time.timers.next_due(AGAIN, f"{REF} tom")) is None


@pytest.mark.parametrize("act", NO_ANSWER)
def test_what_does_not_say_whether_somebody_comes_leaves_the_page_open(world: World, act: str) -> None:
    before, gesture = NO_ANSWER[act]
    begin(world, before)
    outcome = world.handle("tom", gesture)
    assert getattr(outcome, "ok", False), outcome
    assert world.read(_page).answer is None

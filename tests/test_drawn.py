"""Drawn again: every message that a feature sends can be drawn from its record, or is listed here with the reason."""

import ast
from collections.abc import Iterator
from pathlib import Path
from types import NoneType
from typing import get_type_hints

import handlers
import scheduler
from handlers.kit.registry import load
from handlers.kit.seats import EVERYBODY, NOBODY

CATALOGUE = load(handlers, scheduler)
ROOT = Path(__file__).parents[1]
SENDS = {"post", "tell", "page", "keep_file", "tell_room", "ask_for", "tell_all", "Message", "News"}
PASSED_ON = "how it is drawn is given by the function that calls it"
REFRESHED = "what changes is shown in the posted message; late, it says when it was written"
DATED = "it says once what happened, which stays true; late, it says when it was written"

# The functions that send something without a way to draw it again, by module, and why.
TIMELESS = {
    "handlers.risk.register.add_to_open": "what somebody wrote is never changed",
    "handlers.away.back._end": DATED,
    "handlers.city_clock.tell_admins": REFRESHED,
    "handlers.checkin.follow_up.take_help": DATED,
    "handlers.crisis.calling.change._tell_all": DATED,
    "handlers.crisis.calling.confirm.unreviewed": DATED,
    "handlers.crisis.afterwards.document._send": "a report says of when it is",
    "handlers.crisis.command.passing_on": DATED,
    "handlers.crisis.afterwards.end.refuse": DATED,
    "handlers.crisis.afterwards.end_question.remind": DATED,
    "handlers.crisis.calling.held": DATED,
    "handlers.crisis.holdings._give_question": DATED,
    "handlers.crisis.command.log._mirror": "a line of the timeline has its time and is never changed",
    "handlers.crisis.telling.news": DATED,
    "handlers.crisis.command.offers.offer": DATED,
    "handlers.crisis.command.planning._tell_own": DATED,
    "handlers.crisis.telling.promise": "it names the time by which residents were promised an update",
    "handlers.crisis.telling.report": "a report has its author and time",
    "handlers.crisis.telling.reminder": "that one is due is asked again",
    "handlers.crisis.command.handover": DATED,
    "handlers.crisis.command.help.answer_them": DATED,
    "handlers.crisis.telling.approval.approve": "an approved statement is never changed",
    "handlers.crisis.telling.approval.send_back": DATED,
    "handlers.crisis.command.steps": DATED,
    "handlers.feedback.request": DATED,
    "handlers.handover._tell": DATED,
    "handlers.kit.listing.listing": "a page of a list, which is no message that is sent",
    "handlers.crisis.record.tell_room": PASSED_ON,
    "handlers.crisis.calling.alarm.remind": DATED,
    "handlers.crisis.calling.pages._take_on": DATED,
    "handlers.crisis.command.handover.give_role": DATED,
    "handlers.faults.tell_left_out": DATED,
    "handlers.standup.blockers._tell": DATED,
    "scheduler.crisis_card._keep": "the page says of when it is, and a new one follows every night",
    "scheduler.ledger.Ledger": "a routine's card is drawn by the routine's name; that one was not sent is told once",
    "scheduler.morning_check._tell_operations": "its title says of which morning it is",
}  # fmt: skip

OF_BEFORE = {"crisis.sheet"}  # what only messages of before are drawn by


def sending() -> Iterator[tuple[str, ast.Call]]:
    """Every call that queues a message, by the function it is in."""
    for file in sorted([*ROOT.glob("handlers/**/*.py"), *ROOT.glob("scheduler/*.py")]):
        module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        for function in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(function, ast.FunctionDef | ast.ClassDef):
                calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
                yield from ((f"{module}.{function.name}", call) for call in calls if _sends(call))


def _sends(call: ast.Call) -> bool:
    """Whether a call queues a message: one of our functions for it, with a place or person and a card."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    on = ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else "context"
    return name in SENDS and on in ("context", "request", "sending", "self")


def _draws(call: ast.Call) -> bool:
    return any(keyword.arg == "draws" for keyword in call.keywords)


def test_every_message_can_be_drawn_again_or_has_a_reason_why_it_does_not_grow_old() -> None:
    left = {where for where, call in sending() if not _draws(call)}
    known = {where for where in left if where in TIMELESS or where.rpartition(".")[0] in TIMELESS}
    assert left - known == set()
    used = {where if where in TIMELESS else where.rpartition(".")[0] for where in left}
    assert TIMELESS.keys() - used == set()


def test_every_routine_with_a_card_can_draw_it_again() -> None:
    with_card = {
        routine.name
        for routine in CATALOGUE.routines.values()
        if get_type_hints(routine.function)["return"] is not NoneType
        and not (routine.in_pieces and routine.to in (EVERYBODY, NOBODY))  # each piece says how its messages are drawn
    }
    assert with_card <= CATALOGUE.drawers.keys()


def test_every_way_to_draw_a_message_again_is_declared_and_used() -> None:
    sources = [
        file.read_text(encoding="utf-8") for file in (*ROOT.glob("handlers/**/*.py"), *ROOT.glob("scheduler/*.py"))
    ]
    of_routines = {name for name in CATALOGUE.drawers if name in CATALOGUE.routines}
    for name in CATALOGUE.drawers.keys() - of_routines - OF_BEFORE:
        ways = (f'"{name} ', f'{name}",', f'"{name}")', f'= "{name}"')
        assert any(way in source for source in sources for way in ways), name
    for source in sources:
        for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
            for keyword in call.keywords:
                if keyword.arg == "draws" and isinstance(keyword.value, ast.JoinedStr | ast.Constant):
                    said = keyword.value.values[0] if isinstance(keyword.value, ast.JoinedStr) else keyword.value
                    if isinstance(said, ast.Constant):
                        assert str(said.value).split(" ")[0] in CATALOGUE.drawers

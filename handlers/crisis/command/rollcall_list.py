"""Crisis roll call: all departments in pages, each with how it is, what it says, and who said so."""

from collections.abc import Sequence

from handlers.crisis.choice import in_team, which_crisis
from handlers.crisis.command.rollcall import (
    LABELS,
    LEVELS,
    WAS,
    answer_line,
    department_name,
    stands,
    tally,
    worst_first,
)
from handlers.crisis.record import at_when, stamped, when
from handlers.kit.context import Context, Request
from handlers.kit.inline import Inline, Status
from handlers.kit.listing import Listing
from handlers.kit.messages import Button, Card, Row, Text, Word, capitalized
from handlers.kit.registry import listing
from storage.crisis.records import Crisis
from storage.crisis.rollcalls import Rollcall

SIZE = 20  # departments on a page: short lines, and in most cities all of them


@listing("crisis.rollcall-page", needs="crisis.read")
def roll_call(request: Request, about: str) -> Listing:
    """Turn a page of the roll call."""
    crisis = which_crisis(request, about, taken=False)
    found = worst_first(request, crisis)
    waits = {rollcall.asked_at for rollcall in found if rollcall.is_silent}
    asked = f". Asked {at_when(request, waits.pop())}." if len(waits) == 1 else ""

    count = Text(*tally(request, crisis, found), asked)

    def rows(offset: int, limit: int) -> Sequence[Word]:
        shown = [_row(request, crisis, rollcall, at=not asked) for rollcall in found[offset : offset + limit]]
        return [*(() if offset else (count,)), *shown]

    again = Button("Ask again those who answered", "crisis.rollcall-anew", crisis.ref)
    may_ask = crisis.is_open and any(not rollcall.is_silent for rollcall in found)
    ways = (again,) if may_ask and in_team(request, crisis, request.person) else ()
    card = stamped(crisis, Card(f"{crisis.ref}: roll call"))
    return Listing(card, len(found), rows, range(0, max(len(found), 1), SIZE), ways)


def _row(context: Context, crisis: Crisis, one: Rollcall, *, at: bool) -> Row:
    """A department: how it is first; when it was asked only where that differs."""
    answer, name = stands(context, crisis, one), department_name(context, one.department)
    how: Inline = Status(LEVELS[answer], capitalized(LABELS[answer])) if crisis.is_open else capitalized(WAS[answer])
    said = f"last answer: {answer_line(context, one)}" if one.is_silent and one.answer else one.line
    who = context.name(one.asked if one.is_silent else one.answered_by)
    moment = one.asked_at if one.is_silent or one.answered_at is None else one.answered_at
    time = f", {when(context, moment)}" if at or not one.is_silent else ""
    return Row(Text(how, f" {name}{f': {said}' if said else ''} ({'asked: ' * one.is_silent}{who}{time})"))

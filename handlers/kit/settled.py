"""Settled: the newest morning check says what became of its items since: settled, given to somebody, open again."""

from collections.abc import Callable, Collection
from typing import Any

from handlers.kit.context import Context
from handlers.kit.messages import Button
from handlers.kit.morning import Content, Line, morning_ref
from handlers.kit.morning_card import morning_card
from storage.morning_checks import Morning


def settled(context: Context, ref: str, how: str) -> None:
    """Say in the newest morning check what became of something: "closed by Olga Brandt"."""
    settled_each(context, [ref], how)


def settled_each(context: Context, refs: Collection[str], how: str) -> None:
    """The same of several things."""
    _say(context, refs, lambda line, when: {"dealt": f"{how}, {when}"}, of_settled=False)


def unsettled(context: Context, ref: str) -> None:
    """Say in the newest morning check that nothing was done about something after all."""
    _say(context, [ref], lambda line, when: {"dealt": None, "given": None})


def passed_on(context: Context, ref: str, to: str) -> None:
    """Say in the newest morning check to whom something was given; the first button of its line shows it."""
    _say(context, [ref], lambda line, when: {"given": to}, of_settled=False)


def opened_again(context: Context, ref: str, *buttons: Button) -> None:
    """Say in the newest morning check that what was settled is open again, with the buttons that act there."""

    def becomes(line: Line, when: str) -> dict[str, Any]:
        return {"dealt": None, "given": None, "buttons": buttons, "again": when}

    _say(context, [ref], becomes, of_settled=True)


def _say(
    context: Context,
    refs: Collection[str],
    becomes: Callable[[Line, str], dict[str, Any]],
    *,
    of_settled: bool | None = None,
) -> None:
    """Change the lines about these references in the newest morning check: those that are settled, those that are not,
    or all of them."""
    morning = context.store.morning_checks.take_newest()
    if morning is None or not any(f'"{ref}"' in morning.content for ref in refs):
        return
    content = Content.model_validate_json(morning.content)
    when, meant = _when(context, morning), (True, False) if of_settled is None else (of_settled,)

    def change(line: Line) -> Line:
        wanted = line.ref in refs and bool(line.dealt) in meant
        return line.model_copy(update=becomes(line, when)) if wanted else line

    changed = content.changed(change)
    if changed == content:
        return
    context.store.morning_checks.change(morning, changed.model_dump_json())
    newest = context.store.morning_checks.on(morning.day)
    assert newest is not None, "it was changed in this transaction"
    context.refresh(morning_ref(morning.day), morning_card(context, newest))


def _when(context: Context, morning: Morning) -> str:
    calendar = context.calendar
    if context.today == morning.day:
        return calendar.clock(context.now)
    return f"{calendar.spoken_day(context.today)} {calendar.clock(context.now)}"

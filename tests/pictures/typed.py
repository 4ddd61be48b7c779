"""Typed: what people read for lines that they type one after the other, after others of ten days earlier."""

from collections.abc import Sequence

from bot.inbound import Answered, Asking, Gesture, Inbound, Typed
from bot.runtime import Runtime
from handlers.kit.forms import FormPage
from handlers.kit.messages import Card
from tests.chat.bot import MONDAY
from tests.chat.clock import SetClock

Shown = Card | FormPage
Lines = Sequence[tuple[str, str]]  # who, and what they type


async def shown(runtime: Runtime, person: str, what: str | Gesture, platform: str = "desk") -> Shown:
    """The card or form that comes of what somebody types or presses."""
    outcome = await runtime.handle(Inbound(platform, person, Typed(what) if isinstance(what, str) else what))
    match outcome:
        case Answered(card=Card() as card):
            return card
        case Asking(page):
            return page
        case _:
            raise AssertionError(f"nothing came of {what!r}")


async def typed_cards(
    runtime: Runtime, clock: SetClock, register: str, before: Lines, now: Lines
) -> list[tuple[str, Shown]]:
    """Names and cards or forms of the lines of ``now``."""
    clock.advance(days=-10)
    for person, line in before:
        outcome = await runtime.handle(Inbound("say", person, Typed(line)))
        assert isinstance(outcome, Answered), line
        assert outcome.ok, line
    clock.set(MONDAY)
    found = []
    for number, (person, line) in enumerate(now):
        name = f"{register}-{number:02}-{'-'.join(line.split(';')[0].split()[1:3])}"
        found.append((name, await shown(runtime, person, line, "say")))
    return found

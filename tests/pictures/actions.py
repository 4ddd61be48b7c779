"""Action cards: actions in every state on a temporary database, in their list and one by one."""

from pathlib import Path

from bot.assembly import build_runtime
from tests.chat.bot import MONDAY, settings_for
from tests.chat.clock import SetClock
from tests.pictures.typed import Shown, typed_cards

BEFORE = (  # ten days earlier
    ("olga", "risk add Dam gate stuck; likelihood 4; impact 5; owner @olga"),
    ("olga", "action add Oil the gate; owner @sam; due in 4 days; about R-1"),
    ("olga", "action add Order a new motor for the gate; owner @sam; due in 10 days; about R-1"),
    ("hugo", "action add Invite the neighbors of the plant and show them the pumps; owner @rosa; due in 3 weeks"),
    ("olga", "action add Write to the insurer; owner @olga; due in 2 weeks; about R-1"),
)
NOW = (
    ("olga", "action list"),
    ("sam", "action list mine"),
    ("sam", "action show A-1"),
    ("sam", "action add"),
    ("sam", "action drop A-1"),
    ("sam", "action done A-1"),
    ("olga", "action list done"),
)


async def action_cards(folder: Path) -> list[tuple[str, Shown]]:
    """Names and cards or forms of the register of actions."""
    clock = SetClock(MONDAY)
    runtime = build_runtime(settings_for(folder, desk="on"), clock)
    found = await typed_cards(runtime, clock, "actions", BEFORE, NOW)
    runtime.database.close()
    return found

"""Risk cards: the register on a temporary database, with a risk in every state."""

from pathlib import Path

from bot.assembly import build_runtime
from bot.inbound import Submitted
from tests.chat.bot import MONDAY, settings_for
from tests.chat.clock import SetClock
from tests.pictures.typed import Shown, shown, typed_cards

BEFORE = (  # ten days earlier
    ("sam", "risk add Dam gate stuck; likelihood 4; impact 5; owner @sam; category infrastructure; review friday"),
    ("ines", "risk add Server room floods; likelihood 3; impact 5; owner @ines; category technical; confidence high"),
    ("hugo", "risk add Old pump fails in a frost; likelihood 4; impact 3; owner @hugo; category infrastructure"),
    ("victor", "risk add New payroll costs more than planned; likelihood 3; impact 3; category budget; owner @victor"),
    ("grace", "risk add Nobody applies for two drivers' posts; likelihood 5; impact 2; category staffing"),
    ("priya", "risk add Old oak drops branches on the playground; likelihood 2; impact 4; owner @priya"),
    ("hugo", "risk treat R-3; treatment mitigate; residual likelihood 2; residual impact 3; plan A second pump"),
    ("hugo", "risk action R-3; what Buy a second pump; owner @hugo; due in 9 days"),
    ("hugo", "risk action R-3; what Train two people; owner @rosa; due in 3 weeks"),
    ("priya", "risk accept R-6; until in 60 days; why The arborist comes in January"),
    ("maria", "risk approve R-6"),
)
NOW = (
    ("ines", "risk show R-2"),
    ("hugo", "risk done R-3.2"),
    ("hugo", "risk show R-3"),
    ("sam", "risk show R-1"),
    ("priya", "risk show R-6"),
    ("sam", "risk list"),
    ("sam", "risk list overdue"),
    ("sam", "risk matrix"),
    ("maria", "risk report"),
    ("sam", "risk review R-1"),
    ("sam", "risk update R-1"),
    ("sam", "risk add"),
    ("sam", "risk accept R-1"),
    ("sam", "risk accept R-1; until in 60 days; why We wait for the budget"),
    ("sam", "risk treat R-1"),
    ("sam", "risk review R-1; still yes; residual likelihood 2; residual impact 4; note The gate moves again"),
    ("sam", "risk history R-1"),
    ("sam", "city today"),
)


async def risk_cards(folder: Path) -> list[tuple[str, Shown]]:
    """Names and cards or forms of the register."""
    clock = SetClock(MONDAY)
    runtime = build_runtime(settings_for(folder, desk="on"), clock)
    found = await typed_cards(runtime, clock, "register", BEFORE, NOW)
    twice = Submitted("risk add", "n1", {"title": "The dam gates are stuck", "likelihood": "2", "impact": "3"})
    found.append(("register-similar", await shown(runtime, "sam", twice, "say")))
    runtime.database.close()
    return found

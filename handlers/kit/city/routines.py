"""Routines: what the city changes about when the bot speaks, by routines.toml."""

from handlers.kit.city.fact import Clock, DayRule, Fact
from handlers.kit.time.calendar import Closed


class RoutineFacts(Fact):
    """What the city changes about a routine; what it leaves out stays as the routine was written."""

    at: Clock | None = None
    on: DayRule | None = None
    late_until: Clock | None = None
    closed: Closed | None = None

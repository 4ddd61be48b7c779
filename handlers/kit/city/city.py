"""City: its name, zone, closing days, quiet hours and limits, by city.toml."""

from datetime import date, time
from typing import Annotated, Literal

from pydantic import Field

from handlers.kit.city.fact import Clock, Fact, Month, Most, Weekday
from handlers.kit.time.rules import MONTHS, WEEKDAYS, Counts
from handlers.kit.time.style import DateFormat, Style, TimeFormat


class ClosingDay(Fact):
    DIFFER = ("day",)

    day: date
    reason: str


class SlackFacts(Fact):
    slash: tuple[str, ...] = ("/risk", "/feedback", "/crisis", "/checkin", "/standup", "/checklist", "/city")
    prefix: Annotated[str, Field(pattern=r"^[a-z0-9-]{0,12}$")] = ""


class AttentionFacts(Fact):
    """The quiet hours, in which nobody is written to except with a page or an answer; none when both are the same."""

    quiet_from: Clock = time(19)
    quiet_until: Clock = time(7)


class LimitFacts(Fact):
    """How much of what rings others one person may do, and all together: alarms an hour, announcements (messages to
    others) and commands a minute. The crisis team can allow more for a while."""

    alarms_an_hour: Most = 2
    alarms_an_hour_by_all: Most = 6
    announcements_a_minute: Most = 30
    announcements_a_minute_by_all: Most = 300
    commands_a_minute: Most = 60
    commands_a_minute_by_all: Most = 3000


class CityFacts(Fact):
    """The city itself. ``working_days`` are its working days of the week, ``first_weekday`` the day on which its week
    begins, ``fiscal_year_starts`` the month in which its fiscal year does: quarters and years are counted from there.
    ``date_format`` and ``time_format`` are how people read days and times.
    """

    name: str
    zone: str
    country: str
    subdivision: str | None = None
    closing_days: tuple[ClosingDay, ...] = ()
    working_days: Annotated[tuple[Weekday, ...], Field(min_length=1)] = WEEKDAYS[:5]
    first_weekday: Weekday = WEEKDAYS[0]
    fiscal_year_starts: Month = MONTHS[0]
    date_format: DateFormat = "27 Nov"
    time_format: TimeFormat = "07:30"
    unknown_people: Literal["staff", "refuse"] = "staff"
    contact: str | None = None
    website: Annotated[str, Field(pattern=r"^https?://")] | None = None
    slack: SlackFacts = SlackFacts()
    attention: AttentionFacts = AttentionFacts()
    limits: LimitFacts = LimitFacts()

    @property
    def counts(self) -> Counts:
        """The same as the calendar takes it."""
        working = frozenset(WEEKDAYS.index(day) for day in self.working_days)
        return Counts(working, WEEKDAYS.index(self.first_weekday), MONTHS.index(self.fiscal_year_starts) + 1)

    @property
    def style(self) -> Style:
        """How the calendar writes days and times."""
        return Style(self.date_format, self.time_format)

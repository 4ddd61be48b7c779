"""Style: how a city writes days and times of day."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

DateFormat = Literal["27 Nov", "Nov 27"]
TimeFormat = Literal["07:30", "7:30 AM"]


@dataclass(frozen=True)
class Style:
    """Whether the month stands before the day, and whether a day has twice twelve hours; both are named by example."""

    dates: DateFormat = "27 Nov"
    times: TimeFormat = "07:30"

    def day(self, day: date) -> str:
        """The day without its year: Fri 27 Nov, or Fri Nov 27."""
        return f"{day:%a} {day:%b} {day.day}" if self.dates == "Nov 27" else f"{day:%a} {day.day} {day:%b}"

    def date(self, day: date) -> str:
        """The day with its year: Fri 27 Nov 2026, or Fri Nov 27, 2026."""
        return f"{self.day(day)}{',' if self.dates == 'Nov 27' else ''} {day.year}"

    def time(self, at: time | datetime) -> str:
        """The time of day: 07:30, or 7:30 AM."""
        return f"{at.hour % 12 or 12}:{at:%M} {at:%p}" if self.times == "7:30 AM" else f"{at:%H:%M}"

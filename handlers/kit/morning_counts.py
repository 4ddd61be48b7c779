"""Counts of a morning check: what came in, and how that changed against the last one and the same day a week ago."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from handlers.kit.context import Context
from handlers.kit.figures import Figure
from handlers.kit.morning import Content, Section
from storage.morning_checks import Morning

MOST = 4  # numbers beside each other
WEEK = timedelta(days=7)


class Counted:
    """What an earlier morning check has counted; what it does not name was nothing.

    In one of before there were sentences, some titles said more than what is counted: of these nothing is known.
    """

    def __init__(self, morning: Morning) -> None:
        content = Content.model_validate_json(morning.content)
        self._absent = None if content.decisions is None else 0
        self.counts = {part.title: part.total for part in content.sections if not part.private}
        lasting = (part.title for part in content.sections if not (part.is_new or part.private))
        self.lasting = [] if content.decisions is None else list(lasting)

    def of(self, title: str) -> int | None:
        """How much there was of it; None where that is not known."""
        return self.counts.get(title, self._absent)

    def differs(self, title: str, now: Mapping[str, int]) -> bool:
        """Whether there is known to be another number of it now."""
        return self.of(title) not in (None, now.get(title, 0))


@dataclass(frozen=True)
class Count:
    """How much there is of something now, and how much there was in the last morning check, None where that is not
    known."""

    title: str
    now: int
    was: int | None

    @property
    def figure(self) -> Figure:
        """The number with how it changed."""
        if self.was is None:
            return Figure(label=self.title, value=str(self.now))
        change = f"{self.now - self.was:+,}" if self.now != self.was else "same"
        return Figure(label=f"{self.title} ({change})", value=str(self.now))


def counts(sections: Sequence[Section], last: Morning | None) -> list[Count]:
    """What came in, then what changed against the last morning check, in the order in which it stands there."""
    now, before = {part.title: part.total for part in sections if not part.private}, Counted(last) if last else None
    told = [part.title for part in sections if part.is_new and part.title in now]
    found = [Count(title, now[title], before.of(title) if before else None) for title in told]
    if before:
        others = [title for title in _in_order(list(now), before.lasting) if title not in told]
        found += [Count(title, now.get(title, 0), before.of(title)) for title in others if before.differs(title, now)]
    return found[:MOST]


def compared(context: Context, counts: Sequence[Count], last: Morning | None, week: Morning | None) -> str:
    """From when the changes are, and how much there was of the same on this weekday a week ago."""
    if not counts:
        return ""
    said = [f"Changes are since {context.spoken(last.at)}."] if last else []
    if week and week != last:
        then = Counted(week)
        found = [(count.title, then.of(count.title)) for count in counts]
        known = ", ".join(f"{_small(title)} {number}" for title, number in found if number is not None)
        said += [f"A week ago, on {context.spoken_day(week.day)}: {known}."] if known else []
    return " ".join(said)


def _in_order(now: Sequence[str], lasting: Sequence[str]) -> list[str]:
    """What is counted now, and where it stood before what is not counted any more."""
    places = [*((place, 1, title) for place, title in enumerate(now))]
    places += [(place, 0, title) for place, title in enumerate(lasting) if title not in now]
    return [title for *_, title in sorted(places)]


def _small(title: str) -> str:
    return f"{title[:1].lower()}{title[1:]}"

"""Weeks: the script on the days of the calendar, and what people answer again and again."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zlib import crc32

from bot.demo.script import FOLDER, Line, cues
from handlers.kit.catalogue import Catalogue
from handlers.kit.city.model import City
from handlers.kit.coming import slots
from handlers.kit.messages import capitalized
from handlers.kit.seats import holders
from handlers.kit.time.periods import asked_on, newest

FIXED = re.compile(r"feedback close \{\}; reason done")
ASKED_AFTER = 7  # working days, after which somebody says whether it is fixed
READER, READ_AT = "maria", time(7, 41)
TICKED_FROM = time(13, 5)
LATER = 3  # of ten of what is not daily, so many are ticked a day later
MISSED = 1  # of ten, so many are not ticked at all


@dataclass(frozen=True)
class Table:
    """What people answer, the newest first, and what else some of them say so many times before the newest."""

    answers: Mapping[str, str]
    besides: Mapping[tuple[str, int], str]


def read_table(text: str) -> Table:
    """A table of the play: ``name: answers`` and ``name 2 field value``."""
    lines = re.sub(r"\n +", " ", text).splitlines()
    answers = dict(line.split(": ", 1) for line in lines if re.match(r"[\w -]+: ", line))
    besides = [said for line in lines if (said := re.fullmatch(r"([\w-]+) (\d+) (.+)", line))]
    return Table(answers, {(said[1], int(said[2])): said[3] for said in besides})


def working_days(city: City, now: datetime, count: int) -> list[date]:
    """The newest working days of a city until a moment, the newest first."""
    days, day = list[date](), city.calendar.today(now)
    while len(days) < count:
        if city.calendar.is_open(day):
            days.append(day)
        day -= timedelta(days=1)
    return days


def of_once(city: City, days: Sequence[date]) -> Iterator[Line]:
    """What the files of the play tell, on these working days, the newest first; what begins before them is left out."""
    told = cues()
    early = {cue.story for cue in told if cue.days >= len(days)}
    for cue in told:
        if cue.story not in early:
            yield Line(city.calendar.instant(days[cue.days], cue.at), cue.who, cue.says, cue.story, cue.name)
            if FIXED.match(cue.says) and cue.days > ASKED_AFTER:
                asked = city.calendar.instant(days[cue.days - ASKED_AFTER], cue.at)
                yield Line(asked, cue.who, "! feedback.fixed {}", cue.story)


def of_every_week(city: City, catalogue: Catalogue, days: Sequence[date]) -> Iterator[Line]:
    """All that people do again and again on these working days, the newest first."""
    for day in days:
        yield Line(city.calendar.instant(day, READ_AT), READER, "> I have read this")
    yield from _standups(city, _moments(city, catalogue, "standup", days))
    yield from _checkins(city, _moments(city, catalogue, "checkin", days))
    yield from _ticks(city, days)


def _moments(city: City, catalogue: Catalogue, routine: str, days: Sequence[date]) -> list[datetime]:
    """When a routine is sent on these days, the newest first."""
    span = (days[0] - days[-1]).days + 1
    sent = slots(catalogue.routines[routine], city, days[-1], span)
    return sorted({due for _, due, _, skip in sent if not skip}, reverse=True)


def _standups(city: City, moments: Sequence[datetime]) -> Iterator[Line]:
    table = read_table((FOLDER / "standup.table").read_text("utf-8"))
    for number, (person, said) in enumerate(table.answers.items()):
        tasks = [task.strip() for task in said.split("/")]
        for week, asked in enumerate(moments[: len(tasks) - 1]):
            following, finished = tasks[week], tasks[week + 1]
            if "-" not in (following, finished):
                besides = "".join(f"; {words}" for words in [table.besides.get((person, week))] if words)
                answered = asked + timedelta(minutes=4 + 7 * number + (11 * week) % 19)
                yield Line(answered, person, f"standup {capitalized(finished)}; next {capitalized(following)}{besides}")


def _checkins(city: City, moments: Sequence[datetime]) -> Iterator[Line]:
    table = read_table((FOLDER / "checkin.table").read_text("utf-8"))
    for number, (names, said) in enumerate(table.answers.items()):
        department, person = names.split()
        series = [_series(part.strip()) for part in said.split(";")]
        for week, asked in enumerate(moments[: len(series[0][1])]):
            numbers = [f"{field} {values[week]}" for field, values in series]
            if not numbers[0].endswith("-"):
                besides = [words for words in [table.besides.get((department, week))] if words]
                answered = asked + timedelta(minutes=9 + 23 * number + (37 * week) % 53)
                yield Line(answered, person, f"checkin {'; '.join([*numbers, *besides])}")


def _series(words: str) -> tuple[str, list[str]]:
    """``overtime hours 4 0 6`` as the name of the field and its values."""
    field = re.match(r"[a-z ]+(?= )", words)
    assert field is not None, words
    return field[0], words[field.end() :].split()


def _ticks(city: City, days: Sequence[date]) -> Iterator[Line]:
    """Checklists, ticked by their owners on the day they were asked, or later, or not at all. What the reader of the
    morning check finds last in their conversation is that, and not a tick."""
    for day in days:
        for number, item in enumerate(city.checklists.item):
            period = newest(item.when, day, city.calendar)
            owner = holders(city, item.owner)[0]
            is_newest = day == days[0] and owner == READER
            if item.seen or is_newest or period is None or asked_on(period, city.calendar) != day:
                continue
            draw = crc32(f"{item.id} {period.key}".encode()) % 10
            later = item.when != "daily" and draw < LATER
            ticked = city.calendar.working_day(day + timedelta(days=1)) if later else day
            if draw >= 10 - MISSED or ticked is None:
                continue
            at = city.calendar.instant(ticked, TICKED_FROM) + timedelta(minutes=9 * number + draw)
            yield Line(at, owner, f"checklist tick {item.name}")

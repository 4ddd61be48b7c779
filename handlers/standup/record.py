"""Stand-up: which stand-up an answer belongs to, and its state."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers.kit.catalogue import catalogue
from handlers.kit.city.model import City
from handlers.kit.city.standup import Team
from handlers.kit.coming import times_of
from handlers.kit.context import Context, sending_ref
from handlers.kit.errors import UserError
from storage.standup.answers import Answer
from storage.standup.records import Standup, standup_ref
from storage.time.absences import Absence

ROUTINE = "standup"
NUDGE, DIGEST = "standup.nudge", "standup.digest"  # the timers of a stand-up
AHEAD = 400  # days to search for the next stand-up, so that a yearly one is found


@dataclass(frozen=True)
class Standing:
    """The state of a stand-up: who has answered, who was asked and has not, who is away, who was never reached."""

    answers: Mapping[str, Answer]
    missing: list[str]
    away: Mapping[str, Absence]
    unreached: list[str]

    @property
    def silent(self) -> list[str]:
        """Who is there and has not answered."""
        return [*self.missing, *self.unreached]

    @property
    def complete(self) -> bool:
        """Whether everybody who is there has answered."""
        return not self.silent


def teams_of(city: City, person: str) -> list[Team]:
    """The teams with stand-ups that somebody is in."""
    return [team for team in city.teams.values() if person in team.members]


def closing(city: City, day: date) -> datetime:
    """The moment until which the stand-up of a day is answered in time."""
    until = times_of(catalogue.routines[ROUTINE], city).late_until
    assert until is not None, "the stand-up has a window"
    return city.calendar.instant(day, until)


def window(city: City, day: date) -> timedelta:
    """How long the stand-up of a day is open."""
    at = times_of(catalogue.routines[ROUTINE], city).at
    return closing(city, day) - city.calendar.instant(day, at)


def day_meant(context: Context, team: str) -> date:
    """The day of the stand-up that an answer belongs to: today's if it was asked, even when it is over, else the next
    one that has not closed. Raises UserError when none is planned."""
    times, calendar = times_of(catalogue.routines[ROUTINE], context.city), context.calendar
    days = calendar.days(times.on, context.today, AHEAD, times.closed)
    coming = (day for day, skip in days if skip is None and context.now < closing(context.city, day))
    asked = context.store.standup.records.opened_from(team, context.today)
    found = [asked.day if asked else None, next(coming, None)]
    if not any(found):
        raise UserError("No stand-up is planned in the coming year. Please tell IT, who plans it in routines.toml.")
    return min(day for day in found if day)


def taken(context: Context, team: str, day: date) -> Standup:
    """Take the stand-up of a team and day for a change; its digest is due when it closes, even if nobody is asked."""
    standup = context.store.standup.records.take(standup_ref(team, day))
    if standup is None:
        standup = context.store.standup.records.add(team, day, closing(context.city, day))
        context.schedule(DIGEST, standup.ref, standup.closes_at)
    return standup


def standing(context: Context, standup: Standup, answers: Mapping[str, Answer] | None = None) -> Standing:
    """The state of a stand-up now; with its ``answers`` where they were read already."""
    if answers is None:
        answers = context.store.standup.answers.of(standup)
    silent = [member for member in context.city.teams[standup.team].members if member not in answers]
    away = {person: absence for person in silent if (absence := context.away(person, standup.day))}
    asked = set(context.store.chat.posts.known([prompt_ref(standup, person) for person in silent]))
    there = [person for person in context.duties.not_gone(silent) if person not in away]
    missing = [person for person in there if prompt_ref(standup, person) in asked]
    return Standing(answers, missing, away, [person for person in there if person not in missing])


def prompt_ref(standup: Standup, person: str) -> str:
    """The reference of the card that asked somebody."""
    return sending_ref(ROUTINE, standup.day, f"member:{standup.team}/{person}")


def nudge_ref(standup: Standup, person: str) -> str:
    """The reference of the card that reminded somebody."""
    return f"{prompt_ref(standup, person)} nudge"


def digest_ref(standup: Standup) -> str:
    """The reference of the digest."""
    return f"standup {standup.ref}"

"""Seats: whom a routine addresses, and who sits there on a day: the holder, or the deputy while they are away.

A seat is a role (``city_manager``), a department (``department:water``, its head), a member of a team
(``member:streets/sam``), ``everybody``, who is written to one by one where there is something to say, or ``nobody``,
where a routine only does something.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from handlers.kit.calendar import spoken_day
from handlers.kit.city import City
from storage.absences import Absence

EVERYBODY, NOBODY = "everybody", "nobody"
Away = Callable[[str, date], Absence | None]


@dataclass(frozen=True)
class Sitting:
    """Who is written to (an id), for whom they stand in, or why nobody is."""

    person: str | None
    instead_of: str | None = None
    skipped: str | None = None


def nobody_is_away(_person: str, _day: date) -> Absence | None:
    """Everybody works: what there is to say without a database."""
    return None


def sitting(city: City, seat: str, day: date, away: Away) -> Sitting:
    """Who sits on a seat on a day. A team member is not replaced: they are not asked while they are away."""
    kind, _, name = seat.rpartition(":")
    if seat in (EVERYBODY, NOBODY):
        return Sitting(None)
    if kind == "member":
        member = name.partition("/")[2]
        absence = away(member, day)
        return Sitting(member, skipped=away_line(city, absence) if absence else None)
    those = holders(city, seat)
    present = [one for one in those if away(one, day) is None]
    if present:
        return Sitting(present[0])
    stands_in = deputy(city, those[0], day, away)
    return Sitting(stands_in, those[0]) if stands_in else Sitting(those[0])


def holders(city: City, seat: str) -> list[str]:
    """Whose seat a role or a department is, whether they are there or not; the first of them is asked."""
    kind, _, name = seat.rpartition(":")
    return [city.departments[name].head] if kind == "department" else [one.id for one in city.with_role(seat)]


def deputy(city: City, person: str, day: date, away: Away) -> str | None:
    """Who stands in for somebody who is away: their deputy, or whoever stands in for that one; None when nobody does.

    The deputy named for the absence goes before the one of people.toml.
    """
    seen, one = {person}, person
    while absence := away(one, day):
        known = city.people.get(one)
        following = absence.deputy or (known.deputy if known else None)
        if following is None or following in seen:
            return None
        seen.add(following)
        one = following
    return one


def away_line(city: City, absence: Absence) -> str:
    """Somebody's absence in words."""
    name = city.people[absence.person].name if absence.person in city.people else absence.person
    return f"{name} is away until {spoken_day(absence.last)}"


def each_department(city: City, _day: date) -> list[str]:
    """The heads of all departments."""
    return [f"department:{one}" for one in city.departments]


def each_team_member(city: City, _day: date) -> list[str]:
    """The members of all teams that hold a stand-up."""
    return [f"member:{team.id}/{member}" for team in city.teams.values() for member in team.members]


def spoken_seat(city: City, seat: str) -> str:
    """A seat as people say it: city manager, Water and Sewer, Sam Rivers (Street crew)."""
    kind, _, name = seat.rpartition(":")
    if kind == "department":
        return city.departments[name].name if name in city.departments else name
    if kind == "member":
        team, _, person = name.partition("/")
        who = city.people[person].name if person in city.people else person
        return f"{who} ({city.teams[team].name})" if team in city.teams else who
    return seat.replace("_", " ")

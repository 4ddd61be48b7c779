"""Seats: whom a routine addresses, and whose seat it is; who is asked on a day is a matter of kit/duty.

A seat is a role (``city_manager``), a department (``department:water``, its head), a member of a team
(``member:streets/sam``), ``everybody``, who is written to one by one where there is something to say, or ``nobody``,
where a routine only does something.
"""

from datetime import date

from handlers.kit.city.model import City

EVERYBODY, NOBODY = "everybody", "nobody"


def holders(city: City, seat: str) -> list[str]:
    """Whose seat a role or a department is, whether they are there or not; the first of them is asked."""
    kind, _, name = seat.rpartition(":")
    if kind == "department":
        return [city.departments[name].head] if name in city.departments else []
    return [person.id for person in city.with_role(seat)]


def each_department(city: City, _day: date) -> list[str]:
    """The heads of all departments."""
    return [f"department:{department}" for department in city.departments]


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

"""Departments: who answers for what, by departments.toml."""

from datetime import time
from typing import Annotated

from handlers.kit.city.fact import Fact, Id, WorkHours, other_than
from handlers.kit.time.worktime import Hours


class Department(Fact):
    """A department; ``hours`` are when it works on working days, the city's own hours where it gives none."""

    id: Annotated[Id, other_than("help")]  # "checkin help" asks for help
    name: str
    head: Id
    place: Id
    hours: WorkHours | None = None


class Departments(Fact):
    hours: WorkHours = Hours(time(8), time(17))
    department: tuple[Department, ...]

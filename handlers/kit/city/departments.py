"""Departments: who answers for what, by departments.toml."""

from datetime import time

from handlers.kit.city.fact import Fact, Id, WorkHours
from handlers.kit.time.worktime import Hours


class Department(Fact):
    """A department; ``hours`` are when it works on working days, the city's own hours where it gives none."""

    id: Id
    name: str
    head: Id
    place: Id
    hours: WorkHours | None = None


class Departments(Fact):
    hours: WorkHours = Hours(time(8), time(17))
    department: tuple[Department, ...]

"""Crisis levels: how far a crisis reaches, and its scenario, in the city's words."""

from handlers.kit.city.model import City
from handlers.kit.forms import Options
from handlers.kit.inline import Level, Status
from storage.crisis.records import Crisis


def level_name(city: City, level: int) -> str:
    """A level in words: 2, several departments."""
    known = city.crisis.level[level - 1].name if level <= len(city.crisis.level) else "a level the city no longer has"
    return f"{level}, {known}"


def levels(city: City) -> Options:
    """The levels to choose from."""
    return tuple((str(number), f"{number} {level.name}") for number, level in enumerate(city.crisis.level, start=1))


def thresholds(city: City) -> str:
    """What each level means, in the city's words."""
    return " ".join(f"{number}: {level.threshold}" for number, level in enumerate(city.crisis.level, start=1))


def scenario_name(city: City, crisis: Crisis) -> str | None:
    return next((scenario.name for scenario in city.crisis.scenario if scenario.id == crisis.scenario), None)


BY_LEVEL: tuple[Level, ...] = ("info", "warning", "critical")  # from 1 on; what is higher is as bad as the last


def crisis_status(crisis: Crisis) -> Status:
    """How bad a crisis is, by its level while it is on, and its state; a drill is never bad."""
    if crisis.state == "over":
        return Status("good", "Over")
    state = f"level {crisis.level}, {'not confirmed yet' if crisis.state == 'alarm' else 'active'}"
    if crisis.drill:
        return Status("info", f"DRILL, {state}")
    return Status(BY_LEVEL[min(crisis.level, len(BY_LEVEL)) - 1], state.capitalize())

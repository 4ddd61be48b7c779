"""Check-in: the numbers that departments report, by checkin.toml."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from handlers.kit.city.fact import Fact, Id


def _not_a_field(name: str) -> str:
    """Refuse an id that cannot be a new field of the form of a check-in. Raises ValueError."""
    field = name.replace("-", "_")
    if field in ("department", "health", "risk", "help", "values") or hasattr(BaseModel, field):
        raise ValueError(f"{name!r} means something else in a check-in; choose another id")
    return name


class Number(Fact):
    """A number that departments report in their check-in: all of them, or those named. ``below_zero`` says that it may
    be negative, such as a balance."""

    id: Annotated[Id, AfterValidator(_not_a_field)]
    name: Annotated[str, Field(max_length=60)]
    departments: tuple[Id, ...] = ()
    below_zero: bool = False


class CheckinFacts(Fact):
    number: tuple[Number, ...] = ()

"""Here: who works for the city still, as far as the bot knows."""

from handlers.kit.context import Context
from handlers.kit.errors import FieldErrors


def who_is_here(context: Context) -> set[str]:
    """Everybody of people.toml, and the colleagues who were met and can be reached."""
    return {*context.city.people, *context.roster.colleagues}


def still_here(context: Context, field: str, person: str | None) -> None:
    """Raise FieldErrors for somebody who works for the city no longer: nobody would be reminded of anything."""
    if person is None or context.duties.is_here(person):
        return
    raise FieldErrors({field: f"{context.name(person)} does not work here any more. Name somebody who does."})

"""Here: who still works for the city, as far as the bot knows."""

from datetime import date

from handlers.kit.context import Context
from handlers.kit.errors import FieldErrors
from handlers.kit.messages import Note


def who_is_here(context: Context) -> set[str]:
    """Everybody of people.toml, and the colleagues who were met and can be reached."""
    return {*context.city.people, *context.roster.colleagues}


def still_here(context: Context, field: str, person: str | None) -> None:
    """Raise FieldErrors for somebody who is gone: nobody would be reminded of anything."""
    if person is None or not context.duties.is_gone(person):
        return
    if context.duties.is_here(person):
        raise FieldErrors({field: f"{context.name(person)} {context.duties.reason(person)}. Name somebody else."})
    raise FieldErrors({field: f"{context.name(person)} does not work here anymore. Name somebody who does."})


def not_past(context: Context, field: str, day: date) -> None:
    """Raise FieldErrors for a day that is over."""
    if day < context.today:
        raise FieldErrors({field: f"{day} is in the past. Choose today or a later day."})


def not_there(context: Context, person: str | None) -> tuple[Note, ...]:
    """Say that somebody who is given something is not there, and who does it meanwhile; nothing when they are there."""
    if person is None or (asked := context.duties.of(person)).why is None:
        return ()
    why = context.duties.reason(person).removeprefix("is ")
    return (
        Note(f"Please note: {context.name(person)} is not available ({why}; {context.name(asked.person)} stands in)."),
    )

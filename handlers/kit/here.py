"""Here: who works for the city still, as far as the bot knows."""

from handlers.kit.context import Context
from handlers.kit.errors import FieldErrors

COLLEAGUES = ("slack-", "teams-")  # how the ids of those begin who are in no file and introduced themselves


def who_is_here(context: Context) -> set[str]:
    """Everybody of people.toml, and the colleagues who were met and can be reached."""
    met = [one.id for one in context.store.people.everybody() if one.id.startswith(COLLEAGUES)]
    lost = {person for _, person in context.store.people.unreached()} if met else set()
    return {*context.city.people, *(one for one in met if one not in lost)}


def still_here(context: Context, field: str, person: str | None) -> None:
    """Raise FieldErrors for somebody who works for the city no longer: nobody would be reminded of anything."""
    if person is None or person in context.city.people or person in who_is_here(context):
        return
    raise FieldErrors({field: f"{context.name(person)} does not work here any more. Name somebody who does."})

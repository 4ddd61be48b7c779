"""Crisis rights: who decides about a crisis; who merely stands in for somebody away is asked, and decides nothing."""

from handlers.crisis.choice import leader
from handlers.crisis.record import team
from handlers.kit.city.crisis import COMMANDER
from handlers.kit.city.model import City
from handlers.kit.city.people import Person
from handlers.kit.context import Context
from handlers.kit.policy import may
from handlers.kit.rights import is_missing, who_may
from storage.crisis.records import Crisis

MANAGER = "city_manager"


def may_lead(context: Context, crisis: Crisis, person: Person) -> bool:
    """Say whether somebody decides about a crisis: one of its leaders, or a city manager."""
    return MANAGER in person.all_roles or person.id in leaders(context, crisis)


def leaders(context: Context, crisis: Crisis) -> list[str]:
    """Name those who lead: the commander; while that one is missing, their deputy of people.toml, and who is asked
    instead if crisis.toml names them for it. Until there is a commander, who leads meanwhile, if they may become it."""
    held, leads = context.store.crisis.roles.held(crisis.ref).get(COMMANDER), leader(context, crisis)
    if held is None:
        return [leads] if may_command(context.city, leads) else []
    named = context.city.crisis.roles.get(COMMANDER)
    next_one = named is not None and leads in named.people and is_missing(context, held, for_=leads)
    return list(dict.fromkeys([*who_may(context, held), *([leads] if next_one else [])]))


def may_command(city: City, person: str) -> bool:
    """Say whether somebody may become commander by themselves: those who are called for crises, their deputies of
    people.toml, and those who have the right to begin one. To anybody else it is handed over."""
    called, known = team(city), city.people.get(person)
    if known is not None and may(known.all_roles, "crisis.activate"):
        return True
    return any(person in (one.id, one.deputy) for one in called)


def only(context: Context, crisis: Crisis, holder: str | None = None) -> str:
    """Say in words who may do what the leaders may, and ``holder`` too: Tom Okafor or the city manager."""
    those = dict.fromkeys([*who_may(context, holder), *leaders(context, crisis)])
    return " or ".join([*(context.name(one) for one in those), "the city manager"])

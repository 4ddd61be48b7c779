"""Crisis rights: who decides about a crisis; a stand-in for somebody who is away is asked, but decides nothing."""

from handlers.crisis.leading import leader
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
    """Name the leaders: the commander; while that person is missing, also their deputy in people.toml, and the
    stand-in if crisis.toml names them for the role. Before there is one: the acting leader, if they may become it."""
    held, leads = context.store.crisis.roles.held(crisis.ref).get(COMMANDER), leader(context, crisis)
    if held is None:
        return [leads] if may_command(context.city, leads) else []
    named = context.city.crisis.roles.get(COMMANDER)
    next_one = named is not None and leads in named.people and is_missing(context, held, for_=leads)
    return list(dict.fromkeys([*who_may(context, held), *([leads] if next_one else [])]))


def may_command(city: City, person: str) -> bool:
    """Say whether somebody may take the role of commander: people who are called for crises, their deputies in
    people.toml, and those with the right to begin a crisis. Anybody else becomes it only when it is handed over."""
    known = city.people.get(person)
    if known is not None and may(known.all_roles, "crisis.activate"):
        return True
    return any(person in (member.id, member.deputy) for member in city.crisis_team.values())


def only(context: Context, crisis: Crisis, holder: str | None = None) -> str:
    """Say who may do what is for the leaders and for ``holder``: Tom Okafor or the city manager."""
    those = dict.fromkeys([*who_may(context, holder), *leaders(context, crisis)])
    return " or ".join([*(context.name(person) for person in those), "the city manager"])

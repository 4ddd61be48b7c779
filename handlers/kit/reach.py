"""Reach: who of the city's people cannot be written to, and what they must do."""

from collections.abc import Iterable, Mapping

from handlers.kit.city.people import Person
from handlers.kit.context import Context
from handlers.kit.speaking import spoken_platform

# Where nobody can be written to before they were met; elsewhere an e-mail address is enough.
NOT_MET = {
    "teams": "has not opened a chat with cityops in Teams; ask them to open the app once",
}


# What is said of somebody whose accounts there are all closed, by the state of the last one.
CLOSED = {
    "deactivated": "has a {platform} account that is switched off; switch it on there, or take them out of people.toml",
    "guest": "is a guest in {platform}; make them a full member, or take them out of people.toml",
    "external": "is in {platform} as a member of another organization; take them out of people.toml",
}


def unreachable(context: Context) -> list[tuple[Person, str]]:
    """Those of people.toml who cannot be written to, each with why and what they must do, to be said after the name."""
    people, known = context.city.people, context.store.chat.people
    refused = known.unreached()
    closed, switched_off = known.closed(), known.switched_off()
    met = {platform: known.accounts(platform, people) for platform in NOT_MET if platform in context.platforms}
    suspects = _suspects(people, [*closed, *refused], met.values())
    context.roster.read_platforms([person.id for person in suspects])
    found: list[tuple[Person, str]] = []
    for person in suspects:
        platform = context.platform_of(person.id)
        if platform in met and person.id not in met[platform]:
            found.append((person, NOT_MET[platform]))
        elif person.id in switched_off and (state := closed.get((platform, person.id))):
            found.append((person, CLOSED[state].format(platform=spoken_platform(platform))))
        elif why := refused.get((platform, person.id)):
            found.append((person, why))
    return found


def _suspects(
    people: Mapping[str, Person], refused: Iterable[tuple[str, str]], met: Iterable[Mapping[str, str]]
) -> list[Person]:
    """Those who may not be reached: a platform refuses them, or has not met them though it must."""
    suspected = {person for _, person in refused}.union(*(people.keys() - there.keys() for there in met))
    return [person for name, person in people.items() if name in suspected]


def unreachable_line(person: Person, why: str) -> str:
    """Somebody who cannot be written to, in one line."""
    return f"{person.name}: {why}"

"""People: who works for the city, by people.toml."""

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from handlers.kit.city.fact import Address, Fact, Id, other_than

# Who acts by itself, whom nobody is, whom a message to all names, and how those are kept who are in no file.
NOT_A_PERSON = other_than(
    "cityops", "nobody", "everybody", "everyone", "here", "channel", beginning=("slack-", "teams-")
)
Role = Literal["staff", "department_head", "city_manager", "crisis_team", "admin"]


class Person(Fact):
    """Somebody who works for the city. Everybody has the role ``staff``; ``deputy`` is asked while they are away.

    An account with one of their addresses is theirs; ``slack`` and ``teams`` name the account itself, by the
    platform's id that never changes (Slack's member id, the object id of Microsoft Entra).
    """

    DIFFER = ("id",)  # two people may have the same name

    id: Annotated[Id, NOT_A_PERSON]
    name: str
    email: Address
    emails: tuple[Address, ...] = ()
    title: str = ""
    roles: tuple[Role, ...] = ()
    department: Id | None = None
    prefers: Literal["slack", "teams"] | None = None
    deputy: Id | None = None
    slack: Annotated[str, Field(pattern=r"^[UW][A-Z0-9]{2,20}$")] | None = None
    teams: Annotated[str, Field(pattern=r"(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")] | None = None

    @property
    def addresses(self) -> tuple[str, ...]:
        """All their e-mail addresses, in lower case; the first is the one they are written to."""
        return tuple(dict.fromkeys(address.lower() for address in (self.email, *self.emails)))

    @cached_property
    def all_roles(self) -> frozenset[str]:
        return frozenset({"staff", *self.roles})


class People(Fact):
    person: tuple[Person, ...]

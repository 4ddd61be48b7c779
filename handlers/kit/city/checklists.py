"""Checklists: what is to be done again and again, by checklists.toml."""

from typing import Annotated, Literal

from pydantic import Field

from handlers.kit.city.fact import Fact, Id, other_than
from handlers.kit.time.periods import Cadence


class ChecklistItem(Fact):
    """Something to be done again and again; ``id`` never changes, ``owner`` is a seat: a role, or ``department:<id>``.

    ``seen`` names what the bot can see done by itself.
    """

    DIFFER = ("id",)  # two people may each have to do the same thing

    id: Annotated[Id, other_than("item", "note")]
    name: Annotated[str, Field(max_length=80)]
    when: Cadence
    owner: Annotated[str, Field(pattern=r"^(department:)?[a-z][a-z0-9_-]{0,39}$")]
    seen: Literal["morning-check", "standup"] | None = None


class ChecklistFacts(Fact):
    item: tuple[ChecklistItem, ...] = ()

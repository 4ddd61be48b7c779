"""Stand-up: the questions and the teams, by standup.toml."""

from typing import Annotated

from pydantic import Field

from handlers.kit.city.fact import Fact, Id


class Team(Fact):
    """People who hold a stand-up together; ``place`` is where its digest goes."""

    id: Id
    name: str
    place: Id
    members: Annotated[tuple[Id, ...], Field(min_length=1)]


class StandupFacts(Fact):
    """The three questions of a stand-up, the last of them for what stands in the way, and the teams."""

    questions: tuple[str, str, str] = ("What did you finish?", "What is next?", "What is in your way?")
    team: tuple[Team, ...] = ()

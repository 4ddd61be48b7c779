"""Feedback: categories, targets and endings of what residents tell the city, by feedback.toml."""

from typing import Annotated

from pydantic import Field

from handlers.kit.city.fact import Amount, Fact, Id


class Category(Fact):
    """What a resident's feedback is about, and the department that answers it, or a person of it.

    ``target_hours`` is the working time until it is answered, ``fixed_after_days`` when to ask whether it is fixed.
    """

    id: Id
    name: str
    department: Id
    person: Id | None = None
    target_hours: Amount | None = None
    fixed_after_days: Amount | None = None


class Ending(Fact):
    """How feedback can end: a reason code, and a ready sentence that the resident can be sent.

    ``elsewhere`` means that it is not the city's: the answer then says who decided so and where to go. ``check`` means
    that somebody is asked some days later whether it is fixed.
    """

    id: Id
    name: Annotated[str, Field(max_length=60)]
    text: Annotated[str, Field(max_length=500)] | None = None
    elsewhere: bool = False
    check: bool = False


class Area(Fact):
    """A part of town: the streets and words by which a place is known to lie in it."""

    name: Annotated[str, Field(max_length=60)]
    words: tuple[str, ...]


class ProposalFacts(Fact):
    """How many items of one category within how many days in one area propose a risk."""

    items: Annotated[int, Field(ge=2, le=1000)] = 5
    days: Annotated[int, Field(ge=1, le=366)] = 14


ENDINGS = (
    Ending(id="done", name="It is done", check=True),
    Ending(id="answered", name="The question is answered"),
    Ending(id="declined", name="We will not do it"),
    Ending(id="not-ours", name="Not the city's responsibility", elsewhere=True),
)


class FeedbackFacts(Fact):
    reached_us_by: tuple[str, ...]
    category: tuple[Category, ...]
    target_hours: Amount = 27
    fixed_after_days: Amount = 7
    still_waiting_days: Amount = 7
    answer: Annotated[tuple[Ending, ...], Field(min_length=1)] = ENDINGS
    area: tuple[Area, ...] = ()
    proposal: ProposalFacts = ProposalFacts()

"""Crisis: levels, scenarios, roles and the plan, by crisis.toml."""

from collections.abc import Mapping
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from handlers.kit.city.fact import Fact, Id, other_than
from handlers.kit.city.people import Role
from handlers.kit.errors import WrongFact

Name = Annotated[str, Field(min_length=1, max_length=60)]
Sentence = Annotated[str, Field(min_length=1, max_length=300)]
Minutes = Annotated[int, Field(ge=1, le=24 * 60)]
Hours = Annotated[int, Field(ge=1, le=90 * 24)]
COMMANDER = "commander"


class CrisisLevel(Fact):
    """How far a crisis reaches; ``threshold`` says when it is this level, ``pages`` which roles of people.toml are
    called beside the crisis team from this level on."""

    name: Name
    threshold: Sentence
    pages: tuple[Role, ...] = ()


class Scenario(Fact):
    """What kind of crisis it is."""

    id: Id
    name: Name


class CrisisRole(Fact):
    """A role in every crisis: who is asked, in this order, and what they do first.

    ``answer`` says whether it is enough that one of them has it (``first``), or each must answer (``all``).
    """

    id: Annotated[Id, other_than("role", "person", "crisis")]  # what a line names its fields by
    name: Name
    people: Annotated[tuple[Id, ...], Field(min_length=1)]
    answer: Literal["first", "all"] = "first"
    instructions: Annotated[tuple[Sentence, ...], Field(min_length=1)]


class Step(Fact):
    """Something that is done in every crisis, ``due_hours`` after its first minute, usually by ``role``."""

    id: Id
    name: Name
    role: Id
    due_hours: Hours


class Window(Fact):
    """A stretch of a crisis, until so many hours after its first minute; it closes when its questions are answered."""

    id: Annotated[Id, other_than("window", "crisis")]
    name: Name
    until_hours: Hours
    questions: Annotated[tuple[Sentence, ...], Field(min_length=1, max_length=8)]
    step: Annotated[tuple[Step, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _can_be_closed(self) -> Self:
        for step in self.step:
            if step.due_hours > self.until_hours:
                late = f"{step.due_hours} is after the end of its window, {self.until_hours}"
                raise WrongFact(
                    f"step.{step.id}.due_hours", f"{late}; make it less, until_hours more, or move the step"
                )
        return self


class RollcallFacts(Fact):
    """When a silent head is asked again, when the deputy is asked instead, and how long an answer counts."""

    remind_minutes: Minutes = 10
    escalate_minutes: Minutes = 20
    fresh_hours: Hours = 12

    @model_validator(mode="after")
    def _reminds_first(self) -> Self:
        if self.remind_minutes > self.escalate_minutes:
            late = f"{self.remind_minutes} is after the deputy is asked, escalate_minutes = {self.escalate_minutes}"
            raise WrongFact("remind_minutes", f"{late}; make it less")
        return self


class ReportsFacts(Fact):
    """How often the executive and the working report are due, and how long a reminder of one is put off."""

    executive_hours: Hours = 4
    working_hours: Hours = 2
    snooze_minutes: Minutes = 30


_LEVELS = (
    CrisisLevel(name="one department", threshold="One department can handle it with its own people."),
    CrisisLevel(name="several departments", threshold="Two or more departments are needed."),
    CrisisLevel(name="the whole city", threshold="Lives are in danger, or the whole city is affected."),
)


class CrisisFacts(Fact):
    """Levels count from 1, in this order; ``page_again_times`` is how often a silent person is paged again.

    Where the holder of a role does nothing for ``silent_minutes`` after they were asked, the next person is asked.
    """

    confirm_minutes: Minutes = 5
    review_hours: Hours = 24
    page_again_minutes: Annotated[int, Field(ge=1, le=120)] = 5
    page_again_times: Annotated[int, Field(ge=0, le=10)] = 3
    phone_again_minutes: Minutes = 15
    silent_minutes: Minutes = 15
    level: Annotated[tuple[CrisisLevel, ...], Field(min_length=1, max_length=5)] = _LEVELS
    scenario: tuple[Scenario, ...] = ()
    role: tuple[CrisisRole, ...] = ()
    window: tuple[Window, ...] = ()
    rollcall: RollcallFacts = RollcallFacts()
    reports: ReportsFacts = ReportsFacts()

    @cached_property
    def roles(self) -> Mapping[str, CrisisRole]:
        """The roles by id."""
        return {role.id: role for role in self.role}

    @cached_property
    def windows(self) -> Mapping[str, Window]:
        """The windows by id, in their order."""
        return {window.id: window for window in self.window}

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        """The steps of all windows by id."""
        return {step.id: step for window in self.window for step in window.step}

    @model_validator(mode="after")
    def _has_each_step_once(self) -> Self:
        known = set[str]()
        for window in self.window:
            for step in window.step:
                if step.id in known:
                    where = f"window.{window.id}.step.{step.id}"
                    raise WrongFact(where, f"the id {step.id!r} is there twice; change or remove one")
                known.add(step.id)
        return self

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.role and COMMANDER not in self.roles:
            raise WrongFact("role", f'there is no role "{COMMANDER}"; somebody must lead: give one role this id')
        for window in self.window:
            for step in window.step:
                if step.role not in self.roles:
                    wrong = f"there is no role {step.role!r}; add it or name another: {', '.join(self.roles)}"
                    raise WrongFact(f"window.{window.id}.step.{step.id}.role", wrong)
        for before, window in pairwise(self.window):
            if window.until_hours <= before.until_hours:
                early = f"{window.until_hours} is not after the end of {before.id}, {before.until_hours}"
                raise WrongFact(f"window.{window.id}.until_hours", f"{early}; make it more, or put them in order")
        return self

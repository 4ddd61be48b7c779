"""Search: what somebody may do only after steps that they can take by themselves.

A step is a case of the matrix, or a command whose form is filled in with the person's own name, department and records.
What concerns risks is tried about risks, and so on; what concerns the city (who is away, whose work is handed over) is
tried before anything else.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice, product
from random import Random

from bot.inbound import Gesture, Submitted
from handlers.kit.declared import Command, asked
from handlers.kit.forms import Question
from tests.access.cases import cases_of, fitting, gesture
from tests.access.matrix import Scene, name_of
from tests.access.records import Things
from tests.access.town import Way, filled

GENERAL = "city"  # the group whose commands may change who is responsible for anything
REFUSED = "xR"
WITH_REFUSED = 4  # how many steps are drawn for each that is allowed


@dataclass(frozen=True)
class Step:
    """One thing that somebody can try: its name, its group, and the gesture."""

    name: str
    group: str
    what: Gesture
    way: Way = "alone"
    reads_only: bool = False

    def as_new(self, number: int) -> Gesture:
        """The gesture as a new one: a form with the same nonce would count as sent twice."""
        if isinstance(self.what, Submitted):
            return filled(self.what.target, self.what.values, f"{self.what.nonce} {number}")
        return self.what


@dataclass(frozen=True)
class Gained:
    """A thing that was refused to somebody, and the steps by which they got it themselves."""

    person: str
    steps: tuple[str, ...]
    goal: str


class Search:
    """All sequences of steps of one person in one scene."""

    def __init__(self, scene: Scene, person: str) -> None:
        self.scene, self.person, self.town = scene, person, scene.town
        self.steps = [*self._cases(), *self._filled_with_oneself()]
        self.tries = 0

    def goals(self, groups: Collection[str] = ()) -> list[Step]:
        """The cases of the matrix that are refused to this person."""
        cases = [case for case in self._cases() if not groups or case.group in groups]
        return [case for case in cases if self._letter(case) in REFUSED]

    def gained(self, depth: int, goals: Collection[Step]) -> list[Gained]:
        """What becomes possible in at most ``depth`` steps, each by its shortest sequence."""
        found: list[Gained] = []
        for length in range(1, depth + 1):
            found += list(self._further((), length, goals, found))
        return found

    def drawn(
        self, length: int, count: int, goals: Collection[Step], seed: int, known: Collection[Gained]
    ) -> list[Gained]:
        """The same for ``count`` sequences that are drawn by a seed."""
        chance, here, found = Random(seed), self.town.remembers(), list[Gained]()
        for _ in range(count):
            group = chance.choice(sorted({goal.group for goal in goals}))
            able = [step for step in self.steps if step.group in (group, GENERAL)]
            tried = chance.choices(able, k=length * WITH_REFUSED)
            done = tuple(islice((step for step in tried if self._does(step)), length))
            self.town.remembers()
            found += self._now_possible(done, [goal for goal in goals if goal.group == group], [*known, *found])
            self.town.goes_back(here)
        self.town.keeps(here)
        return found

    def _further(
        self, before: tuple[Step, ...], length: int, goals: Collection[Step], known: Collection[Gained]
    ) -> Iterator[Gained]:
        here = self.town.remembers()
        groups = {goal.group for goal in goals}
        for step in self.steps:
            if step.group not in (*groups, GENERAL) or step in before:
                continue
            if self._does(step):
                own = [goal for goal in goals if step.group in (GENERAL, goal.group)]
                self.town.remembers()
                if length == 1:
                    yield from self._now_possible((*before, step), own, known)
                else:
                    yield from self._further((*before, step), length - 1, own, known)
            self.town.goes_back(here)
        self.town.keeps(here)

    def _now_possible(
        self, steps: tuple[Step, ...], goals: Collection[Step], known: Collection[Gained]
    ) -> Iterator[Gained]:
        names = tuple(step.name for step in steps)
        for goal in goals:
            shorter = any(gain.goal == goal.name and set(gain.steps) <= set(names) for gain in known)
            if not shorter and self._letter(goal) == "A":
                yield Gained(self.person, names, goal.name)

    def _does(self, step: Step) -> bool:
        """Do a step, and say whether it changed anything."""
        self.tries += 1
        answer = self.town.does(self.person, lambda: step.as_new(self._number()), step.way)
        return answer.letter == "A" and self.town.has_changed

    def _letter(self, step: Step) -> str:
        self.tries += 1
        return self.town.tries(
            self.person, lambda: step.as_new(self._number()), step.way, reads_only=step.reads_only
        ).letter

    def _number(self) -> int:
        return next(self.scene.numbers)

    def _cases(self) -> Iterator[Step]:
        city = self.town.runtime.city()
        for target, case in cases_of(self.town.runtime.catalogue):
            about = case.about(self.scene.things)
            if about is not None:
                what = gesture(target, case, about, self.scene.things, city, "case")
                yield Step(name_of(target, case), group_of(target.name), what, case.way, target.reads_only)

    def _filled_with_oneself(self) -> Iterator[Step]:
        for command in self.town.runtime.catalogue.commands.values():
            questions = asked(command, self.town.runtime.city())
            if not command.reads_only and questions:
                yield from self._filled(command, questions)

    def _filled(self, command: Command, questions: tuple[Question, ...]) -> Iterator[Step]:
        known = {question.name: self._answer(question) for question in questions}
        people = [question.name for question in questions if question.kind == "person"]
        for persons in product((self.person, self.scene.holder), repeat=len(people)):
            given = {**known, **{name: f"@{person}" for name, person in zip(people, persons, strict=True)}}
            values = {name: value for name, value in given.items() if value}
            said = ", ".join(f"{name} @{person}" for name, person in zip(people, persons, strict=True))
            yield Step(
                f"/{command.name} ({said or 'oneself'})", group_of(command.name), filled(command.name, values, "own")
            )

    def _answer(self, question: Question) -> str:
        things: Things = self.scene.things
        if question.kind == "reference":
            return things.get(question.name, "")
        if question.name == "department":
            return self.town.runtime.city().people[self.person].department or ""
        return {"from_day": "today", "to_day": "in 3 days"}.get(question.name) or fitting(question)


def group_of(name: str) -> str:
    """The group of a command or an action."""
    return name.replace(".", " ").split()[0]

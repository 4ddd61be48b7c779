"""Crisis step: how a step of the plan is named, on buttons and everywhere else."""

from dataclasses import dataclass

from handlers.kit.values import Carried, Rest, written
from storage.crisis.tasks import CrisisTask


@dataclass(frozen=True)
class StepOf(Carried):
    """A step of a crisis. The button carries the word ``step`` and the step's id, so that no id of the city's is taken
    for anything else. The first buttons carried the id alone."""

    crisis: str
    named: Rest

    @property
    def step(self) -> str:
        """The step's id."""
        return self.named.removeprefix("step ")


def step_of(task: CrisisTask) -> StepOf:
    """The value that a step's button carries."""
    return StepOf(task.crisis, f"step {task.step}")


def step_ref(task: CrisisTask) -> str:
    """The reference of a step of a crisis."""
    return written(step_of(task))

"""Problems: what of a sheet does not fit, where a person finds it."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.kit.errors import UserError


@dataclass(frozen=True)
class Problem:
    """What does not fit: the row as a spreadsheet counts, the column's heading or letter, and a sentence."""

    row: int
    column: str
    sentence: str

    def __str__(self) -> str:
        return f"row {self.row}, {self.column}: {self.sentence}"


class SheetErrors(UserError):
    """Everything in a sheet that does not fit."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = list(problems)

"""Complexity: how many paths lead through each function, with every ``and``, ``or`` and ternary counted.

``python -m tests.complexity`` prints the functions that have more than ten, the worst first. Ruff's count leaves those
words out, so that a function can pass it and still decide a dozen things at once.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
FLOORS = ("bot", "scheduler", "handlers", "storage")
AIM = 10
BRANCHES = (ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.Assert, ast.match_case)


@dataclass(frozen=True, order=True)
class Counted:
    """A function, by file and line, and the number of paths through it."""

    ways: int
    where: str

    def __str__(self) -> str:
        return f"{self.ways:3}  {self.where}"


def main() -> None:
    """Print what is above the aim, the worst first."""
    above = sorted((function for function in all_functions() if function.ways > AIM), reverse=True)
    print(*above, f"{len(above)} functions have more than {AIM} ways through them", sep="\n")


def all_functions() -> Iterator[Counted]:
    """Every function of the program, without migrations, which are never changed."""
    for floor in FLOORS:
        for file in sorted((ROOT / floor).rglob("*.py")):
            if "versions" not in file.parts:
                yield from functions(file.read_text(encoding="utf-8"), str(file.relative_to(ROOT)))


def functions(source: str, name: str) -> Iterator[Counted]:
    """The functions of one file; a function inside another counts for both."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Counted(ways(node), f"{name}:{node.lineno} {node.name}")


def ways(function: ast.AST) -> int:
    """One, and one more for each branch, each loop, each condition of a comprehension and each ``and`` or ``or``."""
    return 1 + sum(_adds(node) for node in ast.walk(function))


def _adds(node: ast.AST) -> int:
    match node:
        case ast.BoolOp(values=values):
            return len(values) - 1
        case ast.comprehension(ifs=conditions):
            return 1 + len(conditions)
        case _:
            return int(isinstance(node, BRANCHES))


if __name__ == "__main__":
    main()

"""Sample: which small changes to a module are tried, drawn by a seed."""

import random
import re
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import zip_longest
from pathlib import Path
from typing import Any

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

from tests.mutants.operators import operators

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@dataclass(frozen=True)
class Mutant:
    """One small change: the ``occurrence``-th place in a module where an operator can change something."""

    module: str
    operator: str
    occurrence: int

    @cached_property
    def can_be_made(self) -> bool:
        """Whether cosmic-ray can make this change; it breaks where an exception has a dotted name."""
        try:
            return bool(self.source)
        except AttributeError:
            return False

    @cached_property
    def source(self) -> str:
        """The module's text after the change."""
        changed = mutate_code((ROOT / self.module).read_text(), operators()[self.operator](), self.occurrence)
        assert changed is not None
        return str(changed)

    @cached_property
    def lines(self) -> tuple[int, str, str]:
        """The number of the first changed line, and how it reads before and after."""
        before, after = (ROOT / self.module).read_text().splitlines(), self.source.splitlines()
        pairs = enumerate(zip(before, [*after, *[""] * len(before)], strict=False), start=1)
        return next((number, was.strip(), now.strip()) for number, (was, now) in pairs if was != now)

    def __str__(self) -> str:
        number, was, now = self.lines
        return f"{self.module}:{number}\n    - {was}\n    + {now}"


def modules() -> list[str]:
    """The modules that are tried."""
    return list(_named()["modules"])


def at_import() -> list[str]:
    """The tests that check what modules define at import, though they execute none of their lines."""
    return list(_named()["at_import"])


@cache
def _named() -> dict[str, list[str]]:
    return tomllib.loads((HERE / "modules.toml").read_text())


def cannot_be_noticed(mutant: Mutant) -> bool:
    """Whether no test can notice this change, because ``equivalent.toml`` names it or its kind."""
    told, (_, was, now) = _equivalent(), mutant.lines
    named = any(
        (mutant.module, was, now) == (entry["module"], entry["was"], entry["now"]) for entry in told.get("change", [])
    )
    return named or any(re.search(entry["was"], was) and re.search(entry["now"], now) for entry in told.get("kind", []))


@cache
def _equivalent() -> dict[str, list[dict[str, str]]]:
    return tomllib.loads((HERE / "equivalent.toml").read_text())


def sample(count: int, seed: int, only: str = "") -> list[Mutant]:
    """Draw ``count`` changes from the modules whose path contains ``only``; the same for the same seed and source.

    Modules take turns, and so do the kinds of change in a module, so that neither a long file nor a common kind crowds
    out the others.
    """
    chance = random.Random(seed)
    kinds = [_kinds(module, chance) for module in modules() if only in module]
    drawn: list[Mutant] = []
    while len(drawn) < count and any(kinds):
        for waiting in kinds:
            if waiting and (mutant := waiting.pop()).can_be_made:
                drawn.append(mutant)
    return drawn[:count]


def _kinds(module: str, chance: random.Random) -> list[Mutant]:
    """The changes of a module, ordered so that kinds take turns; the last in the list is the next to try."""
    by_kind: list[list[Mutant]] = [found for name in operators() if (found := _of_kind(module, name, chance))]
    chance.shuffle(by_kind)
    rounds = zip_longest(*by_kind)
    return [mutant for turn in rounds for mutant in turn if mutant is not None][::-1]


def _of_kind(module: str, name: str, chance: random.Random) -> list[Mutant]:
    """Every place in a module where one operator can change something, in random order."""
    operator = operators()[name]()
    places = sum(1 for node in _nodes(module) for _ in operator.mutation_positions(node))
    found = [Mutant(module, name, number) for number in range(places)]
    chance.shuffle(found)
    return found


@cache
def _nodes(module: str) -> list[Any]:
    return list(ast_nodes(get_ast((ROOT / module).read_text())))

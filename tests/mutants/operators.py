"""Operators: the kinds of change that are tried: those of cosmic-ray that matter here, and three of our own."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from cosmic_ray.ast import get_ast
from cosmic_ray.operators.operator import Example, Operator
from cosmic_ray.plugins import get_operator, operator_names

# Of arithmetic only + for - and - for +: any other operator fails at once on dates and texts, in any test. `is` for
# `==` differs only where Python shares its small values.
LEFT_OUT = re.compile(r"BinaryOperator_(?!Add_Sub|Sub_Add)|Eq_Is")


class DropCall(Operator):  # type: ignore[misc]  # cosmic-ray has no types
    """Leave out a call whose result nobody uses: a page that is not sent, a line that is not written."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        if node.type == "expr_stmt" or node.parent is None or node.parent.type != "simple_stmt":
            return
        if node.type in ("atom_expr", "power") and _is_call(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        left_out = get_ast("pass\n").children[0].children[0]
        left_out.prefix = node.get_first_leaf().prefix
        return left_out

    @classmethod
    def examples(cls) -> Sequence[Any]:
        return (Example("page(person)\n", "pass\n"),)


class OneMore(Operator):  # type: ignore[misc]
    """Add a role to a set of words: a right that more people have."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        if _is_set_of_words(node) and "'staff'" not in _words(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        return _set_of([*_words(node), "'staff'"], node)

    @classmethod
    def examples(cls) -> Sequence[Any]:
        return (Example('{"admin"}', "{'admin', 'staff'}"),)


class OneLess(Operator):  # type: ignore[misc]
    """Leave the last word out of a set: a right that fewer people have."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        if _is_set_of_words(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        return _set_of(_words(node)[:-1], node)

    @classmethod
    def examples(cls) -> Sequence[Any]:
        return (Example('{"admin", "staff"}', "{'admin'}"),)


OWN = {"DropCall": DropCall, "OneMore": OneMore, "OneLess": OneLess}


@cache
def operators() -> dict[str, type[Operator]]:
    """Every kind of change that needs no arguments, by name."""
    theirs = {name: get_operator(name) for name in sorted(operator_names())}
    kept = {name: kind for name, kind in theirs.items() if not kind.arguments() and not _left_out(name)}
    return {**kept, **OWN}


def _left_out(name: str) -> bool:
    return LEFT_OUT.search(name) is not None


def _is_call(node: Any) -> bool:
    last = node.children[-1]
    return bool(last.type == "trailer" and last.children[0].value == "(")


def _is_set_of_words(node: Any) -> bool:
    return node.type == "atom" and node.children[0].value == "{" and bool(_words(node)) and ":" not in node.get_code()


def _words(node: Any) -> list[str]:
    """The words of a set display; none when it holds anything else."""
    inner = node.children[1]
    leaves = inner.children if inner.type == "testlist_comp" or inner.type == "dictorsetmaker" else [inner]
    words = [leaf for leaf in leaves if getattr(leaf, "value", "") != ","]
    return [repr(leaf.value.strip("\"'")) for leaf in words] if all(leaf.type == "string" for leaf in words) else []


def _set_of(words: list[str], node: Any) -> Any:
    code = f"{{{', '.join(words)}}}" if words else "()"
    made = get_ast(code).children[0]
    made.get_first_leaf().prefix = node.get_first_leaf().prefix
    return made

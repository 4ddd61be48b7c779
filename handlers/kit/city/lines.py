"""City lines: where an entry of a list stands in its file, as somebody looks for it in an editor."""

import re
from collections.abc import Sequence
from typing import Any


def spoken_place(text: str, tables: Any, way: Sequence[str | int]) -> str:
    """The innermost entry on the way to a value that has a header of its own: [[person]] number 3, line 31. Nothing
    where there is none, or where a list is written in another way.

    ``tables`` is what the whole ``text`` says; lines and entries are counted from 1.
    """
    lines, name, found = text.split("\n"), "", ""
    first, last = 0, len(lines)
    for part in way:
        if isinstance(part, str):
            name = f"{name}.{part}" if name else part
        else:
            headers = _headers(lines, name, first, last)
            if not isinstance(tables, list) or len(headers) != len(tables) or part >= len(tables):
                break
            first, last = headers[part], [*headers, last][part + 1]
            found = f"[[{name}]] number {part + 1}, line {first + 1}"
        tables = inside(tables, part)
    return found


def _headers(lines: Sequence[str], name: str, first: int, last: int) -> list[int]:
    """The lines with which the entries of a list begin, between two lines."""
    dotted = r"\s*\.\s*".join(re.escape(part) for part in name.split("."))
    header = re.compile(rf"\s*\[\[\s*{dotted}\s*\]\]")
    return [number for number in range(first, last) if header.match(lines[number])]


def inside(table: Any, part: str | int) -> Any:
    """What stands in a table under a key, or in a list at a place; None where there is none."""
    match table, part:
        case dict(), str():
            return table.get(part)
        case list(), int() if part < len(table):
            return table[part]
        case _:
            return None


def numbered(table: Any, key: str) -> list[str | int]:
    """The way that a key with ids leads, with the numbers of the entries in their places; of two entries with one id
    the second is meant."""
    way: list[str | int] = []
    for part in key.split(".") if key else ():
        step: str | int = part
        if isinstance(table, list):
            named = [number for number, row in enumerate(table) if isinstance(row, dict) and row.get("id") == part]
            step = named[-1] if named else int(part) if part.isdecimal() else part
        way.append(step)
        table = inside(table, step)
    return way

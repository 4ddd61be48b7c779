"""Twins: rows without a reference that an earlier import has made records of already; nothing is taken in twice."""

from collections.abc import Mapping, Sequence

from handlers.kit.context import SYSTEM
from handlers.kit.sheets.changing import REFERENCE, Register
from handlers.kit.sheets.reading import Line
from handlers.kit.sheets.versions import COLUMN, plain

LOGGED_BY = ("logged_by", "asked_by")  # the fields of a row that say whose record it is; nobody's is the bot's


def twins(register: Register, lines: Sequence[Line], before: Mapping[str, Mapping[str, str]]) -> dict[int, str]:
    """The references of these records by the rows' numbers; ``before`` are the rows as they would be exported now."""
    named = {line.values.get(REFERENCE, "").strip().upper() for line in lines}
    title = next(column.name for column in register.columns if column.required)
    free: dict[str, list[Mapping[str, str]]] = {}
    for ref, row in before.items():
        if ref not in named:
            free.setdefault(plain(row[title]), []).append(row)
    found: dict[int, str] = {}
    for line in lines:
        alike = free.get(plain(line.values[title]), []) if not line.values.get(REFERENCE, "").strip() else []
        if twin := next((row for row in alike if _is_twin(register, line, row)), None):
            alike.remove(twin)
            found[line.number] = twin[REFERENCE]
    return found


def _is_twin(register: Register, line: Line, row: Mapping[str, str]) -> bool:
    """Whether a record says all that a row says, and came by an import if the row does not say who logged it."""
    beside = {REFERENCE, COLUMN, *register.sheet.counted, *register.sheet.added}
    said = {name: text for name, text in line.values.items() if text.strip() and name not in beside}
    if any(name in row and name not in said and row[name] != SYSTEM for name in LOGGED_BY):
        return False
    return not line.problems and all(register.is_same(name, text, row[name]) for name, text in said.items())

"""Table: what a run gave, as people read it and as benchmarks/latest.json keeps it."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.cases import Figure

LATEST = Path(__file__).parent / "latest.json"
SYNC = "bare sync of a small file, ms"
HEAD = ("case", "floor", "ours", "value", "bound", "", "sync, ms", "")
VALUES = {"ratio": "ratio", "more": "value", "ours": "value"}  # its name in latest.json


@dataclass(frozen=True)
class Measured:
    """A figure, and in how many milliseconds the machine synced a small file just before."""

    figure: Figure
    sync: float

    @property
    def line(self) -> tuple[str, ...]:
        figure, case = self.figure, self.figure.case
        floor = "" if figure.floor is None else f"{_short(figure.floor)} {case.unit}"
        value = "" if case.compared == "ours" else _short(figure.value)
        bound = "" if case.bound is None else f"{'>=' if case.is_least else '<='} {case.bound:g}"
        word = {True: "within", False: "OVER", None: "kept"}[figure.is_within]
        ours = f"{_short(figure.ours)} {case.unit}"
        return case.name, floor, ours, value, bound, word, _short(self.sync), figure.note

    @property
    def kept(self) -> dict[str, Any]:
        figure, case = self.figure, self.figure.case
        return {
            "floor": None if figure.floor is None else round(figure.floor, 4),
            "ours": round(figure.ours, 4),
            "unit": case.unit,
            VALUES[case.compared]: round(figure.value, 4),
            "bound": case.bound,
            "bound is": "the least" if case.is_least else "the most",
            "within": figure.is_within,
            "why": case.why,
            "note": figure.note,
            SYNC: round(self.sync, 4),
        }


def table(measured: Sequence[Measured]) -> str:
    """One line for each case: floor, ours, their ratio or difference, the bound, and whether it is kept."""
    lines = [HEAD, *(row.line for row in measured)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def keep(measured: Sequence[Measured], file: Path, names: Collection[str]) -> None:
    """Write the figures by the names of their cases; of the other cases of these names, the last ones stay."""
    before = json.loads(file.read_text()) if file.exists() else {}
    figures = {row.figure.case.name: row.kept for row in measured}
    kept = {name: figures.get(name, before.get(name)) for name in names}
    file.write_text(json.dumps({name: figure for name, figure in kept.items() if figure}, indent=2) + "\n")


def _short(value: float) -> str:
    """A number with three figures that count."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"

"""Merged cells: one that spans several rows stands for each of them; any other cannot be told apart and is named."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from handlers.kit.sheets.problems import Problem

if TYPE_CHECKING:
    from openpyxl.worksheet.cell_range import CellRange
    from openpyxl.worksheet.worksheet import Worksheet


def spread(page: "Worksheet", lines: list[list[str]]) -> Iterator[Problem]:
    """Write the text of cells that are merged over several rows into each row that has a text of its own.

    Gives a problem for each text that is merged over several columns, or out of the row of headings.
    """
    filled = [number for number, line in enumerate(lines, 1) if any(cell.strip() for cell in line)]
    heading = filled[0] if filled else 0
    for cells in page.merged_cells.ranges:
        text = lines[cells.min_row - 1][cells.min_col - 1]
        if not text.strip() or cells.min_row == cells.max_row == heading:
            continue
        if wrong := _wrong(cells, heading):
            yield Problem(cells.min_row, f"cells {cells.coord}", wrong)
            continue
        for number in filled:
            if cells.min_row < number <= cells.max_row:
                lines[number - 1][cells.min_col - 1] = text


def _wrong(cells: "CellRange", heading: int) -> str:
    """Why the text of merged cells belongs to no row; empty when it stands for each of their rows."""
    if cells.min_col != cells.max_col:
        return (
            "These cells are merged, so it is not clear which column the text belongs to. "
            "Unmerge them, and fill in each."
        )
    return "These are merged with the headings. Unmerge them." if cells.min_row <= heading else ""


def covered(page: "Worksheet") -> set[tuple[int, int]]:
    """Row and column of each cell that another one covers, because they are merged."""
    return {
        (row, column)
        for cells in page.merged_cells.ranges
        for row in range(cells.min_row, cells.max_row + 1)
        for column in range(cells.min_col, cells.max_col + 1)
        if (row, column) != (cells.min_row, cells.min_col)
    }

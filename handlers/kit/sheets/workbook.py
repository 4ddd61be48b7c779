"""Workbook: the page of an XLSX file that holds a register, and in plain words what else stands in the file."""

import io
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from handlers.kit.errors import UserError
from handlers.kit.sheets.beside import is_empty, notices_of
from handlers.kit.sheets.cell_text import shown
from handlers.kit.sheets.merged import covered, spread
from handlers.kit.sheets.problems import Problem, SheetErrors
from handlers.kit.sheets.unpacking import NO_SHEET, check_extent, check_unpacked

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

# What the library raises for a file that was cut or written by hand: broken XML is a SyntaxError.
BROKEN = (BadZipFile, LookupError, ValueError, TypeError, AttributeError, SyntaxError, OSError, OverflowError)


@dataclass(frozen=True)
class Page:
    """The rows of a sheet, from its first one on, and what of its file is not in them."""

    lines: Iterable[list[str]]
    notices: Sequence[str] = ()


def read_workbook(data: bytes) -> Page:
    """The first sheet in sight on which something is written.

    Raises UserError, and SheetErrors with each cell that cannot be read.
    """
    has_formulas = check_unpacked(data)
    try:
        return _read(data, has_formulas)
    except IndexError:  # a cell names a style that the file does not have; the library notices when it is asked for
        raise UserError(NO_SHEET) from None


def _read(data: bytes, has_formulas: bool) -> Page:
    book = _loaded(data, data_only=True, rich_text=True)
    page = _chosen(book)
    grid = list(page.iter_rows())
    formulas = _formulas(_loaded(data)[page.title]) if has_formulas else []
    lines = [[shown(cell.value, cell.number_format) for cell in row] for row in grid]
    problems = [*_errors(grid), *_never_counted(page, formulas), *_covered(data, page), *spread(page, lines)]
    if problems:
        raise SheetErrors(sorted(problems, key=lambda problem: problem.row))
    return Page(lines, notices_of(data, book, page, formulas))


def _loaded(data: bytes, **how: bool) -> "Workbook":
    from openpyxl import load_workbook  # it takes a third of a second, and few ask for it

    try:
        with warnings.catch_warnings():  # about lists to choose from and other helps for typing
            warnings.simplefilter("ignore", UserWarning)
            return load_workbook(io.BytesIO(data), **how)
    except BROKEN:
        raise UserError(NO_SHEET) from None


def _chosen(book: "Workbook") -> "Worksheet":
    pages = sorted(book.worksheets, key=lambda page: page.sheet_state != "visible")
    for page in pages:
        check_extent(page.max_row, page.max_column, f"{page.cell(1, page.max_column).column_letter}{page.max_row}")
    written = [page for page in pages if not is_empty(page)]
    if not pages:
        raise UserError(NO_SHEET)
    return (written or pages)[0]


def _formulas(page: "Worksheet") -> list[str]:
    """The cells with a formula, on a page that was read with its formulas."""
    return [cell.coordinate for row in page.iter_rows() for cell in row if cell.data_type == "f"]


def _errors(grid: Iterable[Iterable[Any]]) -> Iterator[Problem]:
    """The cells in which a spreadsheet says that it could not count something."""
    for row in grid:
        for cell in row:
            if cell.data_type == "e":
                yield _problem(cell, f"This cell holds the error {cell.value}. Write what belongs there, or empty it.")


def _never_counted(page: "Worksheet", formulas: Sequence[str]) -> Iterator[Problem]:
    """The formulas of which the file does not have the value. One that gave an empty text is kept as a text."""
    for place in formulas:
        cell = page[place]
        if cell.value is None and cell.data_type == "n":
            sentence = "The value of this formula is not in the file. Open it in Excel, save it, and try again."
            yield _problem(cell, sentence)


def _covered(data: bytes, page: "Worksheet") -> Iterator[Problem]:
    """The values that some programs keep below merged cells, where nobody sees them."""
    places = covered(page)
    if not places:
        return
    book = _loaded(data, data_only=True, read_only=True)
    for row in book[page.title].iter_rows(max_row=page.max_row, max_col=page.max_column):
        for cell in row:
            if cell.value is not None and (cell.row, cell.column) in places:
                yield _problem(
                    cell, f'There is hidden text under the merged cells: "{shown(cell.value)}". Unmerge them and check.'
                )


def _problem(cell: Any, sentence: str) -> Problem:
    return Problem(cell.row, f"cell {cell.coordinate}", sentence)

"""Beside: what stands in a spreadsheet file beside the texts of its cells, said in words, so that nothing is lost
without one."""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING
from zipfile import ZipFile

from handlers.kit.sheets.cell_text import is_plain

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

NAMED = 5  # cells that are named; the others are counted
PARTS = (
    ("Pictures", re.compile(r"xl/media/[^/]+")),
    ("Charts", re.compile(r"xl/charts/chart[^/]*\.xml")),
    ("Embedded files", re.compile(r"xl/embeddings/[^/]+")),
)
_DRAWING = re.compile(r"xl/drawings/drawing[^/]*\.xml")
_TEXT_BOX = re.compile(rb"<(?:\w+:)?txBody\b")


def notices_of(data: bytes, book: "Workbook", page: "Worksheet", formulas: Sequence[str]) -> list[str]:
    """A sentence for each kind of thing in the file that is not taken in, or is taken in though nobody sees it."""
    cells = [cell for row in page.iter_rows() for cell in row if _is_used(cell)]
    return [
        *_other_pages(book, page),
        *_named("Formulas were read as the value they showed", formulas),
        *_in_cells(cells),
        *_out_of_sight(page, cells),
        *_drawn(data),
        *_printed(page),
    ]


def is_empty(page: "Worksheet") -> bool:
    """Whether nothing is written on a page."""
    return not any(cell.value is not None for row in page.iter_rows() for cell in row)


def _is_used(cell: "Cell") -> bool:
    return cell.value is not None or bool(cell.comment or cell.hyperlink)


def _named(sentence: str, places: Iterable[object]) -> Iterator[str]:
    """A sentence with the places that it is about, the first ones by name; nothing when there are none."""
    named = list(map(str, places))
    more = f" and {len(named) - NAMED} more" if len(named) > NAMED else ""
    if named:
        yield f"{sentence}: {', '.join(named[:NAMED])}{more}."


def _other_pages(book: "Workbook", page: "Worksheet") -> Iterator[str]:
    pages = [other.title for other in book.worksheets if other is not page and not is_empty(other)]
    charts = [chart.title for chart in book.chartsheets]
    yield from _named(f'Only the sheet "{page.title}" was read, not these', [*pages, *charts])
    if page.sheet_state != "visible":
        yield f'The sheet "{page.title}" is hidden, but it is the only one with something in it.'


def _in_cells(cells: Sequence["Cell"]) -> Iterator[str]:
    styled = [cell for cell in cells if cell.has_style]
    below = [cell for cell in styled if cell.row > cells[0].row]  # headings may be as colored as they like
    for sentence, found in (
        ("Comments are not imported", (cell for cell in cells if cell.comment)),
        ("Links behind a text are not imported", filter(_has_link, cells)),
        ("Formatting inside a text is not imported", filter(_is_rich, cells)),
        ("What is crossed out was read like everything else", (cell for cell in styled if cell.font.strike)),
        ("Colors are not imported", filter(_is_colored, below)),
        ("Numbers were read without the words that their format adds", filter(_has_words, styled)),
    ):
        yield from _named(sentence, (cell.coordinate for cell in found))


def _has_words(cell: "Cell") -> bool:
    return cell.data_type == "n" and not is_plain(cell.number_format)


def _has_link(cell: "Cell") -> bool:
    """Whether a cell leads somewhere that its text does not say."""
    link = cell.hyperlink
    if link is None:
        return False
    target = (link.target or link.location or "").removeprefix("mailto:")
    return target.rstrip("/") not in str(cell.value or "")


def _is_rich(cell: "Cell") -> bool:
    return type(cell.value).__name__ == "CellRichText"


def _is_colored(cell: "Cell") -> bool:
    """Whether a cell stands out by a color; usual are black on white, and the colors of a theme for text."""
    color, fill = cell.font.color, cell.fill
    text = color is not None and color.type == "rgb" and color.rgb[2:] != "000000"
    return text or (fill.fill_type is not None and fill.fgColor.rgb != "FFFFFFFF")


def _out_of_sight(page: "Worksheet", cells: Sequence["Cell"]) -> Iterator[str]:
    from openpyxl.utils import get_column_letter

    hidden = {
        number
        for column in page.column_dimensions.values()
        if column.hidden
        for number in range(column.min or 0, (column.max or 0) + 1)
    }
    columns = sorted({cell.column for cell in cells} & hidden)
    rows = sorted({cell.row for cell in cells if page.row_dimensions[cell.row].hidden})
    yield from _named("Hidden columns were read too", map(get_column_letter, columns))
    yield from _named("Hidden rows were read too", rows)


def _drawn(data: bytes) -> Iterator[str]:
    with ZipFile(io.BytesIO(data)) as packed:
        names = packed.namelist()
        boxes = sum(len(_TEXT_BOX.findall(packed.read(name))) for name in names if _DRAWING.fullmatch(name))
    for what, pattern in PARTS:
        if count := sum(1 for name in names if pattern.fullmatch(name)):
            yield f"{what} are not imported: {count}."
    if boxes:
        yield f"Text boxes are not imported: {boxes}."


def _printed(page: "Worksheet") -> Iterator[str]:
    kinds = (page.oddHeader, page.oddFooter, page.evenHeader, page.evenFooter, page.firstHeader, page.firstFooter)
    parts = [part.text for kind in kinds for part in (kind.left, kind.center, kind.right) if part.text]
    if parts:
        yield "What is printed above and below each page is not imported."

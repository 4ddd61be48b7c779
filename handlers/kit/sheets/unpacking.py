"""Unpacking: a spreadsheet file is refused before it is read when little of it would become far too much.

A ZIP file says how long each part is, and Python's reader takes no more of it than that. A range that is named in a few
characters may have billions of cells, each of which the library makes an object of.
"""

import io
import re
import zlib
from zipfile import BadZipFile, ZipFile

from handlers.kit.errors import UserError

MOST_BYTES = 100_000_000  # unpacked: five times a register of 20,000 rows with all its columns
MOST_CELLS = 1_000_000  # 20,000 rows of 50 columns
_PAGE = re.compile(r"xl/worksheets/[^/]+\.xml")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_RANGE = re.compile(rb"""<(?:\w+:)?(?:mergeCell|hyperlink)\b[^>]*?\bref=["']([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)["']""")
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
TOO_MUCH = "This file is small, but unpacks to more than a register holds. Copy your table alone into a new file."
NO_SHEET = "This file cannot be read as a spreadsheet. Save it again as XLSX, or as CSV UTF-8."


def check_unpacked(data: bytes) -> bool:
    """Raise UserError for a file that is no ZIP file, or unpacks to too much; else say whether it has formulas."""
    try:
        with ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_BYTES:
                raise UserError(TOO_MUCH)
            texts = [packed.read(name) for name in packed.namelist() if name.endswith((".xml", ".rels"))]
            pages = [packed.read(name) for name in packed.namelist() if _PAGE.fullmatch(name)]
    except (BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, zlib.error):
        raise UserError(NO_SHEET) from None
    if any(map(_DECLARES.search, texts)):
        raise UserError(NO_SHEET)  # no spreadsheet declares entities, and each may stand for many others
    if any(_cells(page) > MOST_CELLS for page in pages):
        raise UserError(TOO_MUCH)
    return any(map(_FORMULA.search, pages))


def check_extent(rows: int, columns: int, last: str) -> None:
    """Raise UserError for a page that reaches too far, however empty it is; ``last`` is the cell at its end."""
    if rows * columns > MOST_CELLS:
        raise UserError(f"This sheet reaches as far as {last}. Delete the rows and columns beyond your table.")


def _cells(page: bytes) -> int:
    """How many cells the library would make of a page."""
    return sum(1 for _ in _CELL.finditer(page)) + sum(map(_size, _RANGE.findall(page)))


def _size(corners: tuple[bytes, bytes, bytes, bytes]) -> int:
    """How many cells a range has."""
    left, top, right, bottom = corners
    return (abs(_column(right) - _column(left)) + 1) * (abs(int(bottom) - int(top)) + 1)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters[:4]:  # a sheet has three at most
        number = number * 26 + letter - ord("A") + 1
    return number

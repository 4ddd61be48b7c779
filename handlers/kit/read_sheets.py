"""Reading sheets: the rows of a CSV or XLSX file, each judged as a form that somebody typed."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.kit.alike import alike
from handlers.kit.errors import FieldErrors, UserError
from handlers.kit.forms import Form, Question, Reading, questions, read_form
from handlers.kit.sheets import CONTROL, MOMENT

MOST_ROWS = 20_000  # more than a city's register has; beyond it somebody took the wrong file
_DEFUSED = re.compile(r"'+\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|'+[\t\r]")
_WRITTEN_CONTROL = re.compile(r"_x([0-9A-F]{4})_")


@dataclass(frozen=True)
class Problem:
    """What does not fit, where a person finds it: the row as a spreadsheet counts, the column's heading."""

    row: int
    column: str
    sentence: str

    def __str__(self) -> str:
        return f"row {self.row}, {self.column}: {self.sentence}"


class SheetErrors(UserError):
    """Everything in a sheet that does not fit."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = list(problems)


def _as_typed(text: str) -> str:
    return text[1:] if _DEFUSED.match(text) else text


def cells(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV or XLSX file as they were typed, each with its number in a spreadsheet, without empty ones.

    Raises UserError when it is neither.
    """
    lines = _from_xlsx(data) if data.startswith(b"PK") else _from_csv(data)
    for number, line in enumerate(lines, 1):
        if number > MOST_ROWS + 1:
            raise UserError(f"This file has more than {MOST_ROWS:,} rows. Is it the right one? Else cut it in two.")
        if any(cell.strip() for cell in line):
            yield number, [_as_typed(cell) for cell in line]


def _from_csv(data: bytes) -> Iterator[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError("This file is not in UTF-8. In Excel, save it as: CSV UTF-8 (comma delimited).") from None
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)  # Excel writes semicolons where a comma stands in numbers
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as problem:
        raise UserError(f"This file cannot be read as CSV: {problem}. Save it again as CSV UTF-8.") from None


def _from_xlsx(data: bytes) -> Iterator[list[str]]:
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        page = load_workbook(io.BytesIO(data), data_only=True).worksheets[0]
    except (BadZipFile, InvalidFileException, KeyError, IndexError, ValueError):
        raise UserError("This file cannot be read as a spreadsheet. Save it again as XLSX, or as CSV UTF-8.") from None
    for line in page.iter_rows(values_only=True):
        yield [_text(value) for value in line]


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == value.min.time() else value.strftime(MOMENT)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = "" if value is None else str(value)
    return _WRITTEN_CONTROL.sub(
        lambda found: chr(int(found[1], 16)) if CONTROL.match(chr(int(found[1], 16))) else found[0], text
    )


def rows_read(data: bytes, form: type[Form], reading: Reading) -> Iterator[tuple[int, Form | list[Problem]]]:
    """Each row with its number: what it says, or what of it does not fit.

    Raises SheetErrors when the headings do not fit. A column that may stay empty may be left out.
    """
    columns = questions(form, reading.city)
    lines = cells(data)
    number, headings = next(lines, (1, []))
    places = _places(number, headings, columns)
    for number, line in lines:
        values = {name: line[place] for place, name in places.items() if place < len(line)}
        beyond = [Problem(number, f"column {place + 1}", "This column has no heading.")
                  for place, cell in enumerate(line) if cell.strip() and place not in places]  # fmt: skip
        try:
            row = read_form(form, values, reading)
        except FieldErrors as wrong:
            yield number, [*named(number, columns, wrong), *beyond]
        else:
            yield number, beyond or row


def named(row: int, columns: Sequence[Question], wrong: FieldErrors) -> list[Problem]:
    """The sentences about fields, by the headings of their columns."""
    labels = {question.name: question.label for question in columns}
    return [Problem(row, labels.get(name, name), sentence) for name, sentence in wrong.by_field.items()]


def _places(row: int, headings: Sequence[str], columns: Sequence[Question]) -> dict[int, str]:
    """Which field stands in which column."""
    known = {_plainly(label): question.name for question in columns for label in (question.label, question.name)}
    places: dict[int, str] = {}
    problems: list[Problem] = []
    for place, heading in enumerate(headings):
        name = known.get(_plainly(heading))
        if name in places.values():
            problems.append(Problem(row, heading, "There are two columns of this name. Keep one."))
        elif name:
            places[place] = name
        elif heading.strip():
            way = f"Known are: {', '.join(column.label for column in columns)}."
            problems.append(Problem(row, heading, f"There is no such column. Rename it or take it out. {way}"))
    for question in columns:
        if question.required and question.name not in places.values():
            problems.append(Problem(row, question.label, "This column is missing. Add it."))
    if problems:
        raise SheetErrors(problems)
    return places


def _plainly(heading: str) -> str:
    return alike(heading.replace("_", " "))

"""Reading sheets: the rows of a CSV or XLSX file, each judged as a form that somebody typed."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from handlers.kit.alike import alike
from handlers.kit.errors import FieldErrors, UserError
from handlers.kit.forms import Form, Question, Reading, questions, read_form
from handlers.kit.sheets.problems import Problem, SheetErrors
from handlers.kit.sheets.workbook import Page, read_workbook
from handlers.kit.sheets.writing import ERROR

MOST_ROWS = 20_000  # more than a city's register has; beyond it somebody took the wrong file
_DEFUSED = re.compile(rf"'+\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|'+[\t\r]|'+{ERROR}")
_ERROR = re.compile(ERROR)
_OLD = b"\xd0\xcf\x11\xe0"  # how files of Excel before 2007 begin, and those that are locked
_TRUTH = {"TRUE": "yes", "FALSE": "no"}


def _as_typed(text: str) -> str:
    return text[1:] if _DEFUSED.match(text) else text


def opened(data: bytes) -> Page:
    """The rows of a CSV or XLSX file, and what of it is not in them.

    Raises UserError when it is neither, and SheetErrors with each cell that cannot be read.
    """
    if data.startswith(_OLD):
        raise UserError(
            "This file is locked with a password, or is in an old Excel format. Save it as XLSX without a password."
        )
    return read_workbook(data) if data.startswith(b"PK") else Page(_from_csv(data))


def cells(page: Page) -> Iterator[tuple[int, list[str]]]:
    """The rows as they were typed, each with its number in a spreadsheet, without empty ones."""
    found = 0
    for number, line in enumerate(page.lines, 1):
        if not any(cell.strip() for cell in line):
            continue
        found += 1
        if found > MOST_ROWS + 1:
            raise UserError(
                f"This file has more than {MOST_ROWS:,} rows. Is it the right file? If it is, split it in two."
            )
        yield number, [_as_typed(cell) for cell in line]


def _from_csv(data: bytes) -> list[list[str]]:
    """The rows of a CSV file. Raises UserError, and SheetErrors with each cell that holds an error of a spreadsheet."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError("This file is not in UTF-8. In Excel, save it as: CSV UTF-8 (comma delimited).") from None
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)  # Excel writes semicolons where a comma stands in numbers
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as problem:
        raise UserError(f"This file cannot be read as CSV: {problem}. Save it again as CSV UTF-8.") from None
    wrong = [
        Problem(number, f"column {place}", f"This cell holds the error {cell}. Write what belongs there, or empty it.")
        for number, line in enumerate(lines, 1)
        for place, cell in enumerate(line, 1)
        if _ERROR.match(cell)
    ]
    if wrong:
        raise SheetErrors(wrong)
    return lines


@dataclass(frozen=True)
class Line:
    """A row: its number, its cells by the names of their fields, and what stands in it without a heading."""

    number: int
    values: Mapping[str, str]
    problems: tuple[Problem, ...]


def lines_of(page: Page, columns: Sequence[Question]) -> Iterator[Line]:
    """The rows below the headings. Raises SheetErrors when the headings do not fit. A column that may stay empty may be
    left out."""
    lines = cells(page)
    number, headings = next(lines, (1, []))
    places = _places(number, headings, columns)
    for number, line in lines:
        values = {name: line[place] if place < len(line) else "" for place, name in places.items()}
        beyond = (
            Problem(number, f"column {place + 1}", "This column has no heading.")
            for place, cell in enumerate(line)
            if cell.strip() and place not in places
        )
        yield Line(number, values, tuple(beyond))


def judged(line: Line, form: type[Form], reading: Reading) -> Form | list[Problem]:
    """What a row says, or what of it does not fit."""
    columns = questions(form, reading.city)
    try:
        row = read_form(form, as_asked(line.values, columns), reading)
    except FieldErrors as wrong:
        return [*named(line.number, columns, wrong), *line.problems]
    return list(line.problems) or row


def as_asked(values: Mapping[str, str], columns: Sequence[Question]) -> dict[str, str]:
    """The cells as the form asks them: where it asks yes or no, spreadsheets say TRUE or FALSE."""
    yes_no = {column.name for column in columns if {value for value, _ in column.options} == set(_TRUTH.values())}
    return {name: _TRUTH.get(text.strip().upper(), text) if name in yes_no else text for name, text in values.items()}


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

"""Sheets: a register as a spreadsheet, CSV or XLSX, out of the bot and back in.

The columns are the questions of a form, so that what is read from a sheet is judged as what is typed. A cell that a
spreadsheet would take for a formula gets an apostrophe in front of it, and loses it again when it is read.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union

from pydantic import BeforeValidator, ValidationInfo

from handlers.kit.errors import FieldErrors, UserError
from handlers.kit.forms import Form, Question, Reading, questions, read_form

if TYPE_CHECKING:
    from handlers.kit.city.model import City
    from handlers.kit.time.calendar import Calendar

Format = Literal["csv", "xlsx"]
Cell = str | int | date | datetime | None
FORMATS: tuple[Format, ...] = ("csv", "xlsx")
MOST_ROWS = 20_000  # more than a city's register has; beyond it somebody took the wrong file
WIDEST = 60  # characters of a column in a spreadsheet's window
_FORMULA = re.compile(r"'*\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|'*[\t\r]")  # OWASP, "CSV Injection"
_DEFUSED = re.compile(r"'+\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|'+[\t\r]")
_CONTROL = re.compile(r"[\x01-\x08\x0b-\x1f\ufffe\uffff]")  # what XML cannot hold or reads back differently
_WRITTEN_CONTROL = re.compile(r"_x([0-9A-F]{4})_")
_MOMENT = "%Y-%m-%d %H:%M"


@dataclass(frozen=True)
class Sheet:
    """A register that can be exported, and imported where it has ``take``."""

    name: str
    rows: Callable[..., Iterable[Mapping[str, Cell]]]
    row: Union[type[Form], Callable[["City"], type[Form]]]  # noqa: UP007  # evaluated when it is imported
    take: Callable[..., str] | None
    needs: str
    check: Callable[..., None] | None = None

    @property
    def function(self) -> Callable[..., Any]:
        return self.rows

    def form(self, city: "City") -> type[Form]:
        """What a row is, in this city's words."""
        return self.row if isinstance(self.row, type) else self.row(city)


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


def _read_moment(value: Any, info: ValidationInfo) -> Any:
    assert isinstance(info.context, Reading), "rows are read by read_row()"
    try:
        local = datetime.strptime(value, _MOMENT)
    except ValueError:
        raise ValueError(f'"{value}" is not a day and time. Write it as 2026-12-01 14:30.') from None
    return info.context.city.calendar.instant(local.date(), local.time())


Moment = Annotated[datetime, BeforeValidator(_read_moment)]  # a day and time of the city's wall clock, to the minute


def written(
    columns: Sequence[Question], rows: Iterable[Mapping[str, Cell]], kind: Format, calendar: "Calendar"
) -> bytes:
    """A file with these columns; a row has a cell for each by its field's name, or none."""
    names = [column.name for column in columns]
    lines = [[_cell(row.get(name), calendar) for name in names] for row in rows]
    headings = [column.label for column in columns]
    return _csv(headings, lines) if kind == "csv" else _xlsx(headings, lines)


def _cell(value: Cell, calendar: "Calendar") -> str | int | date:
    if isinstance(value, datetime):
        return calendar.local(value).strftime(_MOMENT)
    return defused(value) if isinstance(value, str) else "" if value is None else value


def defused(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def _as_typed(text: str) -> str:
    return text[1:] if _DEFUSED.match(text) else text


def _csv(headings: Sequence[str], lines: Iterable[Sequence[str | int | date]]) -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([headings, *lines])
    return file.getvalue().encode("utf-8-sig")  # without the mark, Excel takes it for another encoding


def _xlsx(headings: Sequence[str], lines: Sequence[Sequence[str | int | date]]) -> bytes:
    from openpyxl import Workbook  # it takes a third of a second, and few ask for it
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    page = book.active
    for number, line in enumerate([headings, *lines], 1):
        for place, value in enumerate(line, 1):
            cell = page.cell(number, place)
            cell.value = _CONTROL.sub(_as_xml, value) if isinstance(value, str) else value
            cell.data_type = "s" if isinstance(value, str) else cell.data_type  # "#N/A" is a text here
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    for place, heading in enumerate(headings, 1):
        page.cell(1, place).font = Font(bold=True)
        longest = max((len(str(line[place - 1])) for line in lines), default=0)
        page.column_dimensions[get_column_letter(place)].width = min(max(longest, len(heading)) + 2, WIDEST)
    page.freeze_panes = "A2"
    page.auto_filter.ref = page.dimensions
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _as_xml(control: re.Match[str]) -> str:
    return f"_x{ord(control[0]):04X}_"


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
        return value.date().isoformat() if value.time() == value.min.time() else value.strftime(_MOMENT)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = "" if value is None else str(value)
    return _WRITTEN_CONTROL.sub(
        lambda found: chr(int(found[1], 16)) if _CONTROL.match(chr(int(found[1], 16))) else found[0], text
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
    return " ".join(heading.replace("_", " ").lower().split())

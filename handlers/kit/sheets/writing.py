"""Sheets: a register written as a CSV or XLSX file, in which no spreadsheet takes a cell for a formula."""

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union

from pydantic import BeforeValidator, ValidationInfo

from handlers.kit.forms import Form, Question, Reading
from handlers.kit.sheets.versions import COLUMN, version_of
from handlers.kit.time.dates import read_date

if TYPE_CHECKING:
    from handlers.kit.city.model import City
    from handlers.kit.time.calendar import Calendar

Format = Literal["csv", "xlsx"]
Cell = str | int | date | datetime | None
FORMATS: tuple[Format, ...] = ("csv", "xlsx")
WIDEST = 60  # characters of a column in a spreadsheet's window
ERROR = r"#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!)\Z"  # what Excel says
_FORMULA = re.compile(rf"'*\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|'*[\t\r]|'*{ERROR}")  # OWASP, "CSV Injection"
CONTROL = re.compile(r"[\x01-\x08\x0b-\x1f\ufffe\uffff]")  # what XML cannot hold or reads back differently
MOMENT = "%Y-%m-%d %H:%M"
_DAY_AND_TIME = re.compile(r"(?P<day>.+?)[Tt ,]+(?P<clock>\d{1,2}:.+)", re.ASCII)
_CLOCKS = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p", "%I:%M%p")


@dataclass(frozen=True)
class Sheet:
    """A register that can be exported, and imported where it has ``take``."""

    name: str
    rows: Callable[..., Iterable[Mapping[str, Cell]]]
    row: Union[type[Form], Callable[["City"], type[Form]]]  # noqa: UP007  # evaluated when it is imported
    take: Callable[..., str] | None
    needs: str
    check: Callable[..., None] | None = None
    change: Callable[..., Collection[str]] | None = None
    counted: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    same: Callable[..., Sequence[str | None]] | None = None
    add: Callable[..., None] | None = None

    @property
    def function(self) -> Callable[..., Any]:
        return self.rows

    def form(self, city: "City") -> type[Form]:
        """What a row is, in this city's words."""
        return self.row if isinstance(self.row, type) else self.row(city)


def _read_moment(value: str, info: ValidationInfo) -> datetime:
    assert isinstance(info.context, Reading), "rows are read by judged()"
    found = _DAY_AND_TIME.fullmatch(value)
    day, clock = (found["day"], found["clock"]) if found else (value, "0:00")
    try:
        return info.context.city.calendar.instant(read_date(day, info.context.today), _clock(clock))
    except (ValueError, OverflowError) as problem:
        raise ValueError(f"{problem} The time follows as 14:30, or is left out.") from None


def _clock(text: str) -> time:
    """A time of the day such as 14:30, 14:30:15 or 2:30 PM. Raises ValueError with a sentence for the person."""
    for pattern in _CLOCKS:
        try:
            return datetime.strptime(" ".join(text.split()), pattern).time()
        except ValueError:
            continue
    raise ValueError(f'"{text}" is not a time of day.')


# A day and time of the city's wall clock; of a day without a time, its beginning.
Moment = Annotated[datetime, BeforeValidator(_read_moment)]


def not_before(moment: datetime, first: datetime, calendar: "Calendar") -> datetime:
    """A moment that a cell says. A day without a time begins before what happened on it; then that counts."""
    begin = calendar.instant(calendar.today(first), time.min)
    return first if moment == begin else moment


def written(
    columns: Sequence[Question], rows: Iterable[Mapping[str, Cell]], kind: Format, calendar: "Calendar"
) -> bytes:
    """A file with these columns; a row has a cell for each by its field's name, or none."""
    names = [column.name for column in columns]
    whole = (_versioned(row, columns, calendar) for row in rows)
    lines = [[_cell(row.get(name), calendar) for name in names] for row in whole]
    headings = [column.label for column in columns]
    return _csv(headings, lines) if kind == "csv" else _xlsx(headings, lines)


def _versioned(row: Mapping[str, Cell], columns: Sequence[Question], calendar: "Calendar") -> Mapping[str, Cell]:
    """A row with its version, where a column asks for it."""
    asked = any(column.name == COLUMN for column in columns)
    return {**row, COLUMN: version_of(texts_of(row, columns, calendar))} if asked else row


def texts_of(row: Mapping[str, Cell], columns: Sequence[Question], calendar: "Calendar") -> dict[str, str]:
    """The texts of a row's cells by field, as they are read again."""
    return {column.name: _text(row.get(column.name), calendar) for column in columns}


def _text(value: Cell, calendar: "Calendar") -> str:
    if isinstance(value, datetime):
        return calendar.local(value).strftime(MOMENT)
    return "" if value is None else str(value)


def _cell(value: Cell, calendar: "Calendar") -> str | int | date:
    if isinstance(value, int | date) and not isinstance(value, datetime):
        return value
    return defused(_text(value, calendar))


def defused(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


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
            cell.value = CONTROL.sub(_as_xml, value) if isinstance(value, str) else value
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

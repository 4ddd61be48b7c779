"""Sheets: a register written as a CSV or XLSX file, in which no spreadsheet takes a cell for a formula."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union

from pydantic import BeforeValidator, ValidationInfo

from handlers.kit.forms import Form, Question, Reading

if TYPE_CHECKING:
    from handlers.kit.city.model import City
    from handlers.kit.time.calendar import Calendar

Format = Literal["csv", "xlsx"]
Cell = str | int | date | datetime | None
FORMATS: tuple[Format, ...] = ("csv", "xlsx")
WIDEST = 60  # characters of a column in a spreadsheet's window
_FORMULA = re.compile(r"'*\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|'*[\t\r]")  # OWASP, "CSV Injection"
CONTROL = re.compile(r"[\x01-\x08\x0b-\x1f\ufffe\uffff]")  # what XML cannot hold or reads back differently
MOMENT = "%Y-%m-%d %H:%M"


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


def _read_moment(value: Any, info: ValidationInfo) -> Any:
    assert isinstance(info.context, Reading), "rows are read by read_row()"
    try:
        local = datetime.strptime(value, MOMENT)
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
        return calendar.local(value).strftime(MOMENT)
    return defused(value) if isinstance(value, str) else "" if value is None else value


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

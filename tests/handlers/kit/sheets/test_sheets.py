"""Sheets: what is written is read back the same, no cell is a formula, and errors say where they are."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from handlers.kit.city.reading import read_city
from handlers.kit.errors import UserError
from handlers.kit.forms import Date, Form, Level, Reading, ask, questions
from handlers.kit.sheets.problems import Problem, SheetErrors
from handlers.kit.sheets.reading import cells, judged, lines_of, opened
from handlers.kit.sheets.writing import FORMATS, Format, Moment, written
from tests.chat.bot import RIVERTON

CITY = read_city(RIVERTON)
READING = Reading(CITY, date(2026, 11, 23), {"sam": "sam"}.get, str)
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)


class Row(Form):
    what: str = ask("What", long=True)
    how: Level | None = ask("How much", default=None)
    on: Date | None = ask("On", default=None)
    at: Moment | None = ask("At", default=None)


COLUMNS = questions(Row, CITY)


def sheet(*rows: dict[str, object], kind: Format = "csv") -> bytes:
    return written(COLUMNS, rows, kind, CITY.calendar)  # type: ignore[arg-type]


def read(data: bytes) -> list[tuple[int, Row | list[Problem]]]:
    return [(line.number, judged(line, Row, READING)) for line in lines_of(opened(data), COLUMNS)]  # type: ignore[misc]


@pytest.mark.parametrize("kind", FORMATS)
def test_what_is_written_is_read_back(kind: Format) -> None:
    at = datetime(2026, 7, 1, 12, 30, tzinfo=UTC)
    data = sheet({"what": 'a\r\nb;"c", =d', "how": 3, "on": date(2026, 12, 1), "at": at}, {"what": "=1+1"}, kind=kind)
    first, second = read(data)
    assert first == (2, Row.model_construct(what='a\r\nb;"c", =d', how=3, on=date(2026, 12, 1), at=at))
    assert second == (3, Row.model_construct(what="=1+1", how=None, on=None, at=None))


@given(TEXTS)
@example("#N/A")
@example("'#REF!")
@settings(max_examples=200, deadline=None)
def test_any_text_comes_back_as_it_went_in_through_csv(text: str) -> None:
    [_, (_, back)] = cells(opened(sheet({"what": text, "how": 1})))
    assert back == [text, "1", "", ""]


@given(TEXTS)
@example("#N/A")
@settings(max_examples=100, deadline=None)
def test_any_text_comes_back_as_it_went_in_through_xlsx(text: str) -> None:
    [_, (_, back)] = cells(opened(sheet({"what": text, "how": 1}, kind="xlsx")))
    assert back == [text, "1", "", ""]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sam", "\t=1", "  =1", "'=1", "\uff1d1", "\r=1"])
def test_no_cell_begins_a_formula(text: str) -> None:
    rows = list(csv.reader(io.StringIO(sheet({"what": text}).decode("utf-8-sig"), newline="")))
    assert rows[1][0] == f"'{text}"
    cell = load_workbook(io.BytesIO(sheet({"what": text}, kind="xlsx"))).worksheets[0]["A2"]
    assert (cell.data_type, cell.value[0]) == ("s", "'")


def test_what_does_not_fit_is_named_by_row_and_column() -> None:
    (row, wrong), (_, good) = read(b"What,How much,On\nx,9,never\n\ny,1,2026-12-01\n")
    assert isinstance(wrong, list)
    assert [(problem.row, problem.column) for problem in wrong] == [(2, "How much"), (2, "On")]
    assert "Choose a whole number from 1 to 5" in wrong[0].sentence
    assert (row, isinstance(good, Row)) == (2, True)


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    assert [number for number, _ in read(b'What\n"a\nb"\n\n,\nc\n')] == [2, 5]


def test_an_error_of_a_spreadsheet_is_no_text() -> None:
    with pytest.raises(SheetErrors) as wrong:
        read(b"What,How much\nPump,#N/A\n#REF!,1\n")
    assert [str(problem) for problem in wrong.value.problems] == [
        "row 2, column 2: This cell holds the error #N/A. Write what belongs there, or empty it.",
        "row 3, column 1: This cell holds the error #REF!. Write what belongs there, or empty it.",
    ]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2026-12-01 14:30", "2026-12-01T19:30"), ("2026-12-01T14:30:15", "2026-12-01T19:30:15"),
        ("12/24/2026 2:30 PM", "2026-12-24T19:30"), ("24 Dec 2026, 14:30", "2026-12-24T19:30"),
        ("2026-12-01", "2026-12-01T05:00"), ("24 Dec 2026", "2026-12-24T05:00"), ("12/24/2026", "2026-12-24T05:00"),
    ],
)  # fmt: skip
def test_a_day_with_or_without_a_time_is_a_moment(typed: str, kept: str) -> None:
    [(_, row)] = read(f'What,At\nx,"{typed}"\n'.encode())
    assert isinstance(row, Row), row
    assert row.at == datetime.fromisoformat(kept).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("12/1/2026 14:30", "could be Dec 1 or Jan 12"), ("2026-12-01 25:00", '"25:00" is not a time of day'),
        ("14:30", "is not a day I can read"), ("soon", "The time follows as 14:30, or is left out."),
        ("9999-12-31 23:00", "out of range"), ("2026-12-01 14:30Z", "is not a time of day"),
    ],
)  # fmt: skip
def test_a_moment_that_could_be_two_or_is_none_is_asked_back(typed: str, words: str) -> None:
    [line] = lines_of(opened(f'What,At\nx,"{typed}"\n'.encode()), COLUMNS)
    problems = judged(line, Row, READING)
    assert isinstance(problems, list)
    assert words in problems[0].sentence


def test_headings_may_be_written_as_people_write_them_and_in_any_order() -> None:
    for data in (b"how much;WHAT\n2;x\n", b"How_Much\twhat\n2\tx\n", "\ufeffWhat,how\nx,2\n".encode()):
        [(_, row)] = read(data)
        assert isinstance(row, Row)
        assert (row.what, row.how) == ("x", 2)


def test_a_heading_that_is_not_known_or_missing_or_there_twice_is_named() -> None:
    with pytest.raises(SheetErrors) as wrong:
        read(b"Mood,How much,how much\nx,1,1\n")
    assert [(problem.row, problem.column) for problem in wrong.value.problems] == [
        (1, "Mood"),
        (1, "how much"),
        (1, "What"),
    ]


def test_a_cell_beyond_the_headings_is_named() -> None:
    [(_, wrong)] = read(b"What\nx,y\n")
    assert [str(problem) for problem in wrong] == ["row 2, column 2: This column has no heading."]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("What\nCaf\u00e9\n".encode("latin-1"), "CSV UTF-8"),
        (b'What\n"x\n', "cannot be read as CSV"),
        (b"PK\x03\x04nonsense", "cannot be read as a spreadsheet"),
        (b"What\n" + b"x\n" * 20_001, "more than 20,000 rows"),
    ],
)
def test_a_file_that_is_no_sheet_says_what_to_do(data: bytes, words: str) -> None:
    with pytest.raises(UserError, match=words):
        read(data)

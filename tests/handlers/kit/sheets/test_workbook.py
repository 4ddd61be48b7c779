"""Workbook: whatever a spreadsheet can hold is read, refused with its cell, or said not to be taken in."""

import io
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image as Pixels

from handlers.kit.errors import UserError
from handlers.kit.sheets.problems import SheetErrors
from handlers.kit.sheets.reading import cells, opened
from handlers.kit.sheets.workbook import Page

HEAD = ["What", "How much", "On"]


def book(*rows: list[Any]) -> Workbook:
    made = Workbook()
    for row in [HEAD, *rows]:
        made.worksheets[0].append(row)
    return made


def saved(made: Workbook) -> bytes:
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def changed(data: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """The file with the text of a part changed, or added."""
    file = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as before, ZipFile(file, "w", ZIP_DEFLATED) as after:
        for part in before.namelist():
            after.writestr(part, change(before.read(part).decode()) if part == name else before.read(part))
        if name not in before.namelist():
            after.writestr(name, change(""))
    return file.getvalue()


def on_page(data: bytes, old: str, new: str) -> bytes:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return changed(data, "xl/worksheets/sheet1.xml", change)


def rows(page: Page) -> list[list[str]]:
    return [line for _, line in cells(page)][1:]


def noticed(made: Workbook) -> list[str]:
    return list(opened(saved(made)).notices)


def problems(data: bytes) -> list[str]:
    with pytest.raises(SheetErrors) as wrong:
        opened(data)
    return [str(problem) for problem in wrong.value.problems]


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (True, "General", "TRUE"), (False, "General", "FALSE"), (4.0, "General", "4"), (0.1 + 0.2, "General", "0.3"),
        (1e20, "General", "100000000000000000000"), (1250, "#,##0", "1250"), (-5, "General", "-5"),
        (0.125, "0.0%", "12.5%"), (0.07, "0%", "7%"), (1250.5, '"$"#,##0.00', "$1250.5"),
        (12, "[$\u20ac-407] #,##0", "\u20ac12"), (5, "#,##0\\ [$USD]", "USD 5"), (2134, "00000", "02134"),
        (time(14, 30), "h:mm", "14:30"), (time(14, 30, 15), "h:mm:ss", "14:30:15"),
        (timedelta(hours=26, minutes=5), "[h]:mm", "26:05"), (date(2026, 12, 1), "yyyy-mm-dd", "2026-12-01"),
        (datetime(2026, 12, 1, 14, 30), "yyyy-mm-dd h:mm", "2026-12-01 14:30"),
        (datetime(2026, 12, 1, 14, 30, 15), "yyyy-mm-dd h:mm:ss", "2026-12-01 14:30:15"),
    ],
)  # fmt: skip
def test_a_value_is_read_as_the_spreadsheet_shows_it(value: Any, number_format: str, text: str) -> None:
    made = book(["Pump", value])
    made.worksheets[0]["B2"].number_format = number_format
    page = opened(saved(made))
    assert rows(page) == [["Pump", text, ""]]
    assert page.notices == []


def test_a_formula_is_read_as_the_value_it_showed_and_named() -> None:
    data = on_page(saved(book(["Pump", "=1+1"])), "<f>1+1</f><v></v>", "<f>1+1</f><v>2</v>")
    page = opened(data)
    assert rows(page) == [["Pump", "2", ""]]
    assert page.notices == ["Formulas were read as the value they showed: B2."]


def test_a_formula_that_shows_nothing_is_empty() -> None:
    data = on_page(saved(book(["Pump", '=""'])), '<c r="B2"><f>""</f><v></v>', '<c r="B2" t="str"><f>""</f><v></v>')
    assert rows(opened(data)) == [["Pump", "", ""]]


def test_a_formula_whose_value_is_not_in_the_file_is_refused() -> None:
    assert problems(saved(book(["Pump", "=1+1"]))) == [
        "row 2, cell B2: The value of this formula is not in the file. Open it in Excel, save it, and try again."
    ]


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"])
def test_a_cell_that_holds_an_error_is_refused(error: str) -> None:
    [problem] = problems(saved(book(["Pump", error])))
    assert problem == f"row 2, cell B2: This cell holds the error {error}. Write what belongs there, or empty it."


def test_a_cell_merged_over_rows_stands_for_each_of_them() -> None:
    made = book(["Pump", 4], ["Gate", None], ["Roof", 2], [None, None])
    made.worksheets[0].merge_cells("B2:B3")
    made.worksheets[0].merge_cells("A4:A90")
    assert rows(opened(saved(made))) == [["Pump", "4", ""], ["Gate", "4", ""], ["Roof", "2", ""]]


def test_a_cell_merged_over_columns_or_with_the_headings_is_refused() -> None:
    made = book(["Pump", 4], ["Gate", 2])
    made.worksheets[0].merge_cells("A2:B2")
    made.worksheets[0].merge_cells("C1:C3")
    assert problems(saved(made)) == [
        "row 1, cells C1:C3: These are merged with the headings. Unmerge them.",
        "row 2, cells A2:B2: These cells are merged, so it is not clear which column the text belongs to. "
        "Unmerge them, and fill in each.",
    ]


def test_a_value_below_merged_cells_is_refused() -> None:
    merged = '</sheetData><mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'
    data = on_page(saved(book(["Pump", 4], ["Gate", 2])), "</sheetData>", merged)
    assert problems(data) == [
        'row 3, cell A3: There is hidden text under the merged cells: "Gate". Unmerge them and check.'
    ]


def image() -> Image:
    file = io.BytesIO()
    Pixels.new("RGB", (2, 2)).save(file, "PNG")
    file.seek(0)
    return Image(file)


def commented(page: Worksheet) -> None:
    page["A2"].comment = Comment("Ask Hugo", "Sam")


def hide(page: Worksheet) -> None:
    page.row_dimensions[2].hidden = True
    page.column_dimensions["B"].hidden = True


def second(page: Worksheet) -> None:
    page.parent.create_sheet("Old")["A1"] = "What"
    page.parent.create_sheet("Empty")


def in_the_back(page: Worksheet) -> None:
    page.parent.create_sheet("Lists", 0)["A1"] = "Streets"
    page.parent["Lists"].sheet_state = "hidden"


def draw_a_sheet(page: Worksheet) -> None:
    page.parent.create_chartsheet("Curve").add_chart(BarChart())


def link(page: Worksheet) -> None:
    page["A2"].hyperlink = "https://city.example.org/pump"
    page["A3"] = "https://city.example.org"
    page["A3"].hyperlink = "https://city.example.org/"
    page["A4"] = "sam@riverton.example.org"
    page["A4"].hyperlink = "mailto:sam@riverton.example.org"


def enrich(page: Worksheet) -> None:
    page["A2"] = CellRichText("Pu", TextBlock(InlineFont(b=True), "mp"))


def strike(page: Worksheet) -> None:
    page["A2"].font = Font(strike=True)


def color(page: Worksheet) -> None:
    page["A1"].fill = PatternFill("solid", "FFFF0000")  # a heading may be colored
    page["A2"].fill = PatternFill("solid", "FFFF0000")
    page["B2"].font = Font(color="FFFF0000")


def count(page: Worksheet) -> None:
    page["B2"].number_format = '0" days"'


def picture(page: Worksheet) -> None:
    page.add_image(image(), "D2")


def chart(page: Worksheet) -> None:
    page.add_chart(BarChart(), "D2")


def print_above(page: Worksheet) -> None:
    page.oddHeader.center.text = "Draft of May"


KINDS = [
    (commented, "Comments are not imported: A2."),
    (hide, "Hidden columns were read too: B. Hidden rows were read too: 2."),
    (second, 'Only the sheet "Sheet" was read, not these: Old.'),
    (in_the_back, 'Only the sheet "Sheet" was read, not these: Lists.'),
    (draw_a_sheet, 'Only the sheet "Sheet" was read, not these: Curve. Charts are not imported: 1.'),
    (link, "Links behind a text are not imported: A2."),
    (enrich, "Formatting inside a text is not imported: A2."),
    (strike, "What is crossed out was read like everything else: A2."),
    (color, "Colors are not imported: A2, B2."),
    (count, "Numbers were read without the words that their format adds: B2."),
    (picture, "Pictures are not imported: 1."),
    (chart, "Charts are not imported: 1."),
    (print_above, "What is printed above and below each page is not imported."),
]


@pytest.mark.parametrize(("put", "words"), KINDS, ids=[put.__name__ for put, _ in KINDS])
def test_what_is_not_the_text_of_a_cell_is_said(put: Callable[[Worksheet], None], words: str) -> None:
    made = book(["Pump", 4])
    put(made.worksheets[0])
    page = opened(saved(made))
    assert rows(page)[0] == ["Pump", "4", ""]
    assert " ".join(page.notices) == words


def test_text_boxes_and_files_in_the_file_are_said() -> None:
    data = changed(
        saved(book(["Pump", 4])), "xl/drawings/drawing1.xml", lambda _: "<xdr:sp><xdr:txBody></xdr:txBody></xdr:sp>"
    )
    data = changed(data, "xl/embeddings/plan.docx", lambda _: "PK")
    assert opened(data).notices == ["Embedded files are not imported: 1.", "Text boxes are not imported: 1."]


def test_a_hidden_sheet_alone_is_read_and_named() -> None:
    made = book(["Pump", 4])
    made.create_sheet("Front")
    made.worksheets[0].sheet_state = "hidden"
    page = opened(saved(made))
    assert rows(page) == [["Pump", "4", ""]]
    assert page.notices == ['The sheet "Sheet" is hidden, but it is the only one with something in it.']


def test_many_cells_of_one_kind_are_counted() -> None:
    made = book(*([["Pump", 4]] * 8))
    for number in range(2, 10):
        made.worksheets[0][f"A{number}"].comment = Comment("x", "y")
    assert noticed(made) == ["Comments are not imported: A2, A3, A4, A5, A6 and 3 more."]


def test_a_small_file_that_unpacks_to_gigabytes_is_refused() -> None:
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as packed:
        for part in ZipFile(io.BytesIO(saved(book(["Pump", 4])))).namelist():
            packed.writestr(part, "x")
        packed.writestr("xl/media/plan.png", bytes(101_000_000), compresslevel=1)
    assert len(file.getvalue()) < 500_000
    with pytest.raises(UserError, match="unpacks to more than a register holds"):
        opened(file.getvalue())


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("</sheetData>", '</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>', "unpacks to more"),
        ("</sheetData>", '</sheetData><hyperlinks><hyperlink ref="A1:XFD9999"/></hyperlinks>', "unpacks to more"),
        ("</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>', "as far as XFD1048576"),
        ("<worksheet", '<!DOCTYPE x [<!ENTITY a "aa">]><worksheet', "cannot be read as a spreadsheet"),
        pytest.param(
            "</sheetData>", f'<row r="3">{"<c/>" * 1_000_001}</row></sheetData>', "unpacks to", marks=pytest.mark.doors
        ),
    ],
    ids=["merged", "linked", "far", "entities", "cells"],
)
def test_a_few_characters_that_stand_for_millions_of_cells_are_refused(old: str, new: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        opened(on_page(saved(book(["Pump", 4])), old, new))


def test_a_file_of_an_old_kind_or_with_a_password_says_what_to_do() -> None:
    with pytest.raises(UserError, match="locked with a password, or is in an old Excel format"):
        opened(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml", "xl/styles.xml"]
)
def test_a_broken_file_is_answered_with_a_sentence(part: str) -> None:
    for change in (lambda text: text[: len(text) // 2], lambda _: ""):
        with pytest.raises(UserError, match="cannot be read as a spreadsheet"):
            opened(changed(saved(book(["Pump", 4])), part, change))


def test_a_cell_of_a_style_that_is_not_there_is_answered_with_a_sentence() -> None:
    made = book(["Pump", 4])
    made.worksheets[0]["A2"].font = Font(strike=True)
    data = changed(saved(made), "xl/styles.xml", lambda text: text.replace('fontId="1"', 'fontId="99"'))
    with pytest.raises(UserError, match="cannot be read as a spreadsheet"):
        opened(data)


@pytest.mark.doors
def test_empty_rows_in_between_are_no_rows() -> None:
    made = book(["Pump", 4])
    made.worksheets[0]["A20500"] = "Gate"
    assert rows(opened(saved(made))) == [["Pump", "4", ""], ["Gate", "", ""]]

"""Sheets on the command line: a register out and in again unchanged, all rows or none."""

import csv
import io
import sqlite3
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.bot.conftest import Call
from tests.bot.terminal import said

pytestmark = pytest.mark.usefixtures("ready")
LINES = (
    (
        "sam",
        '/risk add "=1+1 gates; twice"; likelihood 4; impact 5; owner @sam; category technical; details "a;b"',
    ),
    ("sam", "risk treat R-1; treatment mitigate; plan Buy pumps; residual likelihood 2; residual impact 5"),
    ("sam", "risk action R-1; what Buy | a pump; owner @olga; due in 2 weeks"),
    ("olga", "risk done A-1"),
    ("sam", "risk action R-1; what Train two people; owner @sam; due in 3 weeks"),
    ("priya", "/risk add Old oak; likelihood 2; impact 4; owner @priya; department parks; confidence low"),
    ("priya", "risk accept R-2; until in 60 days; why The arborist comes"),
    ("maria", "risk approve R-2"),
    ("olga", "/feedback add Deep pothole; category streets; via phone"),
    ("olga", "/risk add Potholes; likelihood 3; impact 3; came from F-1"),
    ("olga", "risk close R-3; reason All are filled"),
    ("sam", "/risk add Logged by mistake; likelihood 1; impact 1"),
)


@pytest.fixture
def register(ready: None, call: Call) -> None:
    for person, line in LINES:
        assert call("say", person, line)[0] == 0, line


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.usefixtures("register")
def test_a_register_taken_out_and_in_and_out_again_is_the_same(call: Call, folder: Path, kind: str) -> None:
    said(call, "export", "risks", "--format", kind, "--out", f"first.{kind}")
    said(call, "export", "risks", "--out", "first.csv")
    (folder / "data").rename(folder / "before")
    assert "Imported: 4 (R-1 to R-4)." in said(call, "import", "risks", f"first.{kind}")
    said(call, "export", "risks", "--out", "second.csv")
    assert (folder / "second.csv").read_bytes() == (folder / "first.csv").read_bytes()
    assert "Logged R-5" in said(call, "say", "sam", "/risk add One more; likelihood 1; impact 1")
    assert "It came from F-1." in said(call, "say", "sam", "risk show R-3")
    assert "Accepted until" in said(call, "say", "sam", "risk show R-2")
    assert "Actions: 1 of 2 done" in said(call, "say", "sam", "risk show R-1")


def test_what_the_command_line_takes_out_has_its_row_also_when_the_file_cannot_be_written(
    call: Call, folder: Path
) -> None:
    said(call, "say", "sam", "/risk add Dam gate stuck; likelihood 4; impact 5")
    assert call("export", "risks", "--format", "csv", "--out", "nowhere/risks.csv")[0] == 2
    with sqlite3.connect(folder / "data" / "cityops.db") as database:
        _, row = database.execute("SELECT person, act, subject, facts FROM audit ORDER BY number").fetchall()
    assert row[0].startswith("command line: ")
    assert row[1:] == ("export risks", "risks", '{"format": "csv"}')


def test_how_the_name_of_the_file_ends_decides_its_kind(call: Call, folder: Path) -> None:
    said(call, "export", "risks", "--out", "risks.XLSX")
    said(call, "export", "risks", "--out", "risks.csv")
    said(call, "export", "risks", "--out", "risks", "--format", "xlsx")
    for name in ("risks.XLSX", "risks"):
        assert (folder / name).read_bytes().startswith(b"PK"), name
    assert (folder / "risks.csv").read_text("utf-8-sig").startswith("Reference,")


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (["risks.ods"], "export: risks.ods: .ods cannot be written; name a file that ends in .csv or .xlsx"),
        (
            ["risks.csv", "--format", "xlsx"],
            "export: risks.csv: --format xlsx is another kind; leave it out, or end in .xlsx",
        ),
    ],
)
def test_a_file_whose_name_ends_in_another_kind_is_refused(
    call: Call, folder: Path, arguments: list[str], answer: str
) -> None:
    code, _, error = call("export", "risks", "--out", *arguments)
    assert (code, answer in error) == (2, True), error
    assert not (folder / arguments[0]).exists()


@pytest.mark.usefixtures("register")
def test_the_sheet_on_the_standard_output_is_csv_without_formulas(call: Call) -> None:
    rows = list(csv.DictReader(io.StringIO(said(call, "export", "risks").removeprefix("\ufeff"))))
    assert [row["Reference"] for row in rows] == ["R-1", "R-2", "R-3", "R-4"]
    assert rows[0]["Title"] == "'=1+1 gates; twice"
    assert (rows[0]["Owner"], rows[0]["Level (counted)"], rows[2]["Came from"]) == ("Sam Rivers", "Extreme", "F-1")


def test_a_dry_run_takes_nothing(call: Call, folder: Path) -> None:
    (folder / "risks.csv").write_text("Title,Likelihood,Impact\nFlood,2,3\nFire,1,5\n")
    assert "All 2 rows fit." in said(call, "import", "risks", "risks.csv", "--dry-run")
    assert "No open risks" in said(call, "say", "sam", "risk list")
    assert "Imported: 2 (R-1 to R-2)." in said(call, "import", "risks", "risks.csv")
    assert "Score: 6 of 25" in said(call, "say", "sam", "risk show R-1")


WRONG = [
    ("Flood,9,3,,", 'row 3, Likelihood: "9" is not on the scale.'),
    (",2,3,,", "row 3, Title: Please fill this in."),
    ("Flood,2,3,nobody,", 'row 3, Owner: I know nobody called "nobody".'),
    ("Flood,2,3,,R-1", "row 3, Reference: R-1 is in the register already."),
    ("Flood,2,3,,Q7", 'row 3, Reference: "Q7" is not a reference. Write one such as R-1, or leave it empty.'),
    ("Flood,2,3,@slack:U1,", "it names the account slack:U1"),
]


@pytest.mark.parametrize(("row", "words"), WRONG)
def test_one_row_that_does_not_fit_keeps_all_out(call: Call, folder: Path, row: str, words: str) -> None:
    said(call, "say", "sam", "/risk add Dam gate stuck; likelihood 4; impact 5")
    (folder / "risks.csv").write_text(f"Title,Likelihood,Impact,Owner,Reference\nFire,1,5,Sam Rivers,\n{row}\n")
    code, out, error = call("import", "risks", "risks.csv")
    assert (code, out) == (2, "")
    assert f"risks.csv: {words}" in error
    assert "Open risks: 1" in said(call, "say", "sam", "risk list")


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("State", "closed", "Closed because: Say why it was closed."),
        ("Closed because", "All mended", "Closed because: Only a closed risk has this. Empty it."),
        ("Residual impact", "2", "Residual likelihood: Say both how likely and how bad it is after treatment"),
        ("Came from", "the flood", 'Came from: "the" is not a reference such as F-1 or CR-2026-01.'),
        ("Made of", "my notes", "Made of: This is not a link to a message. Leave it empty."),
    ],
)
def test_what_a_cell_says_has_to_fit_the_rest_of_its_row(
    call: Call, folder: Path, column: str, cell: str, words: str
) -> None:
    (folder / "risks.csv").write_text(f"Title,Likelihood,Impact,{column}\nFlood,2,3,{cell}\n")
    code, out, error = call("import", "risks", "risks.csv")
    assert (code, out, f"row 2, {words}" in error) == (2, "", True), error
    assert "No open risks" in said(call, "say", "sam", "risk list")


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ("accept,2099-01-01,,So be it", "Accepted by: An accepted risk needs who accepted it"),
        ("accept,2020-01-01,Maria Lopez,So be it", "Accepted until: 2020-01-01 is in the past"),
        ("accept,2099-01-01,Sam Rivers,So be it", "Accepted by: The owner of a risk cannot accept it."),
        ("accept,,Maria Lopez,So be it", "Accepted until: An accepted risk needs"),
    ],
)
def test_an_acceptance_in_a_sheet_needs_all_that_it_needs_in_chat(
    call: Call, folder: Path, cells: str, words: str
) -> None:
    head = "Title,Likelihood,Impact,Owner,Treatment,Accepted until,Accepted by,Accepted because"
    (folder / "risks.csv").write_text(f"{head}\nFlood,2,3,Sam Rivers,{cells}\n")
    code, _, error = call("import", "risks", "risks.csv")
    assert (code, f"row 2, {words}" in error) == (2, True), error


def test_a_register_or_a_file_that_is_not_there_is_named(call: Call, folder: Path) -> None:
    code, _, error = call("export", "recipes")
    assert (code, "there is no such register; known are: " in error, "risks" in error) == (2, True, True)
    code, _, error = call("import", "risks", "nothing.csv")
    assert (code, error) == (2, "import: nothing.csv: it cannot be read (No such file or directory)\n")
    (folder / "risks.csv").write_bytes("Title\nCaf\u00e9".encode("latin-1"))
    code, _, error = call("import", "risks", "risks.csv")
    assert (code, "CSV UTF-8" in error) == (2, True)


@pytest.mark.parity("Do something against a risk, and tick it off", door="say")
@pytest.mark.parity("Give a risk to somebody else", door="say")
@pytest.mark.parity("Link a risk with what it came from", door="say")
@pytest.mark.parity("Look for risks by what they are", door="say")
@pytest.mark.parity("See the risks as a picture and take them away", door="say")
@pytest.mark.usefixtures("register")
def test_a_terminal_is_enough_for_the_whole_register(call: Call, folder: Path) -> None:
    assert "A-2 is done" in said(call, "say", "sam", "risk done A-2")
    assert "Olga Brandt looks after R-4 now" in said(call, "say", "sam", "risk assign R-4; owner @olga")
    assert "Linked R-4 with F-1" in said(call, "say", "sam", "risk link R-4; origin F-1")
    found = said(call, "say", "sam", "risk list mine extreme gates")
    assert "Open risks: 1, worst first" in found
    assert "R-1 =1+1 gates" in found
    assert "Written: picture.png" in said(call, "say", "sam", "risk matrix", "--out", ".")
    assert (folder / "picture.png").read_bytes().startswith(b"\x89PNG")
    assert "Written: risk-register-" in said(call, "say", "maria", "risk report", "--out", ".")


@pytest.mark.usefixtures("register")
def test_what_is_counted_stands_in_a_spreadsheet_as_a_number(call: Call, folder: Path) -> None:
    said(call, "export", "risks", "--format", "xlsx", "--out", "risks.xlsx")
    said(call, "say", "ben", "/feedback close F-1; reason done; answer It is filled")
    said(call, "export", "feedback", "--format", "xlsx", "--out", "feedback.xlsx")
    for name, heading in (("risks", "Score (counted)"), ("risks", "Likelihood"), ("feedback", "Working minutes used")):
        headings, first, *_ = load_workbook(folder / f"{name}.xlsx").active.iter_rows(values_only=True)
        assert isinstance(first[headings.index(heading)], int), heading

"""Actions on the command line: out and in again unchanged, brought up to date from a sheet, and worked on."""

import csv
import io
from pathlib import Path

import pytest

from tests.bot.conftest import Call
from tests.bot.terminal import said

pytestmark = pytest.mark.usefixtures("ready")
LINES = (
    ("olga", "/risk add Dam gate; likelihood 2; impact 2; owner @olga"),
    ("olga", "/action add Oil the gate; owner @sam; due in 2 weeks; about R-1"),
    ("olga", '/action add "=1+1; twice"; due in 3 weeks'),
    ("sam", "/action done A-1"),
    ("olga", "/action add Call the mill; owner @hugo; due friday"),
    ("hugo", "/action drop A-3; why The mill has called"),
)


@pytest.fixture
def register(ready: None, call: Call) -> None:
    for person, line in LINES:
        assert call("say", person, line)[0] == 0, line


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.usefixtures("register")
def test_actions_taken_out_and_in_and_out_again_are_the_same(call: Call, folder: Path, kind: str) -> None:
    said(call, "export", "actions", "--format", kind, "--out", f"first.{kind}")
    said(call, "export", "actions", "--out", "first.csv")
    (folder / "data").rename(folder / "before")
    said(call, "import", "actions", f"first.{kind}")
    said(call, "import", "actions", f"first.{kind}")  # once more: they are known by their references
    said(call, "export", "actions", "--out", "second.csv")
    assert (folder / "second.csv").read_bytes() == (folder / "first.csv").read_bytes()
    assert "Added A-4" in said(call, "say", "olga", "/action add One more; due friday")


def edit(row: int, **cells: str) -> None:
    """Write cells into a row of the sheet of actions: a column's heading, and its text."""
    text = Path("actions.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    rows[row] |= cells
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    Path("actions.csv").write_text(file.getvalue(), "utf-8")


@pytest.mark.usefixtures("register")
def test_what_was_changed_in_the_sheet_is_brought_up_to_date_and_its_history_says_so(call: Call) -> None:
    said(call, "export", "actions", "--out", "actions.csv")
    edit(1, Owner="Hugo Lindqvist")
    said(call, "import", "actions", "actions.csv")
    assert "Hugo Lindqvist, due" in said(call, "say", "hugo", "/action list mine")
    assert "the bot changed it in an imported spreadsheet" in said(call, "say", "olga", "/action show A-2")
    assert "from a sheet" not in said(call, "say", "olga", "/action show A-1")


@pytest.mark.usefixtures("register")
def test_a_changed_cell_that_does_not_fit_is_named_as_that_of_a_new_row_is(call: Call, folder: Path) -> None:
    people = folder / "city" / "people.toml"
    people.write_text(people.read_text().replace('name = "Tom Okafor"', 'name = "Sam Rivers"'))
    said(call, "export", "actions", "--out", "actions.csv")
    for cells, problem in (
        ({"About": "FOO"}, 'row 3, About: "FOO" is not a reference. Write one such as R-1, or leave it empty.'),
        ({"About": "", "Owner": "Sam Rivers"}, 'row 3, Owner: Two people are called "Sam Rivers": Sam Rivers, Street'),
        ({"Reference": "", "Asked on": ""}, 'row 3, Owner: Two people are called "Sam Rivers": Sam Rivers, Street'),
    ):
        edit(1, **cells)
        code, _, error = call("import", "actions", "actions.csv")
        assert (code, problem in error) == (2, True), error


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("Q7,Oil,,,,,", 'Reference: "Q7" is not a reference. Write one such as A-1, or leave it empty.'),
        ("A-9,Oil,,,mill,,", 'About: "MILL" is not a reference. Write one such as R-1, or leave it empty.'),
        ("A-9,Oil,,,,dropped,", "Dropped because: An action that was dropped has a reason"),
        ("A-9,Oil,,,,open,No time", "Dropped because: An action that was dropped has a reason"),
        ("A-9,,,,,,", "What: Please fill this in."),
        ("A-123456789,Oil,,,,,", "Reference: A-123456789 is too high a number to go on from."),
        ("A-9,Oil,,someday,,,", "Due: "),
    ],
)
def test_a_row_that_does_not_fit_is_named_and_nothing_is_kept(call: Call, folder: Path, row: str, problem: str) -> None:
    head = "Reference,What,Owner,Due,About,State,Dropped because"
    (folder / "actions.csv").write_text(f"{head}\n,Call the mill,,,,,\n{row}\n")
    code, _, error = call("import", "actions", "actions.csv")
    assert (code, f"row 3, {problem}" in error) == (2, True), error
    assert "No open actions" in said(call, "say", "olga", "/action list")


@pytest.mark.usefixtures("register")
def test_a_row_that_was_exported_is_not_taken_in_under_another_reference(call: Call, folder: Path) -> None:
    said(call, "export", "actions", "--out", "actions.csv")
    text = (folder / "actions.csv").read_text("utf-8-sig")
    (folder / "actions.csv").write_text(text.replace("A-2,", "A-77,"), "utf-8")
    code, _, error = call("import", "actions", "actions.csv")
    assert code == 2
    assert "row 3, Reference: A-77 is not the reference this row was exported with." in error


def test_actions_without_a_reference_are_taken_in_once(call: Call, folder: Path) -> None:
    (folder / "own.csv").write_text("What,Owner,Due\nOil,sam,2026-12-18\nDig,hugo,\n")
    assert "Imported: 2 (A-1 to A-2)." in said(call, "import", "actions", "own.csv")
    assert "Unchanged: 2." in said(call, "import", "actions", "own.csv")


@pytest.mark.parity("Ask somebody to act on anything", door="say")
@pytest.mark.parity("Give an action on, move it or drop it", door="say")
@pytest.mark.parity("List actions by whose they are, what is late and what they are about", door="say")
def test_a_terminal_is_enough_for_actions(call: Call) -> None:
    assert "Added A-1" in said(call, "say", "olga", "/action add Oil the gate; owner @sam; due friday")
    assert "A-1 is due Fri Dec 18 now" in said(
        call, "say", "sam", "/action move A-1; due 2026-12-18; why Rain is forecast"
    )
    assert "A-1 is with Hugo Lindqvist now" in said(call, "say", "sam", "/action assign A-1; owner @hugo")
    assert "Your open actions: 1" in said(call, "say", "hugo", "/action list mine")
    assert "A-1 is dropped" in said(call, "say", "hugo", "/action drop A-1; why The gate was replaced")

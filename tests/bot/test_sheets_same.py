"""A register brought along into one that is in use: what is open already is asked about, once for the whole sheet."""

import csv
import sqlite3

import pytest

from tests.bot.conftest import Call
from tests.bot.terminal import refused, said

pytestmark = pytest.mark.usefixtures("ready")
DAM = {"Title": "The dam gate is stuck", "Likelihood": "2", "Impact": "2"}
HOLE = {"What": "Hole", "Category": "streets", "Place in town": "Elm Street 40", "Reached us by": "phone"}
OPEN = (
    ("sam", "/risk add Dam gate stuck; likelihood 4; impact 5; owner @sam"),
    ("olga", "/feedback add Deep pothole; category streets; place 12 Elm Street; via phone"),
)


def write(*rows: dict[str, str]) -> None:
    with open("own.csv", "w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, list(rows[0]))
        table.writeheader()
        table.writerows(rows)


def kept(question: str) -> list[tuple[object, ...]]:
    with sqlite3.connect("data/cityops.db") as database:
        return database.execute(question).fetchall()


def test_new_rows_that_say_what_is_open_are_refused_added_or_logged_too(call: Call) -> None:
    for person, line in OPEN:
        assert call("say", person, line)[0] == 0, line
    for register, row, ref in (("feedback", HOLE, "F-1"), ("risks", DAM, "R-1")):
        write(row)
        take = ("import", register, "own.csv")
        assert f"{ref} says the same and is open. Import with --same add" in refused(call, *take)
        assert f"Row 2 was added to {ref}, which says the same." in said(call, *take, "--same", "add")
        title = next(iter(row))
        write(row | {title: f"{row[title]} again"})
        assert "Imported: 1" in said(call, *take, "--same", "new")
    assert kept("SELECT what, text FROM risk_history WHERE risk = 1 ORDER BY id")[-1] == (
        "noted",
        "The dam gate is stuck",
    )
    rows = kept("SELECT state, duplicate_of FROM feedback WHERE what LIKE 'Hole%' ORDER BY number")
    assert rows == [("closed", 1), ("open", None)]


@pytest.mark.parametrize(("register", "row"), [("risks", DAM), ("feedback", HOLE)])
def test_the_rows_of_one_sheet_are_not_compared_with_each_other(call: Call, register: str, row: dict[str, str]) -> None:
    title = next(iter(row))
    write(row, row | {title: f"{row[title]} again"})
    assert "Imported: 2" in said(call, "import", register, "own.csv")

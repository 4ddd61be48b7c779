"""A register that was exported, changed in a spreadsheet and brought back: what changed changes, and nothing else."""

import csv
import io
import shutil
import sqlite3
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.bot.conftest import Call
from tests.bot.terminal import refused, said

pytestmark = pytest.mark.usefixtures("ready")
LINES = (
    ("sam", "/risk add Dam gate stuck; likelihood 4; impact 5; owner @sam; category technical; details Old"),
    ("sam", "risk action R-1; what Buy a pump; owner @olga; due in 2 weeks"),
    ("olga", "/feedback add Deep pothole; category streets; place 12 Elm Street; via phone"),
    ("olga", "/risk add Potholes; likelihood 3; impact 3; came from F-1"),
    ("olga", "/risk add Old oak; likelihood 2; impact 2"),
    ("olga", "risk close R-3; reason It is cut"),
    ("owen", "feedback add Smell; category water; via counter"),
    ("rosa", "feedback close F-2; reason done; answer Dug up"),
)  # fmt: skip


def edit(file: str, **cells: str) -> None:
    """Write cells into the first row of a sheet: a column's heading, with _ for a blank, and its text."""
    text = io.StringIO(Path(file).read_text(encoding="utf-8-sig"), newline="")
    rows = list(csv.DictReader(text))
    given = {heading.replace("_", " "): value for heading, value in cells.items()}
    assert given.keys() <= rows[0].keys()
    rows[0] |= given
    write(file, rows)


def write(file: str, rows: list[dict[str, str]]) -> None:
    with open(file, "w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, list(rows[0]))
        table.writeheader()
        table.writerows(rows)


def history() -> list[tuple[str, ...]]:
    with sqlite3.connect("data/cityops.db") as database:
        return database.execute("SELECT person, what, text FROM risk_history WHERE risk = 1 ORDER BY id").fetchall()


def audited() -> list[tuple[str, ...]]:
    with sqlite3.connect("data/cityops.db") as database:
        return database.execute("SELECT act, subject, facts FROM audit ORDER BY number").fetchall()


def planned(subject: str) -> list[str]:
    """What the bot means to do about this later on."""
    with sqlite3.connect("data/cityops.db") as database:
        rows = database.execute("SELECT kind FROM timers WHERE subject = ? ORDER BY kind", (subject,))
        return [kind for (kind,) in rows]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the register that these tests begin with is kept, once it is there."""
    return tmp_path_factory.mktemp("registers")


@pytest.fixture
def registers(ready: None, call: Call, folder: Path, kept: Path) -> None:
    """Three risks and two pieces of feedback, which have just been exported."""
    if not (kept / "data").exists():
        for person, line in LINES:
            assert call("say", person, line)[0] == 0, line
        for register in ("risks", "feedback"):
            said(call, "export", register, "--out", f"{register}.csv")
        shutil.copytree(folder, kept, dirs_exist_ok=True)
    shutil.copytree(kept, folder, dirs_exist_ok=True)


@pytest.mark.usefixtures("registers")
@pytest.mark.parametrize(
    ("register", "kind", "count"),
    [
        ("risks", "xlsx", 3),
        pytest.param("feedback", "csv", 2, marks=pytest.mark.doors),
        pytest.param("risks", "csv", 3, marks=pytest.mark.doors),
        pytest.param("feedback", "xlsx", 2, marks=pytest.mark.doors),
    ],
)  # fmt: skip
def test_what_was_exported_changes_nothing_when_it_comes_back(call: Call, register: str, kind: str, count: int) -> None:
    said(call, "export", register, "--format", kind, "--out", f"all.{kind}")
    before = said(call, "export", register)
    happened = history()
    assert said(call, "import", register, f"all.{kind}") == f"Imported: 0.\nUnchanged: {count}.\n"
    assert said(call, "export", register) == before
    assert history() == happened
    assert [act for act, subject, _ in audited() if subject is None][-1] == f"import {register}"


@pytest.mark.usefixtures("registers")
def test_what_changed_in_a_sheet_changes_the_risk_and_is_told_and_kept(call: Call) -> None:
    edit("risks.csv", Title="Dam gate stuck half open", Likelihood="Possible", Owner="Olga Brandt")
    told = said(call, "import", "risks", "risks.csv", "--dry-run")
    assert "All 3 rows fit. Nothing was imported" in told
    assert "Changed: 1.\nR-1: Title, Likelihood, Owner\nUnchanged: 2.\n" in told
    assert "Dam gate stuck half open" not in said(call, "say", "sam", "risk show R-1")
    told = said(call, "import", "risks", "risks.csv")
    assert told == "Imported: 0.\nChanged: 1.\nR-1: Title, Likelihood, Owner\nUnchanged: 2.\n"
    shown = said(call, "say", "sam", "risk show R-1")
    assert "Dam gate stuck half open" in shown
    assert "Score: 15 of 25" in shown
    assert "Olga Brandt" in shown
    assert history()[-1] == ("cityops", "scored", "imported from a spreadsheet: Title, Likelihood, Owner")
    act, subject, facts = audited()[-1]
    assert (act, subject, '"score": 15' in facts, "half open" in facts) == ("import risks", "R-1", True, False)
    assert call("audit", "verify")[0] == 0
    happened = history()
    assert "Changed" not in said(call, "import", "risks", "risks.csv")
    assert history() == happened


@pytest.mark.usefixtures("registers")
def test_what_was_changed_in_chat_meanwhile_stays(call: Call) -> None:
    said(call, "say", "sam", "risk update R-1; title Dam gate leaks; likelihood 5")
    edit("risks.csv", Plan="Weld it")
    told = said(call, "import", "risks", "risks.csv")
    assert "R-1: Plan\n" in told
    assert "R-1 was changed here after the export and was not overwritten: Title, Likelihood." in told
    shown = said(call, "say", "sam", "risk show R-1")
    assert "Dam gate leaks" in shown
    assert "Weld it" in shown
    assert "5 almost certain" in shown


@pytest.mark.usefixtures("registers")
def test_what_was_changed_in_chat_and_in_the_sheet_is_asked_back(call: Call) -> None:
    said(call, "say", "sam", "risk update R-1; title Dam gate leaks")
    edit("risks.csv", Title="Dam gate broken", Plan="Weld it")
    error = refused(call, "import", "risks", "risks.csv")
    assert "row 2, Title: R-1 was changed here after this file was exported. Export the register again" in error
    assert "row 2, Plan" not in error
    assert "Weld it" not in said(call, "say", "sam", "risk show R-1")


REFUSED: list[tuple[dict[str, str], tuple[str, ...]]] = [
    (
        {"State": "closed", "Treatment": "accept", "Residual_confirmed": "TRUE", "Logged_by": "Maria Lopez"},
        (
            'State: This is decided in chat: "risk close R-1"',
            'Treatment: This is decided in chat: "risk accept R-1"',
            'Residual confirmed: This is decided in chat: "risk review R-1"',
            "Logged by: This records what happened and cannot be changed in a spreadsheet. Put the old value back.",
        ),
    ),
    (
        {"Title": "", "Impact": "9", "Owner": "Nobody"},
        ("Title: Please fill this in.", '"9" is not on the scale', 'I know nobody called "Nobody"'),
    ),
    (
        {"Version_(leave_as_it_is)": "", "Title": "Else"},
        ("Reference: R-1 is in the register already. To change it, export the register and change that file",),
    ),
    ({"Logged_on": "2020-01-01"}, ("Reference: R-1 is a different record here (Logged on differs). Leave this empty",)),
    ({"Next_review": "2199-01-01"}, ("Next review: A risk that is Extreme is reviewed by",)),
    ({"Next_review": "2020-01-01"}, ("Next review: 2020-01-01 is in the past",)),
    ({"Next_review": ""}, ("Next review: A risk that is Extreme is reviewed by",)),
    ({"Residual_impact": "2"}, ("Residual likelihood: Say both",)),
    ({"Reference": "R-3", "Logged_on": ""}, ("Reference: R-3 is in row 2 already. Keep one of the two.",)),
    ({"Actions": ""}, ("Actions: A-1 is missing here. Put back",)),
    ({"Actions": "open | Sam Rivers |  | Buy a pump"}, ('Actions: "Buy a pump" is different in the register',)),
]


@pytest.mark.usefixtures("registers")
@pytest.mark.parametrize(
    ("cells", "words"),
    [*REFUSED[:2], *(pytest.param(*case, marks=pytest.mark.doors) for case in REFUSED[2:])],
)
def test_what_a_sheet_cannot_change_is_refused_with_what_to_do(
    call: Call, cells: dict[str, str], words: tuple[str, ...]
) -> None:
    edit("risks.csv", **cells)
    error = refused(call, "import", "risks", "risks.csv")
    assert [word for word in words if word not in error] == [], error
    assert "Nothing was imported." in error
    assert [subject for act, subject, _ in audited() if act == "import risks"] == []


@pytest.mark.doors
@pytest.mark.usefixtures("registers")
def test_a_closed_risk_is_reopened_first_and_a_link_is_not_taken_away(call: Call) -> None:
    rows = list(csv.DictReader(io.StringIO(Path("risks.csv").read_text(encoding="utf-8-sig"), newline="")))
    rows[1]["Came from"] = ""
    rows[2]["Title"] = "Old oak and elm"
    write("risks.csv", rows)
    error = refused(call, "import", "risks", "risks.csv")
    assert "row 3, Came from: F-1 is missing here. Put it back." in error
    assert 'row 4, Title: R-3 is closed and cannot be changed. First: "risk reopen R-3".' in error


@pytest.mark.doors
@pytest.mark.usefixtures("registers")
def test_actions_and_links_are_added_once(call: Call) -> None:
    rows = list(csv.DictReader(io.StringIO(Path("risks.csv").read_text(encoding="utf-8-sig"), newline="")))
    rows[0]["Actions"] += "\nTrain two people"
    rows[0]["Came from"] = "F-1"
    write("risks.csv", rows)
    assert "R-1: Actions, Came from\n" in said(call, "import", "risks", "risks.csv")
    shown = said(call, "say", "sam", "risk show R-1")
    assert "Actions: 0 of 2 done" in shown
    assert "It came from F-1." in shown
    assert "Unchanged: 3." in said(call, "import", "risks", "risks.csv")
    assert "Actions: 0 of 2 done" in said(call, "say", "sam", "risk show R-1")


@pytest.mark.usefixtures("registers")
def test_an_action_in_the_row_of_a_risk_is_kept_as_one_that_is_added_in_chat(call: Call) -> None:
    said(call, "export", "actions", "--out", "actions.csv")
    rows = list(csv.DictReader(io.StringIO(Path("risks.csv").read_text(encoding="utf-8-sig"), newline="")))
    rows[0]["Actions"] += "\nopen | Olga Brandt | in 3 weeks | Train two people"
    new = dict.fromkeys(rows[0], "") | {"Title": "Flood", "Likelihood": "4", "Impact": "4"}
    write("risks.csv", [*rows, new | {"Actions": "open | Sam Rivers | in 3 weeks | Dig"}])
    said(call, "import", "risks", "risks.csv")
    assert [subject for act, subject, _ in audited() if act == "import risks" and "A-" in str(subject)] == [
        "A-2",
        "A-3",
    ]
    assert [planned(ref) for ref in ("A-2", "A-3")] == [["action.due-soon", "action.late"]] * 2
    who, what, text = history()[-1]
    assert (who, what, "A-2 Train two people (Olga Brandt, due" in text) == ("cityops", "action", True)
    edit("actions.csv", Reference="", What="Call the mill", **{"Asked_on": "", "Version_(leave_as_it_is)": ""})
    said(call, "import", "actions", "actions.csv")
    assert planned("A-4") == ["action.due-soon", "action.late"]
    assert call("audit", "verify")[0] == 0


@pytest.mark.usefixtures("registers")
def test_a_row_without_a_reference_is_taken_in_once(call: Call) -> None:
    new = {"Title": "Flood", "Likelihood": "4 - Likely", "Impact": "Major", "Owner": "Sam Rivers", "Actions": "Dig"}
    write("own.csv", [new, new, new | {"Impact": "5"}])
    assert "Imported: 3 (R-4 to R-6)." in said(call, "import", "risks", "own.csv")
    told = said(call, "import", "risks", "own.csv")
    assert told.startswith("Imported: 0.\nUnchanged: 3.\nRow 2 is in the register already, as R-4.\n")
    write("own.csv", [new, new | {"Owner": "Olga Brandt"}, dict.fromkeys(new, "") | {"Title": "Old oak",
          "Likelihood": "2", "Impact": "2"}])  # fmt: skip  # somebody has logged an old oak in chat
    told = said(call, "import", "risks", "own.csv", "--same", "new")
    assert told.startswith("Imported: 2 (R-7 to R-8).\nUnchanged: 1.\n")


@pytest.mark.usefixtures("registers")
def test_what_the_bot_counts_is_said_where_a_sheet_says_otherwise(call: Call) -> None:
    edit("risks.csv", **{"Score_(counted)": "25"})
    told = said(call, "import", "risks", "risks.csv")
    assert 'R-1: Score (counted) is "20", calculated by the bot, not "25" as in row 2.' in told
    write("own.csv", [{"Title": "Flood", "Likelihood": "Likely", "Impact": "4.0", "Level": "High", "Score": "7"}])
    told = said(call, "import", "risks", "own.csv")
    assert "Imported: 1 (R-4)." in told
    assert 'R-4: Score (counted) is "16", calculated by the bot, not "7" as in row 2.' in told


@pytest.mark.doors
@pytest.mark.usefixtures("registers")
def test_what_a_spreadsheet_makes_of_days_and_line_ends_is_no_change(call: Call) -> None:
    said(call, "export", "risks", "--format", "xlsx", "--out", "risks.xlsx")
    book = load_workbook("risks.xlsx")
    page = book.worksheets[0]
    columns = {cell.value: cell.column for cell in page[1]}
    page.cell(2, columns["Likelihood"]).value = "4 - Likely"
    page.cell(2, columns["Details"]).value = " Old "
    day, at = page.cell(2, columns["Logged on"]).value.split()
    year, month, number = day.split("-")
    page.cell(2, columns["Logged on"]).value = f"{month}/{number}/{year} {at}" if int(number) > 12 else f"{day}T{at}"
    book.save("risks.xlsx")
    assert said(call, "import", "risks", "risks.xlsx") == "Imported: 0.\nUnchanged: 3.\n"


@pytest.mark.doors
def test_what_stands_beside_the_cells_is_said_after_an_import(call: Call) -> None:
    write("own.csv", [{"Title": "Flood", "Likelihood": "2", "Impact": "3"}])
    said(call, "import", "risks", "own.csv")
    said(call, "export", "risks", "--format", "xlsx", "--out", "risks.xlsx")
    book = load_workbook("risks.xlsx")
    book.worksheets[0].row_dimensions[2].hidden = True
    book.create_sheet("Notes")["A1"] = "Ask Hugo"
    book.save("risks.xlsx")
    told = said(call, "import", "risks", "risks.xlsx")
    assert 'Only the sheet "Sheet" was read, not these: Notes.\nHidden rows were read too: 2.\n' in told


@pytest.mark.usefixtures("registers")
def test_what_changed_in_a_sheet_changes_the_feedback_and_is_told_and_kept(call: Call) -> None:
    edit("feedback.csv", What="Very deep pothole", Owner="Sam Rivers", Place_in_town="14 Oak Street")
    told = said(call, "import", "feedback", "feedback.csv")
    assert told == "Imported: 0.\nChanged: 1.\nF-1: What, Place in town, Owner\nUnchanged: 1.\n"
    shown = said(call, "say", "sam", "feedback show F-1")
    assert "Very deep pothole" in shown
    assert "Imported from a spreadsheet: What, Place in town, Owner" in shown
    assert audited()[-1][:2] == ("import feedback", "F-1")
    assert call("audit", "verify")[0] == 0
    before = said(call, "export", "feedback")
    assert "Changed" not in said(call, "import", "feedback", "feedback.csv")
    assert said(call, "export", "feedback") == before


@pytest.mark.doors
@pytest.mark.usefixtures("registers")
def test_another_category_has_its_own_department_and_the_sheet_stays_idempotent(call: Call) -> None:
    edit("feedback.csv", Category="parks")
    assert "F-1: Category\n" in said(call, "import", "feedback", "feedback.csv")
    assert "Parks" in said(call, "say", "sam", "feedback show F-1")
    assert "Changed" not in said(call, "import", "feedback", "feedback.csv")


@pytest.mark.usefixtures("registers")
@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (
            {"State": "closed", "Reason": "done", "Waits_for": "weather", "Owner": "nobody", "Logged_by": "maria"},
            (
                'State: This is decided in chat: "feedback close F-1"',
                'Waits for: This is decided in chat: "feedback wait F-1"',
                'Owner: "nobody" does not work here', "Logged by: This records what happened",
            ),
        ),
        pytest.param(
            {"Category": "", "Kind": "riddle"}, ("Category: Please fill this in.", 'Kind: "riddle" is not one of'),
            marks=pytest.mark.doors,
        ),
        pytest.param(
            {"Logged_at": "2020-01-01"}, ("Reference: F-1 is a different record here (Logged at differs).",),
            marks=pytest.mark.doors,
        ),
    ],
)  # fmt: skip
def test_what_a_sheet_cannot_change_of_feedback_is_refused(
    call: Call, cells: dict[str, str], words: tuple[str, ...]
) -> None:
    edit("feedback.csv", **cells)
    error = refused(call, "import", "feedback", "feedback.csv")
    assert [word for word in words if word not in error] == []


@pytest.mark.doors
@pytest.mark.usefixtures("registers")
def test_of_closed_feedback_only_a_typing_mistake_is_mended(call: Call) -> None:
    rows = list(csv.DictReader(io.StringIO(Path("feedback.csv").read_text(encoding="utf-8-sig"), newline="")))
    rows[1] |= {"What": "Smell at the pump", "Owner": "sam"}
    write("feedback.csv", rows)
    assert 'row 3, Owner: F-2 is closed, so this stays. First: "feedback reopen F-2".' in refused(
        call, "import", "feedback", "feedback.csv"
    )
    rows[1]["Owner"] = ""
    write("feedback.csv", rows)
    assert "F-2: What\n" in said(call, "import", "feedback", "feedback.csv")


def test_days_without_a_time_and_numbers_as_people_write_them_are_read(call: Call) -> None:
    row = {"What": "Lamp", "Category": "lights", "Reached us by": "phone", "State": "closed", "Reason": "done",
           "Answer": "Mended", "Logged at": "2026-01-15", "Closed at": "15 Jan 2026",
           "Working minutes used": "1,250.0", "Logged by": "Owen Fitzroy"}  # fmt: skip
    write("own.csv", [row])
    said(call, "import", "feedback", "own.csv")
    [out] = csv.DictReader(io.StringIO(said(call, "export", "feedback").removeprefix("\ufeff"), newline=""))
    assert out["Logged by"] == "owen"
    assert [out[name] for name in ("Logged at", "Closed at", "Working minutes used")] == [
        "2026-01-15 00:00", "2026-01-15 00:00", "1250",
    ]  # fmt: skip
    for minutes, words in (("1.250", "could be 1,250 or 1.25"), ("-5", "is below zero"), ("9" * 10, "too high")):
        write("own.csv", [row | {"Working minutes used": minutes}])
        assert words in refused(call, "import", "feedback", "own.csv")


@pytest.mark.doors
def test_what_was_closed_on_the_day_it_was_logged_is_closed_after_that(call: Call) -> None:
    row = {"What": "Lamp", "Category": "lights", "Reached us by": "phone", "State": "closed", "Reason": "done",
           "Answer": "Mended", "Logged at": "2026-01-15 09:30", "Closed at": "2026-01-15"}  # fmt: skip
    write("own.csv", [row])
    said(call, "import", "feedback", "own.csv")
    [out] = csv.DictReader(io.StringIO(said(call, "export", "feedback").removeprefix("\ufeff"), newline=""))
    assert (out["Logged at"], out["Closed at"]) == ("2026-01-15 09:30", "2026-01-15 09:30")
    risk = {"Title": "Lamp", "Likelihood": "2", "Impact": "2", "State": "closed", "Closed because": "Mended",
            "Logged on": "2026-01-15 09:30", "Closed on": "15 Jan 2026"}  # fmt: skip
    write("own.csv", [risk])
    said(call, "import", "risks", "own.csv")
    [out] = csv.DictReader(io.StringIO(said(call, "export", "risks").removeprefix("\ufeff"), newline=""))
    assert (out["Logged on"], out["Closed on"]) == ("2026-01-15 09:30", "2026-01-15 09:30")


@pytest.mark.usefixtures("registers")
def test_a_category_that_left_the_city_goes_out_and_comes_in_as_it_was(call: Call, folder: Path) -> None:
    file = folder / "city" / "feedback.toml"
    water = '[[category]]\nid = "water"\nname = "Water and sewers"\ndepartment = "water"\n\n'
    text = file.read_text(encoding="utf-8")
    assert water in text
    file.write_text(text.replace(water, ""), encoding="utf-8")
    said(call, "export", "feedback", "--out", "left.csv")
    assert "water" in Path("left.csv").read_text(encoding="utf-8-sig")
    assert said(call, "import", "feedback", "left.csv") == "Imported: 0.\nUnchanged: 2.\n"

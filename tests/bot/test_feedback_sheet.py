"""Feedback as a spreadsheet: round trips are identical, what does not fit is named, and all of it comes in or none."""

import csv
import io
from pathlib import Path

import pytest

from tests.bot.conftest import Call
from tests.sqlite import migrated

pytestmark = pytest.mark.usefixtures("ready")
HEAD = "What,Category,Reached us by"


def exported(call: Call) -> str:
    code, out, _ = call("export", "feedback", "--format", "csv", "--out", "out.csv")
    assert (code, "out.csv" in out) == (0, True)
    return Path("out.csv").read_text(encoding="utf-8-sig")


def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("other").mkdir()
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{migrated(Path('other/cityops.db'))}")


@pytest.mark.parity("Export feedback and bring it in again", door="say")
def test_out_in_and_out_again_is_the_same(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    long = ("Zwölf 漢字 🌧 " * 400)[:3980].strip()
    for person, line in (
        ("owen", "feedback add =1+1 deep pothole; category streets; place 12 Elm Street; via phone"),
        ("owen", f"feedback add {long}; kind idea; category water; via web"),
        ("owen", "feedback add Smell; category water; via counter"),
        ("sam", "feedback take F-1"),
        ("sam", "feedback wait F-1; whom third-party; reason The power company, first; until 2099-01-04"),
        ("rosa", "feedback route F-2; department parks; reason Theirs"),
        ("rosa", "feedback close F-3; reason not-ours; answer County's; decided by Hugo; go to Main St 1"),
        ("rosa", "feedback add Smell again; category water; via phone"),
        ("rosa", "feedback duplicate F-4; of F-3"),
        ("rosa", "feedback close F-2; reason done; answer Dug up"),
    ):
        assert call("say", person, line)[0] == 0, line
    first = exported(call)
    rows = list(csv.DictReader(io.StringIO(first)))
    assert rows[0]["What"] == "'=1+1 deep pothole"
    assert rows[1]["What"] == long
    fresh(monkeypatch)
    assert call("import", "feedback", "out.csv")[0] == 0
    assert exported(call) == first
    code, out, _ = call("say", "owen", "feedback add One more; category water; via phone")
    assert (code, "Logged F-5" in out) == (0, True)
    _, out, _ = call("say", "sam", "feedback show F-1")
    assert "=1+1 deep pothole" in out
    assert "paused it, waiting for a third party: The power company, first" in out
    assert call("audit", "verify")[0] == 0


def test_what_names_a_category_that_has_left_the_files_goes_out_and_comes_in_again(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert call("say", "owen", "feedback add Bins are full; category waste; via phone")[0] == 0
    file = Path("city/feedback.toml")
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('id = "waste"\nname = "Waste', 'id = "bins"\nname = "Bins'), encoding="utf-8")
    Path("city/words.toml").unlink()  # it has words for the one that has left
    first = exported(call)
    assert ",waste," in first
    code, out, _ = call("doctor")
    assert code == 1
    assert "to fix   feedback.toml has no category waste anymore, and F-1 names it." in out
    fresh(monkeypatch)
    assert call("import", "feedback", "out.csv")[0] == 0
    assert exported(call) == first
    Path("new.csv").write_text(f"{HEAD}\nA lamp is dark,waste,phone\n", encoding="utf-8")
    code, out, err = call("import", "feedback", "new.csv")
    assert (code, '"waste" is not one of: ' in out + err) == (2, True)


@pytest.mark.parametrize(
    ("columns", "cells", "problem"),
    [
        ("", "", None),
        ("Reference", "F-x", 'row 3, Reference: "F-X" is not a reference'),
        ("Reference", "F-1", "row 3, Reference: F-1 is in the register already"),
        ("Owner", "nobody-knows", 'row 3, Owner: "nobody-knows" does not work here'),
        ("Kind", "howl", 'row 3, Kind: "howl" is not one of'),
        ("Logged at", "2999-01-01 10:00", "row 3, Logged at: This is in the future. Fix the date."),
        ("Logged at", "yesterday", 'row 3, Logged at: "yesterday" is not a day I can read'),
        ("State,Waits for", "closed,weather", "row 3, Waits for: Only what is open can wait"),
        ("Duplicate of", "R-1", 'row 3, Duplicate of: "R-1" cannot be'),
        ("State,Reason,Duplicate of", "closed,duplicate,F-99", "row 3, Duplicate of: There is no F-99, neither"),
        ("Working minutes used", "soon", "row 3, Working minutes used"),
        ("State", "closed", "row 3, Reason: Say how it ended"),
        ("State,Reason", "closed,done", "row 3, Answer: Write one sentence that the resident can read"),
        ("State,Reason,Answer,Decided by", "closed,not-ours,No,Hugo", "row 3, Where to go: Say where"),
        ("State,Reason", "closed,duplicate", "row 3, Duplicate of: Name what it is a duplicate of"),
        ("State,Reason,Answer", "open,done,Filled", "row 3, Reason: Only what is closed has this"),
        ("Waits for", "weather", "row 3, Waits because: Say why"),
    ],
)
def test_what_does_not_fit_is_named_by_row_and_column_and_nothing_comes_in(
    call: Call, columns: str, cells: str, problem: str | None
) -> None:
    ours = f",{columns}" if columns else ""
    blank = "," * (columns.count(",") + 1) if columns else ""
    first = f"Pothole,streets,phone{blank}" if not columns.startswith("Reference") else "Pothole,streets,phone,F-1"
    Path("in.csv").write_text(
        f"{HEAD}{ours}\n{first}\nLamp,lights,web{',' + cells if columns else ''}\n", encoding="utf-8"
    )
    code, _, errors = call("import", "feedback", "in.csv")
    _, listed, _ = call("say", "sam", "feedback list")
    if problem is None:
        assert (code, "Open feedback: 2" in listed) == (0, True)
        return
    assert code == 2
    assert problem in errors
    assert "Nothing was imported." in errors
    assert "No open feedback" in listed


def test_a_dry_run_takes_nothing(call: Call) -> None:
    Path("in.csv").write_text(f"{HEAD}\nPothole,streets,phone\n", encoding="utf-8")
    code, out, _ = call("import", "feedback", "in.csv", "--dry-run")
    assert (code, "The row fits. Nothing was imported" in out) == (0, True)
    assert "No open feedback" in call("say", "sam", "feedback list")[1]


def test_what_was_late_before_it_came_in_is_listed_and_nobody_is_written_to(call: Call) -> None:
    Path("in.csv").write_text(f"{HEAD},Logged at\nPothole,streets,phone,2026-01-05 09:00\n", encoding="utf-8")
    assert call("import", "feedback", "in.csv")[0] == 0
    _, listed, _ = call("say", "sam", "feedback list late")
    assert "late F-1 Streets and potholes: Pothole" in listed
    _, shown, _ = call("say", "sam", "feedback show F-1")
    assert "100% of the time to answer used" in shown


def test_a_reason_with_a_sentence_of_the_citys_brings_that_sentence(call: Call) -> None:
    Path("in.csv").write_text(f"{HEAD},State,Reason\nWell done,streets,phone,closed,thanks\n", encoding="utf-8")
    assert call("import", "feedback", "in.csv")[0] == 0
    assert "What was done: Thank you for telling us." in call("say", "sam", "feedback show F-1")[1]

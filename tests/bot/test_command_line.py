"""The command line: the formats and exit codes that scripts rely on."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from handlers.kit.catalogue import catalogue
from handlers.kit.context import Request
from handlers.kit.declared import Command
from handlers.kit.messages import Card, File, Picture
from storage.runlock import take_run_lock
from tests.bot.conftest import ROOT, Call

pytestmark = pytest.mark.usefixtures("ready")
DAM = "/risk add Dam gate stuck; likelihood 4; impact 5"


def say(call: Call, person: str, line: str) -> tuple[int, dict[str, Any]]:
    code, out, _ = call("say", person, line, "--json")
    told = json.loads(out)
    assert told.keys() == {"ok", "text", "card", "form", "errors"}
    return code, told


@pytest.mark.parity("Log a risk in one line", door="say")
def test_a_command_that_is_done_says_ok_with_its_card_and_its_text(call: Call) -> None:
    code, told = say(call, "sam", DAM)
    assert (code, told["ok"], told["form"], told["errors"]) == (0, True, None, {})
    assert told["card"]["title"] == "Logged R-1"
    assert "Score: 20 of 25" in told["text"]
    code, told = say(call, "maria", "risk list")
    assert (code, "R-1 Dam gate stuck" in told["text"]) == (0, True)


@pytest.mark.parity("Open a form with the rest filled in", door="say")
def test_what_is_missing_is_a_form_with_the_rest_filled_in(call: Call) -> None:
    code, told = say(call, "sam", "/risk add Dam gate stuck; impact 5")
    assert (code, told["ok"], told["card"]) == (2, False, None)
    fields = {field["name"]: field for field in told["form"]}
    assert (fields["title"]["value"], fields["impact"]["value"], fields["likelihood"]["value"]) == (
        "Dam gate stuck",
        "5",
        "",
    )
    assert (fields["likelihood"]["required"], fields["owner"]["required"]) == (True, False)
    assert "Say it in one line: /risk add" in told["text"]


@pytest.mark.parity("Read beside a field what does not fit", door="say")
def test_an_answer_that_does_not_fit_is_named_by_its_field(call: Call) -> None:
    code, told = say(call, "sam", "/risk add Dam; likelihood 9; impact 5")
    assert (code, told["ok"], told["errors"].keys()) == (2, False, {"likelihood"})
    assert told["errors"]["likelihood"] in told["text"]


@pytest.mark.parametrize(
    ("line", "taught"),
    [
        ("feedback close F-1", "Say it in one line: /feedback close F-1; reason done; answer ..."),
        ("risk add Dam; impact 5", "Say it in one line: /risk add Dam; likelihood ...; impact 5; "),
        ("feedback contact F-1", "This form cannot be filled in with one line."),
    ],
)
def test_a_form_teaches_the_line_that_gives_it(call: Call, line: str, taught: str) -> None:
    say(call, "sam", "feedback add Pothole; category streets; via phone")
    code, told = say(call, "sam", line)
    assert (code, taught in told["text"]) == (2, True)


def test_what_is_proposed_is_said_as_lines_to_type(call: Call) -> None:
    code, told = say(call, "sam", "a resident phoned: a deep pothole at 12 Elm Street; it is huge")
    [line] = [line for line in told["text"].splitlines() if line.startswith("- It is feedback: ")]
    assert code == 0
    assert "[Log it]" not in told["text"]
    assert say(call, "sam", line.partition(": ")[2])[1]["card"]["title"] == "Logged F-1"
    assert (
        "Call the crisis team: /crisis activate fire at the school" in say(call, "sam", "fire at the school")[1]["text"]
    )


@pytest.mark.parity("Mistype a command and read the nearest", door="say")
@pytest.mark.parity("Read who may, where one may not", door="say")
@pytest.mark.parametrize(
    ("person", "line", "words"),
    [
        ("sam", "crisis standdown It is over", "Please ask"),
        ("sam", "risk close R-9; reason x", "Please ask"),
        ("nobody", "risk list", 'Nobody in people.toml has the id "nobody".'),
        ("sam", "rsik add", "Did you mean one of these?"),
        ("sam", "risk show R-9", 'There is no risk "R-9".'),
    ],
)
def test_what_is_refused_says_so_and_exits_with_2(call: Call, person: str, line: str, words: str) -> None:
    code, told = say(call, person, line)
    assert (code, told["ok"]) == (2, False)
    assert words in told["text"]


@pytest.mark.parity("Type a reference alone and see the record", door="say")
@pytest.mark.parity("Type a command in bold, in backticks or in quotes", door="say")
def test_a_line_is_read_as_people_type_it(call: Call) -> None:
    assert say(call, "sam", f"**{DAM}**")[1]["card"]["title"] == "Logged R-1"
    assert "Dam gate stuck" in say(call, "sam", "R-1")[1]["text"]


@pytest.mark.parity("Ask for help", door="say")
def test_without_json_it_is_the_plain_text(call: Call) -> None:
    code, out, _ = call("say", "sam", DAM)
    assert (code, out.splitlines()[0]) == (0, "Logged R-1 (Extreme)")
    assert call("say", "sam", "help")[0] == 0


def _export(_request: Request) -> Card:
    """Give a picture and two files, for these tests."""
    return Card(
        "Export",
        Picture(data=b"png", alt="Risks"),
        File(name="risks.csv", data=b"a,b"),
        File(name="../.risks\n.csv", data=b"c,d"),
    )


@pytest.fixture
def export(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(catalogue.commands, "toy export", Command("toy export", _export, "help", None, True, ""))


@pytest.mark.parity("Get a picture or a file", door="say")
@pytest.mark.usefixtures("export")
def test_files_are_written_only_into_the_folder_that_is_named(call: Call, folder: Path) -> None:
    code, out, _ = call("say", "sam", "toy export")
    told = "Not written: picture.png, risks.csv, _.risks_.csv. Add --out DIR to write them."
    assert (code, out.splitlines()[-1], [*folder.glob("*.png"), *folder.rglob("*.csv")]) == (0, told, [])
    code, out, _ = call("say", "sam", "toy export", "--out", ".")
    assert (code, out.splitlines()[-3:]) == (0, [f"Written: {n}" for n in ("picture.png", "risks.csv", "_.risks_.csv")])
    assert ((folder / "picture.png").read_bytes(), (folder / "risks.csv").read_bytes()) == (b"png", b"a,b")
    code, out, _ = call("say", "sam", "toy export", "--files", "out/today", "--json")
    assert code == 0
    assert "Written: out/today/risks.csv" in json.loads(out)["text"]
    assert (folder / "out" / "today" / "_.risks_.csv").read_bytes() == b"c,d"


@pytest.mark.usefixtures("export")
def test_only_the_owner_may_read_a_file_that_is_written(call: Call, folder: Path) -> None:
    before = os.umask(0)
    try:
        call("say", "sam", "toy export", "--out", ".")
        call("export", "risks", "--out", "register.csv")
    finally:
        os.umask(before)
    assert [(folder / name).stat().st_mode & 0o777 for name in ("risks.csv", "register.csv")] == [0o600] * 2


@pytest.mark.usefixtures("export")
def test_a_file_that_is_there_already_stays(call: Call, folder: Path) -> None:
    (folder / "risks.csv").write_text("mine")
    assert "Written: risks-2.csv" in call("say", "sam", "toy export", "--out", ".")[1]
    assert "Written: risks-3.csv" in call("say", "sam", "toy export", "--out", ".")[1]
    assert (folder / "risks.csv").read_text() == "mine"


@pytest.mark.usefixtures("export")
def test_a_folder_that_takes_no_file_is_named_with_what_to_do(call: Call, folder: Path) -> None:
    (folder / "taken").write_text("a file, no folder")
    code, out, _ = call("say", "sam", "toy export", "--out", "taken")
    assert code == 1
    assert "Not written: risks.csv (File exists). Name another folder with --out DIR." in out


def test_the_schedule_is_a_list_in_order_of_time_with_reasons(call: Call) -> None:
    code, out, _ = call("schedule", "--from", "2026-11-25", "--days", "7", "--json")
    coming = json.loads(out)
    assert code == 0
    assert all(entry.keys() == {"routine", "local", "utc", "to", "skipped"} for entry in coming)
    assert [entry["utc"] for entry in coming] == sorted(entry["utc"] for entry in coming)
    assert all(datetime.fromisoformat(entry["local"]) == datetime.fromisoformat(entry["utc"]) for entry in coming)
    checks = {entry["local"]: entry["skipped"] for entry in coming if entry["routine"] == "morning-check"}
    assert next(iter(checks)) == "2026-11-25T07:30:00-05:00"
    assert checks["2026-11-25T07:30:00-05:00"] is None
    assert "Thanksgiving" in checks["2026-11-26T07:30:00-05:00"]
    assert call("schedule", "--days", "1")[0] == 0


def test_the_schedule_leaves_no_database_behind(call: Call, folder: Path) -> None:
    shutil.rmtree(folder / "data")
    call("schedule")
    assert not (folder / "data").exists()


def test_a_routine_can_be_sent_by_hand(call: Call, folder: Path) -> None:
    code, out, _ = call("send", "morning-check", "--date", "2026-11-23")
    assert (code, "Queued morning-check for Maria Lopez." in out) == (0, True)
    with closing(sqlite3.connect(folder / "data" / "cityops.db")) as database:
        assert database.execute("SELECT place, state FROM outbox").fetchall() == [
            ("ops", "pending"),
            ("dm:maria", "pending"),
        ]
        assert database.execute("SELECT day, state FROM occurrences").fetchall() == [("2026-11-23", "by_hand")]
    code, _, error = call("send", "evening-check")
    assert (code, "known are: " in error, "morning-check" in error) == (2, True, True)


@pytest.mark.parametrize(
    "arguments", [(), ("dance",), ("say", "sam"), ("schedule", "--from", "soon"), ("audit", "burn")]
)
def test_a_wrong_call_is_2(call: Call, arguments: tuple[str, ...]) -> None:
    code, _, error = call(*arguments)
    assert (code, "usage:" in error) == (2, True)


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("people.toml", '["crisis_team"]', '["clown"]', "people.toml: person.tom.roles.0: 'clown' does not fit"),
        ("routines.toml", "[morning-check]", "[morning-chek]", "morning-chek: no such routine; known are"),
        (
            "routines.toml",
            '\nat = "07:30"',
            '\nat = "13:00"',
            "morning-check.late_until: 12:00 is not after at = 13:00",
        ),
        (
            "routines.toml",
            '\non = "working days"',
            '\non = "every Saturday"',
            'morning-check.on: "every Saturday" is never a day on which the city works; choose another, or closed =',
        ),
        (
            "routines.toml",
            '\non = "working days"',
            '\non = "now and then"',
            'no day rule "now and then"; write one such as',
        ),
        (
            "people.toml",
            'department = "public-works"\n',
            'department = "public-works"\ndeputy = "maria"\n',
            "maria.deputy: deputies go in a circle (maria -> olga -> maria); name another",
        ),
    ],
)
def test_a_wrong_city_is_one_line_with_file_key_and_fix(
    call: Call, folder: Path, file: str, old: str, new: str, words: str
) -> None:
    path = folder / "city" / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    code, out, error = call("say", "sam", "risk list")
    assert (code, out, error.count("\n")) == (2, "", 1)
    assert words in error


def test_a_bot_that_never_ran_does_not_start_with_a_wrong_city(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.cli.run.start_logging", lambda _level: None)  # it is the whole process's
    path = folder / "city" / "city.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("zone = ", "zonne = "), encoding="utf-8")
    started = Timer(30, os.kill, (os.getpid(), signal.SIGTERM))  # a bot that starts all the same ends, with 0
    started.start()
    code, out, error = call("run", "--port", "0")
    started.cancel()
    assert (code, out, error.count("\n")) == (2, "", 1)
    assert "city.toml: zone: it is missing" in error


def run_bot(folder: Path, **keys: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PORT": "0", **keys}
    return subprocess.run(
        [sys.executable, "-m", "bot", "run"], cwd=folder, env=environment, capture_output=True, text=True, timeout=60
    )


def test_a_bot_without_any_door_does_not_start_and_names_the_keys(folder: Path) -> None:
    ended = run_bot(folder, DESK="off")
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    for key in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "TEAMS_APP_ID", "DESK=on"):
        assert key in ended.stderr


def test_a_slip_of_the_pen_in_env_stops_the_start_and_names_the_right_key(folder: Path) -> None:
    (folder / ".env").write_text("SLACK_BOT_TOKN=xoxb-1\n")
    ended = run_bot(folder)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == ".env: SLACK_BOT_TOKN: there is no such key; did you mean SLACK_BOT_TOKEN?\n"


def test_a_second_bot_on_the_same_database_does_not_start(folder: Path) -> None:
    lock = take_run_lock(f"sqlite:///{folder}/data/cityops.db")
    assert lock is not None
    with lock:
        ended = run_bot(folder)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == (
        "DATABASE_URL: sqlite:///data/cityops.db: a bot is running on it already; stop that one first\n"
    )

"""Doctor: each problem is named in one line that says what to do."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from bot.__main__ import main
from bot.settings import Settings
from storage.chat.people import Met
from storage.database import Database
from tests.chat.bot import RIVERTON
from tests.sqlite import migrated
from tests.wires.teams.records import APP_ID, TENANT

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
NOWHERE = "http://127.0.0.1:9/"
TEAMS = {
    "TEAMS_APP_ID": APP_ID, "TEAMS_APP_PASSWORD": "password", "TEAMS_TENANT_ID": TENANT,
    "TEAMS_TOKEN_URL": NOWHERE, "TEAMS_OPENID_URL": NOWHERE,
}  # fmt: skip
NOT_MET = "has not opened a chat with cityops in Teams; ask them to open the app once"


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The database of a folder of its own, without the environment of the person who runs the tests."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    shutil.copytree(RIVERTON, tmp_path / "city")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir(mode=0o700)
    migrated(tmp_path / "data" / "cityops.db")
    return Database("sqlite:///data/cityops.db")


def examined(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What the doctor finds to fix about people."""
    main(["doctor"])
    return [line for line in capsys.readouterr().out.splitlines() if line.startswith("to fix   person")]


def test_on_the_desk_alone_nobody_is_out_of_reach(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    database.write(lambda store: store.chat.people.not_reached("teams", "sam", "has blocked cityops", NOW))
    assert examined(capsys) == []
    assert main(["doctor"]) == 0


def test_in_teams_everybody_is_named_who_has_not_opened_the_app(
    database: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for key, value in TEAMS.items():
        monkeypatch.setenv(key, value)
    olga = Met("olga", "Olga Brandt", "olga@riverton.example.org")
    assert f"to fix   person Olga Brandt: {NOT_MET}" in examined(capsys)
    assert len(examined(capsys)) == 21
    database.write(lambda store: store.chat.people.meet(olga, "teams", "a-1", NOW))
    assert f"to fix   person Olga Brandt: {NOT_MET}" not in examined(capsys)
    database.write(lambda store: store.chat.people.not_reached("teams", "olga", "has blocked cityops", NOW))
    assert "to fix   person Olga Brandt: has blocked cityops" in examined(capsys)
    assert main(["doctor"]) == 1


def test_a_clock_behind_what_the_database_knows_is_named(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    database.write(lambda store: store.time.checkpoints.set("planned", datetime(2100, 1, 1, 12, tzinfo=UTC)))
    assert main(["doctor"]) == 1
    [line] = [line for line in capsys.readouterr().out.splitlines() if "clock:" in line]
    assert line.startswith("to fix   clock: this machine shows 20")
    assert line.endswith("UTC, but it is Fri Jan 1, 7:00 AM or later: set it right")


def test_a_file_of_the_city_that_a_bot_last_had_and_that_is_gone_is_named(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    database.write(lambda store: store.city_texts.keep({"crisis.toml": "# all of it", "city.toml": "# all"}, NOW))
    assert main(["doctor"]) == 0
    Path("city/crisis.toml").unlink()
    assert main(["doctor"]) == 1
    assert "to fix   city: city/crisis.toml was there when a bot last ran, and is gone" in capsys.readouterr().out


def test_what_there_is_beside_chat_is_named_and_nothing_is_sent(
    database: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["doctor"]) == 0
    told = capsys.readouterr().out
    assert "ok       pages outside chat: none; at night a chat message may go unnoticed" in told
    assert "ok       heartbeat: none; set HEARTBEAT_URL to be alarmed" in told
    for key, value in {"PAGER_URL": NOWHERE, "HEARTBEAT_URL": NOWHERE, "SMTP_URL": "smtp://127.0.0.1:9"}.items():
        monkeypatch.setenv(key, value)
    monkeypatch.setenv("MAIL_FROM", "bot@riverton.example.org")
    assert main(["doctor"]) == 0
    told = capsys.readouterr().out
    assert "ok       pages outside chat: pager, mail" in told
    assert "ok       heartbeat: every minute" in told


def test_whoever_the_pager_cannot_call_is_named(
    database: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    contacts = tmp_path / "city" / "contacts.toml"
    contacts.write_text(contacts.read_text().replace('person = "tom"', 'name = "Somebody else"'))
    assert examined(capsys) == []
    monkeypatch.setenv("PAGER_URL", "http://127.0.0.1:9/")
    [line] = examined(capsys)
    assert line == "to fix   person Tom Okafor: the pager needs their number; add it to contacts.toml"


def test_a_shelf_that_is_no_folder_is_to_be_mended(
    database: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "shelf").write_text("a file")
    monkeypatch.setenv("SHELF_DIR", "shelf/cards")
    assert main(["doctor"]) == 1
    told = capsys.readouterr().out
    assert f"to fix   SHELF_DIR: {tmp_path}/shelf is not a folder the bot may write to" in told


def test_what_cannot_be_right_is_one_line_and_2_at_the_doctor_and_at_the_start(
    database: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for key, value, fix in (
        ("TEAMS_TENANT_ID", "riverton.onmicrosoft.com", "Directory (tenant) ID"),
        ("TEAMS_APP_PASSWORD", "your-client-secret", "this is a placeholder"),
        ("PUBLIC_URL", "https://bot.example.org/slack/events", "without a path: https://bot.example.org"),
    ):
        for name, known in {**TEAMS, "PUBLIC_URL": "https://bot.example.org", key: value}.items():
            monkeypatch.setenv(name, known)
        for command in ("doctor", "run"):
            assert main([command]) == 2
            out, error = capsys.readouterr()
            assert (out, error.count("\n")) == ("", 1)
            assert error.startswith(f"environment: {key}: ")
            assert fix in error


class Page(BaseHTTPRequestHandler):
    """A proxy that answers everything with a page of its own."""

    def do_POST(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<html>Please sign in</html>")

    do_GET = do_POST

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@pytest.fixture
def page() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Page)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_where_a_proxy_answers_the_doctor_says_so_without_a_traceback(
    database: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    slack = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_API_URL": page}
    for key, value in {**TEAMS, **slack, "TEAMS_TOKEN_URL": page, "TEAMS_OPENID_URL": page}.items():
        monkeypatch.setenv(key, value)
    assert main(["doctor"]) == 1
    out, error = capsys.readouterr()
    assert error == ""
    lines = [line for line in out.splitlines() if "proxy" in line]
    assert [line.split(":")[0] for line in lines] == ["to fix   Slack", "to fix   Teams", "to fix   Teams"]
    assert all(line.startswith(("ok       ", "to fix   ")) for line in out.splitlines())
    assert "Slack: last heard from Slack: never" in out
    assert "Teams: last heard from Teams: never" in out


def test_the_doctor_compares_the_apps_own_manifest(
    database: Database, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "theirs.json").write_text('{"features": {"slash_commands": [{"command": "/city"}]}}')
    assert main(["doctor", "--manifest", "theirs.json"]) == 1
    out = capsys.readouterr().out
    for words in (
        "scopes missing: app_mentions:read",
        "events missing: app_home_opened",
        "slash commands missing: /ris",
    ):
        assert f"to fix   Slack: {words}" in out
    assert main(["doctor", "--manifest", "nowhere.json"]) == 2
    assert capsys.readouterr().err.startswith("nowhere.json: --manifest: ")

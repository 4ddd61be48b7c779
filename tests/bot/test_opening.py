"""Opening: the bot waits for its database and says so; what waiting cannot fix ends it at once."""

import asyncio
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Timer

import pytest

from bot.opening import Waiting, open_database, wait_for_database
from handlers.kit.errors import ConfigurationError
from storage import schema
from storage.runlock import lock_file
from storage.trouble import DatabaseUnavailable
from tests.bot.conftest import ROOT, Call
from tests.chat.bot import settings_for
from tests.postgresql import run
from tests.sqlite import migrated

PATIENCE = 30  # seconds, on a busy machine
QUICK = Waiting(first=0.01, longest=0.02, at_most=20)
NOWHERE = "postgresql+psycopg://city:secret@127.0.0.1:1/city"


async def test_a_server_that_is_not_there_yet_is_waited_for_and_each_try_is_a_line_without_the_password(
    tmp_path: Path, postgresql: Callable[[str], str], caplog: pytest.LogCaptureFixture
) -> None:
    settings = settings_for(tmp_path, database_url=postgresql("later"))
    waiting = asyncio.create_task(wait_for_database(settings, asyncio.Event(), QUICK))
    async with asyncio.timeout(PATIENCE):
        while len(caplog.messages) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    run(postgresql("postgres"), "CREATE DATABASE later")
    database = await waiting
    assert database is not None
    assert schema.version(database) == schema.NEWEST
    database.close()
    assert all("waiting for the database at " in line and "/later: " in line for line in caplog.messages)
    assert all('database "later" does not exist; next try in 0.0' in line for line in caplog.messages)


async def test_what_does_not_answer_for_too_long_is_given_up(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    settings = settings_for(tmp_path, database_url=NOWHERE)
    with pytest.raises(DatabaseUnavailable, match=r"127\.0\.0\.1:1/city: connection failed: .*Connection refused"):
        await wait_for_database(settings, asyncio.Event(), Waiting(first=0.01, longest=0.01, at_most=0.1))
    assert caplog.messages
    assert "secret" not in caplog.text


async def test_a_locked_file_is_waited_for(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.sqlite.BUSY_SECONDS", 0.01)
    settings = settings_for(tmp_path)
    with closing(sqlite3.connect(tmp_path / "cityops.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(wait_for_database(settings, asyncio.Event(), QUICK))
        async with asyncio.timeout(PATIENCE):
            while not caplog.messages:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    database = await waiting
    assert database is not None
    assert database.is_alone
    assert "cityops.db: database is locked; next try in 0.01 s" in caplog.messages[0]
    database.close()


async def test_a_bot_that_is_told_to_stop_while_a_server_says_nothing_ends_at_once(tmp_path: Path) -> None:
    stopping = asyncio.Event()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql+psycopg://city@127.0.0.1:{silent.getsockname()[1]}/city"
        waiting = asyncio.create_task(wait_for_database(settings_for(tmp_path, database_url=url), stopping))
        silent.settimeout(10)
        caller, _ = await asyncio.to_thread(silent.accept)
        with caller:
            stopping.set()
            async with asyncio.timeout(1):
                assert await waiting is None


def test_a_waiting_bot_ends_on_sigterm_and_has_said_what_it_waits_for(folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DATABASE_URL": NOWHERE}
    command = (sys.executable, "-m", "bot", "run", "--port", "0")
    with subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True) as bot:
        assert bot.stderr is not None
        line = bot.stderr.readline()
        bot.terminate()
        assert bot.wait(10) == 0
        assert bot.stderr.read() == ""
    assert "waiting for the database at 127.0.0.1:1/city: connection failed" in line
    assert "secret" not in line


@pytest.mark.parametrize("line", ["say sam help", "send morning-check", "export risks", "audit verify", "db upgrade"])
def test_a_command_says_in_one_line_that_the_database_does_not_answer_and_exits_with_1(
    call: Call, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", NOWHERE)
    code, out, error = call(*line.split())
    assert (code, out, error.count("\n")) == (1, "", 1)
    assert error.startswith("DATABASE_URL: 127.0.0.1:1/city: connection failed: ")


def test_a_bot_that_gives_its_database_up_says_so_in_one_line_and_exits_with_1(
    call: Call, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("DATABASE_URL", NOWHERE)
    monkeypatch.setattr("bot.cli.run.start_logging", lambda _level: None)  # it is the whole process's
    monkeypatch.setattr(wait_for_database, "__defaults__", (Waiting(first=0.01, longest=0.01, at_most=0.05),))
    code, out, error = call("run", "--port", "0")
    assert (code, out, error.count("\n")) == (1, "", 1)
    assert error.startswith("DATABASE_URL: 127.0.0.1:1/city: connection failed: ")
    assert "secret" not in error + caplog.text


def damaged(file: Path) -> None:
    """Overwrite one page in the middle of the file."""
    with file.open("r+b") as pages:
        pages.seek(50 * 4096)
        pages.write(b"\xff" * 4096)


def newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")


WRONG = {
    "damaged": (damaged, "it is damaged ("),
    "cut": (lambda file: os.truncate(file, 9000), "database disk image is malformed; restore a backup"),
    "text": (lambda file: file.write_text("no database " * 1000), "file is not a database; restore a backup"),
    "newer": (newer, f"it has the schema 9999, and this program knows schemas up to {schema.NEWEST}; start the newer"),
}


@pytest.mark.parametrize("how", WRONG)
def test_a_database_that_only_a_person_can_mend_is_one_line_and_2_at_every_command(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    (folder / "data").mkdir()
    spoil, words = WRONG[how]
    spoil(migrated(folder / "data" / "cityops.db"))
    monkeypatch.setattr("bot.cli.run.start_logging", lambda _level: None)  # it is the whole process's
    started = Timer(PATIENCE, os.kill, (os.getpid(), signal.SIGTERM))  # a bot that starts all the same ends, with 0
    started.start()
    for line in ("run", "say sam help", "send morning-check", "schedule", "export risks", "audit verify", "db upgrade",
                 "doctor"):  # fmt: skip
        code, out, error = call(*line.split())
        started.cancel()
        assert (code, out, error.count("\n")) == (2, "", 1), line
        assert error.startswith("DATABASE_URL: data/cityops.db: "), line
        assert words in error, line
    for line in ("backup kept.db", "restore data/cityops.db"):
        code, out, error = call(*line.split())
        assert (code, out, error.count("\n")) == (2, "", 1), line
    assert not list(folder.glob("*kept.db*"))


def test_a_link_to_the_file_is_the_same_file_for_the_run_lock(tmp_path: Path) -> None:
    database = open_database(settings_for(tmp_path), alone=True)
    (tmp_path / "elsewhere").mkdir()
    for name, make in (("soft.db", os.symlink), ("hard.db", os.link)):
        make(tmp_path / "cityops.db", tmp_path / "elsewhere" / name)
        with pytest.raises(ConfigurationError, match="a bot is running on it already"):
            open_database(settings_for(tmp_path, database_url=f"sqlite:///{tmp_path}/elsewhere/{name}"), alone=True)
    assert lock_file(tmp_path / "elsewhere" / "soft.db") == tmp_path / "cityops.db.lock"
    database.close()
    open_database(settings_for(tmp_path), alone=True).close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (
            "postgresql+psycopg://city:secret@db.example.org:port/city",
            "this is not the address of a database; see .env.example",
        ),
        (
            "postgresql+psycopg://city:secret@127.0.0.1:1/city?tls=on",
            '127.0.0.1:1/city: invalid connection option "tls"; fix DATABASE_URL',
        ),
        ("sqlite:///city", "city: this is a folder; name a file in it"),
    ],
)
def test_a_wrong_address_is_one_line_and_2(call: Call, monkeypatch: pytest.MonkeyPatch, url: str, said: str) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    assert call("say", "sam", "help") == (2, "", f"DATABASE_URL: {said}\n")

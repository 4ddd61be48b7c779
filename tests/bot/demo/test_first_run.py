"""The first run: a newcomer sees a city that is alive, or an empty one if they want that, and every command agrees."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.bot.conftest import ROOT, Call
from tests.bot.terminal import said

INVENTED = "all that you see there is invented; to begin with an empty city: EMPTY=1 make run"


@contextmanager
def running(folder: Path, last: str, **keys: str) -> Iterator[list[str]]:
    """A bot that was started as ``make run`` does, and what it has said up to a line that begins with ``last``."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PORT": "0", **keys}
    command = (sys.executable, "-m", "bot", "run")
    with subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True) as bot:
        assert bot.stderr is not None
        lines = list[str]()
        while not lines or not lines[-1].startswith(last):
            line = bot.stderr.readline()
            assert line, lines
            lines.append(json.loads(line)["message"])
        try:
            yield lines
        finally:
            bot.terminate()
            assert bot.wait(20) == 0


@pytest.mark.doors
def test_the_first_run_makes_the_invented_weeks_and_every_command_reads_them(folder: Path, call: Call) -> None:
    with running(folder, INVENTED) as lines:
        assert lines[0].startswith("making ten invented weeks of Riverton in data/riverton.db, once")
        assert "Good morning. Riverton" in said(call, "say", "maria", "city morning")
    with running(folder, INVENTED) as lines:
        assert not lines[0].startswith("making")
    assert not (folder / "data" / "cityops.db").exists()


@pytest.mark.doors
def test_who_begins_with_an_empty_city_stays_in_it(folder: Path, call: Call) -> None:
    with running(folder, "open this address", EMPTY="1"):
        assert "no morning check yet" in said(call, "say", "maria", "city morning")
    with running(folder, "open this address") as lines:
        assert not [line for line in lines if "invented" in line]
    assert [path.name for path in sorted((folder / "data").glob("*.db"))] == ["cityops.db"]


def test_a_bot_without_a_door_makes_nothing(folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DESK": "off"}
    command = (sys.executable, "-m", "bot", "run")
    assert subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=60).returncode == 2
    assert not (folder / "data").exists()

"""Setting up: make says what it installs before the bot can say anything, in the form of the bot's own log."""

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SETUP = ("make", "--no-print-directory", "setup", "PIP=true", f"PYTHON={sys.executable}")  # nothing is installed here
SAYS = r"Installing (\d+) libraries into \.venv\. This is done once and takes .+\."


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder as it is after a clone, but for the Python of .venv, which is ours."""
    for name in ("Makefile", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    return tmp_path


def test_elsewhere_it_is_a_line_of_json_with_the_keys_of_the_log(checkout: Path) -> None:
    first = subprocess.run(SETUP, cwd=checkout, capture_output=True, text=True, check=True)
    line = json.loads(first.stderr)
    assert list(line) == ["at", "level", "name", "message"]
    found = re.fullmatch(SAYS, line["message"])
    assert found is not None
    locked = re.findall("^[a-z].*==", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert int(found[1]) == len(locked)
    again = subprocess.run(SETUP, cwd=checkout, capture_output=True, text=True, check=True)
    assert again.stderr == ""


def test_at_a_terminal_it_is_a_sentence(checkout: Path) -> None:
    ours, theirs = pty.openpty()
    subprocess.run(SETUP, cwd=checkout, stdout=subprocess.DEVNULL, stderr=theirs, check=True)
    os.close(theirs)
    assert re.fullmatch(SAYS, os.read(ours, 1000).decode().strip())
    os.close(ours)

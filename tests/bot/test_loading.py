"""Loading: a command on a terminal loads what it needs, and no more: that is nearly all of its time."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bot.conftest import ROOT

NEEDLESS = {
    "aiohttp", "aiosmtplib", "alembic", "apscheduler", "botbuilder", "docx", "jinja2", "openpyxl", "PIL",
    "prometheus_client", "psycopg", "slack_bolt", "slack_sdk", "structlog",
}  # fmt: skip
SAYING = """
import json, sys
from bot.__main__ import main

code = main(["say", "sam", "risk list"])
print(json.dumps([code, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


@pytest.mark.usefixtures("ready")
def test_who_says_something_on_a_terminal_waits_for_no_door_and_no_web_server(folder: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", SAYING],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    code, loaded = json.loads(ran.stdout.splitlines()[-1])
    assert (code, NEEDLESS.intersection(loaded)) == (0, set())
    assert "sqlalchemy" in loaded

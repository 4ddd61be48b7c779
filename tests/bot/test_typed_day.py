"""A typed day: what people do with buttons elsewhere can be done on the command line too."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.bot.conftest import Call
from tests.bot.test_command_line import say

pytestmark = pytest.mark.usefixtures("ready")


@pytest.mark.parity("Answer feedback, and who logged it is told", door="say")
@pytest.mark.parity("Answer the stand-up before one is asked", door="say")
@pytest.mark.parity("Ask what the bot will send", door="say")
@pytest.mark.parity("Be away, and a deputy is asked", door="say")
@pytest.mark.parity("Find what was typed as it was typed", door="say")
@pytest.mark.parity("Log feedback, and the department is told", door="say")
@pytest.mark.parity("Read what waits for one", door="say")
@pytest.mark.parity("Write the log of a crisis", door="say")
def test_a_whole_day_can_be_typed(call: Call, folder: Path) -> None:
    assert say(call, "owen", "feedback add *Deep* <pothole>; category streets; via phone")[0] == 0
    assert "F-1 *Deep* <pothole>" in say(call, "sam", "city today")[1]["text"]
    assert say(call, "sam", "feedback close F-1; reason done; answer It is filled")[0] == 0
    assert say(call, "olga", "crisis activate Water main burst; level 2")[0] == 0
    assert say(call, "tom", "crisis log Pumps are running")[0] == 0
    assert "Tom Okafor: Pumps are running" in say(call, "sam", "crisis status")[1]["text"]
    assert "You will not be asked again" in say(call, "sam", "standup Mill Road swept; next Elm Street")[1]["text"]
    assert say(call, "maria", "city away from today to tomorrow deputy @olga")[0] == 0
    assert "Morning check" in say(call, "maria", "city schedule")[1]["text"]
    with closing(sqlite3.connect(folder / "data" / "cityops.db")) as database:
        places = {place for (place,) in database.execute("SELECT place FROM outbox")}
    assert {"public-works", "crisis:CR-2026-01", "dm:tom", "dm:maria"} <= places

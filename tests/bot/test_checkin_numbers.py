"""Numbers of a check-in: whether one may be below zero is the city's to say."""

from pathlib import Path

import pytest

from tests.bot.conftest import Call


@pytest.mark.usefixtures("ready")
def test_a_number_is_below_zero_only_where_the_city_says_so(call: Call, folder: Path) -> None:
    line = ("say", "hugo", "/checkin health 4; open requests -5")
    code, error, _ = call(*line)
    assert (code, '"-5" is below zero' in error) == (2, True)
    facts = folder / "city" / "checkin.toml"
    named = 'name = "Open requests"'
    facts.write_text(facts.read_text().replace(named, f"{named}\nbelow_zero = true"))
    code, error, _ = call(*line)
    assert (code, "below zero" in error, "has not been asked yet" in error) == (2, False, True)

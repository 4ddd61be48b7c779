"""Public holidays: the same as the library's own, and only those of one country."""

import subprocess
import sys
from datetime import date, timedelta

import holidays
import pytest

from handlers.kit.time.public_holidays import public_holidays

YEAR = [date(2027, 1, 1) + timedelta(days=day) for day in range(365)]


@pytest.mark.parametrize(
    ("country", "part"), [("US", "NY"), ("US", None), ("DE", "BE"), ("CA", "QC"), ("GB", "SCT"), ("JP", None)]
)
def test_they_are_those_of_the_library(country: str, part: str | None) -> None:
    ours = public_holidays(country, part)
    theirs = holidays.country_holidays(country, subdiv=part)
    found = [day for day in YEAR if day in ours]
    assert found == [day for day in YEAR if day in theirs]
    assert len(found) > 5


def test_a_country_nobody_knows_is_refused() -> None:
    with pytest.raises(NotImplementedError):
        public_holidays("XX", None)


def test_no_other_country_is_loaded() -> None:
    code = (
        "import sys; from handlers.kit.time.public_holidays import public_holidays; public_holidays('US', 'NY');"
        "print([one for one in sys.modules if one.startswith('holidays.countries.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['holidays.countries.united_states']"

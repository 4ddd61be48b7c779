"""Links: what is a reference has a button that shows it, and what only begins like one has none."""

import pytest

import handlers
import scheduler
from handlers.kit.links import is_record, show_button
from handlers.kit.messages import Button
from handlers.kit.registry import load

load(handlers, scheduler)


@pytest.mark.parametrize(
    ("ref", "line"),
    [
        ("R-1", "risk show R-1"),
        ("R-1.2", "risk show R-1.2"),
        ("CR-2026-01", "crisis status CR-2026-01"),
    ],
)
def test_what_is_a_reference_is_shown_by_its_button(ref: str, line: str) -> None:
    assert show_button(ref) == Button.say(f"Show {ref}", line)
    assert is_record(ref)


@pytest.mark.parametrize(
    "ref", ["", "R-", "r-1", "X-1", "CR-2026-01 standdown 1", "acceptance 3", "checkin 2026-11-19"]
)
def test_what_only_begins_like_one_is_no_record(ref: str) -> None:
    assert show_button(ref) is None
    assert not is_record(ref)

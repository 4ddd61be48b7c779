"""Crisis room: what a channel of a crisis is called stays readable with any letters."""

from datetime import UTC, datetime

import pytest

from bot.slack.channels import channel_name
from handlers.crisis.calling.naming import room_name
from storage.crisis.records import Crisis


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("Water main burst, Mill Road", "water-main-burst-mill-road"),
        ("Überschwemmung der Straße", "uberschwemmung-der-strasse"),
        ("GROẞE Fête à Łódź_2", "grosse-fete-a-łodz-2"),
        ("Прорыв трубы", "прорыв-трубы"),
        ("水道管が破裂", "水道管が破裂"),
        ("!!!", ""),
    ],
)
def test_a_room_keeps_the_letters_of_what_has_happened(what: str, words: str) -> None:
    name = room_name(_crisis(what))
    assert name == f"cr-2026-01-{words}".strip("-")
    assert channel_name(name) == name


def test_a_room_of_a_drill_says_so_and_its_name_is_not_too_long() -> None:
    name = room_name(_crisis("Ärger " * 30, drill=True))
    assert name.startswith("cr-2026-01-drill-arger-arger")
    assert len(name) <= 60


def _crisis(what: str, *, drill: bool = False) -> Crisis:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    return Crisis("CR-2026-01", what, None, 1, "alarm", None, "olga", at, drill=drill)

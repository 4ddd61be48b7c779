"""What the gateways' tests share: a page as delivery hands it over."""

import pytest

from bot.post import Outgoing
from handlers.kit.messages import Card, Text


@pytest.fixture
def page() -> Outgoing:
    """A page to Tom."""
    payload = {"person": "tom", "name": "Tom Okafor", "phone": "555-0111", "about": "CR-2026-01 tom"}
    card = Card("Crisis CR-2026-01: you are needed", Text("Water main burst"))
    return Outgoing("k1", "post", card, payload, None, email="tom@riverton.example.org")

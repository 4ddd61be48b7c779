"""What the register's tests share: a bot with a key for contact data."""

import pytest

from handlers.kit.vault import Vault
from tests.chat.desk import DeskChat

KEY = bytes(range(32))


@pytest.fixture
def sealed_chat(desk_chat: DeskChat) -> DeskChat:
    """The desk of a bot that has a CONTACT_KEY."""
    desk_chat.bot.application.runtime.vault = Vault((KEY,))
    return desk_chat

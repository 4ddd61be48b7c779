"""What the tests of features share: the whole bot and a terminal for everybody."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.chat.bot import Bot, settings_for
from tests.handlers.town import Town


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    bot = Bot(settings_for(tmp_path))
    await bot.start()
    yield Town(bot)
    await bot.stop()

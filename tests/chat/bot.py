"""Bot: a whole bot on a temporary database, driven step by step."""

import asyncio
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.application import Application
from bot.settings import Settings
from bot.timing import Timing
from tests.chat.clock import SetClock
from tests.sqlite import migrated, unhurried

MONDAY = datetime(2026, 11, 23, 14, 0, 30, tzinfo=UTC)  # 09:00 in Riverton, just after what is due at that hour
RIVERTON = Path(__file__).parents[2] / "city"


def settings_for(folder: Path, **keys: Any) -> Settings:
    """Settings of a bot in a folder of its own; the environment and .env of who runs the tests do not count."""
    city = folder / "city"
    if not city.exists():
        shutil.copytree(RIVERTON, city)
    own = {"city_dir": city, "database_url": f"sqlite:///{migrated(folder / 'cityops.db')}", "port": 0}
    own["shelf_dir"] = folder / "shelf"
    return Settings.model_construct(**{**_defaults(), **own, **keys})


def without_limits(settings: Settings) -> Settings:
    """The same settings with no limits, for somebody who does in a minute what a city does in a day."""
    file = settings.city_dir / "city.toml"
    file.write_text(re.sub(r"^(\w+_a_minute\w*) = \d+", r"\1 = 1000000", file.read_text(), flags=re.MULTILINE))
    return settings


def _defaults() -> dict[str, Any]:
    return {name: field.default for name, field in Settings.model_fields.items()}


class Bot:
    """An application whose clock and looks the test decides."""

    def __init__(self, settings: Settings, timing: Timing | None = None, clock: SetClock | None = None) -> None:
        self.clock = clock or SetClock(MONDAY)
        self.application = self._application(settings, timing or Timing())
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self.port = await self.application.start(looking=False)

    async def stop(self) -> None:
        await self.application.stop()

    async def restart(self) -> None:
        """Stop, and start again on the same database, as after an upgrade."""
        timing = self.application.delivery.timing
        await self.stop()
        self.application = self._application(self.application.settings, timing)
        await self.start()

    def _application(self, settings: Settings, timing: Timing) -> Application:
        timing = replace(timing, turn=60)  # a transaction of delivery does all there is to do
        application = Application(settings, clock=self.clock, timing=timing)
        unhurried(application.runtime.database)
        return application

    async def settle(self) -> None:
        """Let the bot do all that is due, at the pace of the platforms, until nothing is left to do now."""
        delivery = self.application.delivery
        while await self.application.look() or delivery.resting or delivery.sending:  # the bot looks by itself too
            await delivery.finish()
            if delivery.resting:
                self.clock.advance(seconds=1)
                await asyncio.sleep(0)
        if self.application.pulse.is_due:
            await self.application.pulse.beat()

    async def pass_time(self, **span: float) -> None:
        """Move the clock on, and let the bot do what has become due."""
        self.clock.advance(**span)
        await self.settle()

    async def read(self, question: Any) -> Any:
        """Ask the database directly, as an auditor would."""
        return await self.application.runtime.read(question)

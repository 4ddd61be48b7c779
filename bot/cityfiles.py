"""City files: read again when they change; an invalid change is reported and the old city kept."""

import logging
from collections.abc import Callable
from pathlib import Path

from handlers.kit.city import City, read_city
from handlers.kit.errors import ConfigurationError

log = logging.getLogger("cityops.city")


class CityFiles:
    """The city as its files last made sense; ``problem`` is the line about a change that does not.

    ``check`` raises ConfigurationError for what only the rest of the house can know, such as a routine's name.
    """

    def __init__(self, folder: Path, check: Callable[[City], None] = lambda _: None) -> None:
        self.folder, self.check = folder, check
        self.problem: str | None = None
        self._stamp = self._stamps()
        self._city = self._read()

    def __call__(self) -> City:
        return self._city

    def look(self) -> bool:
        """Read the files again if one of them changed; True when the city is another one now."""
        stamp = self._stamps()
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        try:
            self._city, self.problem = self._read(), None
        except ConfigurationError as problem:
            self.problem = str(problem)
            log.error(
                "the city's files were changed and make no sense; the old facts stay", extra={"problem": self.problem}
            )
            return False
        log.info("the city's files were read again")
        return True

    def _read(self) -> City:
        city = read_city(self.folder)
        self.check(city)
        return city

    def _stamps(self) -> dict[str, int]:
        return {path.name: path.stat().st_mtime_ns for path in sorted(self.folder.glob("*.toml"))}

"""City files: read again when they change; a file that makes no sense, or is gone while the bot runs, is reported, and
its last good text kept."""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from handlers.kit.city.files import REQUIRED, Texts, read_texts
from handlers.kit.city.model import City
from handlers.kit.city.reading import read_city
from handlers.kit.errors import ConfigurationError

log = logging.getLogger("cityops.city")
GONE = "it is missing, and its last contents are still used; put it back"
WITHOUT = ", or start the bot again to go on without it"
STILL = 0.25  # seconds without a change after which nobody writes a file any more
Stamp = tuple[int, int, int]


class CityFiles:
    """The city as its files last made sense; ``problems`` are the lines about those that do not, by file, and
    ``left_out`` the files with which a bot last ran and that were not there at the start.

    ``check`` raises ConfigurationError for what only the rest of the house can know, such as a routine's name; ``kept``
    gives the texts with which a bot last ran, for a start with a file that makes no sense.
    """

    def __init__(
        self,
        folder: Path,
        check: Callable[[City], None] = lambda _: None,
        kept: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        self.folder, self.check = folder, check
        self.problems: dict[str, str] = {}
        self._stamp = self._stamps()
        now, good = read_texts(folder), kept()
        try:
            self._city, self.texts = self._read(now), _sound(now)
        except ConfigurationError as problem:
            if not good:
                raise
            log.error("the city's files make no sense; the last good ones are used: %s", problem)
            self._city, self.texts = self._best(now, good)
        self.left_out = tuple(sorted(name for name in good if name not in self.texts and self._matters(name, good)))
        if self.left_out:
            log.warning(
                "these files were there when the bot last ran and are missing now, so it goes on without them: %s",
                ", ".join(self.left_out),
            )

    def __call__(self) -> City:
        return self._city

    def forget_left_out(self) -> None:
        """The admins were told which files were left out: once is enough."""
        self.left_out = ()

    @property
    def problem(self) -> str | None:
        """What makes no sense, a line for each file."""
        return "\n".join(self.problems.values()) or None

    async def look_when_still(self) -> bool:
        """The same as :meth:`look` once nobody is writing: half a file can make sense, and names half of the people."""
        before = self._stamps()
        if before == self._stamp:
            return False
        await asyncio.sleep(STILL)
        return before == self._stamps() and self.look()

    def look(self) -> bool:
        """Read the files again if one of them changed; True when the city is another one now."""
        stamp = self._stamps()
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        before, now = self.texts, read_texts(self.folder)
        gone = [name for name in before if name not in now and self._matters(name, before)] if now else ()
        self._city, self.texts = self._best(now, before, gone)
        if self.problem:
            log.error(
                "the city's files were changed and make no sense; the last good files stay in use",
                extra={"problem": self.problem},
            )
        if self.texts == before:
            return False
        log.info("the city's files were read again")
        return True

    def _best(self, now: Texts, good: Mapping[str, str], gone: Collection[str] = ()) -> tuple[City, dict[str, str]]:
        """The city of these files, with the last good text in the place of each that makes no sense or is ``gone``;
        when that does not go together, all of the last good ones. Raises ConfigurationError when those make no sense
        any more."""
        texts = {**now, **{name: good[name] for name in gone}}
        self.problems = {name: self._gone(name) for name in gone}
        while True:
            try:
                return self._read(texts), _sound(texts)
            except ConfigurationError as problem:
                name = Path(problem.file).name
                together = name in self.problems or name not in good
                self.problems.setdefault(name, str(problem))
                if together:
                    return self._read(good), dict(good)
                texts[name] = good[name]

    def _gone(self, name: str) -> str:
        why = GONE if name in REQUIRED else f"{GONE}{WITHOUT}"
        return str(ConfigurationError(str(self.folder / name), "file", why))

    def _matters(self, name: str, good: Mapping[str, str]) -> bool:
        """Whether the city is another one without this file."""
        try:
            whole = self._read(good)
        except ConfigurationError:  # of an older version of the bot
            return True
        try:
            return self._read({file: text for file, text in good.items() if file != name}) != whole
        except ConfigurationError:
            return True

    def _read(self, texts: Texts) -> City:
        city = read_city(self.folder, texts if texts else None)
        self.check(city)
        return city

    def _stamps(self) -> dict[str, Stamp]:
        stamps = dict[str, Stamp]()
        for path in sorted(self.folder.glob("*.toml")):
            try:
                there = path.stat()
            except OSError:  # it was taken away just now; the next look sees that
                continue
            stamps[path.name] = there.st_mtime_ns, there.st_size, there.st_ino
        return stamps


def _sound(texts: Texts) -> dict[str, str]:
    return {name: text for name, text in texts.items() if isinstance(text, str)}

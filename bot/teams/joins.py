"""Joins: who comes into a team is met at once; where many come, one look at the roster meets them all."""

from datetime import timedelta

from bot.tasks import Tasks
from bot.teams.rosters import Rosters

READ_AGAIN = 60.0  # seconds from one look at a roster to the next; who speaks before that is met then


class Joins:
    """Reads the roster of a team no more than once a minute, however many join."""

    def __init__(self, rosters: Rosters) -> None:
        self.rosters, self.clock = rosters, rosters.runtime.clock
        self._read_at: dict[str, float] = {}
        self._due: set[str] = set()
        self._later = Tasks()

    async def installed(self, team: str, service_url: str) -> None:
        """Meet everybody, unless they were met a moment ago: Teams tells of one installation several times."""
        if self._wait(team) is None:
            await self._read(team, service_url)

    async def joined(self, team: str, service_url: str) -> None:
        """Meet who has joined: now, or with all others who join within the minute after the last look."""
        wait = self._wait(team)
        if wait is None:
            await self._read(team, service_url)
        elif team not in self._due:
            self._due.add(team)
            self._later.begin(self._read_later(team, service_url, timedelta(seconds=wait)))

    async def stop(self) -> None:
        await self._later.cancel()

    def _wait(self, team: str) -> float | None:
        """The seconds until the roster may be read again; None when it may be now."""
        now = self.clock.monotonic()
        self._read_at = {known: at for known, at in self._read_at.items() if now - at < READ_AGAIN}
        return READ_AGAIN - (now - self._read_at[team]) if team in self._read_at else None

    async def _read_later(self, team: str, service_url: str, wait: timedelta) -> None:
        await self.clock.until(self.clock.now() + wait)
        self._due.discard(team)
        await self._read(team, service_url)

    async def _read(self, team: str, service_url: str) -> None:
        self._read_at[team] = self.clock.monotonic()
        await self.rosters.read(team, service_url)

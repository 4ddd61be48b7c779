"""Last heard: when each platform was last heard, and when something came in its name that does not fit our keys."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from platform import node

from bot.clock import Clock
from bot.findings import Finding
from handlers.kit.speaking import spoken_platform
from handlers.kit.time.calendar import Calendar
from handlers.kit.time.worktime import spoken_span
from storage.database import Store

log = logging.getLogger("cityops.heard")
LOG_AGAIN = 600.0  # seconds; anybody can send such a request, as often as they like
UNFIT = {
    "slack": "what comes in Slack's name has another signature: copy SLACK_SIGNING_SECRET again from Basic Information "
    "of the Slack app",
    "teams": "what Microsoft signs is for another bot or tenant: check TEAMS_APP_ID and TEAMS_TENANT_ID, and the bot's "
    "registration",
}
NEVER = {
    "slack": "write to the bot there; if this stays, check the request address of the app, PUBLIC_URL with "
    "/slack/events, or its Socket Mode",
    "teams": "write to the bot there; if this stays, check the messaging endpoint of the Azure Bot, PUBLIC_URL with "
    "/api/messages",
}
LATE = (
    "what {platform} sends is refused only because of its time: this machine's clock is {off} the clock "
    "of {platform}; set it right and run NTP"
)


class Heard:
    """What this process has heard; the pulse writes it down."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._at: dict[str, float] = {}
        self._logged: dict[str, float] = {}
        self._late: dict[str, tuple[float, str]] = {}  # by platform: when in monotonic seconds, and the line about it
        self._late_kept: dict[str, float] = {}

    def hear(self, platform: str) -> None:
        """Something came that is the platform's own."""
        self._at[_mark(platform)] = self.clock.monotonic()

    def refuse(self, platform: str) -> None:
        """Something came in the platform's name that does not fit our keys; in the log now and then."""
        self._at[_unfit(platform)] = self.clock.monotonic()
        self._log(platform, f"{spoken_platform(platform)}: {UNFIT[platform]}")

    def refuse_for_time(self, platform: str, ahead: float) -> None:
        """Something came that is the platform's own, but for its time: ours is later by ``ahead`` seconds than it says,
        or earlier where that is less than 0; in the log now and then."""
        off = f"{spoken_span(timedelta(seconds=abs(ahead)))} {'ahead of' if ahead > 0 else 'behind'}"
        line = LATE.format(platform=spoken_platform(platform), off=off)
        self._late[platform] = (self.clock.monotonic(), line)
        self._log(f"{platform} late", line)

    def _log(self, what: str, line: str) -> None:
        now = self.clock.monotonic()
        if now - self._logged.get(what, now - LOG_AGAIN) >= LOG_AGAIN:
            self._logged[what] = now
            log.error("%s", line)

    def keep(self, store: Store) -> None:
        """Write down when each was heard last; again is harmless."""
        now, moment = self.clock.now(), self.clock.monotonic()
        for name, at in self._at.items():
            store.time.checkpoints.reach(name, now - timedelta(seconds=moment - at), now)
        for platform in UNFIT:
            self._keep_late(store, platform, now)

    def _keep_late(self, store: Store, platform: str, now: datetime) -> None:
        """Set aside what is refused for its time, until something of that platform is let in by this machine again."""
        heard, (late, line) = self._at.get(_mark(platform)), self._late.get(platform, (None, ""))
        if late is not None and (heard is None or heard < late):
            if self._late_kept.get(platform) != late:
                self._late_kept[platform] = late
                store.faults.note(_part(platform), line, now)
        elif heard is not None:
            store.faults.sound(_part(platform))


def last_heard(store: Store, calendar: Calendar, platform: str) -> Iterator[Finding]:
    """When a platform was last heard, and whether what comes in its name fits our keys."""
    heard, unfit = (store.time.checkpoints.at(mark(platform)) for mark in (_mark, _unfit))
    name = spoken_platform(platform)
    line = f"{name}: last heard from {name}: {calendar.spoken(heard) if heard else 'never'}"
    if unfit and (heard is None or unfit > heard):
        yield False, f"{line}; on {calendar.spoken(unfit)}: {UNFIT[platform]}"
    else:
        yield heard is not None, line if heard else f"{line}; {NEVER[platform]}"


def _mark(platform: str) -> str:
    return f"heard {platform}"


def _part(platform: str) -> str:
    return f"what {spoken_platform(platform)} sends to {node()[:80] or 'this machine'}"


def _unfit(platform: str) -> str:
    return f"unfit {platform}"

"""Heard: when each platform was last heard, and when something came in its name that does not fit our keys."""

import logging
from collections.abc import Iterator
from datetime import timedelta

from bot.clock import Clock
from handlers.kit.time.calendar import Calendar
from storage.database import Store

log = logging.getLogger("cityops.heard")
LOG_AGAIN = 600.0  # seconds; anybody can send such a request, as often as they like
SAYS = {"slack": "Slack", "teams": "Teams"}
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
Finding = tuple[bool, str]  # (is it well, the line)


class Heard:
    """What this process has heard; the pulse writes it down."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._at: dict[str, float] = {}
        self._logged: dict[str, float] = {}

    def hear(self, platform: str) -> None:
        """Something came that is the platform's own."""
        self._at[_mark(platform)] = self.clock.monotonic()

    def refuse(self, platform: str) -> None:
        """Something came in the platform's name that does not fit our keys; in the log now and then."""
        now = self._at[_unfit(platform)] = self.clock.monotonic()
        if now - self._logged.get(platform, now - LOG_AGAIN) >= LOG_AGAIN:
            self._logged[platform] = now
            log.error("%s: %s", SAYS[platform], UNFIT[platform])

    def keep(self, store: Store) -> None:
        """Write down when each was heard last; again is harmless."""
        now, moment = self.clock.now(), self.clock.monotonic()
        for name, at in self._at.items():
            store.time.checkpoints.reach(name, now - timedelta(seconds=moment - at), now)


def last_heard(store: Store, calendar: Calendar, platform: str) -> Iterator[Finding]:
    """When a platform was last heard, and whether what comes in its name fits our keys."""
    heard, unfit = (store.time.checkpoints.at(name(platform)) for name in (_mark, _unfit))
    line = f"{SAYS[platform]}: last heard from {SAYS[platform]}: {calendar.spoken(heard) if heard else 'never'}"
    if unfit and (heard is None or unfit > heard):
        yield False, f"{line}; on {calendar.spoken(unfit)}: {UNFIT[platform]}"
    else:
        yield heard is not None, line if heard else f"{line}; {NEVER[platform]}"


def _mark(platform: str) -> str:
    return f"heard {platform}"


def _unfit(platform: str) -> str:
    return f"unfit {platform}"

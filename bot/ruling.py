"""Ruling: what the outcome of a try means for a message: when it goes again, as what, and when it is given up.

Nothing is asked or kept here: a row, what came of it and a moment give one ruling (docs/decisions/0003).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.post import Failed, Gone, Refused, Result, Sent, Silence, Wait
from handlers.kit.lists import counted
from handlers.kit.speaking import DESK
from storage.chat.outbox import BESIDE_CHAT, PRIORITIES, OutboxRow

CARD_TRIES, TEXT_TRIES = 5, 3  # of a card as it is drawn, then of its plain text
AGAIN_AFTER = (2, 30, 120, 300)  # seconds from a try that failed to the next one, the last from then on
FIRST_WAIT, LONGEST_WAIT = 2, 300  # seconds, doubled each time, while a platform takes nothing and names no time
AT_LEAST = 30  # seconds to which they grow when a platform keeps naming a shorter time
WAITS_FOR = timedelta(days=1)  # how long a message waits for a platform that takes nothing
LOOKS_FOR = timedelta(minutes=30)  # how long a message is looked for before anybody is asked
TOO_LONG = timedelta(minutes=1)  # after which the sender is told that a platform does not take the message
PAGE_TRIES = 3  # of a page, within half a minute: then it goes another way beside the next tries
URGENT = PRIORITIES.index("answer")  # somebody waits for these: better twice, and marked, than in half an hour
AS_TEXT = ("post", "update", "answer")  # kinds of rows that show a card


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What a row becomes. ``lost`` tells its feature that it did not arrive, or may not have."""

    state: str
    tries: int
    why: str | None = None
    not_before: datetime | None = None
    since: datetime | None = None
    again: bool = False
    lost: bool = False


def goes_as_text(row: OutboxRow) -> bool:
    """Whether the next try of a row is one of its plain text."""
    return _has_text(row) and row.tries >= CARD_TRIES


def ruling(row: OutboxRow, result: Result, now: datetime, settle: float) -> Ruling:
    """What becomes of a row that was just tried, or just looked for when it was unknown.

    Its ``tries`` count this one. ``settle`` is how many seconds a request may still have an effect.
    """
    looked, since = row.state == "unknown", row.since or now
    match result:
        case Sent():
            return Ruling(state="sent", tries=row.tries)
        case Refused(why):
            return Ruling(state="rejected", tries=row.tries, why=why, lost=True)
        case Gone():
            return _again(row, since, now) if looked else Ruling(state="replaced", tries=row.tries, why="it is gone")
        case Failed(why):
            return _again(row, now, now, why)
        case Wait(why, seconds) if looked:
            return _look_later(row, why, seconds, now, settle)
        case Wait():
            return _wait(row, result, now)
        case Silence(why) if looked:
            return _nobody_knows(row, why, now)
        case Silence(why):
            settled = now + timedelta(seconds=settle)
            return Ruling(state="unknown", tries=row.tries, why=why, not_before=settled, since=now)


def _wait(row: OutboxRow, asked: Wait, now: datetime) -> Ruling:
    """Nothing was taken, so that it was no try; but nobody waits for longer than a day."""
    since, why, seconds = row.since or now, asked.why, asked.seconds
    if now - since >= WAITS_FOR:
        return Ruling(state="rejected", tries=row.tries, why=f"{why}, for a day", lost=True)
    own = min(FIRST_WAIT * 2 ** min(row.attempt - 1, 10), LONGEST_WAIT)
    wait = own if seconds is None else max(seconds, min(own, AT_LEAST))
    return Ruling(
        state="pending",
        tries=row.tries - 1,
        why=why,
        not_before=now + timedelta(seconds=wait),
        since=since,
        lost=now - since >= TOO_LONG or (row.is_page and asked.until_mended),
    )


def _again(row: OutboxRow, failed_at: datetime, now: datetime, why: str | None = None) -> Ruling:
    """It is definitely not there: it is tried again, as its text in the end, until it is given up."""
    since, why = row.since or now, why or row.error
    if row.tries >= _most(row):
        return Ruling(state="rejected", tries=row.tries, why=f"{why}; tried {counted(row.tries, 'time')}", lost=True)
    return Ruling(
        state="pending",
        tries=row.tries,
        why=why,
        not_before=_next_try(row, failed_at, now),
        since=since,
        lost=now - since >= TOO_LONG or (row.is_page and row.tries >= PAGE_TRIES),
    )


def _look_later(row: OutboxRow, why: str, seconds: float | None, now: datetime, settle: float) -> Ruling:
    """A look that failed says nothing: the next one comes after as long as it has been unknown, at most 5 minutes."""
    since = row.since or now
    if now - since >= LOOKS_FOR or (row.repeat and row.priority <= URGENT):
        return _nobody_knows(row, why, now)
    own = min(max(settle, (now - since).total_seconds()), LONGEST_WAIT)
    wait = own if seconds is None else max(seconds, own)
    return Ruling(
        state="unknown", tries=row.tries, why=row.error, not_before=now + timedelta(seconds=wait), since=since
    )


def _nobody_knows(row: OutboxRow, why: str, now: datetime) -> Ruling:
    """It goes again and says so, when it matters more that it arrives than that it comes once; else people decide."""
    since, why = row.since or now, f"{row.error}; {why}" if row.error else why
    if not row.repeat or row.tries >= _most(row):
        return Ruling(state=_undecided(row), tries=row.tries, why=why, lost=True)
    not_before = _next_try(row, since, now)
    return Ruling(state="pending", tries=row.tries, why=why, not_before=not_before, since=since, again=True, lost=True)


def _undecided(row: OutboxRow) -> str:
    """A room that nobody knows of is not waited for: its messages go where they would without it."""
    return "rejected" if row.kind == "make_place" else "needs_human"


def _next_try(row: OutboxRow, failed_at: datetime, now: datetime) -> datetime:
    wait = AGAIN_AFTER[min(row.tries, len(AGAIN_AFTER)) - 1]
    return max(now, failed_at + timedelta(seconds=wait))


def _most(row: OutboxRow) -> int:
    return CARD_TRIES + TEXT_TRIES if _has_text(row) else CARD_TRIES


def _has_text(row: OutboxRow) -> bool:
    """Whether there is a plainer way to say it; what goes beside chat is plain already."""
    return row.card is not None and row.kind in AS_TEXT and row.platform not in (DESK, *BESIDE_CHAT)


SPOKEN: Mapping[str, str] = {  # what the log says of a row that was not sent
    "pending": "a message did not arrive; it is tried again",
    "unknown": "nobody knows whether a message arrived; it is looked for",
    "needs_human": "a message may not have arrived; people decide about it",
    "rejected": "a message was given up",
    "replaced": "a message that was to be changed is not there anymore",
}

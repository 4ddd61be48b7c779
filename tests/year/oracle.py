"""Oracle: how every sending must have ended, worked out from the schedule and the outages alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from handlers.kit.catalogue import Catalogue
from handlers.kit.city.model import City
from handlers.kit.coming import schedule, times_of
from handlers.kit.duty import Duties
from storage.database import Store
from storage.time.occurrences import occurrences
from tests.year.walk import Outage

Key = tuple[str, date, str]  # routine, local date, seat


@dataclass(frozen=True)
class Ending:
    """How a sending ended, and when (UTC); a planned skip has no moment."""

    state: str
    at: datetime | None = None


def promised(
    catalogue: Catalogue,
    city: City,
    first: date,
    days: int,
    duties: Callable[[date], Duties],
    outages: Sequence[Outage] = (),
) -> dict[Key, Ending]:
    """How every sending that the schedule prints for these days must end."""
    coming = schedule(catalogue.routines.values(), city, first, days, duties)
    endings: dict[Key, Ending] = {}
    for sending in coming:
        due = city.calendar.instant(sending.local.date(), sending.local.time()) if sending.skipped else sending.local
        down = next((outage for outage in outages if outage.begin <= due < outage.end), None)
        key = (sending.routine, sending.local.date(), sending.to)
        if sending.skipped:
            endings[key] = Ending("skipped")
        elif down is None:
            endings[key] = Ending("sent", due)
        else:
            until = times_of(catalogue.routines[sending.routine], city).late_until
            newer = any(
                (other.routine, other.to, other.skipped) == (sending.routine, sending.to, None)
                and due < other.local <= down.end
                for other in coming
            )
            late = until is not None and down.end > city.calendar.instant(sending.local.date(), until)
            endings[key] = Ending("expired" if late or newer else "sent", down.end)
    return endings


def happened(store: Store, first: date, last: date) -> dict[Key, Ending]:
    """How every sending of these days ended, according to the ledger."""
    rows = store.connection.execute(
        select(occurrences).where(occurrences.c.day.between(first, last), occurrences.c.state != "by_hand")
    )
    return {
        (row.routine, row.day, row.seat): Ending(row.state, None if row.state == "skipped" else row.fired_at)
        for row in rows
    }

"""Clocks: what the clock of each machine was last known to show, and whether it is in doubt."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import Boolean, Column, Float, String, Table, bindparam, delete, func, insert, select, update

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared

clocks = Table(
    "clocks",
    metadata,
    Column("boot", String(60), primary_key=True),
    Column("machine", String(120), nullable=False),
    Column("at", Instant, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("at_least", Boolean, nullable=False),
    Column("asked_at", Instant),
    Column("ahead", Float, nullable=False),
)


@dataclass(frozen=True)
class KnownClock:
    """One run of a machine: its time was ``at`` when its monotonic clock was at ``seconds``; with ``at_least`` it was
    that or later.

    Since ``asked_at`` its wall clock is in doubt: it is ``ahead`` of that by so many seconds (less than 0: behind).
    """

    boot: str
    machine: str
    at: datetime
    seconds: float
    at_least: bool = False
    asked_at: datetime | None = None
    ahead: float = 0.0

    @property
    def shown(self) -> datetime:
        """What the wall clock showed at that moment."""
        return self.at + timedelta(seconds=self.ahead)


_FIND = Prepared(select(clocks).where(clocks.c.boot == bindparam("boot_")))
_DROP = Prepared(delete(clocks).where(clocks.c.boot == bindparam("boot_")))
_FORGET = Prepared(delete(clocks).where(clocks.c.at < bindparam("before")))
_DROP_ALL = Prepared(delete(clocks))
_ADD = Prepared(insert(clocks))
_IN_DOUBT = (clocks.c.boot == bindparam("boot_"), clocks.c.asked_at.is_not(None))
_STILL = Prepared(
    update(clocks)
    .where(*_IN_DOUBT)
    .values(at=bindparam("at_"), seconds=bindparam("seconds_"), at_least=bindparam("least"), ahead=bindparam("ahead_"))
)
_BELIEVE = Prepared(
    update(clocks).where(*_IN_DOUBT).values(at=bindparam("at_"), at_least=False, asked_at=None, ahead=0.0)
)
_ASKED = Prepared(
    select(clocks).where(clocks.c.asked_at.is_not(None), clocks.c.at >= bindparam("since")).order_by(clocks.c.asked_at)
)
_LAST_ASKED = Prepared(select(clocks).where(clocks.c.asked_at.is_not(None)).order_by(clocks.c.at.desc()).limit(1))
_DATABASE = Prepared(select(func.clock_timestamp(type_=Instant()).label("at")))


class Clocks(Questions):
    def find(self, boot: str) -> KnownClock | None:
        """What is known of a run of a machine."""
        row = self.ask(_FIND, {"boot_": boot}).first()
        return KnownClock(**row._asdict()) if row else None

    def keep(self, clock: KnownClock, forget: datetime) -> None:
        """Keep what a clock shows in the place of what was known. Runs not heard of since ``forget`` are forgotten;
        with SQLite, where one bot runs on one machine, all others."""
        if self.connection.dialect.name == "sqlite":
            self.ask(_DROP_ALL)
        else:
            self.ask(_FORGET, {"before": forget})
            self.ask(_DROP, {"boot_": clock.boot})
        self.ask(_ADD, asdict(clock))

    def still_asked(self, clock: KnownClock) -> bool:
        """Bring up to date what a clock in doubt shows; False when somebody has answered meanwhile."""
        row = {"boot_": clock.boot, "at_": clock.at, "seconds_": clock.seconds, "ahead_": clock.ahead}
        row["least"] = clock.at_least
        return self.ask(_STILL, row).changed == 1

    def believe(self, clock: KnownClock) -> bool:
        """Say that a clock in doubt shows the right time; False when it is not in doubt any more."""
        return self.ask(_BELIEVE, {"boot_": clock.boot, "at_": clock.shown}).changed == 1

    def in_doubt(self, since: datetime) -> list[KnownClock]:
        """The clocks in doubt that were heard of since a moment, the longest in doubt first."""
        return [KnownClock(**row._asdict()) for row in self.ask(_ASKED, {"since": since})]

    def last_asked(self) -> KnownClock | None:
        """The clock that was last in doubt and about which nobody has answered."""
        row = self.ask(_LAST_ASKED).first()
        return KnownClock(**row._asdict()) if row else None

    def of_the_database(self) -> datetime | None:
        """What the database's own clock shows; None for SQLite, which has none."""
        if self.connection.dialect.name != "postgresql":
            return None
        moment: datetime = self.ask(_DATABASE).scalar()
        return moment
